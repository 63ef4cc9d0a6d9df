# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import socket

import pytest
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure, Unreachable, import_library
from ansible_collections.idops.okta.plugins.module_utils.http import Http, checked_url
from ansible_collections.idops.okta.tests.support.module_runner import run_module


@pytest.mark.parametrize(
    "url", ["https://example.okta.com", "http://127.0.0.1:8080/scim", "http://[::1]:1", "http://localhost"]
)
def test_good_addresses(url):
    assert checked_url(url + "/", "org_url") == url


@pytest.mark.parametrize(
    "url", ["example.okta.com", "ftp://example.com", "https://", "https://user@example.com", "https://x:y", "https://x?a=b", ""]
)  # fmt: skip
def test_bad_addresses_are_one_sentence(url):
    with pytest.raises(Failure, match="org_url must be a plain URL"):
        checked_url(url, "org_url")


def test_a_query_is_accepted_where_it_is_allowed():
    url = "https://auth.example.com/acs?x=1"
    assert checked_url(url, "acs_url", allow_query=True) == url


def test_a_refused_connection_is_unreachable():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/x?token=secret"
        with pytest.raises(Unreachable, match="Connection refused") as caught:
            Http().send("GET", url, {})
    assert "secret" not in str(caught.value)


def test_no_tls_is_unreachable(okta):
    with pytest.raises(Unreachable, match=r"ca_path"):
        Http().send("GET", okta.url.replace("http:", "https:"), {})


def test_a_missing_library_is_named_with_its_install_command():
    with pytest.raises(Failure, match=r"The Python library Nothing\[x\] is missing in .*-m pip install Nothing\[x\]"):
        import_library("nothing_of_that_name", "Nothing[x]")


def test_white_space_around_a_token_is_ignored(okta):
    assert run_module("app_info", {"org_url": okta.url, "api_token": f" {okta.token}\n"})["apps"] == []
    assert run_module("scim_info", {"base_url": okta.scim_url, "token": f"{okta.scim_token}\n"})["scim"]["total"] == 0
    claude = {"base_url": okta.url, "admin_api_key": f"{okta.admin_api_key}\n"}
    assert run_module("claude_member_info", claude)["members"] == []
