# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Every answer of the emulator agrees with Okta's OpenAPI description, as far as Okta's own recorded answers do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import requests
from ansible_collections.idops.okta.tests.conformance import recordings
from ansible_collections.idops.okta.tests.okta_emulator import Emulator
from ansible_collections.idops.okta.tests.okta_emulator.okta.routes import ROUTES
from ansible_collections.idops.okta.tests.support.app_bodies import OIDC, SAML, SCIM
from ansible_collections.idops.okta.tests.support.openapi import OpenApi, find_description

pytestmark = [
    pytest.mark.skipif(find_description() is None, reason="Okta's OpenAPI description is not beside the checkout"),
    pytest.mark.skipif(recordings.place() is None, reason="Okta's recorded answers are not beside the checkout"),
]

# What is neither in the description nor in a recording, and why the emulator answers with it.
EXPLAINED = {
    "DELETE apps/group-push/mappings status 400 is not described, only ['204', '401', '403', '404', '429']": (
        "An active mapping cannot be deleted (Okta's reference says so, without a status)."
    ),
    "GET groups status 400 is not described, only ['200', '403', '429']": (
        "The description has no 400 for any list; a recording has one, for a list of apps with a bad cursor."
    ),
}

PERSON = {"firstName": "Ada", "lastName": "Brandt", "email": "ada@example.com", "login": "ada@example.com"}


def call_every_route(okta: Emulator, ask: Callable) -> None:
    """Send every request that the emulator answers, and some that it refuses."""
    saml, oidc, scim = (ask("POST", "/apps", body) for body in (SAML, OIDC, SCIM))
    for name in ("bookmark", "okta_org2org", "deelhr", "pagerduty"):
        ask("GET", f"/apps/{ask('POST', '/apps', {'name': name, 'label': name})['id']}")
    group = ask("POST", "/groups", {"profile": {"name": "Research"}})["id"]
    ada = ask("POST", "/users", {"profile": PERSON, "credentials": {"password": {"value": "a long enough one"}}})["id"]
    bruno = ask("POST", "/users?activate=false", {"profile": {**PERSON, "login": "b@example.com"}})["id"]
    call_apps(ask, saml)
    ask("PUT", f"/apps/{oidc['id']}", {**oidc, "label": "Other"})
    call_provisioning(okta, ask, scim["id"])
    ask("GET", f"/apps/{saml['id']}/connections/default")
    call_people(ask, ada, bruno, group)
    call_assignments(ask, scim["id"], ada, group)
    ask("DELETE", f"/apps/{saml['id']}")
    ask("DELETE", f"/groups/{group}")
    for _twice in range(2):
        ask("DELETE", f"/users/{ada}")
    call_with_errors(ask, saml["id"])


def call_apps(ask: Callable, saml: dict) -> None:
    app = f"/apps/{saml['id']}"
    ask("GET", "/apps?limit=2")
    ask("PUT", app, {**saml, "label": "Other"})
    ask("GET", f"{app}/sso/saml/metadata", accept="application/xml")
    ask("POST", f"{app}/credentials/keys/generate?validityYears=2")
    for key in ask("GET", f"{app}/credentials/keys"):
        ask("GET", f"{app}/credentials/keys/{key['kid']}")
    for policy in ask("GET", "/policies?type=ACCESS_POLICY"):
        ask("GET", f"/policies/{policy['id']}")
        ask("PUT", f"{app}/policies/{policy['id']}")
    ask("GET", f"/meta/schemas{app}/default")
    custom = {"definitions": {"custom": {"properties": {"seat": {"title": "Seat", "type": "string"}}}}}
    ask("POST", f"/meta/schemas{app}/default", custom)
    ask("POST", f"{app}/lifecycle/deactivate")
    ask("PUT", app, saml)
    ask("POST", f"{app}/lifecycle/activate")
    ask("DELETE", app)
    ask("POST", f"{app}/lifecycle/deactivate")


def call_provisioning(okta: Emulator, ask: Callable, scim: str) -> None:
    connection = f"/apps/{scim}/connections/default"
    ask("GET", f"/apps/{scim}/features")
    ask("GET", connection)
    profile = {"authScheme": "TOKEN", "token": okta.scim_token}
    ask("POST", connection, {"baseUrl": okta.scim_url, "profile": profile})
    for turn in ("activate", "deactivate", "activate"):
        ask("POST", f"{connection}/lifecycle/{turn}")
    ask("GET", connection)
    for feature in ask("GET", f"/apps/{scim}/features"):
        ask("GET", f"/apps/{scim}/features/{feature['name']}")
    ask("PUT", f"/apps/{scim}/features/USER_PROVISIONING", {"create": {"lifecycleCreate": {"status": "ENABLED"}}})
    for mapping in ask("GET", "/mappings"):
        ask("GET", f"/mappings/{mapping['id']}")
    for mapping in ask("GET", f"/mappings?targetId={scim}"):
        properties = {"email": {"expression": "user.email", "pushStatus": "PUSH"}}
        ask("POST", f"/mappings/{mapping['id']}", {"properties": properties})
        ask("POST", f"/mappings/{mapping['id']}", {"properties": {"noSuchField": properties["email"]}})


def call_people(ask: Callable, ada: str, bruno: str, group: str) -> None:
    ask("GET", "/users")
    ask("GET", f"/users/{ada}")
    ask("POST", f"/users/{ada}", {"profile": {"title": "Countess"}})
    ask("PUT", f"/users/{ada}", {"profile": PERSON})
    ask("GET", f"/users/{bruno}")
    ask("POST", f"/users/{bruno}/lifecycle/activate")
    ask("POST", f"/users/{bruno}/lifecycle/suspend")
    ask("GET", f"/users/{bruno}")
    ask("PUT", f"/groups/{group}/users/{ada}")
    ask("GET", f"/groups/{group}/users")
    ask("GET", f"/users/{ada}/groups")
    ask("GET", "/groups")
    ask("GET", f"/groups/{group}")
    ask("PUT", f"/groups/{group}", {"profile": {"name": "Science"}})
    for kind in ask("GET", "/meta/types/user"):
        ask("GET", f"/meta/types/user/{kind['id']}")
    ask("GET", "/meta/schemas/user/default")
    ask("GET", "/org")
    ask("GET", "/.well-known/okta-organization")


def call_assignments(ask: Callable, app: str, ada: str, group: str) -> None:
    ask("POST", f"/apps/{app}/users", {"id": ada})
    ask("POST", f"/apps/{app}/users/{ada}", {"scope": "USER"})
    ask("GET", f"/apps/{app}/users")
    ask("GET", f"/apps/{app}/users?expand=user")
    ask("GET", f"/apps/{app}/users/{ada}")
    ask("PUT", f"/apps/{app}/groups/{group}", {"priority": 0})
    ask("GET", f"/apps/{app}/groups")
    ask("GET", f"/apps/{app}/groups/{group}")
    ask("GET", f"/groups/{group}/apps")
    ask("DELETE", f"/apps/{app}/users/{ada}")
    pushes = f"/apps/{app}/group-push/mappings"
    pushed = ask("POST", pushes, {"sourceGroupId": group, "targetGroupName": "science", "status": "ACTIVE"})["id"]
    ask("GET", pushes)
    ask("GET", f"{pushes}/{pushed}")
    ask("DELETE", f"{pushes}/{pushed}")
    ask("PATCH", f"{pushes}/{pushed}", {"status": "INACTIVE"})
    ask("DELETE", f"{pushes}/{pushed}")
    ask("DELETE", f"/apps/{app}/groups/{group}")
    ask("DELETE", f"/groups/{group}/users/{ada}")
    ask("POST", f"/apps/{app}/users", {"id": ada})
    ask("DELETE", f"/apps/{app}/users/{ada}")
    ask("GET", "/logs")
    ask("GET", f'/logs?filter=target.id eq "{app}"&sortOrder=DESCENDING')


def call_with_errors(ask: Callable, gone: str) -> None:
    ask("POST", "/apps", {"label": "", "signOnMode": "SAML_2_0"})
    ask("POST", "/groups", {"profile": {}})
    ask("POST", "/users", {"profile": {}})
    ask("GET", "/groups?search=nonsense")
    for path in (f"/apps/{gone}", f"/apps/{gone}/users", "/users/nobody", "/groups/none", "/mappings/none"):
        ask("GET", path)


@pytest.fixture(scope="module")
def description() -> OpenApi:
    return OpenApi(find_description())


@pytest.fixture(scope="module")
def journal(emulator: Emulator) -> list:
    """The requests and answers of every route."""

    def ask(method: str, path: str, body: object = None, accept: str = "application/json") -> object:
        address = emulator.url + (path if path.startswith("/.") else f"/api/v1{path}")
        headers = {"Authorization": f"SSWS {emulator.token}", "Accept": accept}
        answer = requests.request(method, address, json=body, headers=headers, timeout=10)
        return answer.json() if "json" in answer.headers.get("Content-Type", "") else None

    call_every_route(emulator, ask)
    return list(emulator.journal)


@pytest.fixture(scope="module")
def undescribed(description: OpenApi, journal: list) -> set[str]:
    """What the emulator answers and the description does not have."""
    return {
        problem
        for entry in journal
        if isinstance(entry.answer, dict | list)
        for problem in comparable_problems(description, entry.method, entry.path, entry.status, entry.answer)
    }


@pytest.fixture(scope="module")
def recorded(description: OpenApi) -> set[str]:
    """What Okta's recorded answers have and the description does not."""
    return {
        problem
        for name in recordings.names("*.json") + recordings.names("sequences/*.json")
        for one in recordings.read(name)
        if isinstance(one["response_body"], dict | list) and not one["path"].startswith("/oauth2/")
        for problem in comparable_problems(description, one["method"], one["path"], one["status"], one["response_body"])
    }


def comparable_problems(description: OpenApi, method: str, path: str, status: int, body: object) -> Iterator[str]:
    """Problems in a form in which two orgs are compared: no ids, one per key, and one for all fields of a mapping."""
    for problem in description.response_problems(method, path, status, body):
        text = problem.removeprefix(f"{method} {path} ").removeprefix(f"{method} {path}: ")
        text = re.sub(r"(^|(?<= )|(?<=\.))\d+\.", "", text.removeprefix(f"{status}: "))
        noun = "/".join(part for part in path.split("/")[3:] if part.isalpha() or "-" in part)
        noun = {"groups/apps": "apps", "groups/users": "users"}.get(noun, noun)
        where, _colon, what = text.partition(": ")
        if "Additional properties" in what:
            keys = re.findall(r"'([^']+)'", what)
            keys = ["any field"] if f"{noun} {where}" == "mappings properties" else keys
            yield from (f"{noun} {where}.{key} is not described" for key in keys)
        else:
            yield f"{noun} {text}" if what else f"{method} {noun} {text}"


def test_every_route_is_called(journal):
    missing = [
        f"{route.method} {route.path.pattern}"
        for route in ROUTES
        if not any(
            entry.method == route.method and route.path.fullmatch(entry.path) and entry.status < 300
            for entry in journal
        )
    ]
    assert missing == []


def test_answers_agree_with_the_description_as_far_as_those_of_okta(undescribed, recorded):
    assert sorted(undescribed - recorded - set(EXPLAINED)) == []


def test_every_explained_difference_occurs(undescribed, recorded):
    assert sorted(set(EXPLAINED) - undescribed) == []
    assert sorted(set(EXPLAINED) & recorded) == []


@pytest.mark.parametrize(
    "change",
    [
        {"novelty": 1},
        {"label": 7},
        {"status": "DORMANT"},
        {"credentials": {"userNameTemplate": {"type": "HOMEMADE"}}},
        {"features": "SCIM_PROVISIONING"},
        {"settings": {"signOn": {"ssoAcsUrl": False}}},
    ],
    ids=str,
)
def test_wrong_answers_are_found(description, journal, recorded, change):
    app = next(entry for entry in journal if entry.method == "POST" and entry.path == "/api/v1/apps")

    def unexplained(body: dict) -> set[str]:
        return set(comparable_problems(description, "POST", app.path, 200, body)) - recorded - set(EXPLAINED)

    assert unexplained({**app.answer, **change})
    assert not unexplained(app.answer)
