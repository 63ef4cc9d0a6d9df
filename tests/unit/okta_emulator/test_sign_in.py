# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Certificates, metadata and sign-ins. `tests/conformance/test_saml.py` reads the responses."""

from __future__ import annotations

import base64
import datetime
import re

import pytest
from ansible_collections.idops.okta.tests.support.app_bodies import OIDC, SAML, SCIM, saml_body

x509 = pytest.importorskip("cryptography.x509")
etree = pytest.importorskip("lxml.etree")

NAMES = {"ds": "http://www.w3.org/2000/09/xmldsig#", "md": "urn:oasis:names:tc:SAML:2.0:metadata"}


@pytest.fixture
def ada(okta):
    return okta.org.add_person("Ada", "Brandt", "ada@example.com", login="abrandt@example.com")


def certificate(api, app: dict):
    [key] = [one for one in api.get(f"/apps/{app['id']}/credentials/keys")
             if one["kid"] == app["credentials"]["signing"]["kid"]]  # fmt: skip
    return x509.load_der_x509_certificate(base64.b64decode(key["x5c"][0]))


def test_a_certificate_is_valid_ten_years(api, app):
    found = certificate(api, app)
    found.verify_directly_issued_by(found)
    names = {attribute.oid._name: attribute.value for attribute in found.subject}
    assert (names["organizationName"], names["organizationalUnitName"]) == ("Okta", "SSOProvider")
    assert found.not_valid_after_utc - found.not_valid_before_utc > datetime.timedelta(days=3640)
    assert found.signature_hash_algorithm.name == "sha256"


def test_every_key_has_a_certificate_of_its_own(api):
    [first], [second] = (api.get(f"/apps/{api.create_app(SAML)['id']}/credentials/keys") for _app in range(2))
    assert first["n"] == second["n"]
    for name in ("kid", "x5c", "x5t#S256"):
        assert first[name] != second[name]
    assert set(first) == {"kty", "created", "lastUpdated", "expiresAt", "kid", "use", "x5c", "x5t#S256", "e", "n"}


def test_the_second_key_of_a_catalog_app_is_active(api):
    app = api.create_app(SCIM)
    _first, second = api.get(f"/apps/{app['id']}/credentials/keys")
    assert app["credentials"]["signing"]["kid"] == second["kid"]


def test_a_generated_key_is_not_active(api, app):
    keys = f"/apps/{app['id']}/credentials/keys"
    made = api("POST", f"{keys}/generate?validityYears=2")
    kid = made.json()["kid"]
    assert made.status_code == 201
    assert made.headers["Location"].endswith(kid)
    assert api.get(f"{keys}/{kid}") == made.json()
    assert api.get(f"/apps/{app['id']}")["credentials"]["signing"] == app["credentials"]["signing"]
    body = {**SAML, "credentials": {"signing": {"kid": kid}}}
    assert api("PUT", f"/apps/{app['id']}", body).json()["credentials"]["signing"]["kid"] == kid
    until = certificate(api, api.get(f"/apps/{app['id']}")).not_valid_after_utc
    assert until.year == datetime.datetime.now(datetime.timezone.utc).year + 2
    for years in ("1", "11", "", "x"):
        assert api.get_error("POST", f"{keys}/generate", validityYears=years)[0] == 400
    wrong = {**SAML, "credentials": {"signing": {"kid": "wrong"}}}
    assert api.get_error("PUT", f"/apps/{app['id']}", wrong)[0] == 400


def test_metadata_needs_accept_and_has_a_wrong_charset(api, okta, app):
    path = f"/apps/{app['id']}/sso/saml/metadata"
    assert api.get_error("GET", path)[:2] == (400, "E0000019")
    answer = api("GET", path, headers={"Accept": "application/xml"})
    assert answer.headers["Content-Type"] == "application/xml;charset=ISO-8859-1"
    root = etree.fromstring(answer.content)
    assert root.get("entityID") == f"http://www.okta.com/exk{app['id'][3:]}"
    [element] = root.findall(".//ds:X509Certificate", NAMES)
    text = "".join(element.text.split())
    assert x509.load_der_x509_certificate(base64.b64decode(text)) == certificate(api, app)
    assert max(map(len, element.text.split("\n"))) == 76
    services = root.findall(".//md:SingleSignOnService", NAMES)
    assert services[0].get("Location") == f"{okta.url}/app/{app['name']}/exk{app['id'][3:]}/sso/saml"
    key = api("POST", f"/apps/{app['id']}/credentials/keys/generate?validityYears=2").json()
    other = api("GET", f"{path}?kid={key['kid']}", headers={"Accept": "application/xml"})
    assert key["x5c"][0] in other.text.replace("\n", "")


@pytest.mark.parametrize(
    ("own", "formats"),
    [
        ("1.1:nameid-format:unspecified", ["unspecified", "emailAddress"]),
        ("1.1:nameid-format:emailAddress", ["emailAddress"]),
        ("2.0:nameid-format:persistent", ["emailAddress", "persistent"]),
    ],
)
def test_metadata_has_name_id_formats_and_single_logout(api, own, formats):
    logout = {"enabled": True, "issuer": "x", "logoutUrl": "https://auth.example.com/out"}
    body = saml_body(subjectNameIdFormat=f"urn:oasis:names:tc:SAML:{own}", slo=logout)
    path = f"/apps/{api.create_app(body)['id']}/sso/saml/metadata"
    text = api("GET", path, headers={"Accept": "application/xml"}).content.decode()
    assert re.findall(r"<md:NameIDFormat>[^<]*:(\w+)<", text) == formats
    assert text.count("<md:SingleLogoutService") == 2


def test_metadata_is_public_below_the_external_key(api, okta, app):
    api.session.headers.pop("Authorization")
    answer = api("GET", f"{okta.url}/app/exk{app['id'][3:]}/sso/saml/metadata")
    assert answer.status_code == 200
    assert "EntityDescriptor" in answer.text
    assert api("GET", f"{okta.url}/app/exkwrong/sso/saml/metadata").status_code == 404


def test_a_sign_in_is_in_the_log(api, okta, ada, app):
    api("POST", f"/apps/{app['id']}/users", {"id": ada["id"]})
    okta.sign_in(app["id"], ada["id"])
    [event] = api.get("/logs", filter='eventType eq "user.authentication.sso"')
    assert event["actor"]["alternateId"] == "abrandt@example.com"
    assert event["outcome"]["result"] == "SUCCESS"
    assert app["id"] in [target["id"] for target in event["target"]]


def test_only_assigned_people_sign_in(api, okta, ada, app):
    sign_in = ("POST", f"{okta.url}/_control/sign-in", {"app": app["id"], "user": ada["id"]})
    assert api(*sign_in).status_code == 403
    api("POST", f"/apps/{app['id']}/users", {"id": ada["id"]})
    api("POST", f"/apps/{app['id']}/lifecycle/deactivate")
    assert api(*sign_in).status_code == 403
    assert api.get("/logs", filter='eventType eq "user.authentication.sso"') == []


def test_an_oidc_app_returns_claims_and_has_no_metadata(api, okta, ada):
    app = api.create_app(OIDC)
    path = f"/apps/{app['id']}/sso/saml/metadata"
    assert api("GET", path, headers={"Accept": "application/xml"}).status_code == 404
    api("POST", f"/apps/{app['id']}/users", {"id": ada["id"]})
    assert okta.sign_in(app["id"], "abrandt")["claims"]["email"] == "ada@example.com"
