# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Faults that can be injected, and their effects."""

from __future__ import annotations

import re

import pytest
import requests
from ansible_collections.idops.okta.tests.support.app_bodies import SAML

NO_ANSWER = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def test_a_fault_applies_to_some_matches(api, okta):
    okta.fault("GET", r"/apps$", "status", times=2, after=1, status=500)
    assert [api("GET", "/apps").status_code for _call in range(4)] == [200, 500, 500, 200]
    okta.fault("*", r"/apps", "status", times=None, status=423, body={"own": "body"})
    assert [api("GET", "/apps").json() for _call in range(3)] == [{"own": "body"}] * 3


@pytest.mark.parametrize(("status", "code"), [(500, "E0000009"), (429, "E0000047"), (423, "E0000239"),
                                              (401, "E0000011")])  # fmt: skip
def test_a_status_has_the_error_of_okta(api, okta, status, code):
    okta.fault("POST", "/apps", "status", status=status, headers={"Retry-After": 3})
    assert api.get_error("POST", "/apps", SAML)[:2] == (status, code)
    assert okta.org.apps == {}


@pytest.mark.parametrize(("kind", "details", "status", "header", "value"), [
    ("gateway", {}, 502, "Content-Type", "text/html"),
    ("redirect", {"location": "https://evil.example.com/"}, 302, "Location", "https://evil.example.com/"),
    ("foreign next", {"origin": "https://evil.example.com"}, 200, "Link", '<https://evil.example.com/.*>; rel="next"'),
])  # fmt: skip
def test_a_fault_may_answer_otherwise(api, okta, kind, details, status, header, value):
    okta.fault("GET", "/apps", kind, **details)
    answer = api("GET", "/apps", allow_redirects=False)
    assert answer.status_code == status and re.search(value, answer.headers[header])


@pytest.mark.parametrize(("kind", "error", "apps"), [
    ("reset before", NO_ANSWER, 0),
    ("reset after", NO_ANSWER, 1),
    ("cut short", NO_ANSWER, 1),
    ("malformed", requests.JSONDecodeError, 1),
])  # fmt: skip
def test_a_lost_answer_may_have_taken_effect(api, okta, kind, error, apps):
    okta.fault("POST", r"/apps$", kind)
    with pytest.raises(error):
        api("POST", "/apps", SAML).json()
    assert len(okta.org.apps) == apps
    assert api("GET", "/apps").status_code == 200


def test_an_answer_can_have_unknown_fields(api, okta, app):
    okta.fault("GET", "/apps", "unknown fields")
    answer = api.get(f"/apps/{app['id']}")
    assert answer["x-unknown"] == {"since": 2031}
    assert answer["settings"]["app"] is None
    assert answer["settings"]["signOn"]["x-null"] is None
    assert "x-unknown" not in api.get(f"/apps/{app['id']}")


def test_a_concurrency_limit_leaves_requests(api, okta):
    okta.fault("GET", "/apps", "concurrency")
    refused = api("GET", "/apps")
    assert (refused.status_code, refused.json()["errorCode"]) == (429, "E0000047")
    assert int(refused.headers["X-Rate-Limit-Remaining"]) > 0


@pytest.mark.parametrize(
    ("kind", "details"), [("status", {"status": 503, "body": {"detail": "later"}}), ("reset before", {})]
)
def test_a_fault_of_the_directory_fails_a_push(api, okta, kind, details):
    app = api.create_connected_app()
    okta.fault("POST", "/scim/", kind, **details)
    api.assign(app)
    assert api.push_events(app) == [("application.provision.user.push", "FAILURE")]


def test_an_unknown_kind_of_fault_is_refused(okta):
    with pytest.raises(ValueError, match="no fault 'typo'"):
        okta.fault("GET", "/", "typo")
