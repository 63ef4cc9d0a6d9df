# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Every answer of the emulator agrees with Okta's OpenAPI description, as far as Okta's own recorded answers do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import requests
from ansible_collections.idops.okta.tests.conformance import recordings
from ansible_collections.idops.okta.tests.conformance.replaying import Replay
from ansible_collections.idops.okta.tests.okta_emulator import Emulator
from ansible_collections.idops.okta.tests.okta_emulator.okta.routes import ROUTES
from ansible_collections.idops.okta.tests.support.app_bodies import OIDC, SAML, SCIM
from ansible_collections.idops.okta.tests.support.examples import EXAMPLES
from ansible_collections.idops.okta.tests.support.module_runner import run_module
from ansible_collections.idops.okta.tests.support.openapi import OpenApi, find_description

pytestmark = [
    pytest.mark.skipif(find_description() is None, reason="Okta's OpenAPI description is not beside the checkout"),
    pytest.mark.skipif(recordings.place() is None, reason="Okta's recorded answers are not beside the checkout"),
]

# What is neither in the description nor in a recording, and why the emulator answers with it.
EXPLAINED = {
    "GET catalog/apps is not described": "Undocumented; okta-mcp-server reads it.",
    "DELETE apps/group-push/mappings status 400 is not described, only ['204', '401', '403', '404', '429']": (
        "An active mapping cannot be deleted (Okta's reference says so, without a status)."
    ),
    "GET groups status 400 is not described, only ['200', '403', '429']": (
        "The description has no 400 for any list; a recording has one, for a list of apps with a bad cursor."
    ),
}


def call_the_rest(okta: Emulator, ask: Callable) -> None:
    """Send what neither a recording nor a module asks, and requests that are refused."""
    for name in ("bookmark", "okta_org2org", "deelhr", "pagerduty"):
        ask("GET", f"/apps/{ask('POST', '/apps', {'name': name, 'label': name})['id']}")
    saml, oidc, scim = (f"/apps/{ask('POST', '/apps', body)['id']}" for body in (SAML, OIDC, SCIM))
    ask("PUT", oidc, {**OIDC, "label": "Other"})
    for policy in ask("GET", "/policies?type=ACCESS_POLICY"):
        ask("PUT", f"{saml}/policies/{policy['id']}")
    connection = {"baseUrl": okta.scim_url, "profile": {"authScheme": "TOKEN", "token": okta.scim_token}}
    ask("POST", f"{scim}/connections/default?activate=true", connection)
    for feature in ask("GET", f"{scim}/features"):
        ask("GET", f"{scim}/features/{feature['name']}")
    group = ask("POST", "/groups", {"profile": {"name": "Research"}})["id"]
    push = ask("POST", f"{scim}/group-push/mappings", {"sourceGroupId": group, "targetGroupName": "science"})["id"]
    ask("DELETE", f"{scim}/group-push/mappings/{push}")
    for kind in ask("GET", "/meta/types/user"):
        ask("GET", f"/meta/types/user/{kind['id']}")
    ask("POST", "/apps", {"label": "", "signOnMode": "SAML_2_0"})
    for path in ("/groups", "/users"):
        ask("POST", path, {"profile": {}})
    for path in ("/meta/schemas/user/default", "/.well-known/okta-organization", "/groups?search=nonsense", "/apps/none",
                 "/apps/none/users", "/users/nobody", "/groups/none", "/mappings/none"):  # fmt: skip
        ask("GET", path)


def play_recordings(okta: Emulator) -> Iterator:
    """The journals of all recordings, each played by itself."""
    everything = recordings.Everything()
    for name in recordings.all_names():
        for interactions in recordings.plays(name):
            list(Replay(okta, everything).play(interactions))
            yield from okta.journal


def run_modules(okta: Emulator) -> Iterator:
    """The journals of the examples of all modules."""
    for example in EXAMPLES:
        okta.reset()
        run_module(example.module, {"org_url": okta.url, "api_token": okta.token, **example.prepare(okta)})
        yield from okta.journal


@pytest.fixture(scope="module")
def description() -> OpenApi:
    return OpenApi(find_description())


@pytest.fixture(scope="module")
def journal(emulator: Emulator) -> list:
    """Requests and answers of every route."""

    def ask(method: str, path: str, body: object = None) -> object:
        address = emulator.url + (path if path.startswith("/.") else f"/api/v1{path}")
        headers = {"Authorization": f"SSWS {emulator.token}", "Accept": "application/json"}
        answer = requests.request(method, address, json=body, headers=headers, timeout=10)
        return answer.json() if answer.content else None

    journal = [*run_modules(emulator), *play_recordings(emulator)]
    emulator.reset()
    call_the_rest(emulator, ask)
    return [*journal, *emulator.journal]


@pytest.fixture(scope="module")
def undescribed(description: OpenApi, journal: list) -> set[str]:
    """What the emulator answers and the description does not have."""
    answers = [(entry.method, entry.path, entry.status, entry.answer) for entry in journal]
    return all_problems(description, answers)


@pytest.fixture(scope="module")
def recorded(description: OpenApi) -> set[str]:
    """What Okta's recorded answers have and the description does not."""
    interactions = [one for name in recordings.all_names() for one in recordings.read(name)]
    answers = [(one["method"], one["path"], one["status"], one["response_body"]) for one in interactions]
    return all_problems(description, answers)


def all_problems(description: OpenApi, answers: list[tuple[str, str, int, object]]) -> set[str]:
    found: set[str] = set()
    for method, path, status, body in answers:
        if isinstance(body, dict | list) and not path.startswith("/oauth2/"):
            found.update(comparable_problems(description, method, path, status, body))
    return found


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
    missing = []
    for route in ROUTES:
        called = [entry for entry in journal if entry.method == route.method and route.path.fullmatch(entry.path)]
        if not any(entry.status < 300 for entry in called):
            missing.append(f"{route.method} {route.path.pattern}")
    assert missing == []


def test_answers_agree_with_the_description_as_far_as_those_of_okta(undescribed, recorded):
    assert sorted(undescribed - recorded - set(EXPLAINED)) == []


def test_every_explained_difference_occurs(undescribed, recorded):
    assert sorted(set(EXPLAINED) - undescribed) == []
    assert sorted(set(EXPLAINED) & recorded) == []


@pytest.mark.parametrize("change", [
    {"novelty": 1},
    {"label": 7},
    {"status": "DORMANT"},
    {"credentials": {"userNameTemplate": {"type": "HOMEMADE"}}},
    {"features": "SCIM_PROVISIONING"},
    {"settings": {"signOn": {"ssoAcsUrl": False}}},
], ids=str)  # fmt: skip
def test_wrong_answers_are_found(description, journal, recorded, change):
    app = next(entry for entry in journal if entry.method == "POST" and entry.path == "/api/v1/apps")

    def unexplained(body: dict) -> set[str]:
        return set(comparable_problems(description, "POST", app.path, 200, body)) - recorded - set(EXPLAINED)

    assert unexplained({**app.answer, **change})
    assert not unexplained(app.answer)
