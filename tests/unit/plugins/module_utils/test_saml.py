# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime

import pytest
from ansible_collections.idops.okta.plugins.module_utils import saml
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.tests.support.examples import saml_app
from ansible_collections.idops.okta.tests.unit import signing

BOMB = b"""<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><b>&b;</b>"""
OUTSIDE = b"""<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><b>&a;</b>"""


@pytest.fixture
def xml(okta):
    app = saml_app(okta)
    from ansible_collections.idops.okta.plugins.module_utils.http import Http

    headers = {"Authorization": f"SSWS {okta.token}", "Accept": "application/xml"}
    return Http().send("GET", f"{okta.url}/api/v1/apps/{app['id']}/sso/saml/metadata", headers).content


def test_metadata(okta, xml):
    found = saml.metadata(xml)
    assert found["entity_id"].startswith("http://www.okta.com/exk")
    assert found["sso_url"].startswith(f"{okta.url}/app/") and found["sso_url"].endswith("/sso/saml")
    assert found["xml"].encode() == xml
    (certificate,) = found["certificates"]
    assert len(certificate["sha256"]) == 64
    assert certificate["days_left"] > 3600


def test_days_left_are_counted_from_now(xml):
    (certificate,) = saml.metadata(xml)["certificates"]
    ends = datetime.datetime.fromisoformat(certificate["not_after"].replace("Z", "+00:00"))
    (late,) = saml.metadata(xml, now=ends - datetime.timedelta(days=3, hours=1))["certificates"]
    (over,) = saml.metadata(xml, now=ends + datetime.timedelta(hours=1))["certificates"]
    assert (late["days_left"], over["days_left"]) == (3, -1)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (BOMB, "DOCTYPE is refused"),
        (OUTSIDE, "DOCTYPE is refused"),
        (b"<html><body>", "This is not XML"),
        (b"", "This is not XML"),
        (b"<html/>", "no IDPSSODescriptor"),
        (b"<x>" + b" " * saml.MAX_BYTES + b"</x>", "bytes is refused"),
    ],
    ids=["entity expansion", "external entity", "cut short", "empty", "something else", "huge"],
)
def test_hostile_and_broken_documents_are_a_sentence(document, said):
    with pytest.raises(Failure, match=said):
        saml.metadata(document)


def test_a_broken_certificate_is_a_sentence(xml):
    start = xml.index(b"X509Certificate>") + len(b"X509Certificate>")
    with pytest.raises(Failure, match="cannot be read"):
        saml.metadata(xml[:start] + b"AAAA" + xml[start + 40 :])


def test_keys_are_the_certificates_that_sign():
    current, following = signing.key(), signing.key("next")
    both = signing.metadata(current, following)
    assert saml.keys(both.encode()) == [current.certificate, following.certificate]
    assert saml.keys(both.replace('use="signing"', 'use="encryption"', 1).encode()) == [following.certificate]
    assert saml.keys(both.replace(' use="signing"', "").encode()) == [current.certificate, following.certificate]


def test_metadata_of_a_federation():
    one = signing.metadata()
    found = saml.metadata(
        f'<md:EntitiesDescriptor xmlns:md="{saml.NAMES["md"]}">{one}</md:EntitiesDescriptor>'.encode()
    )
    assert found["entity_id"] == signing.ENTITY
    assert len(found["certificates"]) == 1
    assert (found["sso_url"], found["name_id_format"]) == (None, None)


def test_a_doctype_in_another_encoding_is_refused_too():
    with pytest.raises(Failure, match="DOCTYPE is refused"):
        saml.parse('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE b><b/>'.encode("utf-16"))
