# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What several modules know of an app: how it is found, changed, removed, and where a person finds it."""

from __future__ import annotations

import dataclasses
import typing
from urllib.parse import urlsplit

from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED, Client, segment
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.resource import merge

if typing.TYPE_CHECKING:
    from ansible_collections.idops.okta.plugins.module_utils.module import Task

APPS = "/api/v1/apps"

# The twins of doc_fragments/app.py.
APP: dict[str, dict] = {
    "label": {},
    "id": {},
    "state": {"choices": ["present", "absent"], "default": "present"},
    "status": {"choices": ["active", "inactive"]},
    "application_username": {},
    "hidden": {"type": "bool"},
}
APP_RULES: dict[str, typing.Any] = {"required_one_of": [["label", "id"]]}
OWNER: dict[str, dict] = {"app_id": {}, "app_label": {}}
OWNER_RULES: dict[str, typing.Any] = {"required_one_of": [["app_id", "app_label"]]}

# What Okta answers with and does not take back.
READ_ONLY = ("id", "orn", "status", "created", "lastUpdated", "features", "universalLogout", "_links", "_embedded")


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of app: its name for a person, how to tell it, what a new one starts from and which options it needs."""

    name: str
    matches: typing.Callable[[dict], bool]
    start: dict
    needs: tuple[str, ...] = ()


def path(app: dict | str, below: str = "") -> str:
    """The path of an app, or of something below it."""
    id = app if isinstance(app, str) else app["id"]
    return f"{APPS}/{segment(id)}" + (f"/{below}" if below else "")


def custom_saml(app: dict) -> bool:
    """An app made with the App Integration Wizard: a SAML app of the catalogue has no ACS URL of its own."""
    return app.get("signOnMode") == "SAML_2_0" and "ssoAcsUrl" in ((app.get("settings") or {}).get("signOn") or {})


def common(params: dict) -> dict:
    """What the options of every app say, in Okta's words."""
    return {
        "label": None if params["id"] else params["label"],
        "status": params["status"] and params["status"].upper(),
        "credentials": {"userNameTemplate": username_template(params["application_username"])},
        "visibility": {"hide": {"web": params["hidden"], "iOS": params["hidden"]}},
    }


def username_template(field: str | None) -> dict | None:
    """The application username from a profile field, or from a template written out.

    Okta has built-in templates for login and email; any other field takes an expression, pushed when it changes.
    """
    if field in ("email", "login"):
        return {"template": f"${{source.{field}}}", "type": "BUILT_IN"}
    if field and "${" in field:
        return {"template": field, "type": "BUILT_IN"}
    if not field:
        return None
    return {"template": field if "." in field else f"user.{field}", "type": "CUSTOM", "pushStatus": "PUSH"}


def settle(task: Task, wanted: dict, kind: Kind) -> dict:
    """Bring one app to what is wanted: find by exact label and kind or by id, create, change, activate, remove."""
    params, client = task.params, task.client
    gone = params["state"] == "absent"

    def find() -> dict | None:
        if gone and params["id"] and client.get(path(params["id"])) is None:
            return None
        return find_app(client, params["label"], params["id"], kind)

    if gone and (held := find()) and (people := assigned(client, held)):
        task.warn(f"People who lose the app '{held['label']}' ({held['id']}) when it is removed: {people}.")
    return task.settle(
        "app",
        find,
        aim=lambda held: None if gone else _aim(params, wanted, kind, held),
        write=lambda held, after: _write(client, held, after),
    )


def _aim(params: dict, wanted: dict, kind: Kind, held: dict | None) -> dict:
    if held is None:
        missing = [option for option in kind.needs if not params[option]]
        if missing:
            raise Failure(
                f"There is no app '{params['label']}' yet, and to create it {' and '.join(missing)} must be given."
            )
        return merge({**kind.start, "status": "ACTIVE"}, wanted)
    after = merge(held, wanted)
    if held["status"] == after["status"] == "INACTIVE" and after != held:
        raise Failure(
            f"App '{held['label']}' ({held['id']}) is inactive, and Okta refuses changes to an inactive app. "
            "Say status: active to activate it before it is changed, or change nothing but the status."
        )
    return wanted


def _write(client: Client, held: dict | None, after: dict | None) -> dict | None:
    if held is None:
        body = {key: value for key, value in (after or {}).items() if key != "status"}
        return client.post(APPS, body, activate=str((after or {})["status"] == "ACTIVE").lower())
    if after is None:
        if held["status"] == "ACTIVE":
            client.post(path(held, "lifecycle/deactivate"))  # Okta deletes only what is inactive
        return client.delete(path(held))
    if held["status"] != after["status"] == "ACTIVE":
        client.post(path(held, "lifecycle/activate"))  # first: a PUT on an inactive app is refused
    if {**held, "status": ""} != {**after, "status": ""}:
        client.put(path(held), writable(after))
    if held["status"] != after["status"] == "INACTIVE":
        client.post(path(held, "lifecycle/deactivate"))
    return client.get(path(held))


def writable(app: dict) -> dict:
    """An app as a PUT takes it: everything that is held, without what Okta alone writes."""
    # The name is the key of a catalogue app, and of OpenID Connect; of a custom SAML app Okta makes it.
    read_only = (*READ_ONLY, "name") if custom_saml(app) else READ_ONLY
    settings = {key: value for key, value in (app.get("settings") or {}).items() if key != "emOptInStatus"}
    return {**{key: value for key, value in app.items() if key not in read_only}, "settings": settings}


def find_app(client: Client, label: str | None, id: str | None, kind: Kind | None = None) -> dict | None:
    """The one app with this id, or with exactly this label and of this kind; nothing is guessed."""
    if id:
        app = client.get(path(id))
        if app is None:
            raise Failure(f"There is no app with the id {id} in {client.org_url}.")
        if kind and not kind.matches(app):
            raise Failure(f"The app with the id {id} ('{app['label']}', {_what(app)}) is not a {kind.name}.")
        return app
    namesakes = list(labelled(client, label))
    found = [app for app in namesakes if kind is None or kind.matches(app)]
    if len(found) > 1:
        listed = ", ".join(f"{app['id']} ({_what(app)}, {app['status']})" for app in found)
        raise Failure(f"{len(found)} apps have the label '{label}': {listed}. Pin the one that is meant by its id.")
    if namesakes and not found:
        others = ", ".join(f"{app['id']} ({_what(app)})" for app in namesakes)
        raise Failure(
            f"'{label}' is the label of another kind of app: {others}. Choose another label for the {kind.name if kind else 'app'}."
        )
    return found[0] if found else None


def labelled(client: Client, label: str | None) -> typing.Iterator[dict]:
    """Apps with exactly this label; Okta's q finds what starts with it, in label or name."""
    return (app for app in client.list(APPS, q=label, limit=200) if app["label"] == label)


def owner(task: Task) -> dict:
    """The app that a module works below, by id or exact label; with the id PLANNED in a preview."""
    id, label = task.params["app_id"], task.params["app_label"]
    if id == PLANNED and task.check:
        return {"id": PLANNED, "label": label or PLANNED, "name": PLANNED}
    app = find_app(task.client, label, id)
    if app is None:
        raise Failure(f"There is no app with the label '{label}' in {task.client.org_url}." + task.client.auth.caveat)
    return app


def assigned(client: Client, app: dict) -> int:
    """How many people have the app."""
    return sum(1 for _person in client.list(path(app, "users"), limit=500))


def console_url(client: Client, app: dict, tab: str) -> str:
    """Where a person finds a tab of this app in the Admin Console."""
    host = urlsplit(client.org_url).netloc
    name, dot, domain = host.partition(".")
    if not domain.startswith("okta"):
        # A custom domain has no Admin Console; Okta's own address of the org is public.
        organization = client.get("/.well-known/okta-organization") or {}
        address = ((organization.get("_links") or {}).get("organization") or {}).get("href") or client.org_url
        name, dot, domain = urlsplit(address).netloc.partition(".")
    host = f"{name}-admin.{domain}" if domain.startswith("okta") else f"{name}{dot}{domain}"
    return f"{urlsplit(client.org_url).scheme}://{host}/admin/app/{app['name']}/instance/{app['id']}/#tab-{tab}"


def _what(app: dict) -> str:
    return f"{app.get('name')}, {app.get('signOnMode')}"
