# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The Okta API as a table: method, path, the resources that its scopes are named after, and the function that answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ..http.errors import OktaError, not_found, not_permitted
from ..http.ids import timestamp
from ..http.web import Answer, Request
from . import apps, assignments, certificates, connections, group_push, groups, log, mappings, people, policies, saml
from .auth import Authenticator, Principal


class Route(NamedTuple):
    method: str
    path: re.Pattern
    resources: tuple[str, ...]
    answer: Callable[..., object]


def _flag(request: Request, name: str, default: bool | None = None) -> bool | None:
    given = request.query.get(name)
    return default if given is None else given == "true"


def _get_metadata(org, request: Request, app: str) -> Answer:
    if "xml" not in request.headers.get("accept", ""):
        summary = "Bad request. Accept and/or Content-Type headers likely do not match supported values."
        raise OktaError(400, "E0000019", summary)
    return saml.metadata(org, apps.get(org, app), request.query.get("kid"))


def _update_connection(org, request: Request, app: str) -> dict:
    return connections.update_connection(org, apps.get(org, app), request.object, _flag(request, "activate"))


def _get_feature(org, request: Request, app: str, name: str) -> dict:
    connections.check_feature_name(name)
    return connections.get_feature(org, apps.get(org, app), name)


def _update_feature(org, request: Request, app: str, name: str) -> dict:
    connections.check_feature_name(name)
    return connections.update_feature(org, apps.get(org, app), name, request.object)


def _update_app_user(org, request: Request, app: str, user: str) -> dict:
    return assignments.update_app_user(
        org, apps.get(org, app), assignments.get_app_user(org, app, user), request.object
    )


def _create_user(org, request: Request) -> dict:
    user = people.create(org, request.object, activate=bool(_flag(request, "activate", default=True)))
    for group_id in request.object.get("groupIds") or []:
        groups.add_member(org, group_id, user["id"])
    return people.with_links(org, user)


def _get_org(org, _request: Request) -> dict:
    links = {"preferences": {"href": f"{org.url}/v1/org/preferences"}}
    times = {"created": timestamp(), "lastUpdated": timestamp(), "expiresAt": None}
    return {"id": org.id, "companyName": "Emulated org", "status": "ACTIVE", "subdomain": org.subdomain,
            "website": None, **times, "_links": links}  # fmt: skip


def well_known(org) -> Answer:
    """An address that tells which engine the org has (pipeline idx or v1), and needs no token."""
    pipeline = "idx" if org.settings.engine == "identity" else "v1"
    return Answer(200, {"id": org.id, "pipeline": pipeline, "_links": {"organization": {"href": org.url}}})


# fmt: off
_TABLE: dict[tuple[str, ...], list[tuple[str, str, Callable[..., object]]]] = {
    ("apps",): [
        ("GET", "/apps", apps.list_apps),
        ("POST", "/apps", lambda org, request: apps.with_client_secret(
            org, apps.create(org, request.object, _flag(request, "activate", default=True)))),
        ("GET", "/apps/{}", lambda org, request, app: apps.get(org, app)),
        ("PUT", "/apps/{}", lambda org, request, app: apps.with_client_secret(org, apps.replace(org, app, request.object))),
        ("DELETE", "/apps/{}", lambda org, request, app: apps.delete(org, app)),
        ("POST", "/apps/{}/lifecycle/activate", lambda org, request, app: apps.activate(org, app)),
        ("POST", "/apps/{}/lifecycle/deactivate", lambda org, request, app: apps.deactivate(org, app)),
        ("GET", "/apps/{}/sso/saml/metadata", _get_metadata),
        ("GET", "/apps/{}/credentials/keys", lambda org, request, app: certificates.list_keys(org, apps.get(org, app))),
        ("POST", "/apps/{}/credentials/keys/generate", lambda org, request, app: certificates.generate_key(
            org, apps.get(org, app), request.query.get("validityYears"))),
        ("GET", "/apps/{}/credentials/keys/{}", lambda org, request, app, kid: certificates.find_key(
            org, apps.get(org, app), kid).json),
        ("GET", "/apps/{}/connections/default", lambda org, request, app: connections.get_connection(org, apps.get(org, app))),
        ("POST", "/apps/{}/connections/default", _update_connection),
        ("POST", "/apps/{}/connections/default/lifecycle/activate", lambda org, request, app: connections.set_status(
            org, apps.get(org, app), "ENABLED")),
        ("POST", "/apps/{}/connections/default/lifecycle/deactivate", lambda org, request, app: connections.set_status(
            org, apps.get(org, app), "DISABLED")),
        ("GET", "/apps/{}/features", lambda org, request, app: connections.list_features(org, apps.get(org, app))),
        ("GET", "/apps/{}/features/{}", _get_feature),
        ("PUT", "/apps/{}/features/{}", _update_feature),
        ("PUT", "/apps/{}/policies/{}", lambda org, request, app, policy: policies.assign(
            org, apps.get(org, app), policy)),
        ("GET", "/apps/{}/users", lambda org, request, app: assignments.list_app_users(org, apps.get(org, app), request)),
        ("POST", "/apps/{}/users", lambda org, request, app: assignments.assign(org, apps.get(org, app), request.object)),
        ("GET", "/apps/{}/users/{}", lambda org, request, app, user: assignments.get_app_user(org, apps.get(org, app)["id"], user)),
        ("POST", "/apps/{}/users/{}", _update_app_user),
        ("DELETE", "/apps/{}/users/{}", lambda org, request, app, user: assignments.unassign(
            org, apps.get(org, app), user)),
        ("GET", "/apps/{}/groups", lambda org, request, app: assignments.list_app_groups(org, apps.get(org, app), request)),
        ("GET", "/apps/{}/groups/{}", lambda org, request, app, group: assignments.get_app_group(
            org, apps.get(org, app), group)),
        ("PUT", "/apps/{}/groups/{}", lambda org, request, app, group: assignments.assign_group(
            org, apps.get(org, app), group, request.object)),
        ("DELETE", "/apps/{}/groups/{}", lambda org, request, app, group: assignments.unassign_group(
            org, apps.get(org, app), group)),
    ],
    ("apps", "groups"): [
        ("GET", "/apps/{}/group-push/mappings", lambda org, request, app: group_push.list_mappings(
            org, apps.get(org, app), request)),
        ("POST", "/apps/{}/group-push/mappings", lambda org, request, app: group_push.create(
            org, apps.get(org, app), request.object)),
        ("GET", "/apps/{}/group-push/mappings/{}", lambda org, request, app, mapping: group_push.get_mapping(
            org, apps.get(org, app), mapping)),
        ("PATCH", "/apps/{}/group-push/mappings/{}", lambda org, request, app, mapping: group_push.update(
            org, apps.get(org, app), mapping, request.object)),
        ("DELETE", "/apps/{}/group-push/mappings/{}", lambda org, request, app, mapping: group_push.delete(
            org, apps.get(org, app), mapping, with_target=bool(_flag(request, "deleteTargetGroup")))),
    ],
    ("groups",): [
        ("GET", "/groups", groups.list_groups),
        ("POST", "/groups", lambda org, request: groups.add(org, request.object.get("profile") or {})),
        ("GET", "/groups/{}", lambda org, request, group: groups.get(org, group)),
        ("PUT", "/groups/{}", lambda org, request, group: groups.update(org, group, request.object)),
        ("DELETE", "/groups/{}", lambda org, request, group: groups.delete(org, group)),
        ("GET", "/groups/{}/users", lambda org, request, group: groups.list_members(org, group, request)),
        ("PUT", "/groups/{}/users/{}", lambda org, request, group, user: groups.add_member(org, group, user)),
        ("DELETE", "/groups/{}/users/{}", lambda org, request, group, user: groups.remove_member(org, group, user)),
        ("GET", "/groups/{}/apps", lambda org, request, group: apps.list_apps_of_group(org, groups.get(org, group), request)),
    ],
    ("users",): [
        ("GET", "/users", people.list_people),
        ("POST", "/users", _create_user),
        ("GET", "/users/{}", lambda org, request, user: people.with_links(org, people.find(org, user))),
        ("POST", "/users/{}", lambda org, request, user: people.update(org, people.find(org, user), request.object)),
        ("PUT", "/users/{}", lambda org, request, user: people.update(
            org, people.find(org, user), request.object, replace=True)),
        ("DELETE", "/users/{}", lambda org, request, user: people.delete(org, people.find(org, user))),
        ("POST", "/users/{}/lifecycle/{}", lambda org, request, user, verb: people.run_lifecycle(
            org, people.find(org, user), verb)),
        ("GET", "/users/{}/groups", lambda org, request, user: groups.list_groups_of_person(org, people.find(org, user), request)),
    ],
    ("profileMappings",): [
        ("GET", "/mappings", mappings.list_mappings),
        ("GET", "/mappings/{}", lambda org, request, mapping: mappings.get_mapping(org, mapping)),
        ("POST", "/mappings/{}", lambda org, request, mapping: mappings.update(org, mapping, request.object)),
    ],
    ("schemas",): [
        ("GET", "/meta/schemas/apps/{}/default", lambda org, request, app: mappings.get_schema(org, apps.get(org, app))),
        ("POST", "/meta/schemas/apps/{}/default", lambda org, request, app: mappings.update_schema(
            org, apps.get(org, app), request.object)),
        ("GET", "/meta/schemas/user/{}", lambda org, request, schema: mappings.get_user_schema(org, schema)),
    ],
    ("userTypes",): [
        ("GET", "/meta/types/user", lambda org, request: list(org.user_types.values())),
        ("GET", "/meta/types/user/{}", lambda org, request, kind: people.get_user_type(org, kind)),
    ],
    ("policies",): [
        ("GET", "/policies", policies.list_policies),
        ("GET", "/policies/{}", lambda org, request, policy: policies.get(org, policy)),
    ],
    ("logs",): [("GET", "/logs", log.list_events)],
    ("orgs",): [("GET", "/org", _get_org)],
}
# fmt: on

ROUTES = [
    Route(method, re.compile("/api/v1" + path.replace("{}", "([^/]+)")), resources, answer)
    for resources, rows in _TABLE.items()
    for method, path, answer in rows
]


def dispatch(org, request: Request, authenticator: Authenticator, principal: Principal) -> Answer:
    """Answer an authenticated request; raises OktaError."""
    method = "GET" if request.method == "HEAD" else request.method
    path_exists = False
    for route in ROUTES:
        match = route.path.fullmatch(request.path)
        if match and route.method == method:
            authenticator.authorize(principal, route.resources, request)
            result = route.answer(org, request, *match.groups())
            answer = result if isinstance(result, Answer) else Answer(200, result)
            return answer if principal.role else _empty_answer(answer)
        path_exists = path_exists or match is not None
    if path_exists:
        raise OktaError(405, "E0000022", "The endpoint does not support the provided HTTP method")
    raise not_found(request.path, "Endpoint")


def _empty_answer(answer: Answer) -> Answer:
    """A service app without an admin role gets empty lists instead of an error."""
    if isinstance(answer.body, list):
        links = [link for link in answer.headers.get("Link", []) if 'rel="self"' in link]
        return Answer(200, [], {"Link": links} if links else {})
    raise not_permitted()
