# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Every answer of the stand-in agrees with Okta's OpenAPI description, as far as Okta's own recorded answers do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import requests
from ansible_collections.idops.okta.tests.emulator import Emulator
from ansible_collections.idops.okta.tests.emulator.routes import ROUTES
from ansible_collections.idops.okta.tests.peers import recordings
from ansible_collections.idops.okta.tests.peers.replaying import OIDC, SAML
from ansible_collections.idops.okta.tests.unit import contract

pytestmark = [
    pytest.mark.skipif(contract.place() is None, reason="Okta's OpenAPI description is not beside the checkout"),
    pytest.mark.skipif(recordings.place() is None, reason="Okta's recorded answers are not beside the checkout"),
]

# What neither the description nor a recording has, and why the stand-in says it all the same.
NAMED = {
    "DELETE apps/group-push/mappings no answer 400 in the contract, which has ['204', '401', '403', '404', '429']": (
        "An active mapping cannot be deleted (Okta's reference says so, and names no status)."
    ),
    "GET groups no answer 400 in the contract, which has ['200', '403', '429']": (
        "The description knows no 400 for any list; recorded is that of a list of apps with a bad cursor."
    ),
}

SCIM = {"name": "scim2testapp", "label": "Claude SCIM"}
PERSON = {"firstName": "Ada", "lastName": "Brandt", "email": "ada@example.com", "login": "ada@example.com"}


def tour(okta: Emulator, ask: Callable) -> None:
    """Ask everything that can be asked, once so that it is answered and sometimes so that it is refused."""
    saml, oidc, scim = (ask("POST", "/apps", body) for body in (SAML, OIDC, SCIM))
    for name in ("bookmark", "okta_org2org", "deelhr", "pagerduty"):
        ask("GET", f"/apps/{ask('POST', '/apps', {'name': name, 'label': name})['id']}")
    group = ask("POST", "/groups", {"profile": {"name": "Research"}})["id"]
    ada = ask("POST", "/users", {"profile": PERSON, "credentials": {"password": {"value": "a long enough one"}}})["id"]
    bruno = ask("POST", "/users?activate=false", {"profile": {**PERSON, "login": "b@example.com"}})["id"]
    apps(ask, saml)
    ask("PUT", f"/apps/{oidc['id']}", {**oidc, "label": "Other"})
    provisioning(okta, ask, scim["id"])
    ask("GET", f"/apps/{saml['id']}/connections/default")
    people(ask, ada, bruno, group)
    assignments(ask, scim["id"], ada, group)
    ask("DELETE", f"/apps/{saml['id']}")
    ask("DELETE", f"/groups/{group}")
    for _twice in range(2):
        ask("DELETE", f"/users/{ada}")
    refusals(ask, saml["id"])


def apps(ask: Callable, saml: dict) -> None:
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


def provisioning(okta: Emulator, ask: Callable, scim: str) -> None:
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
        wanted = {"email": {"expression": "user.email", "pushStatus": "PUSH"}}
        ask("POST", f"/mappings/{mapping['id']}", {"properties": wanted})
        ask("POST", f"/mappings/{mapping['id']}", {"properties": {"noSuchField": wanted["email"]}})


def people(ask: Callable, ada: str, bruno: str, group: str) -> None:
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


def assignments(ask: Callable, app: str, ada: str, group: str) -> None:
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


def refusals(ask: Callable, gone: str) -> None:
    ask("POST", "/apps", {"label": "", "signOnMode": "SAML_2_0"})
    ask("POST", "/groups", {"profile": {}})
    ask("POST", "/users", {"profile": {}})
    ask("GET", "/groups?search=nonsense")
    for path in (f"/apps/{gone}", f"/apps/{gone}/users", "/users/nobody", "/groups/none", "/mappings/none"):
        ask("GET", path)


@pytest.fixture(scope="module")
def openapi() -> contract.Contract:
    return contract.Contract(contract.place())


@pytest.fixture(scope="module")
def toured(emulator: Emulator) -> list:
    """The journal of a whole tour."""

    def ask(method: str, path: str, body: object = None, accept: str = "application/json") -> object:
        address = emulator.url + (path if path.startswith("/.") else f"/api/v1{path}")
        headers = {"Authorization": f"SSWS {emulator.token}", "Accept": accept}
        answer = requests.request(method, address, json=body, headers=headers, timeout=10)
        return answer.json() if "json" in answer.headers.get("Content-Type", "") else None

    tour(emulator, ask)
    return list(emulator.journal)


@pytest.fixture(scope="module")
def found(openapi: contract.Contract, toured: list) -> set[str]:
    """What the stand-in says and the description does not."""
    return {
        fault
        for entry in toured
        if isinstance(entry.answer, dict | list)
        for fault in faults(openapi, entry.method, entry.path, entry.status, entry.answer)
    }


@pytest.fixture(scope="module")
def shown(openapi: contract.Contract) -> set[str]:
    """What Okta's recorded answers say and the description does not."""
    return {
        fault
        for name in recordings.names("*.json") + recordings.names("sequences/*.json")
        for one in recordings.read(name)
        if isinstance(one["response_body"], dict | list) and not one["path"].startswith("/oauth2/")
        for fault in faults(openapi, one["method"], one["path"], one["status"], one["response_body"])
    }


def faults(openapi: contract.Contract, method: str, path: str, status: int, body: object) -> Iterator[str]:
    """Faults in a form that two orgs can be compared by: no ids, one for each key, fields of a mapping all the same."""
    for fault in openapi.faults_of_answer(method, path, status, body):
        text = fault.removeprefix(f"{method} {path} ").removeprefix(f"{method} {path}: ")
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


def test_the_tour_is_whole(toured):
    unseen = [
        f"{route.method} {route.path.pattern}"
        for route in ROUTES
        if not any(
            entry.method == route.method and route.path.fullmatch(entry.path) and entry.status < 300 for entry in toured
        )
    ]
    assert unseen == []


def test_answers_agree_with_the_description_as_far_as_okta_does(found, shown):
    assert sorted(found - shown - set(NAMED)) == []


def test_every_named_difference_is_there(found, shown):
    assert sorted(set(NAMED) - found) == []
    assert sorted(set(NAMED) & shown) == []


@pytest.mark.parametrize(
    "bent",
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
def test_the_check_can_fail(openapi, toured, shown, bent):
    app = next(entry for entry in toured if entry.method == "POST" and entry.path == "/api/v1/apps")
    assert set(faults(openapi, "POST", app.path, 200, {**app.answer, **bent})) - shown - set(NAMED)
    assert not set(faults(openapi, "POST", app.path, 200, app.answer)) - shown - set(NAMED)
