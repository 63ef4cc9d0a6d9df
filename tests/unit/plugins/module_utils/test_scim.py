# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError
from ansible_collections.idops.okta.plugins.module_utils.http import Http
from ansible_collections.idops.okta.plugins.module_utils.scim import PAGE_SIZE, ScimDirectory, primary_email


@pytest.fixture
def directory(okta):
    return ScimDirectory(Http(), okta.scim_url, okta.scim_token)


def test_every_page_is_read(okta, directory):
    emails = [f"person{number}@example.com" for number in range(PAGE_SIZE + 5)]
    for email in emails:
        user = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": email}
        directory.http.send("POST", f"{okta.scim_url}/Users", {"Authorization": f"Bearer {okta.scim_token}"}, user)
    assert directory.count_users() == PAGE_SIZE + 5
    assert sorted(user["userName"] for user in directory.list_users()) == sorted(emails)
    (user,) = directory.list_users('userName eq "person7@example.com"')
    assert user["userName"] == "person7@example.com"


def test_a_wrong_address_is_one_sentence(okta):
    with pytest.raises(ApiError, match="404, there is no SCIM endpoint at this address"):
        ScimDirectory(Http(), okta.url + "/scim/v2/nobody", okta.scim_token).count_users()


@pytest.mark.parametrize(
    ("emails", "expected"),
    [
        ([{"value": "a"}, {"value": "b", "primary": True}], "b"),
        ([{"value": "a"}, {"value": "b"}], "a"),
        ([{"value": None}], ""),
        ([], ""),
        (None, ""),
    ],
)
def test_the_primary_email_comes_before_the_first(emails, expected):
    assert primary_email({"emails": emails}) == expected
