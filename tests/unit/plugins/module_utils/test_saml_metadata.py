# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import base64
import datetime

import pytest
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.saml_metadata import (
    MAX_XML_BYTES,
    NAMESPACES,
    parse_metadata,
    signing_certificates,
)
from ansible_collections.idops.okta.tests.okta_emulator.okta import saml
from ansible_collections.idops.okta.tests.support import saml_signing
from ansible_collections.idops.okta.tests.support.examples import saml_app

ENTITY_BOMB = b"""<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><b>&b;</b>"""
EXTERNAL_ENTITY = b"""<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><b>&a;</b>"""
LATIN_1 = '<?xml version="1.0" encoding="ISO-8859-1"?>' + saml_signing.make_metadata(
    entity_id="http://www.ökta.com/exk1"
)


UTF_16 = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE b><b/>'


@pytest.fixture
def metadata(okta):
    """The metadata of an app, as the emulated org sends it."""
    return saml.metadata(okta.org, saml_app(okta), None).body.encode()


def test_metadata_of_okta_is_read(okta, metadata):
    parsed = parse_metadata(metadata)
    assert parsed["entity_id"].startswith("http://www.okta.com/exk")
    assert parsed["sso_url"].startswith(f"{okta.url}/app/") and parsed["sso_url"].endswith("/sso/saml")
    assert parsed["xml"].encode() == metadata
    (certificate,) = parsed["certificates"]
    assert len(certificate["sha256"]) == 64
    assert certificate["days_left"] > 3600


def test_days_left_are_counted_from_now(metadata):
    (certificate,) = parse_metadata(metadata)["certificates"]
    not_after = datetime.datetime.fromisoformat(certificate["not_after"].replace("Z", "+00:00"))
    three_days_before = not_after - datetime.timedelta(days=3, hours=1)
    one_hour_after = not_after + datetime.timedelta(hours=1)
    for now, days_left in ((three_days_before, 3), (one_hour_after, -1)):
        assert parse_metadata(metadata, now=now)["certificates"][0]["days_left"] == days_left


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(ENTITY_BOMB, "metadata is refused: it has a DOCTYPE", id="entity expansion"),
        pytest.param(EXTERNAL_ENTITY, "metadata is refused: it has a DOCTYPE", id="external entity"),
        pytest.param(UTF_16.encode("utf-16"), "DOCTYPE", id="DOCTYPE in UTF-16"),
        pytest.param(b"<html><body>", "metadata is not XML", id="cut short"),
        pytest.param(b"", "metadata is not XML", id="empty"),
        pytest.param(b"<html/>", "that of a SAML identity provider: .*no IDPSSODescriptor", id="something else"),
        pytest.param(b"<x>" + b" " * MAX_XML_BYTES + b"</x>", "1,000,007 bytes, and the limit is 1,000,000", id="huge"),
        pytest.param(LATIN_1.encode("latin-1"), "metadata is not UTF-8", id="another encoding"),
    ],
)
def test_hostile_and_broken_documents_are_refused_with_one_sentence(document, message):
    with pytest.raises(Failure, match=message):
        parse_metadata(document)


def version_9(der):
    """The same certificate with a version that X.509 does not have."""
    version = bytes.fromhex("a003020102")
    return der.replace(version, version[:-1] + b"\x09", 1)


@pytest.mark.parametrize("break_certificate", [lambda der: b"AAAA" + der[40:], version_9], ids=["altered", "version"])
def test_a_broken_certificate_is_refused_with_one_sentence(break_certificate):
    text = saml_signing.make_key().certificate_text
    broken = base64.b64encode(break_certificate(base64.b64decode(text))).decode()
    with pytest.raises(Failure, match="certificate in metadata cannot be read"):
        parse_metadata(saml_signing.make_metadata().replace(text, broken).encode())


def test_signing_certificates_leave_out_those_that_only_encrypt():
    current, following = saml_signing.make_key(), saml_signing.make_key("next")
    both = saml_signing.make_metadata(current, following)
    first_encrypts = both.replace('use="signing"', 'use="encryption"', 1)
    without_use = both.replace(' use="signing"', "")
    assert signing_certificates(both.encode()) == [current.certificate, following.certificate]
    assert signing_certificates(first_encrypts.encode()) == [following.certificate]
    assert signing_certificates(without_use.encode()) == [current.certificate, following.certificate]


def test_metadata_of_a_federation_is_that_of_its_first_entity():
    entity = saml_signing.make_metadata()
    federation = f'<md:EntitiesDescriptor xmlns:md="{NAMESPACES["md"]}">{entity}</md:EntitiesDescriptor>'
    parsed = parse_metadata(federation.encode())
    assert parsed["entity_id"] == saml_signing.ENTITY_ID
    assert len(parsed["certificates"]) == 1
    assert (parsed["sso_url"], parsed["name_id_format"]) == (None, None)
