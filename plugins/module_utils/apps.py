# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Apps of an Okta org: how one is found, created, changed and removed, and where the Admin Console shows it."""

from __future__ import annotations

import dataclasses
import typing
from urllib.parse import urlsplit

from ansible_collections.idops.okta.plugins.module_utils.answers import OPTIONAL_OBJECT, OPTIONAL_TEXT
from ansible_collections.idops.okta.plugins.module_utils.checks import check
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED, REFUSED, Client, path_segment
from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, Failure
from ansible_collections.idops.okta.plugins.module_utils.merge import merge

if typing.TYPE_CHECKING:
    from ansible_collections.idops.okta.plugins.module_utils.module import Change, Task

APPS = "/api/v1/apps"

# Documented in doc_fragments/app.py; the sanity test validate-modules compares the two.
APP_OPTIONS: dict[str, dict] = {
    "label": {},
    "id": {},
    "state": {"choices": ["present", "absent"], "default": "present"},
    "status": {"choices": ["active", "inactive"]},
    "application_username": {},
    "hidden": {"type": "bool"},
}
APP_RULES: dict[str, typing.Any] = {"required_one_of": [["label", "id"]]}
PARENT_APP_OPTIONS: dict[str, dict] = {"app_id": {}, "app_label": {}}
PARENT_APP_RULES: dict[str, typing.Any] = {"required_one_of": [["app_id", "app_label"]]}

# The parts of an app that modules read.
APP = {
    "id": str,
    "label": str,
    "status": str,
    "name": OPTIONAL_TEXT,
    "features": ([str], type(None)),
    "signOnMode": OPTIONAL_TEXT,
    "credentials": (
        {"userNameTemplate": OPTIONAL_OBJECT, "oauthClient": OPTIONAL_OBJECT, "signing": OPTIONAL_OBJECT},
        type(None),
    ),
    "settings": ({"signOn": OPTIONAL_OBJECT, "oauthClient": OPTIONAL_OBJECT, "app": OPTIONAL_OBJECT}, type(None)),
    "_links": OPTIONAL_OBJECT,
}
# What Okta answers with and does not accept.
READ_ONLY = ("id", "orn", "status", "created", "lastUpdated", "universalLogout", "_links", "_embedded")


@dataclasses.dataclass(frozen=True)
class AppKind:
    """A kind of app. name: for a person; start: what a new one starts from; required: options that creating needs."""

    name: str
    matches: typing.Callable[[dict], bool]
    start: dict
    required: tuple[str, ...] = ()


def app_path(app: dict | str, below: str = "") -> str:
    """The path of an app (or its id), or of something below it."""
    id = app if isinstance(app, str) else app["id"]
    return f"{APPS}/{path_segment(id)}/{below}".rstrip("/")


def setting_of(app: dict | None, *keys: str) -> typing.Any:
    """A setting below these keys, or None: Okta leaves out what an app does not have, or answers null."""
    value: typing.Any = app
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def is_custom_saml(app: dict) -> bool:
    """Whether it was made with the App Integration Wizard: a SAML app of the catalog has no ACS URL of its own."""
    return app.get("signOnMode") == "SAML_2_0" and "ssoAcsUrl" in (setting_of(app, "settings", "signOn") or {})


def is_custom(app: dict) -> bool:
    """Whether it was made with the App Integration Wizard, and does not come from the catalog."""
    return is_custom_saml(app) or app.get("name") == "oidc_client"


def common_settings(params: dict) -> dict:
    """The desired settings of the options that every kind of app has."""
    return {
        "label": None if params["id"] else params["label"],
        "status": params["status"] and params["status"].upper(),
        "credentials": {"userNameTemplate": username_template(params["application_username"])},
        "visibility": {"hide": {"web": params["hidden"], "iOS": params["hidden"]}},
    }


def username_template(field: str | None) -> dict | None:
    """The application username from a profile field, or from a template that is written out.

    Okta has built-in templates for login and email. Any other field takes an expression, pushed when it changes. What an
    earlier template appended goes: userSuffix in Okta's API description, suffix in recorded answers.
    """
    if not field:
        return None
    no_suffix = {"userSuffix": "", "suffix": ""}
    if field in ("email", "login"):
        return {"template": f"${{source.{field}}}", "type": "BUILT_IN", **no_suffix}
    if "${" in field:
        return {"template": field, "type": "BUILT_IN", **no_suffix}
    template = field if "." in field else f"user.{field}"
    return {"template": template, "type": "CUSTOM", "pushStatus": "PUSH", **no_suffix}


def reconcile(task: Task, settings: dict, kind: AppKind) -> Change:
    """Create, change, activate or remove one app, found by id or by exact label and kind."""
    resource = AppResource(task.client, task.params, settings, kind)
    if resource.is_absent:
        resource.warn_of_lost_access(task)
    change = task.reconcile(resource)
    lost = find_lost_features(resource.original, change.result) if writes_settings(change.before, change.after) else []
    if lost:
        raise lost_scim(change.result or {}, lost, task.result("app", change))
    return change


def lost_scim(app: dict, features: list[str], result: dict) -> Failure:
    """The failure of a run after which provisioning is off. result: that of the module."""
    failed = check("scim_kept", "failed", app=app["label"], app_id=app["id"], features=", ".join(features))
    remedy = f"{switch_on_instructions(app)} Then run again."
    failure = Failure(f"{failed['detail']} {remedy}")
    failure.result = {**result, "checks": [{**failed, "remedy": remedy}]}
    return failure


def scim_checks(task: Task, change: Change) -> list[dict]:
    """Whether provisioning outlives a write of the settings of its app; nothing where neither is the case."""
    is_written = writes_settings(change.before, change.after)
    return scim_kept_checks(task, change.before or {}) if is_written else []


def scim_kept_checks(task: Task, app: dict) -> list[dict]:
    """The check of an app whose settings are written. app: as it was before."""
    features = app.get("features")
    if not features:
        return []
    state = "skipped" if task.check else "ok"
    kept = check("scim_kept", state, app=app["label"], features=", ".join(features))
    if task.check:
        task.warn(kept["detail"])
    return [kept]


def find_lost_features(before: dict | None, now: dict | None) -> list[str]:
    """What of provisioning was on and is not any more.

    Source: terraform-provider-okta #655, #710. Whether Okta still switches it off is not known.
    """
    remaining = (now or {}).get("features") or []
    return [feature for feature in (before or {}).get("features") or [] if feature not in remaining]


def replace_app(client: Client, current: dict, after: dict) -> dict:
    """Write the settings of an app, and return it as Okta has it then."""
    try:
        client.put(app_path(current), writable_fields(after))
    except ApiError as refusal:
        if not current.get("features") or "Provisioning is not supported" not in str(refusal):
            raise
        # Never again without the features: Okta may take that for switching provisioning off.
        raise Failure(
            f"{refusal} App '{current['label']}' carries SCIM, and what is on ({', '.join(current['features'])}) was sent "
            "back with its settings. They were not changed: change them in the Admin Console."
        ) from refusal
    return client.get(app_path(current), shape=APP)


def writes_settings(before: dict | None, after: dict | None) -> bool:
    """Whether an existing app is changed by a PUT: in more than its status."""
    if not before or not after:
        return False
    return {**before, "status": ""} != {**after, "status": ""}


def switch_on_instructions(app: dict, boxes: str = "what was enabled before") -> str:
    """What a person clicks to make the SCIM connection of an app. Only a custom app has to be told that it has one."""
    select = "Under General, App Settings, set Provisioning to SCIM. Then under" if is_custom(app) else "Under"
    return (
        f"Open app '{app['label']}' in the Admin Console. {select} Provisioning, Configure API Integration, enable it, enter the "
        f"values, test the credentials and save. Then under To App enable {boxes}."
    )


class AppResource:
    """One app, with the desired settings in the words of Okta's JSON."""

    def __init__(self, client: Client, params: dict, settings: dict, kind: AppKind) -> None:
        self.client = client
        self.params = params
        self.settings = settings
        self.kind = kind
        self.is_absent = params["state"] == "absent"
        self.original: dict | None = None

    def read(self) -> dict | None:
        id = self.params["id"]
        if self.is_absent and id and self.client.get(app_path(id), shape=APP) is None:
            return None
        app = find_app(self.client, self.params["label"], id, self.kind)
        self.original = self.original or app
        return app

    def warn_of_lost_access(self, task: Task) -> None:
        app = self.read()
        people = count_assigned(self.client, app) if app else 0
        if app and people:
            task.warn(f"People who lose the app '{app['label']}' ({app['id']}) when it is removed: {people}.")

    def desired(self, current: dict | None) -> dict | None:
        if self.is_absent:
            return None
        if current is None:
            self._require_options()
            return merge({**self.kind.start, "status": "ACTIVE"}, self.settings)
        if find_lost_features(self.original, current):
            return {}  # found after a lost answer: nothing else is written
        settings = merge(self.settings, self._pushed_username(current))
        after = merge(current, settings)
        if current["status"] == after["status"] == "INACTIVE" and after != current:
            # Recorded: 400 E0000024 "No active instances".
            raise Failure(
                f"App '{current['label']}' ({current['id']}) is inactive, and Okta refuses changes to an inactive app. Set status "
                "to active, which is applied before other changes, or change nothing but the status."
            )
        return settings

    def _pushed_username(self, current: dict) -> dict | None:
        """Undoes "Create only", in which a changed email never reaches the app; what is not configured stays so."""
        status = setting_of(current, "credentials", "userNameTemplate", "pushStatus")
        is_ours = setting_of(self.settings, "credentials", "userNameTemplate")
        return (
            {"credentials": {"userNameTemplate": {"pushStatus": "PUSH"}}} if is_ours and status == "DONT_PUSH" else None
        )

    def apply(self, current: dict | None, after: dict | None) -> dict | None:
        if current is None:
            return self._create(after or {})
        if after is None:
            self._remove(current)
            return None
        if current["status"] != after["status"] == "ACTIVE":
            self.client.post(app_path(current, "lifecycle/activate"))  # first: a PUT on an inactive app is refused
        if writes_settings(current, after):
            written = replace_app(self.client, current, after)
            if after["status"] == "ACTIVE" or find_lost_features(self.original, written):
                return written
        if current["status"] != after["status"] == "INACTIVE":
            self.client.post(app_path(current, "lifecycle/deactivate"))
        return self.client.get(app_path(current), shape=APP)

    def _require_options(self) -> None:
        missing = [option for option in self.kind.required if not self.params[option]]
        if missing:
            raise Failure(
                f"There is no app '{self.params['label']}' yet. To create it, set {' and '.join(missing)}.",
                options=missing,
            )

    def _create(self, after: dict) -> dict:
        body = {key: value for key, value in after.items() if key != "status"}
        activate = "true" if after["status"] == "ACTIVE" else "false"
        return self.client.post(APPS, body, activate=activate)

    def _remove(self, current: dict) -> None:
        if current["status"] == "ACTIVE":
            self.client.post(app_path(current, "lifecycle/deactivate"))  # Okta deletes only what is inactive
        self.client.delete(app_path(current))


def writable_fields(app: dict) -> dict:
    """An app as a PUT accepts it: everything that it has, except what only Okta writes.

    Features are sent back where there are any, because Okta may switch provisioning off without them (terraform-provider-okta
    #655, #710).
    """
    # The name is the key of a catalog app, and of OpenID Connect. Of a custom SAML app Okta makes it.
    read_only = (*READ_ONLY, "name") if is_custom_saml(app) else READ_ONLY
    fields = {key: value for key, value in app.items() if key not in read_only}
    if not app.get("features"):
        fields.pop("features", None)
    settings = dict(app.get("settings") or {})
    settings.pop("emOptInStatus", None)
    return {**fields, "settings": settings}


def find_app(client: Client, label: str | None, id: str | None, kind: AppKind | None = None) -> dict | None:
    """The one app with this id, or with exactly this label and of this kind. Raises Failure if there are several."""
    if id:
        return _find_pinned_app(client, id, kind)
    namesakes = list_apps_with_label(client, label)
    matching = [app for app in namesakes if kind is None or kind.matches(app)]
    if len(matching) > 1:
        listed = ", ".join(f"{app['id']} ({_describe_kind(app)}, {app['status']})" for app in matching)
        raise Failure(
            f"{len(matching)} apps have the label '{label}': {listed}. Pin the right one by its id.", options=["label"]
        )
    if namesakes and not matching:
        others = ", ".join(f"{app['id']} ({_describe_kind(app)})" for app in namesakes)
        kind_name = kind.name if kind else "app"
        raise Failure(
            f"'{label}' is the label of another kind of app: {others}. Choose another label for the {kind_name}.",
            options=["label"],
        )
    return matching[0] if matching else None


def list_apps_with_label(client: Client, label: str | None) -> list[dict]:
    """The apps with exactly this label. Okta's q finds what starts with it, in label or name."""
    return [app for app in client.list(APPS, shape=APP, q=label, limit=200) if app["label"] == label]


def parent_app(task: Task) -> dict:
    """The app of the options app_id and app_label, below which a module works."""
    return find_parent(task, task.params["app_id"], task.params["app_label"])


def find_parent(task: Task, id: str | None, label: str | None) -> dict:
    """An app by id or exact label; id and label if both are given, which costs no request.

    In a preview it may be planned only, and in a plan it may be one that was refused.
    """
    if id in (PLANNED, REFUSED) and task.check:
        task.is_below_refused = task.is_below_refused or id == REFUSED
        return {"id": PLANNED, "label": label or PLANNED}
    if id and label and id not in (PLANNED, REFUSED):
        return {"id": id, "label": label}
    app = find_app(task.client, label, id)
    if app is None:
        raise Failure(
            f"There is no app with the label '{label}' in {task.client.org_url}." + task.client.auth.empty_result_hint
        )
    return app


def count_assigned(client: Client, app: dict) -> int:
    """How many people have the app."""
    return len(list(client.list(app_path(app, "users"), limit=500)))


def read_app(client: Client, app: dict) -> dict:
    """All of an app of which id and label are known. One that is planned only has nothing more."""
    if app["id"] == PLANNED or "name" in app:
        return app
    return _find_pinned_app(client, app["id"], None)


def admin_console_url(client: Client, app: dict, tab: str) -> str:
    """Where the Admin Console shows a tab of this app: general, signon, provisioning, ..."""
    if app["id"] == PLANNED:
        return PLANNED
    address = okta_address(client)  # a custom domain has no Admin Console
    scheme, _colon, host = address.partition("://")
    if is_okta_domain(address):
        host = host.replace(".", "-admin.", 1)
    name = read_app(client, app)["name"]
    return f"{scheme}://{host}/admin/app/{name}/instance/{app['id']}/#tab-{tab}"


def okta_address(client: Client) -> str:
    """Okta's own address of the org, which is public, also where the org is reached by a custom domain."""
    return client.org_url if is_okta_domain(client.org_url) else _linked_address(client, "organization")


def custom_address(client: Client) -> str:
    """The address of the org by its custom domain, also where it is reached by Okta's own."""
    return _linked_address(client, "alternate") if is_okta_domain(client.org_url) else client.org_url


def is_okta_domain(address: str) -> bool:
    return urlsplit(address).netloc.partition(".")[2].startswith("okta")


def _linked_address(client: Client, name: str) -> str:
    organization = client.get("/.well-known/okta-organization")
    return str(setting_of(organization, "_links", name, "href") or client.org_url).rstrip("/")


def _find_pinned_app(client: Client, id: str, kind: AppKind | None) -> dict:
    app = client.get(app_path(id), shape=APP)
    if app is None:
        raise Failure(f"There is no app with the id {id} in {client.org_url}.", options=["id"])
    if kind and not kind.matches(app):
        raise Failure(
            f"The app with the id {id} ('{app['label']}', {_describe_kind(app)}) is not a {kind.name}.", options=["id"]
        )
    return app


def _describe_kind(app: dict) -> str:
    return f"{app.get('name')}, {app.get('signOnMode')}"
