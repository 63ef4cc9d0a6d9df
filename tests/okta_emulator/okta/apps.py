# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""App integrations: create, replace, activate, delete; what they look like is in app_shapes."""

from __future__ import annotations

import threading

from ..http import filters
from ..http.errors import OktaError, find, invalid
from ..http.ids import random_secret, timestamp
from ..http.web import Answer, Request, paginate
from . import app_shapes, certificates, connections, group_push, log, mappings
from .catalog import CATALOG, DEFINITIONS


def get(org, app_id: str) -> dict:
    return find(org.apps, app_id, "AppInstance")


def list_apps(org, request: Request) -> Answer:
    """`q` finds names and labels that start with it; labels are not unique."""
    start = request.query.get("q", "").lower()
    found = [
        app
        for app in org.apps.values()
        if org.visible(app["id"], org.settings.list_lag)
        and (app["name"].lower().startswith(start) or app["label"].lower().startswith(start))
    ]
    if "filter" in request.query:
        found = list(filter(filters.parse_okta(request.query["filter"], ("status", "name")), found))
    return paginate(request, found, 20, 200)


def create(org, body: dict, activate: bool = True) -> dict:
    """Create an app. Without `name` it is a custom app; two requests create two apps."""
    limit, kind = org.settings.app_limit, app_shapes.kind_of(body)
    app_shapes.check_body(kind, body)
    # A new app gets new keys, so it cannot refer to an existing one.
    _check_kid(body, [])
    if limit is not None and len(org.apps) >= limit:
        cause = "Cannot create application instance. Maximum number of instances has been reached."
        raise invalid("generalSettings", cause)
    identity = org.new_id("0oa")
    org.external_keys[identity] = "exk" + identity[3:]
    org.app_keys[identity] = certificates.first_keys(org, kind)
    initial = {
        "id": identity,
        "name": _app_name(org, kind, body),
        "status": "ACTIVE" if activate else "INACTIVE",
        "created": timestamp(),
        "credentials": {"signing": {"kid": org.app_keys[identity][-1].kid}},
    }
    app = org.apps[identity] = app_shapes.build_app(org, kind, body, initial)
    _store_client_secret(org, app, body)
    for by_app in (org.app_users, org.app_groups, org.group_push):
        by_app[identity] = {}
    if DEFINITIONS[kind].scim:
        connections.add_connection(org, app)
    for user_type in org.user_types.values():
        mappings.create(org, app, user_type)
    connections.refresh_app(org, app)
    log.write(org, "application.lifecycle.create", [log.app_target(app)])
    return app


def _app_name(org, kind: str, body: dict) -> str:
    """A custom app is named after the org, the letters and digits of its label in lower case, and a number."""
    if kind != "custom_saml":
        return kind
    base = "".join(letter for letter in body["label"].lower() if letter.isascii() and letter.isalnum())
    org.name_counts[base] = org.name_counts.get(base, 0) + 1
    return f"{org.subdomain}_{base}_{org.name_counts[base]}"


def replace(org, app_id: str, body: dict) -> dict:
    """PUT: settings that are missing in the body return to their defaults, with a few exceptions."""
    current = get(org, app_id)
    kind = app_shapes.kind_of(current)
    if kind == "custom_saml" and current["status"] != "ACTIVE":
        summary = "This operation on app metadata is not yet supported"
        raise OktaError(400, "E0000024", f"Bad request. {summary}.", [f"{summary}: No active instances."])
    if body.get("signOnMode", current["signOnMode"]) != current["signOnMode"] and kind not in CATALOG:
        raise invalid("signOnMode", "signOnMode: The sign on mode of an application cannot be changed")
    app_shapes.check_body(kind, body)
    _check_kid(body, org.app_keys[app_id])
    app = org.apps[app_id] = app_shapes.build_app(org, kind, body, current)
    app["_links"] = current["_links"]
    _store_client_secret(org, app, body)
    if org.settings.put_and_scim == "wipe" or (
        org.settings.put_and_scim == "needs_features" and not body.get("features")
    ):
        connections.remove_connection(org, app)
    connections.refresh_app(org, app)
    log.write(org, "application.lifecycle.update", [log.app_target(app)])
    return app


def _check_kid(body: dict, keys: list[certificates.SigningKey]) -> None:
    kid = ((body.get("credentials") or {}).get("signing") or {}).get("kid")
    if kid and kid not in [key.kid for key in keys]:
        raise invalid("credentials.signing.kid", f"kid: Key with kid {kid} does not exist")


def _store_client_secret(org, app: dict, body: dict) -> None:
    """A client secret comes from the body, or Okta generates it; an empty one keeps the current secret."""
    client = app["credentials"].get("oauthClient")
    if not client or not client["token_endpoint_auth_method"].startswith("client_secret"):
        return
    client_secret = ((body.get("credentials") or {}).get("oauthClient") or {}).get("client_secret")
    org.app_secrets[app["id"]] = client_secret or org.app_secrets.get(app["id"]) or random_secret(64)


def with_client_secret(org, app: dict) -> dict:
    """The answer to a create or an update; no other answer has the client secret."""
    if app["id"] not in org.app_secrets:
        return app
    client = app["credentials"]["oauthClient"]
    first = {"autoKeyRotation": client["autoKeyRotation"], "client_id": client["client_id"]}
    oauth_client = {**first, "client_secret": org.app_secrets[app["id"]], **client}
    return {**app, "credentials": {**app["credentials"], "oauthClient": oauth_client}}


def run_lifecycle(org, app: dict, verb: str) -> dict:
    """activate or deactivate"""
    app["status"] = "ACTIVE" if verb == "activate" else "INACTIVE"
    connections.refresh_app(org, app)
    log.write(org, f"application.lifecycle.{verb}", [log.app_target(app)])
    return {}


def delete(org, app_id: str) -> Answer:
    """Only an inactive app can be deleted; sometimes Okta answers 500 and deletes it a moment later."""
    app = get(org, app_id)
    if app["status"] != "INACTIVE":
        cause = "The application must be deactivated before deletion."
        raise OktaError(403, "E0000056", "Delete application forbidden.", [cause])
    if org.settings.failing_deletes > 0:
        org.settings.failing_deletes -= 1
        later = threading.Timer(org.settings.delete_delay, _remove, (org, org.apps, app_id))
        later.daemon = True
        later.start()
        raise OktaError(500, "E0000009", "Internal Server Error")
    _remove(org, org.apps, app_id)
    return Answer(204)


def _remove(org, apps_before: dict, app_id: str) -> None:
    """Remove an app, unless the org has been reset since."""
    with org.lock:
        app = org.apps.get(app_id)
        if app is None or org.apps is not apps_before:
            return
        group_push.delete_groups_of_app(org, app_id)
        for by_app in (
            org.apps, org.app_keys, org.app_secrets, org.external_keys, org.connections,
            org.app_users, org.app_groups, org.group_push, org.schemas, org.service_apps,
        ):  # fmt: skip
            by_app.pop(app_id, None)
        mappings.delete_mappings(org, app_id)
        log.write(org, "application.lifecycle.delete", [log.app_target(app)])


def list_apps_of_group(org, group: dict, request: Request) -> Answer:
    found = [org.apps[app_id] for app_id, groups in org.app_groups.items() if group["id"] in groups]
    return paginate(request, found, default=20, maximum=200)
