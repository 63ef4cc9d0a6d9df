# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The Okta API as a table: method, path, the resources that its scopes are named after, and the function that answers."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable
from typing import NamedTuple

from ..http.errors import OktaError, find, not_found, not_permitted, wrong_method
from ..http.web import Answer, Request
from . import (
    apps,
    assignments,
    catalog,
    certificates,
    connections,
    group_push,
    groups,
    log,
    mappings,
    people,
    policies,
    saml,
)
from .auth import Authenticator, Principal


class Route(NamedTuple):
    method: str
    path: re.Pattern
    resources: tuple[str, ...]
    answer: Callable[..., object]


def _flag(request: Request, name: str, default: bool) -> bool:
    return request.query.get(name, str(default).lower()) == "true"


_body = operator.attrgetter("object")


def _request(request: Request) -> Request:
    return request


def _call(function: Callable, *arguments: Callable[[Request], object], find: Callable | None = None) -> Callable:
    """A handler that calls function(org, *ids of the path, *arguments taken from the request).

    With `find` the first id is replaced by the object that it identifies.
    """

    def handle(org, request: Request, *ids: str) -> object:
        first = [find(org, ids[0]), *ids[1:]] if find else ids
        return function(org, *first, *(argument(request) for argument in arguments))

    return handle


_on_app = functools.partial(_call, find=apps.get)
_on_person = functools.partial(_call, find=people.get)


def _create_app(org, request: Request) -> dict:
    app = apps.create(org, request.object, _flag(request, "activate", default=True))
    return apps.with_client_secret(org, app)


def _replace_app(org, request: Request, app_id: str) -> dict:
    return apps.with_client_secret(org, apps.replace(org, app_id, request.object))


def _get_metadata(org, request: Request, app_id: str) -> Answer:
    if "xml" not in request.headers.get("accept", ""):
        summary = "Bad request. Accept and/or Content-Type headers likely do not match supported values."
        raise OktaError(400, "E0000019", summary)
    return saml.metadata(org, apps.get(org, app_id), request.query.get("kid"))


def _get_key(org, app: dict, kid: str) -> dict:
    return certificates.find_key(org, app, kid).json


def _on_feature(function: Callable, *arguments: Callable[[Request], object]) -> Callable:
    """A handler that checks the name of a feature before it looks for the app, as Okta does."""

    def handle(org, request: Request, app_id: str, name: str) -> object:
        find(connections.FEATURES, name, "PublicAppFeatureSetName")
        return _on_app(function, *arguments)(org, request, app_id, name)

    return handle


def _create_user(org, request: Request) -> dict:
    user = people.create(org, request.object, _flag(request, "activate", default=True))
    for group_id in request.object.get("groupIds") or []:
        groups.add_member(org, group_id, user["id"])
    return people.with_links(org, user)


def well_known(org) -> Answer:
    """An address that tells which engine the org has (pipeline idx or v1), and needs no token."""
    pipeline = "idx" if org.settings.engine == "identity" else "v1"
    links = {"organization": {"href": org.url}}
    if org.settings.custom_domain:
        links["alternate"] = {"href": org.settings.custom_domain}
    return Answer(200, {"id": org.id, "pipeline": pipeline, "_links": links})


# fmt: off
_TABLE: dict[tuple[str, ...], list[tuple[str, str, Callable[..., object]]]] = {
    ("apps",): [
        ("GET", "/catalog/apps", catalog.list_catalog),
        ("GET", "/apps", apps.list_apps),
        ("POST", "/apps", _create_app),
        ("GET", "/apps/{}", _call(apps.get)),
        ("PUT", "/apps/{}", _replace_app),
        ("DELETE", "/apps/{}", _call(apps.delete)),
        ("POST", "/apps/{}/lifecycle/(activate|deactivate)", _on_app(apps.run_lifecycle)),
        ("GET", "/apps/{}/sso/saml/metadata", _get_metadata),
        ("GET", "/apps/{}/credentials/keys", _on_app(certificates.list_keys)),
        ("POST", "/apps/{}/credentials/keys/generate", _on_app(
            certificates.generate_key, lambda request: request.query.get("validityYears"))),
        ("GET", "/apps/{}/credentials/keys/{}", _on_app(_get_key)),
        ("GET", "/apps/{}/connections/default", _on_app(connections.get_connection)),
        ("POST", "/apps/{}/connections/default", _on_app(
            connections.update_connection, _body, lambda request: request.query.get("activate"))),
        ("POST", "/apps/{}/connections/default/lifecycle/(activate|deactivate)", _on_app(connections.run_lifecycle)),
        ("GET", "/apps/{}/features", _on_app(connections.list_features)),
        ("GET", "/apps/{}/features/{}", _on_feature(connections.get_feature)),
        ("PUT", "/apps/{}/features/{}", _on_feature(connections.update_feature, _body)),
        ("PUT", "/apps/{}/policies/{}", _on_app(policies.assign)),
        ("GET", "/apps/{}/users", _on_app(assignments.list_app_users, _request)),
        ("POST", "/apps/{}/users", _on_app(assignments.assign, _body)),
        ("GET", "/apps/{}/users/{}", _on_app(assignments.get_app_user)),
        ("POST", "/apps/{}/users/{}", _on_app(assignments.update_app_user, _body)),
        ("DELETE", "/apps/{}/users/{}", _on_app(assignments.unassign)),
        ("GET", "/apps/{}/groups", _on_app(assignments.list_app_groups, _request)),
        ("GET", "/apps/{}/groups/{}", _on_app(assignments.get_app_group)),
        ("PUT", "/apps/{}/groups/{}", _on_app(assignments.assign_group, _body)),
        ("DELETE", "/apps/{}/groups/{}", _on_app(assignments.unassign_group)),
    ],
    ("apps", "groups"): [
        ("GET", "/apps/{}/group-push/mappings", _on_app(group_push.list_mappings, _request)),
        ("POST", "/apps/{}/group-push/mappings", _on_app(group_push.create, _body)),
        ("GET", "/apps/{}/group-push/mappings/{}", _on_app(group_push.get_mapping)),
        ("PATCH", "/apps/{}/group-push/mappings/{}", _on_app(group_push.update, _body)),
        ("DELETE", "/apps/{}/group-push/mappings/{}", _on_app(
            group_push.delete, lambda request: _flag(request, "deleteTargetGroup", default=False))),
    ],
    ("groups",): [
        ("GET", "/groups", groups.list_groups),
        ("POST", "/groups", _call(groups.add, lambda request: request.object.get("profile") or {})),
        ("GET", "/groups/{}", _call(groups.get)),
        ("PUT", "/groups/{}", _call(groups.update, _body)),
        ("DELETE", "/groups/{}", _call(groups.delete)),
        ("GET", "/groups/{}/users", _call(groups.list_members, _request)),
        ("PUT", "/groups/{}/users/{}", _call(groups.add_member)),
        ("DELETE", "/groups/{}/users/{}", _call(groups.remove_member)),
        ("GET", "/groups/{}/apps", _call(apps.list_apps_of_group, _request, find=groups.get)),
    ],
    ("users",): [
        ("GET", "/users", people.list_people),
        ("POST", "/users", _create_user),
        ("GET", "/users/{}", _on_person(people.with_links)),
        ("POST", "/users/{}", _on_person(people.update, _body)),
        ("PUT", "/users/{}", _on_person(people.replace, _body)),
        ("DELETE", "/users/{}", _on_person(people.delete)),
        ("POST", "/users/{}/lifecycle/{}", _on_person(people.run_lifecycle)),
        ("GET", "/users/{}/groups", _on_person(groups.list_groups_of_person, _request)),
    ],
    ("profileMappings",): [
        ("GET", "/mappings", mappings.list_mappings),
        ("GET", "/mappings/{}", _call(mappings.get_mapping)),
        ("POST", "/mappings/{}", _call(mappings.update, _body)),
    ],
    ("schemas",): [
        ("GET", "/meta/schemas/apps/{}/default", _on_app(mappings.get_schema)),
        ("POST", "/meta/schemas/apps/{}/default", _on_app(mappings.update_schema, _body)),
        ("GET", "/meta/schemas/user/{}", _call(mappings.get_user_schema)),
    ],
    ("userTypes",): [
        ("GET", "/meta/types/user", lambda org, request: list(org.user_types.values())),
        ("GET", "/meta/types/user/{}", _call(people.get_user_type)),
    ],
    ("policies",): [
        ("GET", "/policies", policies.list_policies),
        ("GET", "/policies/{}", _call(policies.get)),
    ],
    ("logs",): [("GET", "/logs", log.list_events)],
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
        raise wrong_method()
    raise not_found(request.path, "Endpoint")


def _empty_answer(answer: Answer) -> Answer:
    """A service app without an admin role gets empty lists instead of an error."""
    if isinstance(answer.body, list):
        links = [link for link in answer.headers.get("Link", []) if 'rel="self"' in link]
        return Answer(200, [], {"Link": links} if links else {})
    raise not_permitted()
