# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""OAuth service apps: what a module asks for, and what goes wrong, against the org's own authorization server."""

import base64
import json
import re
import time

import jwt
import pytest
from ansible_collections.idops.okta.plugins.module_utils import token_store
from ansible_collections.idops.okta.plugins.module_utils.auth import ServiceAppAuth, SigningKey
from ansible_collections.idops.okta.plugins.module_utils.client import Client
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.http import Http
from ansible_collections.idops.okta.tests.support.examples import GUIDE, saml_app
from ansible_collections.idops.okta.tests.support.module_runner import run_module
from ansible_collections.idops.okta.tests.support.service_app import ServiceApp
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ALL = ("okta.apps.manage", "okta.apps.read")


@pytest.fixture(params=["RS256", "ES256"])
def service(okta, request):
    """Make a service app of the org, and options of a module that signs in as this app."""

    def options(scopes=ALL, dpop=False, role="SUPER_ADMIN", **more):
        app = ServiceApp(okta, request.param, scopes=scopes, dpop=dpop, role=role)
        key = {"private_key": app.pem, "private_key_id": "one"}
        return {"org_url": okta.url, "client_id": app.id, **key, "dpop": dpop, **more}

    return options


def tokens(okta):
    return [entry for entry in okta.journal if entry.path == "/oauth2/v1/token"]


def test_a_nonce_from_the_api_is_used(okta, service):
    okta.fault("GET", "/api/v1/apps", "status", status=401, headers={"DPoP-Nonce": "of-today"})
    assert run_module("app_info", service(dpop=True))["apps"]
    assert [entry.status for entry in okta.journal] == [400, 200, 401, 200]
    okta.fault("GET", "/api/v1/apps", "status", status=401, times=None)
    assert "401 E0000011" in run_module("app_info", service(dpop=True)).msg


def test_a_token_is_renewed_before_it_expires(okta, service):
    options, http = service(), Http()
    key = SigningKey.load(options["private_key"], options["private_key_id"])
    auth = ServiceAppAuth(http, okta.url, options["client_id"], key, ["okta.apps.read"], use_dpop=False)
    client = Client(okta.url, auth, http)
    for left in (3600, 61, 59):
        auth.expires_at = time.time() + left if auth.access_token else 0
        list(client.list("/api/v1/apps"))
    assert len(tokens(okta)) == 2


@pytest.mark.parametrize("dpop", [False, True], ids=["bearer", "dpop"])
def test_a_token_that_is_refused_in_the_middle_of_a_run_is_renewed_once(okta, service, dpop):
    okta.fault("PUT", "/api/v1/apps", "status", status=401)
    saml_app(okta)
    options = service(dpop=dpop)
    assert run_module("app_saml", {**options, **GUIDE}).changed
    assert [entry.status for entry in tokens(okta)] == ([400, 200, 200] if dpop else [200, 200])
    okta.fault("PUT", "/api/v1/apps", "status", status=401, times=None)
    assert "401 E0000011" in run_module("app_saml", {**options, **GUIDE, "acs_url": f"{GUIDE['acs_url']}/x"}).msg
    assert len(tokens(okta)) == (6 if dpop else 4)


def test_a_token_that_is_refused_is_renewed_once(okta, service):
    okta.fault("GET", "/api/v1/apps", "status", status=401)
    assert run_module("app_info", service())["apps"]
    assert [entry.status for entry in okta.journal] == [200, 401, 200, 200]


@pytest.fixture
def shared_store(tmp_path, monkeypatch):
    monkeypatch.setattr(token_store, "shared", token_store.TokenStore(str(tmp_path), bytes(32)))
    return tmp_path


@pytest.mark.parametrize("dpop", [False, True], ids=["bearer", "dpop"])
def test_the_tasks_of_a_run_share_one_token(okta, service, shared_store, dpop):
    options = service(dpop=dpop, scopes=list(ALL))
    for _task in range(3):
        assert run_module("app_info", options)["apps"]
    assert [entry.status for entry in tokens(okta)] == ([400, 200] if dpop else [200])
    (saved,) = shared_store.iterdir()
    content = saved.read_bytes()
    assert saved.stat().st_mode & 0o077 == 0
    assert b"access_token" not in content and b"PRIVATE KEY" not in content


def test_a_shared_token_that_is_refused_or_unreadable_is_fetched_again(okta, service, shared_store):
    options = service(scopes=list(ALL))
    run_module("app_info", options)
    okta.fault("GET", "/api/v1/apps", "status", status=401)
    assert run_module("app_info", options)["apps"]
    assert len(tokens(okta)) == 2
    (saved,) = shared_store.iterdir()
    saved.write_bytes(b"half a file")
    assert run_module("app_info", options)["apps"]
    assert len(tokens(okta)) == 3


def test_other_scopes_have_their_own_token(okta, service, shared_store):
    options = service()
    run_module("app_info", options)
    run_module("app_saml", {**options, **GUIDE})
    assert [entry.answer["scope"] for entry in tokens(okta)] == ["okta.apps.read", "okta.apps.manage"]


@pytest.mark.parametrize("written", [json.dumps, str, dict], ids=["JSON", "Python", "dict"])
@pytest.mark.parametrize(
    ("algorithm", "form"), [("RS256", jwt.algorithms.RSAAlgorithm), ("ES256", jwt.algorithms.ECAlgorithm)]
)
def test_a_jwk_is_accepted_as_a_key(okta, written, algorithm, form):
    app = ServiceApp(okta, algorithm)
    jwk = {**form.to_jwk(app.key, as_dict=True), "kid": "one", "use": "sig"}
    okta.org.add_app({"label": "Designers", "name": "scim2testapp"})
    options = {"org_url": okta.url, "client_id": app.id, "private_key": written(jwk)}
    outcome = run_module("app_info", options)
    # Only what is secret of the key is masked.
    assert "Designers" in [app["label"] for app in outcome["apps"]] and jwk["d"] not in outcome.text


@pytest.mark.parametrize(("check", "scopes"), [(False, "okta.apps.manage"), (True, "okta.apps.read")])
def test_a_module_asks_for_the_least_it_needs(okta, service, check, scopes):
    run_module("app_saml", {**service(), **GUIDE}, check)
    assert [entry.answer["scope"] for entry in tokens(okta)] == [scopes]


READ_PEOPLE = ("okta.users.read", "okta.groups.read")


@pytest.mark.parametrize(
    ("app", "module", "options", "message"),
    [
        ({"scopes": ("okta.apps.read",)}, "app_saml", GUIDE, "Grant the app .* Okta API Scopes: okta.apps.manage.$"),
        ({}, "system_log_info", {"app_id": "0oa00000000000000000"}, "Okta API Scopes: okta.logs.read.$"),
        ({}, "app_saml", {**GUIDE, "scopes": ["okta.apps.read"]}, "403 E0000006.* not have the scope okta.apps.manage"),
        ({"scopes": READ_PEOPLE, "role": None}, "user_info", {"groups": ["A"]}, "no group named 'A'.*sees nothing at all"),
        ({"dpop": True}, "app_info", {"dpop": False}, "turn it on for these credentials.$"),
    ],
)  # fmt: skip
def test_what_the_service_app_lacks_is_named(okta, service, app, module, options, message):
    okta.org.add_group("A")
    outcome = run_module(module, {**service(**app), **options})
    assert re.search(message, outcome.msg)
    assert [entry for entry in okta.writes() if entry.status < 400] == []
    assert len(tokens(okta)) == 1


def test_a_token_without_the_scope_of_the_system_log_is_good_enough(okta, service):
    okta.settings.grants_part_of_scopes = True
    options = {**service(["okta.apps.read"]), "scopes": ["okta.apps.read", "okta.logs.read"]}
    assert run_module("app_info", options)["apps"]
    assert len(tokens(okta)) == 1


@pytest.mark.parametrize("dpop", [False, True], ids=["bearer", "dpop"])
def test_a_run_goes_on_without_the_scope_of_the_system_log(okta, service, shared_store, dpop):
    options = {**service(["okta.apps.read"], dpop), "scopes": ["okta.apps.read", "okta.logs.read"]}
    for _task in range(2):
        assert run_module("app_info", options)["apps"]
    assert [entry.status for entry in tokens(okta)] == ([400, 400, 200] if dpop else [400, 200])
    assert tokens(okta)[-1].answer["scope"] == "okta.apps.read"
    (check,) = run_module("system_log_info", {**options, "app_id": options["client_id"]})["checks"]
    assert check["state"] == "skipped" and "okta.logs.read" in check["detail"]
    outcome = run_module("app_info", {**options, "scopes": ["okta.apps.manage", "okta.logs.read"]})
    assert outcome.msg.endswith("Okta API Scopes: okta.apps.manage okta.logs.read.")


def test_a_proof_key_keeps_its_leading_zeros():
    private = next(number for number in range(1, 9999) if public_numbers(number).x.bit_length() <= 248)
    jwk = SigningKey(ec.derive_private_key(private, ec.SECP256R1())).public_jwk()
    assert [len(base64.urlsafe_b64decode(jwk[name] + "=")) for name in ("x", "y")] == [32, 32]
    assert jwt.PyJWK(jwk, "ES256").key.public_numbers() == public_numbers(private)


def public_numbers(private):
    return ec.derive_private_key(private, ec.SECP256R1()).public_key().public_numbers()


NO_KEY_WORDS = re.compile("client ID|key|clock|proof of possession")


@pytest.mark.parametrize("dpop", [False, True], ids=["bearer", "dpop"])
@pytest.mark.parametrize("takes_part", [False, True], ids=["part-refused", "part-granted"])
@pytest.mark.parametrize(
    ("granted", "requested", "named"),
    [
        ([], ["okta.apps.manage", "okta.apps.read", "okta.logs.read"], None),
        (["okta.users.read"], ["okta.apps.manage", "okta.apps.read"], None),
        (["okta.apps.read"], ["okta.apps.read", "okta.policies.read"], ["okta.policies.read"]),
        (["okta.apps.read", "okta.logs.read"], ["okta.apps.manage", "okta.apps.read", "okta.logs.read"], ["okta.apps.manage"]),
        (["okta.logs.read"], ["okta.apps.read", "okta.logs.read"], ["okta.apps.read"]),
    ],
)  # fmt: skip
def test_scopes_that_are_not_granted_are_named(okta, service, dpop, takes_part, granted, requested, named):
    okta.settings.grants_part_of_scopes = takes_part
    options = {**service(granted, dpop), "scopes": requested}
    message = run_module("app_info", options).msg
    shown = named if takes_part and named else requested
    assert message.endswith(f"Grant the app these scopes under Okta API Scopes: {' '.join(shown)}.")
    assert not NO_KEY_WORDS.search(message)
    okta.org.service_apps[options["client_id"]]["scopes"] = requested
    assert run_module("app_info", options)["apps"]


def test_a_wrong_key_is_one_sentence(okta, service):
    other = ServiceApp(okta, whose="somebody").pem
    outcome = run_module("app_info", service(private_key=other))
    assert "invalid_client" in outcome.msg and "Compare the client ID, the public key and its key ID" in outcome.msg
    assert "PRIVATE KEY" not in outcome.text


KEY_HINT = "Compare the client ID, the public key and its key ID"


@pytest.mark.parametrize("dpop", [False, True], ids=["bearer", "dpop"])
@pytest.mark.parametrize(
    ("clock", "difference"),
    [(-720, "12 minutes ahead of"), (720, "12 minutes behind"), (-86400, "1440 minutes ahead of")],
)
def test_a_wrong_clock_is_named_where_it_is_the_cause(okta, service, dpop, clock, difference):
    options = service(dpop=dpop)
    okta.settings.clock = clock
    message = run_module("app_info", options).msg
    assert (
        message.endswith(f" The clock of this machine is {difference} Okta's: correct it.") and KEY_HINT not in message
    )
    okta.settings.clock = 0
    assert run_module("app_info", options)["apps"]


@pytest.mark.parametrize("clock", [720, -720])
def test_a_wrong_clock_is_named_where_a_proof_is_refused(okta, service, shared_store, clock):
    options = service(dpop=True, scopes=list(ALL))
    assert run_module("app_info", options)["apps"]
    okta.settings.clock = clock
    message = run_module("app_info", options).msg
    assert (
        "GET /api/v1/apps: 400 invalid_dpop_proof" in message and "The clock of this machine is 12 minutes" in message
    )
    okta.fault("GET", "/api/v1/apps", "status", status=401, times=None)
    assert "The clock of this machine is 12 minutes" in run_module("app_info", options).msg
    refused = {"error": "invalid_dpop_proof", "error_description": "The DPoP proof is invalid."}
    okta.fault("POST", "/token$", "status", status=400, body=refused)
    other = {**options, "scopes": ["okta.apps.read"]}
    assert "The clock of this machine is 12 minutes" in run_module("app_info", other).msg


@pytest.mark.parametrize("clock", [280, -280])
def test_a_clock_that_differs_a_little_is_no_cause(okta, service, clock):
    options = service(private_key=ServiceApp(okta, whose="somebody").pem)
    okta.settings.clock = clock
    assert KEY_HINT in run_module("app_info", options).msg
    assert run_module("app_info", service())["apps"]


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Jan 2020 00:00:00 GMT", "Wed, 01 Jan 20200 00:00:00 GMT"])
def test_a_date_that_cannot_be_read_is_ignored(okta, service, date):
    okta.settings.clock = 720
    body = {"error": "invalid_client", "error_description": "No."}
    okta.fault("POST", "/token$", "status", status=401, body=body, headers={"Date": date})
    assert KEY_HINT in run_module("app_info", service()).msg


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (403, {"error": "access_denied", "error_description": "No"}, r": 403 access_denied \(No\)\.$"),
        (404, None, r": 404 E0000009 Internal Server Error\.$"),
        (200, "<html>", r": 200 with application/json instead of a token\.$"),
    ],
)
def test_a_refusal_of_another_cause_says_nothing_of_keys(okta, service, status, body, message):
    okta.fault("POST", "/token$", "status", status=status, body=body)
    okta.settings.clock = 0
    assert re.search(message, run_module("app_info", service()).msg)


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()])
def test_an_unsupported_key_is_one_sentence(key):
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(Failure, match="must be an RSA key, or an elliptic key of the curve P-256"):
        SigningKey.load(pem)


@pytest.mark.parametrize(
    "text", ["nonsense", "{}", '{"kty": "RSA"}', "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"]
)
def test_an_invalid_key_is_one_sentence(text):
    with pytest.raises(Failure, match="neither an unencrypted PEM private key nor a JWK"):
        SigningKey.load(text)
