# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Claude's SCIM directory and Admin API: one policy for retrying, and one sentence for each strange answer."""

import pytest
from ansible_collections.idops.okta.plugins.module_utils.claude_api import AdminApi
from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, Failure, UnexpectedAnswer
from ansible_collections.idops.okta.plugins.module_utils.http import Http
from ansible_collections.idops.okta.plugins.module_utils.scim import ScimDirectory

PATHS = {"scim": "/scim/v2/claude/Users", "claude": "/v1/organizations/users"}
every_service = pytest.mark.parametrize("service", PATHS)


def read_users(okta, service, token=None):
    """What an empty directory, or an organization without members, answers; by default with its own token."""
    if service == "scim":
        return ScimDirectory(Http(), okta.scim_url, token or okta.scim_token).count_users()
    return AdminApi(Http(), f"{okta.url}/", token or okta.admin_api_key).list_members()


@every_service
@pytest.mark.parametrize(
    ("status", "headers", "seconds"), [(429, {"Retry-After": "37"}, 37), (503, {"Retry-After": "5"}, 5), (529, {}, 0.5)]
)
def test_a_busy_service_is_asked_again_after_the_time_that_it_names(okta, waits, service, status, headers, seconds):
    okta.fault("GET", PATHS[service], "status", status=status, headers=headers)
    assert not read_users(okta, service)
    assert waits == [seconds]


@every_service
def test_a_read_without_an_answer_is_repeated(okta, waits, service):
    okta.fault("GET", PATHS[service], "reset before", times=2)
    assert not read_users(okta, service)
    assert len(waits) == 2


@every_service
def test_a_rate_limit_longer_than_max_wait_is_one_sentence(okta, waits, service):
    okta.fault("GET", PATHS[service], "status", status=429, headers={"Retry-After": "600"})
    with pytest.raises(ApiError, match="used up for another 600 seconds, and 180 seconds of max_wait are left"):
        read_users(okta, service)
    assert waits == []


@every_service
def test_a_refusal_has_its_status_and_does_not_show_the_token(okta, service):
    with pytest.raises(ApiError, match=r"401, the .* is not accepted") as refused:
        read_users(okta, service, "not-this-one")
    assert refused.value.facts["status"] == 401 and "not-this-one" not in str(refused.value)


NO_NEXT_PAGE = "has_more is true, but last_id does not lead to another page"


def answered(status, body=None):
    return "status", {"status": status, "body": body}


@pytest.mark.parametrize(
    ("service", "fault", "error", "message"),
    [
        ("scim", answered(403), ApiError, "403, the SCIM token is not accepted"),
        ("scim", answered(400, {"detail": "Bad filter."}), ApiError, r"400 Bad filter\.$"),
        ("scim", answered(500, []), ApiError, "500 without a SCIM error message"),
        ("scim", ("gateway", {}), ApiError, "502 without a SCIM error message"),
        ("scim", ("gateway", {"status": 200}), UnexpectedAnswer, "text/html instead of JSON. Copy the base URL again"),
        ("scim", ("redirect", {}), Failure, "a redirect to https://elsewhere.example.com/, which is not followed"),
        ("scim", ("malformed", {}), UnexpectedAnswer, "instead of JSON"),
        ("scim", ("reset before", {}), Failure, "no complete answer"),
        ("scim", answered(200, {}), UnexpectedAnswer, "the answer is not a SCIM list. Copy the base URL again"),
        ("scim", answered(200, [1]), UnexpectedAnswer, "the answer is not a SCIM list. Copy the base URL again"),
        ("scim", answered(200, {"totalResults": "2"}), UnexpectedAnswer, "an unexpected form: totalResults is a"),
        ("scim", answered(200, {"totalResults": 1, "Resources": [{"id": "1"}]}), UnexpectedAnswer, "userName is null where a"),
        ("claude", answered(401), ApiError, "401, the Admin API key is not accepted"),
        ("claude", answered(403), ApiError, "403, the key has no access to this"),
        ("claude", answered(404), ApiError, "404, there is no Admin API at this address"),
        ("claude", answered(400, {"error": {"message": "limit: too big"}}), ApiError, r"400 limit: too big\.$"),
        ("claude", answered(500, {"error": "text"}), ApiError, "500 without an error message of the Admin API"),
        ("claude", answered(529, []), ApiError, "529 without an error message of the Admin API"),
        ("claude", answered(429), ApiError, "the rate limit is used up"),
        ("claude", ("gateway", {}), ApiError, "502 without an error message of the Admin API"),
        ("claude", ("gateway", {"status": 200}), UnexpectedAnswer, "text/html instead of JSON. Check base_url"),
        ("claude", ("malformed", {}), UnexpectedAnswer, "instead of JSON"),
        ("claude", answered(200, [1]), UnexpectedAnswer, "Claude's Admin API answered in an unexpected form: the answer is a list"),
        ("claude", answered(200, {"data": None}), UnexpectedAnswer, "an unexpected form: data is null"),
        ("claude", answered(200, {"data": ["x"]}), UnexpectedAnswer, r"an unexpected form: data\[0\] is a string"),
        ("claude", answered(200, {"data": [{"id": "1"}]}), UnexpectedAnswer, r"data\[0\].email is null"),
        ("claude", answered(200, {"data": [], "has_more": True}), UnexpectedAnswer, NO_NEXT_PAGE),
        ("claude", answered(200, {"data": [], "has_more": True, "last_id": "a"}), UnexpectedAnswer, NO_NEXT_PAGE),
        ("claude", ("redirect", {}), Failure, "a redirect to https://elsewhere.example.com/, which is not followed"),
        ("claude", ("reset before", {}), Failure, "no complete answer"),
    ],
)  # fmt: skip
def test_a_strange_answer_is_one_sentence(okta, waits, service, fault, error, message):
    kind, details = fault
    okta.fault("GET", PATHS[service], kind, times=None, **details)
    with pytest.raises(error, match=message) as failure:
        read_users(okta, service)
    assert str(failure.value).startswith(f"GET {okta.url}{PATHS[service]}")
    assert okta.scim_token not in str(failure.value) and okta.admin_api_key not in str(failure.value)
