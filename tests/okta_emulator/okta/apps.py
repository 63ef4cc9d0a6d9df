# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""App integrations: what Okta demands, what it fills in, what a replacement keeps."""

from __future__ import annotations

import threading

from ..http import filters
from ..http.errors import OktaError, invalid, not_found
from ..http.ids import secret, stamp
from ..http.web import Answer, Request, page
from . import app_shapes, certificates, connections, group_push, log, mappings
from .catalog import CATALOGUE


def get(org, app_id: str) -> dict:
    if app_id not in org.apps:
        raise not_found(app_id, "AppInstance")
    return org.apps[app_id]


def listed(org, request: Request) -> Answer:
    """`q` is a starts-with search over name and label, never an exact one; labels are not unique."""
    start = request.query.get("q", "").lower()
    wanted = _filter(org, request.query.get("filter"))
    found = [
        app
        for app in org.apps.values()
        if org.visible(app["id"], org.settings.list_lag)
        and (app["name"].lower().startswith(start) or app["label"].lower().startswith(start))
        and wanted(app)
    ]
    return page(request, found, 20, 200)


def _filter(org, text: str | None) -> filters.Predicate:
    if not text:
        return lambda app: True
    allowed = ("status", "name", "user.id", "group.id", "credentials.signing.kid")
    matches = filters.okta(text, allowed)
    return lambda app: matches(
        app | {"user": {"id": list(org.app_users[app["id"]])}, "group": {"id": list(org.app_groups[app["id"]])}}
    )


def create(org, body: dict, activate: bool = True) -> dict:
    """A new app, as Okta answers it; without `name` it is a custom one, and two POSTs make two apps."""
    limit = org.settings.app_limit
    kind = app_shapes.kind(body)
    app_shapes.check(kind, body)
    # The keys of a new app are made with it: none can be named yet.
    _check_kid(body, [])
    if limit is not None and len(org.apps) >= limit:
        raise invalid(
            "generalSettings",
            "Cannot create application instance. Maximum number of instances has been reached.",
        )
    identity = org.new("0oa")
    org.external_keys[identity] = "exk" + identity[3:]
    org.app_keys[identity] = certificates.first_keys(org, kind)
    held = {
        "id": identity,
        "name": _name(org, kind, body),
        "status": "ACTIVE" if activate else "INACTIVE",
        "created": stamp(),
        "credentials": {"signing": {"kid": certificates.active_kid(org.app_keys[identity])}},
    }
    app = org.apps[identity] = app_shapes.shaped(org, kind, body, held)
    _keep_secret(org, app, body)
    for held_by in (org.app_users, org.app_groups, org.group_push):
        held_by[identity] = {}
    if kind in CATALOGUE and CATALOGUE[kind].scim:
        connections.enable(org, app)
    for user_type in org.user_types.values():
        mappings.create(org, app, user_type)
    connections.mirror(org, app)
    log.write(org, "application.lifecycle.create", [log.instance(app)])
    return app


def _name(org, kind: str, body: dict) -> str:
    """A custom app is named after the org, its label in lower case letters and digits, and a number."""
    if kind != "custom_saml":
        return kind
    base = "".join(letter for letter in body["label"].lower() if letter.isascii() and letter.isalnum())
    org.named[base] = org.named.get(base, 0) + 1
    return f"{org.subdomain}_{base}_{org.named[base]}"


def replace(org, app_id: str, body: dict) -> dict:
    """PUT: what may be set and is left out goes back to its default; a few things survive all the same."""
    held = get(org, app_id)
    kind = app_shapes.kind(held)
    if kind == "custom_saml" and held["status"] != "ACTIVE":
        summary = "This operation on app metadata is not yet supported"
        raise OktaError(400, "E0000024", f"Bad request. {summary}.", [f"{summary}: No active instances."])
    if body.get("signOnMode", held["signOnMode"]) != held["signOnMode"] and kind not in CATALOGUE:
        raise invalid("signOnMode", "signOnMode: The sign on mode of an application cannot be changed")
    app_shapes.check(kind, body)
    _check_kid(body, org.app_keys[app_id])
    app = org.apps[app_id] = app_shapes.shaped(org, kind, body, held)
    app["_links"] = held["_links"]
    _keep_secret(org, app, body)
    connections.mirror(org, app)
    log.write(org, "application.lifecycle.update", [log.instance(app)])
    return app


def _check_kid(body: dict, keys: list[certificates.Key]) -> None:
    kid = ((body.get("credentials") or {}).get("signing") or {}).get("kid")
    if kid and kid not in [key.kid for key in keys]:
        raise invalid("credentials.signing.kid", f"kid: Key with kid {kid} does not exist")


def _keep_secret(org, app: dict, body: dict) -> None:
    """A client secret is the caller's, or Okta's own; an empty one leaves what is held."""
    client = app["credentials"].get("oauthClient")
    if not client or not client["token_endpoint_auth_method"].startswith("client_secret"):
        return
    given = ((body.get("credentials") or {}).get("oauthClient") or {}).get("client_secret")
    org.app_secrets[app["id"]] = given or org.app_secrets.get(app["id"]) or secret(64)


def with_secret(org, app: dict) -> dict:
    """The answer to a create or an update, the only ones that show the client secret."""
    if app["id"] not in org.app_secrets:
        return app
    client = app["credentials"]["oauthClient"]
    shown = {"autoKeyRotation": client["autoKeyRotation"], "client_id": client["client_id"]}
    shown = {**shown, "client_secret": org.app_secrets[app["id"]], **client}
    return {**app, "credentials": {**app["credentials"], "oauthClient": shown}}


def activate(org, app_id: str) -> dict:
    return _turn(org, app_id, "ACTIVE", "application.lifecycle.activate")


def deactivate(org, app_id: str) -> dict:
    return _turn(org, app_id, "INACTIVE", "application.lifecycle.deactivate")


def _turn(org, app_id: str, status: str, event: str) -> dict:
    app = get(org, app_id)
    app["status"] = status
    connections.mirror(org, app)
    log.write(org, event, [log.instance(app)])
    return {}


def delete(org, app_id: str) -> Answer:
    """Only an inactive app goes; now and then Okta says 500 and deletes it a moment later."""
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


def _remove(org, since: dict, app_id: str) -> None:
    """Take an app out, unless the org was reset since."""
    with org.lock:
        app = org.apps.get(app_id)
        if app is None or org.apps is not since:
            return
        group_push.forget(org, app_id)
        for held in (
            org.apps, org.app_keys, org.app_secrets, org.external_keys, org.connections,
            org.app_users, org.app_groups, org.group_push, org.schemas, org.service_apps,
        ):  # fmt: skip
            held.pop(app_id, None)
        mappings.forget(org, app_id)
        log.write(org, "application.lifecycle.delete", [log.instance(app)])


def of_group(org, group: dict, request: Request) -> Answer:
    return page(request, [org.apps[app] for app, groups in org.app_groups.items() if group["id"] in groups], 20, 200)
