# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, Failure
from ansible_collections.idops.okta.plugins.module_utils.http import Http
from ansible_collections.idops.okta.plugins.module_utils.scim import PAGE, Scim, primary_email


def test_every_page_is_read(okta):
    http = Http()
    for number in range(PAGE + 5):
        name = f"person{number}@example.com"
        user = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name}
        http.send("POST", f"{okta.scim_url}/Users", {"Authorization": f"Bearer {okta.scim_token}"}, user)
    directory = Scim(http, okta.scim_url, okta.scim_token)
    assert directory.count() == PAGE + 5
    assert len({user["userName"] for user in directory.users()}) == PAGE + 5
    assert [user["userName"] for user in directory.users('userName eq "person7@example.com"')] == [
        "person7@example.com"
    ]


def test_a_wrong_token_is_a_sentence(okta):
    with pytest.raises(ApiError, match="401, the SCIM token is not accepted"):
        Scim(Http(), okta.scim_url, "wrong").count()


def test_a_wrong_address_is_a_sentence(okta):
    with pytest.raises(Failure, match="404, there is no SCIM endpoint"):
        Scim(Http(), okta.url + "/scim/v2/nobody", okta.scim_token).count()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("gateway", "502 without a SCIM error"),
        ("redirect", "a redirect to"),
        ("malformed", "is not a SCIM list"),
        ("reset before", "no complete answer"),
    ],
)
def test_what_is_not_scim_is_a_sentence(okta, kind, said):
    okta.fault("GET", "/scim/", kind, times=None)
    with pytest.raises(Failure, match=said):
        Scim(Http(), okta.scim_url, okta.scim_token).count()


@pytest.mark.parametrize(
    ("emails", "expected"),
    [
        ([{"value": "a"}, {"value": "b", "primary": True}], "b"),
        ([{"value": "a"}], "a"),
        ([], ""),
        (None, ""),
    ],
)
def test_primary_email(emails, expected):
    assert primary_email({"emails": emails}) == expected
