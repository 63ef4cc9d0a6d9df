# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import re
import socket
import time
import urllib.request
from email.utils import formatdate

import pytest
import requests
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure, Unreachable
from ansible_collections.idops.okta.plugins.module_utils.http import (
    Http,
    checked_url,
    clock_difference,
    environment_proxies,
)
from ansible_collections.idops.okta.tests.support.module_runner import run_module
from ansible_collections.idops.okta.tests.support.service_app import ServiceApp


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


def test_white_space_around_a_token_is_ignored(okta):
    assert run_module("app_info", {"org_url": okta.url, "api_token": f" {okta.token}\n"})["apps"] == []
    assert run_module("scim_info", {"base_url": okta.scim_url, "token": f"{okta.scim_token}\n"})["scim"]["total"] == 0
    claude = {"base_url": okta.url, "admin_api_key": f"{okta.admin_api_key}\n"}
    assert run_module("claude_member_info", claude)["members"] == []


@pytest.mark.parametrize("zone", ["GMT", "-0000", ""])
def test_a_date_is_in_utc(monkeypatch, zone):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        response = requests.Response()
        response.headers["Date"] = f"{formatdate(time.time() - 600, usegmt=True).removesuffix('GMT')}{zone}"
        assert 600 <= clock_difference(response) <= 602
    finally:
        monkeypatch.undo()
        time.tzset()


SERVICES = {
    "token endpoint": ("POST", "/oauth2/v1/token$", "app_info"),
    "SCIM directory": ("GET", "/scim/v2/", "scim_info"),
    "Admin API": ("GET", "/v1/organizations/users", "claude_member_info"),
}


@pytest.fixture(params=SERVICES)
def ask(okta, request):
    """A run that needs a service, with faults of that service: ask(kind, times=1, **details)."""
    method, path, module = SERVICES[request.param]
    options = {"base_url": okta.scim_url, "token": okta.scim_token}
    if module == "app_info":
        app = ServiceApp(okta, dpop=True)
        options = {"org_url": okta.url, "client_id": app.id, "private_key": app.pem, "dpop": True}
    if module == "claude_member_info":
        options = {"base_url": okta.url, "admin_api_key": okta.admin_api_key}

    def run(kind, times=1, max_wait=180, **details):
        okta.fault(method, path, kind, times, **details)
        return run_module(module, {**options, "max_wait": max_wait})

    return run


@pytest.mark.parametrize(
    ("kind", "details", "seconds"),
    [
        ("reset before", {}, 0.5),
        ("reset after", {}, 0.5),
        ("cut short", {}, 0.5),
        ("gateway", {}, 0.5),
        ("status", {"status": 503}, 0.5),
        ("status", {"status": 503, "headers": {"Retry-After": 7}}, 7),
        ("status", {"status": 529, "headers": {"retry-after": "7"}}, 7),
        ("status", {"status": 429, "headers": {"retry-after": "7"}}, 7),
        ("concurrency", {}, 1),
    ],
)
def test_every_service_is_asked_again(ask, waits, kind, details, seconds):
    outcome = ask(kind, **details)
    assert not outcome.failed, outcome["msg"]
    assert waits == [seconds]


@pytest.mark.parametrize("status", [429, 503, 529])
def test_every_service_is_waited_for_within_max_wait(ask, waits, status):
    outcome = ask("status", times=None, status=status, headers={"Retry-After": 7}, max_wait=20)
    assert re.search(r"max_wait|: (\d+, )?\d\d\d\b", outcome.msg) and "private_key" not in outcome.msg
    assert waits == [7, 7]


class WorkerKilled(BaseException):
    """What macOS does to a forked process that asks the system for its proxies."""


@pytest.fixture
def macos(monkeypatch):
    def kill(*_arguments):
        raise WorkerKilled

    for module in (urllib.request, requests.utils):
        for name in ("getproxies", "proxy_bypass"):
            monkeypatch.setattr(module, name, kill)


NOBODY = "http://127.0.0.1:1"  # no server listens there


@pytest.mark.usefixtures("macos")
def test_the_system_is_not_asked_for_proxies(okta):
    assert run_module("app_info", {"org_url": okta.url, "api_token": okta.token})["apps"] == []
    okta.fault("GET", "/api/v1/apps", "redirect")
    assert "is not followed" in run_module("app_info", {"org_url": okta.url, "api_token": okta.token}).msg


@pytest.mark.usefixtures("macos")
@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_a_proxy_comes_from_the_environment(okta, monkeypatch, variable):
    monkeypatch.setenv(variable, okta.url)
    assert run_module("app_info", {"org_url": NOBODY, "api_token": okta.token})["apps"] == []
    monkeypatch.setenv("NO_PROXY", "127.0.0.0/8")
    assert "Connection refused" in run_module("app_info", {"org_url": NOBODY, "api_token": okta.token}).msg


@pytest.mark.parametrize(
    ("no_proxy", "direct"),
    [
        ("example.okta.com", True),
        (" .OKTA.com , other.example.com", True),
        ("okta.com:8443", True),
        ("okta.com:443", False),
        ("kta.com", False),
        ("", False),
        ("*", True),
    ],
)
@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_no_proxy_names_hosts_and_domains(monkeypatch, variable, no_proxy, direct):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    monkeypatch.setenv(variable, no_proxy)
    proxies = {} if direct else {"https": "http://proxy.example.com:3128"}
    assert environment_proxies("https://example.okta.com:8443/api/v1/apps?q=a:b") == proxies


@pytest.mark.parametrize(
    ("no_proxy", "url", "direct"),
    [
        ("10.1.0.0/16", "https://10.1.2.3", True),
        ("10.1.0.0/16", "https://10.2.2.3", False),
        ("10.1.2.3", "https://10.1.2.3:8443", True),
        ("10.1.2.3:443,nonsense/8", "https://10.1.2.3:8443", False),
        ("::1", "https://[::1]:8443", True),
        ("fd00::/8", "https://[fd12::1]", True),
    ],
)
def test_no_proxy_names_addresses_and_networks(monkeypatch, no_proxy, url, direct):
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example.com:3128")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert (environment_proxies(url) == {}) == direct


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_authorities_of_the_environment_are_trusted_unless_ca_path_is_set(okta, monkeypatch, variable):
    monkeypatch.setenv(variable, "/nowhere/environment.pem")
    url = okta.url.replace("http:", "https:")
    with pytest.raises(Failure, match=r"/nowhere/environment\.pem"):
        Http().send("GET", url, {})
    with pytest.raises(Failure, match=r"/nowhere/option\.pem"):
        Http(ca_path="/nowhere/option.pem").send("GET", url, {})
