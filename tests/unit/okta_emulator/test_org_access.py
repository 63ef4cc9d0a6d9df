# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Tokens, OAuth service apps with DPoP, and rate limits."""

from __future__ import annotations

import json
import time
from email.utils import parsedate_to_datetime

import pytest
import requests
from ansible_collections.idops.okta.tests.support.app_bodies import SAML
from ansible_collections.idops.okta.tests.support.service_app import ServiceApp


def call(okta, token: str, method: str = "GET", path: str = "/apps", scheme: str = "Bearer", **headers: str):
    given = {"Authorization": f"{scheme} {token}", **headers}
    return requests.request(method, f"{okta.url}/api/v1{path}", headers=given, json=None, timeout=10)


@pytest.mark.parametrize("given", ["SSWS wrong", "SSWS", "Bearer wrong", "DPoP wrong", "Basic eDp5", ""])
def test_a_bad_token_is_refused(api, given):
    api.session.headers["Authorization"] = given
    assert api.get_error("GET", "/apps")[:2] == (401, "E0000011")


def test_a_token_looks_like_oktas_and_needs_no_space_before_it(api, okta):
    assert okta.token.startswith("00") and len(okta.token) == 42
    assert api("GET", "/apps", headers={"Authorization": f"SSWS{okta.token}"}).status_code == 200


def test_a_read_only_administrator_reads_only(api, okta, app):
    api.session.headers["Authorization"] = f"SSWS {okta.read_only_token}"
    assert api.get("/apps")[0]["id"] == app["id"]
    assert api.get_error("POST", "/apps", SAML)[:2] == (403, "E0000006")
    assert api.get_error("DELETE", f"/apps/{app['id']}")[:2] == (403, "E0000006")


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_service_app_gets_a_token_with_its_key(okta, algorithm):
    app = ServiceApp(okta, algorithm)
    answer = app.ask("okta.apps.read okta.groups.read").json()
    assert (answer["token_type"], answer["expires_in"], okta.writes()) == ("Bearer", 3600, [])
    assert answer["scope"] == "okta.apps.read okta.groups.read"
    assert call(okta, answer["access_token"]).status_code == 200


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_bad_assertion_gets_nothing(okta, algorithm):
    app, other = ServiceApp(okta, algorithm), ServiceApp(okta, algorithm, whose="other")
    once = app.assertion()
    assert app.ask(client_assertion=once).status_code == 200
    for bad in (
        once,
        other.assertion(iss=app.id, sub=app.id),
        app.assertion(aud=okta.url),
        app.assertion(sub="somebody"),
        app.assertion(exp=int(time.time()) - 1),
        app.assertion(iat=int(time.time()) + 600),
        app.assertion(exp=int(time.time()) + 7200),
        app.assertion(jti=None),
        "nonsense",
    ):
        answer = app.ask(client_assertion=bad)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client"), bad
    assert app.ask(grant_type="password").json()["error"] == "unsupported_grant_type"


def test_scopes_that_are_not_granted_are_refused(okta):
    app = ServiceApp(okta)
    for scope, error in (
        ("okta.policies.read okta.logs.read", "consent_required"),
        ("okta.policies.read okta.apps.read", "invalid_scope"),
        ("", "invalid_scope"),
    ):
        refused = app.ask(scope)
        assert (refused.status_code, refused.json()["error"]) == (400, error)
    okta.settings.grants_part_of_scopes = True
    assert app.ask("okta.policies.read okta.apps.read").json()["scope"] == "okta.apps.read"
    assert app.ask("okta.policies.read").json()["error"] == "consent_required"


def test_a_missing_scope_is_named(okta):
    app = ServiceApp(okta)
    token = app.token("okta.apps.read")
    refused = call(okta, token, "POST")
    assert (refused.status_code, refused.json()["errorCode"]) == (403, "E0000006")
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]
    assert 'scope="okta.apps.manage"' in refused.headers["WWW-Authenticate"]
    assert call(okta, token, path="/groups").status_code == 403
    assert call(okta, app.token("okta.apps.manage")).status_code == 200
    assert call(okta, app.token("okta.apps.read"), path=f"/apps/{app.id}/group-push/mappings").status_code == 403


def test_scopes_without_a_role_see_empty_lists(api, okta):
    api.create_app(SAML)
    app = ServiceApp(okta, role=None)
    answer = call(okta, app.token())
    assert (answer.status_code, answer.json()) == (200, [])
    assert call(okta, app.token(), path=f"/apps/{app.id}").status_code == 403
    assert "next" not in call(okta, app.token(), path="/apps?limit=1").links
    assert call(okta, app.token("okta.apps.manage"), "POST").status_code == 403


def test_dpop_from_the_first_request_to_the_api(okta):
    app = ServiceApp(okta, dpop=True)
    without = app.ask()
    assert (without.status_code, without.json()["error"]) == (400, "invalid_dpop_proof")
    first = app.ask(headers={"DPoP": app.proof("POST", app.endpoint)})
    assert (first.status_code, first.json()["error"]) == (400, "use_dpop_nonce")
    nonce = first.headers["DPoP-Nonce"]
    granted = app.ask(headers={"DPoP": app.proof("POST", app.endpoint, nonce=nonce)})
    second = granted.json()
    assert (second["token_type"], granted.headers["DPoP-Nonce"]) == ("DPoP", nonce)
    token, where = second["access_token"], f"{okta.url}/api/v1/apps"
    assert call(okta, token, scheme="DPoP", DPoP=app.token_proof("GET", where, token)).status_code == 200
    assert call(okta, token, scheme="Bearer").status_code == 401
    other = ServiceApp(okta, dpop=True)
    for bad in (
        app.token_proof("POST", where, token),
        app.token_proof("GET", f"{where}/x", token),
        app.proof("GET", where),
        app.token_proof("GET", where, token, iat=int(time.time()) - 3600),
        other.token_proof("GET", where, token),
    ):
        refused = call(okta, token, scheme="DPoP", DPoP=bad)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_dpop_proof")
    proof = app.token_proof("GET", where, token)
    assert [call(okta, token, scheme="DPoP", DPoP=proof).status_code for _twice in range(2)] == [200, 400]


@pytest.mark.parametrize("clock", [330, -330])
def test_another_clock_refuses_what_is_signed_by_it(okta, clock):
    app = ServiceApp(okta)
    token = app.token()
    okta.settings.clock = clock
    refused = app.ask()
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    answer = call(okta, token)
    for header in (refused.headers["Date"], answer.headers["Date"]):
        assert abs(parsedate_to_datetime(header).timestamp() - time.time() - clock) <= 2
    assert 0 < int(answer.headers["X-Rate-Limit-Reset"]) - time.time() - clock <= 61
    bound = ServiceApp(okta, dpop=True)
    now = int(time.time()) + clock
    times = {"iat": now, "exp": now + 300}
    late = bound.proof("POST", bound.endpoint)
    refused = bound.ask(headers={"DPoP": late}, client_assertion=bound.assertion(**times))
    assert refused.json()["error"] == "invalid_dpop_proof"


def test_every_answer_has_rate_limit_headers(api):
    answer = api("GET", "/apps")
    assert answer.headers["X-Rate-Limit-Limit"] == "1000"
    assert answer.headers["X-Rate-Limit-Remaining"] == "999"
    assert 0 < int(answer.headers["X-Rate-Limit-Reset"]) - time.time() <= 61
    assert answer.headers["Date"]


def test_a_429_has_no_retry_after(api, okta):
    okta.settings.change(rate_limits={"apps": 2}, rate_window=0.3)
    assert [api("GET", "/apps").status_code for _call in range(2)] == [200, 200]
    refused = api("GET", "/apps")
    assert (refused.status_code, refused.json()["errorCode"]) == (429, "E0000047")
    assert refused.headers["X-Rate-Limit-Remaining"] == "0"
    assert "Retry-After" not in refused.headers
    time.sleep(0.31)
    assert api("GET", "/apps").status_code == 200


def test_a_single_app_has_its_own_counter(api, okta):
    app = api.create_app(SAML)["id"]
    okta.limits.reset()
    okta.settings.rate_limits = {"apps": 3}
    for path in (f"/apps/{app}/users", f"/apps/{app}/connections/default", f"/apps/{app}/groups/00g1"):
        assert api("GET", path).status_code in (200, 404)
    assert api("GET", "/apps").status_code == 429
    bare = [api("GET", f"/apps/{app}") for _call in range(16)]
    assert [answer.status_code for answer in bare] == [200] * 15 + [429]
    assert bare[0].headers["X-Rate-Limit-Limit"] == "15"
    assert api("GET", "/groups").status_code == 200


@pytest.mark.parametrize(("path", "limit"), [
    ("/apps/0oa1", 5000), ("/mappings", 500), ("/groups", 500), ("/groups/00g1", 1000), ("/groups/00g1/users", 500),
    ("/users/00u1", 2000), ("/users", 600), ("/logs", 120), ("{org}/oauth2/v1/token", 150),
])  # fmt: skip
def test_other_endpoints_have_their_own_limits(api, path, limit):
    answer = api("POST" if "token" in path else "GET", path.replace("{org}", api.okta.url))
    assert answer.headers["X-Rate-Limit-Limit"] == str(limit)


def test_the_journal_has_every_request(api, okta, app):
    start = len(okta.journal)
    api("GET", "/apps?q=x")
    api("PUT", f"/apps/{app['id']}", SAML)
    read, written = okta.journal[start:]
    assert (read.method, read.path, read.query, read.changes) == ("GET", "/api/v1/apps", {"q": "x"}, False)
    assert (written.status, written.body["label"], written.answer["id"]) == (200, "Claude", app["id"])
    assert okta.writes(since=start) == [written]
    assert json.dumps(read.answer) == "[]"
