# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import time
from email.utils import formatdate

import pytest
from ansible_collections.idops.okta.plugins.module_utils.auth import TokenAuth
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED, Client, bucket_of
from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, Failure, OrgUnavailable, ResponseLost
from ansible_collections.idops.okta.plugins.module_utils.http import Http
from ansible_collections.idops.okta.tests.support.examples import saml_app

pause = time.sleep


@pytest.fixture
def client(okta, waits):
    return Client(okta.url, TokenAuth("SSWS", okta.token), Http(timeout=5))


def test_what_is_not_there_is_none_and_is_deleted_with_success(client):
    assert client.get("/api/v1/apps/0oa00000000000000001") is None
    assert client.delete("/api/v1/groups/00g00000000000000001") is None


@pytest.fixture
def patient(okta, waits):
    """The client of a run that may follow the creation of an app."""
    return Client(okta.url, TokenAuth("SSWS", okta.token), Http(timeout=5), awaits_new_apps=True)


def test_a_new_app_that_comes_and_goes_is_asked_for_again(okta, patient, waits):
    """Okta's servers do not all know of it at the same time."""
    app = saml_app(okta)
    (mapping,) = patient.list("/api/v1/mappings", targetId=app["id"])
    for path in ("users", "groups", "credentials/keys"):
        okta.fault("GET", f"/{app['id']}/{path}", "status", status=404, times=4)
        assert isinstance(list(patient.list(f"/api/v1/apps/{app['id']}/{path}")), list)
    okta.fault("POST", app["id"], "status", status=404)
    patient.post(f"/api/v1/apps/{app['id']}/lifecycle/deactivate")
    okta.fault("GET", mapping["id"], "status", status=404)
    assert patient.get(f"/api/v1/mappings/{mapping['id']}")
    assert waits == [1, 2, 3, 4] * 3 + [1, 1]


def test_an_app_that_does_not_appear_is_waited_for_once(patient, waits):
    path = "/api/v1/apps/0oa00000000000000001"
    assert patient.get(f"{path}/connections/default") is None
    assert patient.get(path) is None
    with pytest.raises(ApiError, match="404 E0000007"):
        list(patient.list(f"{path}/users"))
    assert sum(waits) == 10


def test_what_may_be_missing_is_not_waited_for(patient, waits):
    assert patient.get("/api/v1/users/nobody@example.com") is None
    assert patient.get("/api/v1/groups/00g00000000000000001") is None
    assert patient.get("/api/v1/apps/0oa00000000000000001", may_be_gone=True) is None
    assert patient.delete("/api/v1/apps/0oa00000000000000001/users/00u00000000000000001") is None
    assert waits == []


def test_a_list_has_every_page(okta, client):
    for number in range(45):
        okta.org.add_group(f"Group {number:02}")
    names = [group["profile"]["name"] for group in client.list("/api/v1/groups", limit=20)]
    assert len(names) == len(set(names)) == 46  # with Everyone
    assert len(okta.journal) == 3


@pytest.mark.parametrize(
    ("kind", "details", "error", "message", "requests"),
    [
        ("foreign next", {}, Failure, "elsewhere.example.com, which is not this org", 1),
        ("redirect", {}, Failure, "redirect to https://elsewhere.example.com/, which is not followed", 1),
        ("malformed", {}, Failure, "instead of JSON", 1),
        ("status", {"status": 401}, OrgUnavailable, "401 E0000011 Invalid token provided.*Security, API, Tokens", 1),
        ("gateway", {}, ApiError, "502 with text/html instead of an answer of Okta", 4),
    ],
)
def test_an_answer_that_is_no_list_is_one_sentence(okta, client, kind, details, error, message, requests):
    okta.fault("GET", "/api/v1/groups", kind, times=None, **details)
    with pytest.raises(error, match=message):
        list(client.list("/api/v1/groups"))
    assert len(okta.journal) == requests


@pytest.mark.parametrize("kind", ["reset before", "reset after", "cut short", "gateway", "status"])
def test_a_get_without_an_answer_is_repeated(okta, client, waits, kind):
    okta.fault("GET", "/api/v1/groups", kind, times=2)
    assert len(list(client.list("/api/v1/groups"))) == 1
    assert len(okta.journal) == 3
    assert waits == [0.5, 1.0]


@pytest.mark.parametrize("kind", ["reset before", "reset after", "cut short", "gateway", "status"])
def test_a_write_without_an_answer_is_not_repeated(okta, client, kind):
    okta.fault("POST", "/api/v1/groups", kind)
    with pytest.raises(ResponseLost):
        client.post("/api/v1/groups", {"profile": {"name": "New"}})
    assert len(okta.writes()) == 1


def test_a_read_only_client_cannot_write(okta):
    client = Client(okta.url, TokenAuth("SSWS", okta.token), Http(), read_only=True)
    for write in (client.post, client.put, client.delete):
        with pytest.raises(AssertionError, match="in a preview"):
            write("/api/v1/groups")
    assert okta.journal == []


def test_there_is_nothing_below_a_planned_object(okta, client):
    assert client.get(f"/api/v1/apps/{PLANNED}/connections/default") is None
    assert list(client.list(f"/api/v1/apps/{PLANNED}/users", limit=500)) == []
    assert list(client.list("/api/v1/mappings", targetId=PLANNED)) == []
    assert okta.journal == []


def test_the_rate_limit_is_waited_for_before_it_is_hit(okta, client, waits, monkeypatch):
    okta.settings.change(rate_limits={"apps": 2}, rate_window=1)
    monkeypatch.setattr(time, "sleep", lambda seconds: waits.append(seconds) or pause(1.1))
    for _count in range(3):
        list(client.list("/api/v1/apps"))
    assert len(waits) == 1 and 0 < waits[0] <= 3
    assert [entry.status for entry in okta.journal] == [200, 200, 200]


def test_a_window_that_another_client_used_up_is_waited_for(okta, client, waits, monkeypatch):
    okta.settings.change(rate_limits={"groups": 1})
    somebody = Client(okta.url, TokenAuth("SSWS", okta.token), Http())
    list(somebody.list("/api/v1/groups"))
    monkeypatch.setattr(time, "sleep", lambda seconds: waits.append(seconds) or okta.limits.reset())
    assert len(list(client.list("/api/v1/groups"))) == 1
    assert [entry.status for entry in okta.journal] == [200, 429, 200]
    assert len(waits) == 1 and 55 <= waits[0] <= 62


@pytest.mark.parametrize("clock", [720, -720])
def test_a_date_to_wait_for_is_by_the_clock_of_the_service(okta, client, waits, clock):
    okta.settings.clock = clock
    until = formatdate(time.time() + clock + 9, usegmt=True)
    okta.fault("GET", "/api/v1/groups", "status", status=503, headers={"Retry-After": until})
    assert list(client.list("/api/v1/groups"))
    assert len(waits) == 1 and 8 <= waits[0] <= 10


def test_a_write_that_is_refused_for_the_rate_is_repeated(okta, client, waits):
    okta.fault("POST", "/api/v1/groups", "concurrency")
    assert client.post("/api/v1/groups", {"profile": {"name": "New"}})["profile"]["name"] == "New"
    assert waits == [1.0]


def test_max_wait_limits_all_waits_together(okta, waits):
    client = Client(okta.url, TokenAuth("SSWS", okta.token), Http(max_wait=2))
    okta.fault("GET", "/api/v1/groups", "concurrency", times=None)
    with pytest.raises(ApiError, match=r"used up for another 2 seconds, and 1 seconds of max_wait are left"):
        list(client.list("/api/v1/groups"))
    assert waits == [1.0]


def test_an_error_names_the_request_and_the_causes(okta, client):
    okta.settings.change(app_limit=0)
    with pytest.raises(ApiError) as caught:
        client.post("/api/v1/apps", {"label": "x", "name": "scim2testapp"})
    message = str(caught.value)
    assert message.startswith("POST /api/v1/apps: 400 E0000001 Api validation failed: generalSettings: Cannot create")
    assert "Maximum number of instances has been reached (Okta's error id " in message
    assert message.endswith("Remove an app that nobody needs, or ask Okta for a higher limit.")
    assert caught.value.facts["status"] == 400 and caught.value.facts["code"] == "E0000001"


def test_one_object_has_a_rate_limit_of_its_own_and_what_is_below_it_has_that_of_the_list():
    assert bucket_of("/api/v1/apps") == bucket_of("/api/v1/apps/0oa1/users/00u1") == "apps"
    assert bucket_of("/api/v1/apps/0oa1") == "apps/{id}"


def test_netrc_is_not_used(okta, tmp_path, monkeypatch, client):
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert list(client.list("/api/v1/groups"))
