# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The Okta API as a table: method, path, the scopes it asks for, and the function that answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ..http.errors import OktaError, not_found, not_permitted
from ..http.ids import stamp
from ..http.web import Answer, Request
from . import apps, assignments, certificates, connections, group_push, groups, log, mappings, people, policies, saml
from .auth import Gate, Principal


class Route(NamedTuple):
    method: str
    path: re.Pattern
    nouns: tuple[str, ...]
    answer: Callable[..., object]


def _flag(ask: Request, name: str, default: bool | None = None) -> bool | None:
    given = ask.query.get(name)
    return default if given is None else given == "true"


def _metadata(org, ask: Request, app: str) -> Answer:
    if "xml" not in ask.headers.get("accept", ""):
        said = "Bad request. Accept and/or Content-Type headers likely do not match supported values."
        raise OktaError(400, "E0000019", said)
    return saml.metadata(org, apps.get(org, app), ask.query.get("kid"))


def _connection(org, ask: Request, app: str) -> dict:
    return connections.update(org, apps.get(org, app), ask.object, _flag(ask, "activate"))


def _feature(org, ask: Request, app: str, name: str) -> dict:
    connections.known_feature(name)
    return connections.feature(org, apps.get(org, app), name)


def _update_feature(org, ask: Request, app: str, name: str) -> dict:
    connections.known_feature(name)
    return connections.update_feature(org, apps.get(org, app), name, ask.object)


def _update_app_user(org, ask: Request, app: str, user: str) -> dict:
    return assignments.change(org, apps.get(org, app), assignments.get(org, app, user), ask.object)


def _org(org, _ask: Request) -> dict:
    links = {"preferences": {"href": f"{org.url}/v1/org/preferences"}}
    times = {"created": stamp(), "lastUpdated": stamp(), "expiresAt": None}
    return {"id": org.id, "companyName": "Stand-in", "status": "ACTIVE", "subdomain": org.subdomain,
            "website": None, **times, "_links": links}  # fmt: skip


def well_known(org) -> Answer:
    """The address that tells an org's engine and needs no token."""
    pipeline = "idx" if org.settings.engine == "identity" else "v1"
    return Answer(200, {"id": org.id, "pipeline": pipeline, "_links": {"organization": {"href": org.url}}})


# fmt: off
_TABLE: dict[tuple[str, ...], list[tuple[str, str, Callable[..., object]]]] = {
    ("apps",): [
        ("GET", "/apps", apps.listed),
        ("POST", "/apps", lambda org, ask: apps.with_secret(
            org, apps.create(org, ask.object, _flag(ask, "activate", default=True)))),
        ("GET", "/apps/{}", lambda org, ask, app: apps.get(org, app)),
        ("PUT", "/apps/{}", lambda org, ask, app: apps.with_secret(org, apps.replace(org, app, ask.object))),
        ("DELETE", "/apps/{}", lambda org, ask, app: apps.delete(org, app)),
        ("POST", "/apps/{}/lifecycle/activate", lambda org, ask, app: apps.activate(org, app)),
        ("POST", "/apps/{}/lifecycle/deactivate", lambda org, ask, app: apps.deactivate(org, app)),
        ("GET", "/apps/{}/sso/saml/metadata", _metadata),
        ("GET", "/apps/{}/credentials/keys", lambda org, ask, app: certificates.listed(org, apps.get(org, app))),
        ("POST", "/apps/{}/credentials/keys/generate", lambda org, ask, app: certificates.generate(
            org, apps.get(org, app), ask.query.get("validityYears"))),
        ("GET", "/apps/{}/credentials/keys/{}", lambda org, ask, app, kid: certificates.find(
            org, apps.get(org, app), kid).json),
        ("GET", "/apps/{}/connections/default", lambda org, ask, app: connections.answer(org, apps.get(org, app))),
        ("POST", "/apps/{}/connections/default", _connection),
        ("POST", "/apps/{}/connections/default/lifecycle/activate", lambda org, ask, app: connections.turn(
            org, apps.get(org, app), "ENABLED")),
        ("POST", "/apps/{}/connections/default/lifecycle/deactivate", lambda org, ask, app: connections.turn(
            org, apps.get(org, app), "DISABLED")),
        ("GET", "/apps/{}/features", lambda org, ask, app: connections.features(org, apps.get(org, app))),
        ("GET", "/apps/{}/features/{}", _feature),
        ("PUT", "/apps/{}/features/{}", _update_feature),
        ("PUT", "/apps/{}/policies/{}", lambda org, ask, app, policy: policies.assign(
            org, apps.get(org, app), policy)),
        ("GET", "/apps/{}/users", lambda org, ask, app: assignments.listed(org, apps.get(org, app), ask)),
        ("POST", "/apps/{}/users", lambda org, ask, app: assignments.assign(org, apps.get(org, app), ask.object)),
        ("GET", "/apps/{}/users/{}", lambda org, ask, app, user: assignments.get(org, apps.get(org, app)["id"], user)),
        ("POST", "/apps/{}/users/{}", _update_app_user),
        ("DELETE", "/apps/{}/users/{}", lambda org, ask, app, user: assignments.unassign(
            org, apps.get(org, app), user)),
        ("GET", "/apps/{}/groups", lambda org, ask, app: assignments.listed_groups(org, apps.get(org, app), ask)),
        ("GET", "/apps/{}/groups/{}", lambda org, ask, app, group: assignments.get_group(
            org, apps.get(org, app), group)),
        ("PUT", "/apps/{}/groups/{}", lambda org, ask, app, group: assignments.assign_group(
            org, apps.get(org, app), group, ask.object)),
        ("DELETE", "/apps/{}/groups/{}", lambda org, ask, app, group: assignments.unassign_group(
            org, apps.get(org, app), group)),
    ],
    ("apps", "groups"): [
        ("GET", "/apps/{}/group-push/mappings", lambda org, ask, app: group_push.listed(
            org, apps.get(org, app), ask)),
        ("POST", "/apps/{}/group-push/mappings", lambda org, ask, app: group_push.create(
            org, apps.get(org, app), ask.object)),
        ("GET", "/apps/{}/group-push/mappings/{}", lambda org, ask, app, one: group_push.get(
            org, apps.get(org, app), one)),
        ("PATCH", "/apps/{}/group-push/mappings/{}", lambda org, ask, app, one: group_push.update(
            org, apps.get(org, app), one, ask.object)),
        ("DELETE", "/apps/{}/group-push/mappings/{}", lambda org, ask, app, one: group_push.delete(
            org, apps.get(org, app), one, with_target=bool(_flag(ask, "deleteTargetGroup")))),
    ],
    ("groups",): [
        ("GET", "/groups", groups.listed),
        ("POST", "/groups", lambda org, ask: groups.add(org, ask.object.get("profile") or {})),
        ("GET", "/groups/{}", lambda org, ask, group: groups.get(org, group)),
        ("PUT", "/groups/{}", lambda org, ask, group: groups.update(org, group, ask.object)),
        ("DELETE", "/groups/{}", lambda org, ask, group: groups.delete(org, group)),
        ("GET", "/groups/{}/users", lambda org, ask, group: groups.members(org, group, ask)),
        ("PUT", "/groups/{}/users/{}", lambda org, ask, group, user: groups.join(org, group, user)),
        ("DELETE", "/groups/{}/users/{}", lambda org, ask, group, user: groups.leave(org, group, user)),
        ("GET", "/groups/{}/apps", lambda org, ask, group: apps.of_group(org, groups.get(org, group), ask)),
    ],
    ("users",): [
        ("GET", "/users", people.listed),
        ("POST", "/users", lambda org, ask: people.create(
            org, ask.object, activate=bool(_flag(ask, "activate", default=True)))),
        ("GET", "/users/{}", lambda org, ask, user: people.single(org, people.find(org, user))),
        ("POST", "/users/{}", lambda org, ask, user: people.update(org, people.find(org, user), ask.object)),
        ("PUT", "/users/{}", lambda org, ask, user: people.update(
            org, people.find(org, user), ask.object, whole=True)),
        ("DELETE", "/users/{}", lambda org, ask, user: people.delete(org, people.find(org, user))),
        ("POST", "/users/{}/lifecycle/{}", lambda org, ask, user, verb: people.turn(
            org, people.find(org, user), verb)),
        ("GET", "/users/{}/groups", lambda org, ask, user: groups.of_person(org, people.find(org, user), ask)),
    ],
    ("profileMappings",): [
        ("GET", "/mappings", mappings.listed),
        ("GET", "/mappings/{}", lambda org, ask, one: mappings.get(org, one)),
        ("POST", "/mappings/{}", lambda org, ask, one: mappings.update(org, one, ask.object)),
    ],
    ("schemas",): [
        ("GET", "/meta/schemas/apps/{}/default", lambda org, ask, app: mappings.schema(org, apps.get(org, app))),
        ("POST", "/meta/schemas/apps/{}/default", lambda org, ask, app: mappings.update_schema(
            org, apps.get(org, app), ask.object)),
        ("GET", "/meta/schemas/user/{}", lambda org, ask, schema: mappings.user_schema(org, schema)),
    ],
    ("userTypes",): [
        ("GET", "/meta/types/user", lambda org, ask: list(org.user_types.values())),
        ("GET", "/meta/types/user/{}", lambda org, ask, kind: people.user_type(org, kind)),
    ],
    ("policies",): [
        ("GET", "/policies", policies.listed),
        ("GET", "/policies/{}", lambda org, ask, policy: policies.get(org, policy)),
    ],
    ("logs",): [("GET", "/logs", log.listed)],
    ("orgs",): [("GET", "/org", _org)],
}
# fmt: on

ROUTES = [
    Route(method, re.compile("/api/v1" + path.replace("{}", "([^/]+)")), nouns, answer)
    for nouns, rows in _TABLE.items()
    for method, path, answer in rows
]


def dispatch(org, request: Request, gate: Gate, principal: Principal) -> Answer:
    """Answer a request of somebody who was let in."""
    method = "GET" if request.method == "HEAD" else request.method
    known = [(one, found) for one in ROUTES if (found := one.path.fullmatch(request.path))]
    for one, found in known:
        if one.method == method:
            gate.permit(principal, one.nouns, request)
            result = one.answer(org, request, *found.groups())
            answer = result if isinstance(result, Answer) else Answer(200, result)
            return answer if principal.role else _nothing(answer)
    if known:
        raise OktaError(405, "E0000022", "The endpoint does not support the provided HTTP method")
    raise not_found(request.path, "Endpoint")


def _nothing(answer: Answer) -> Answer:
    """Scopes without an admin role see empty lists, and are told nothing of it."""
    if isinstance(answer.body, list):
        links = [link for link in answer.headers.get("Link", []) if 'rel="self"' in link]
        return Answer(200, [], {"Link": links} if links else {})
    raise not_permitted()
