# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a sign-in sends is what python3-saml accepts as a service provider, in strict mode, and nothing else is."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from ansible_collections.idops.okta.tests.okta_emulator import Emulator
from ansible_collections.idops.okta.tests.okta_emulator.okta import saml
from ansible_collections.idops.okta.tests.support.app_bodies import ACS, AUDIENCE, EMAIL_FORMAT, saml_body
from ansible_collections.idops.okta.tests.support.examples import saml_app
from ansible_collections.idops.okta.tests.support.playbook_runner import ClaudeHost
from ansible_collections.idops.okta.tests.support.saml_signing import make_key
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as IdPMetadata
from onelogin.saml2.response import OneLogin_Saml2_Response as Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings as Settings

LOGIN, ADDRESS, OTHER = "zoe@example.com", "zoë.o'hara+x@example.com", "https://other.example.com/acs"


@pytest.fixture
def sign_in(okta: Emulator) -> Callable[..., tuple[dict, str]]:
    """Sign Zoë in to an app with these settings: what its metadata says, and the response in base64."""

    def signed_in(**settings: object) -> tuple[dict, str]:
        email = {"type": "EXPRESSION", "name": "email", "values": ["user.email"]}
        full_name = {"type": "EXPRESSION", "name": "fullName", "values": ["${user.firstName} ${user.lastName}"]}
        literal = {"type": "EXPRESSION", "name": "fixed", "values": ["plain text"]}
        groups = {"type": "GROUP", "name": "groups", "filterType": "STARTS_WITH", "filterValue": "Res"}
        sign_on = {"subjectNameIdTemplate": "${user.email}", "attributeStatements": [email, full_name, literal, groups]}
        app = okta.org.add_app(saml_body(**sign_on, **settings))
        zoe = okta.org.add_person("Zoë", "O'Hara & <Sons>", ADDRESS, LOGIN)
        group = okta.org.add_group("Research & Development", members=(zoe,))
        okta.org.add_group("Support", members=(zoe,))
        api = f"{okta.url}/api/v1/apps/{app['id']}"
        headers = {"Authorization": f"SSWS {okta.token}"}
        requests.put(f"{api}/groups/{group['id']}", json={}, headers=headers, timeout=10).raise_for_status()
        headers["Accept"] = "application/xml"
        metadata = requests.get(f"{api}/sso/saml/metadata", headers=headers, timeout=10).content.decode()
        return IdPMetadata.parse(metadata), okta.sign_in(app["id"], LOGIN)["response"]

    return signed_in


@pytest.fixture
def set_up(okta: Emulator, tmp_path: Path) -> tuple[str, str]:
    """The playbook sets Claude up for Zoë, who signs in: the metadata that it wrote, and the response in base64."""
    okta.org.add_person("Zoë", "O'Hara", ADDRESS, LOGIN)
    variables = {"claude_plan": "team", "claude_acs_url": ACS, "claude_audience": AUDIENCE, "claude_users": [LOGIN]}
    host = ClaudeHost(okta, tmp_path, variables)
    assert host.run("claude").status == 0
    written = (tmp_path / "report" / "metadata.xml").read_text(encoding="utf-8")
    return written, okta.sign_in(host.id_of("Claude"), LOGIN)["response"]


def read(idp: dict, response: str, address: str = ACS, **demands: bool) -> Response:
    """The response as a service provider at this address takes it; `error` says why it does not."""
    url = urlsplit(address)
    provider = {"entityId": AUDIENCE, "assertionConsumerService": {"url": ACS}, "NameIDFormat": EMAIL_FORMAT}
    wants = ("wantNameId", "wantMessagesSigned", "wantAssertionsSigned", "rejectDeprecatedAlgorithm")
    security = dict.fromkeys(wants, True)
    settings = Settings({**idp, "strict": True, "sp": provider, "security": {**security, **demands}})
    found = Response(settings, response)
    found.good = found.is_valid({"https": "on", "http_host": url.netloc, "script_name": url.path, "post_data": {}})
    return found


def altered(response: str, old: str, new: str) -> str:
    text = base64.b64decode(response).decode()
    assert old in text
    return base64.b64encode(text.replace(old, new).encode()).decode()


def test_a_response_is_accepted_and_says_who_it_is(sign_in):
    idp, response = sign_in()
    found = read(idp, response)
    assert found.good, found.get_error()
    assert (found.get_nameid(), found.get_nameid_format()) == (ADDRESS, EMAIL_FORMAT)
    assert (found.get_audiences(), found.get_issuers()) == ([AUDIENCE], [idp["idp"]["entityId"]])
    assert idp["idp"]["singleSignOnService"]["url"].endswith("/sso/saml")
    assert found.get_attributes() == {
        "email": [ADDRESS],
        "fullName": ["Zoë O'Hara & <Sons>"],
        "fixed": ["plain text"],
        "groups": ["Research & Development"],
    }


def test_what_the_role_sets_up_is_accepted_with_the_metadata_that_it_wrote(set_up):
    metadata, response = set_up
    found = read(IdPMetadata.parse(metadata), response)
    assert found.good, found.get_error()
    assert (found.get_nameid(), found.get_nameid_format()) == (ADDRESS, EMAIL_FORMAT)
    assert found.get_attributes() == {"email": [ADDRESS]}


def test_with_metadata_of_another_app_or_key_it_is_refused(okta, set_up):
    metadata, response = set_up
    another = okta.org.apps[saml_app(okta, "Another")["id"]]
    found = read(IdPMetadata.parse(saml.metadata(okta.org, another, None).body), response)
    assert not found.good
    assert "Invalid issuer" in found.get_error()
    another_key = {**IdPMetadata.parse(metadata)["idp"], "x509cert": make_key("another").certificate_text}
    found = read({"idp": another_key}, response)
    assert not found.good
    assert "Signature validation failed" in found.get_error()


@pytest.mark.parametrize(("settings", "demands"), [
    ({"responseSigned": False}, {"wantMessagesSigned": False}),
    ({"assertionSigned": False}, {"wantAssertionsSigned": False}),
    ({"signatureAlgorithm": "RSA_SHA1"}, {"rejectDeprecatedAlgorithm": False}),
    ({"digestAlgorithm": "SHA1"}, {"rejectDeprecatedAlgorithm": False}),
])  # fmt: skip
def test_each_way_of_signing_is_accepted_only_where_it_is_asked_for(sign_in, settings, demands):
    idp, response = sign_in(**settings)
    assert read(idp, response, **demands).good
    assert not read(idp, response).good


@pytest.mark.parametrize(("settings", "old", "new", "says"), [
    ({}, ADDRESS, "eve@example.com", "Signature validation failed"),
    ({}, "Research", "Finance", "Signature validation failed"),
    ({}, "status:Success", "status:Responder", "status code of the Response was not Success"),
    ({"audience": OTHER}, "", "", "not a valid audience"),
    ({"recipient": OTHER}, "", "", "SubjectConfirmation"),
    ({"destination": OTHER}, "", "", "was received at"),
])  # fmt: skip
def test_an_altered_response_and_one_for_somebody_else_are_refused(sign_in, settings, old, new, says):
    idp, response = sign_in(**settings)
    found = read(idp, altered(response, old, new))
    assert not found.good
    assert says in found.get_error()
