# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The host of an inventory for what is in an org already. Pure.

A variable is written where it differs from its default, and a comment where the org differs from the guide, or where
something could not be read.
"""

from __future__ import annotations

import dataclasses
import re
import typing

from ansible_collections.idops.okta.plugins.module_utils.apps import setting_of
from ansible_collections.idops.okta.plugins.module_utils.checks import summarize
from ansible_collections.idops.okta.plugins.plugin_utils.adoption.host_yaml import HostYaml, Named
from ansible_collections.idops.okta.plugins.plugin_utils.adoption.selection import Selection, list_apps

EMAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
PLACEHOLDER = "https://api.workos.com/scim/v2.0/REPLACE_ME"
# A profile field as an attribute statement or an application username names it.
FIELD = re.compile(r"(?:\$\{(?:user|source)\.(\w+)\}|user\.(\w+))")
# Option: where the capability is, the feature of the app that shows it, and its name in the Admin Console.
CAPABILITIES = {
    "claude_scim_create_users": (("create", "lifecycle_create"), "PUSH_NEW_USERS", "Create Users"),
    "claude_scim_update_users": (("update", "profile"), "PUSH_PROFILE_UPDATES", "Update User Attributes"),
    "claude_scim_deactivate_users": (("update", "lifecycle_deactivate"), "PUSH_USER_DEACTIVATION", "Deactivate Users"),
}
# Never printed. The argument spec of the role cannot name them: up to ansible-core 2.18, no_log there refuses inline vaults.
SECRET_VARIABLES = ("claude_admin_api_key",)
# What is read from the org, or belongs to one run. Any other variable of the host is kept.
READ_VARIABLES = {
    *CAPABILITIES,
    "claude_plan", "claude_sso_protocol", "claude_app_label", "claude_app_id", "claude_acs_url", "claude_audience",
    "claude_redirect_uris", "claude_initiate_login_uri", "claude_oidc_client_secret", "claude_email_field",
    "claude_group_attribute", "claude_access_policy", "claude_scim_enabled", "claude_scim_base_url", "claude_scim_token",
    "claude_scim_update_token", "claude_scim_app", "claude_scim_app_label", "claude_scim_app_id", "claude_scim_catalog_app",
    "claude_groups", "claude_users", "claude_push_groups", "claude_saml_response", "claude_okta_org_url",
    "claude_okta_api_token", "claude_okta_client_id", "claude_okta_private_key", "claude_report_dir",
    "claude_confirm_removal", "claude_remove_people",
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Org:
    """What was read of an org. apps are with what app_info includes.

    policy: the sign-on policy, or None; problems: messages about what could not be read, by access_policy and group_push.
    """

    url: str
    selection: Selection
    policy: dict | None = None
    pushed_groups: tuple[dict, ...] = ()
    problems: typing.Mapping[str, str] = dataclasses.field(default_factory=dict)


class HostWriter:
    """Writes the host. values: the variables of the role for this host; options: the argument spec of the role."""

    def __init__(
        self, host: str, values: typing.Mapping[str, typing.Any], options: typing.Mapping[str, dict], org: Org
    ) -> None:
        self.yaml = HostYaml(host)
        self.values = values
        self.options = options
        self.org = org
        self.app = org.selection.sign_on
        self.scim = org.selection.scim or self._unconnected_app()
        self.email_field = "email"

    def write(self) -> str:
        self._write_header()
        self._write_plan()
        self._write_sign_on()
        self._write_scim()
        self._write_people()
        self._write_pushed_groups()
        self._write_connection()
        self._write_kept_variables()
        return self.yaml.text

    @property
    def is_oidc(self) -> bool:
        return self.app["sign_on_mode"] == "OPENID_CONNECT"

    @property
    def is_shared(self) -> bool:
        return bool(self.scim) and self.scim["id"] == self.app["id"]

    def _unconnected_app(self) -> dict | None:
        """The sign-on app, if somebody switched SCIM on there and has not connected it: Okta knows a connection."""
        status = setting_of(self.app, "provisioning", "connection", "status")
        is_known = status not in (None, "UNKNOWN") and not self.org.selection.candidates
        return self.app if is_known else None

    def _write_header(self) -> None:
        self.yaml.add_header(
            f"Read from {self.org.url}; nothing was written. Put the secrets into a vault, then see what a run would change: "
            "ansible-playbook idops.okta.claude -i inventory.yml --ask-vault-pass --check --diff"
        )

    def _write_plan(self) -> None:
        plan = self.values.get("claude_plan")
        if self.scim and plan not in ("enterprise", "console"):
            self.yaml.add("claude_plan", "enterprise", "Or console. Okta does not show the plan; Team has no SCIM.")
        elif plan:
            self.yaml.add("claude_plan", plan)
        else:
            self.yaml.add("claude_plan", "team", "Choose: team, enterprise or console. Okta does not show the plan.")

    def _write_sign_on(self) -> None:
        app = self.app
        if app["status"] != "ACTIVE":
            self.yaml.comment("The sign-on app is inactive, and nobody can sign in through it. A run activates it.")
        self.yaml.add("claude_app_label", app["label"])
        self.yaml.add("claude_app_id", app["id"])
        if self.is_oidc:
            self._write_openid_connect()
        else:
            self._write_saml()
        self._write_policy()

    def _write_openid_connect(self) -> None:
        client = setting_of(self.app, "settings", "oauth_client") or {}
        self.yaml.add("claude_sso_protocol", "oidc")
        self.yaml.add("claude_redirect_uris", client.get("redirect_uris") or [])
        uri = client.get("initiate_login_uri")
        has_tile = (client.get("idp_initiated_login") or {}).get("mode") not in (None, "DISABLED")
        if uri and has_tile and not setting_of(self.app, "visibility", "hide", "web"):
            self.yaml.add("claude_initiate_login_uri", uri)
        elif uri:
            self.yaml.comment(
                f"With claude_initiate_login_uri: {uri}, people get a tile, which this app does not show."
            )
        self._write_email_field(field_of(username_template(self.app)), [])
        self.yaml.comment("Okta does not show the groups claim. If the app has one, set claude_group_attribute.")

    def _write_saml(self) -> None:
        sign_on = setting_of(self.app, "settings", "sign_on") or {}
        self.yaml.add("claude_sso_protocol", "saml")
        self.yaml.add("claude_acs_url", sign_on.get("sso_acs_url") or "")
        for name in ("recipient", "destination"):
            if sign_on.get(name) != sign_on.get("sso_acs_url"):
                self.yaml.comment(f"The guide wants the ACS URL as {name}; here it is {sign_on.get(name)}.")
        self.yaml.add("claude_audience", sign_on.get("audience") or "")
        statements = sign_on.get("attribute_statements") or []
        email = [one for one in statements if one.get("name") == "email" and one.get("type") != "GROUP"]
        values = (email[0].get("values") or []) if email else []
        notes = []
        if sign_on.get("subject_name_id_format") != EMAIL_FORMAT:
            format_name = str(sign_on.get("subject_name_id_format")).rpartition(":")[2]
            notes.append(f"The guide wants the name ID format EmailAddress; here it is {format_name}.")
        field = field_of(values[0]) if len(values) == 1 else None
        if not field:
            found = f"here it is {', '.join(map(str, values))}" if values else "here is none"
            notes.append(f"The guide wants the attribute statement email with the value user.email; {found}.")
        self._write_email_field(field or field_of(username_template(self.app)), notes, is_stated=bool(field))
        self._write_group_statements(statements)

    def _write_email_field(self, field: str | None, notes: list[str], *, is_stated: bool = False) -> None:
        """is_stated: whether an attribute statement names the field. The login is only what a new app starts from."""
        field = self.email_field = "email" if not field or (field == "login" and not is_stated) else field
        template = username_template(self.app)
        if template != template_of(field):
            title = "Email" if field == "email" else field
            note = (
                f"The application username should be {title}; here it is {template}. A run changes it for people who are assigned "
                "later; see claude_usernames for the others."
            )
            notes = [*notes, note]
        if field == "email":
            self.yaml.comment(*notes)
            return
        reason = "The guide wants email. In Claude, a person whose email changes is a new member."
        self.yaml.add("claude_email_field", field, *notes, reason)

    def _write_group_statements(self, statements: list[dict]) -> None:
        groups = [one for one in statements if one.get("type") == "GROUP"]
        if groups:
            first = groups[0]
            filter_type = str(first.get("filter_type")).lower()
            attribute = {"name": first["name"], "filter_type": filter_type, "filter_value": first.get("filter_value")}
            self.yaml.add("claude_group_attribute", attribute)
        kept = [one["name"] for one in statements if one.get("type") != "GROUP" and one["name"] != "email"]
        kept += [one["name"] for one in groups[1:]]
        if kept:
            self.yaml.comment(f"A run keeps these attribute statements: {summarize(kept)}.")

    def _write_policy(self) -> None:
        policy = self.org.policy
        if "access_policy" in self.org.problems:
            self.yaml.comment(f"The sign-on policy could not be read: {self.org.problems['access_policy']}")
        elif policy is None:
            self.yaml.comment("This org has no sign-on policies that can be assigned (Okta Classic Engine).")
        elif policy["default"]:
            self.yaml.comment(f"The sign-on policy is Okta's default, {policy['name']}.")
        elif policy["name"] and policy["unique"]:
            self.yaml.add("claude_access_policy", policy["name"])
        else:
            self.yaml.comment(
                f"The sign-on policy {policy['name'] or policy['id']} cannot be identified by its name. A run keeps it."
            )

    def _write_scim(self) -> None:
        others = self.org.selection.candidates
        if self.scim is None:
            if others:
                self.yaml.comment(
                    "Several apps may carry SCIM. Set claude_scim_app_id to the id of the right one, and read again: "
                    f"{list_apps(others)}."
                )
            else:
                self.yaml.comment("No app that carries SCIM was found. People are provisioned at their first sign-in.")
            return
        if self.is_shared:
            self.yaml.add("claude_scim_app", "shared")
            if others:
                self.yaml.comment(
                    f"Other apps that may carry SCIM, which a run leaves as they are: {list_apps(others)}."
                )
        else:
            self._write_dedicated_app()
        self._write_scim_connection()

    def _write_dedicated_app(self) -> None:
        app = self.scim or {}
        if app["status"] != "ACTIVE":
            self.yaml.comment("The app that carries SCIM is inactive. A run activates it.")
        self.yaml.add("claude_scim_app_label", app["label"])
        self.yaml.add("claude_scim_app_id", app["id"])
        if app.get("name") != self._default("claude_scim_catalog_app"):
            self.yaml.add("claude_scim_catalog_app", app.get("name"))
        template = username_template(app)
        if template != template_of(self.email_field):
            self.yaml.comment(
                f"SCIM and sign-on need the same application username; here SCIM has {template}. A run changes it."
            )
        if not setting_of(app, "visibility", "hide", "web"):
            self.yaml.comment("People see the app that carries SCIM on their dashboards. A run hides it.")

    def _write_scim_connection(self) -> None:
        connection = setting_of(self.scim, "provisioning", "connection") or {}
        base_url = connection.get("base_url")
        if base_url:
            self.yaml.add("claude_scim_base_url", base_url)
        elif self.values.get("claude_scim_base_url"):
            note = "Okta does not show the SCIM base URL; this is the one of the inventory."
            self.yaml.add("claude_scim_base_url", self.values["claude_scim_base_url"], note)
        else:
            note = "Okta does not show the SCIM base URL. Copy it from the setup flow in Claude."
            self.yaml.add("claude_scim_base_url", PLACEHOLDER, note)
        self.yaml.add_secret(
            "claude_scim_token",
            "Okta never shows the token. If nobody has it, create a new one in Claude and run once with "
            "claude_scim_update_token: always.",
        )
        capabilities = setting_of(self.scim, "provisioning", "capabilities")
        features = (self.scim or {}).get("features") or []
        # SCIM_PROVISIONING alone shows that SCIM was only selected (terraform-provider-okta #710).
        if capabilities is None and not set(features) - {"SCIM_PROVISIONING"}:
            self.yaml.comment("SCIM is not connected. A run connects it, or returns a manual step.")
            return
        for variable, (path, feature, title) in CAPABILITIES.items():
            is_on = setting_of(capabilities, *path, "status") == "ENABLED"
            if capabilities is None:  # the API does not show the connection, and the app shows what is on
                is_on = feature in features
            if not is_on:
                self.yaml.add(variable, False, f"The guide wants {title} on.")

    def _write_people(self) -> None:
        assignments = self.app["assignments"]
        if assignments["groups"]:
            self.yaml.add("claude_groups", [group_item(group) for group in assignments["groups"]])
        if assignments["users"]:
            self.yaml.add("claude_users", [person_item(person) for person in assignments["users"]])
        if not assignments["groups"] and not assignments["users"]:
            self.yaml.comment("Nobody is assigned to the sign-on app. Set claude_groups.")
        if self.scim and not self.is_shared:
            self._write_different_assignments(assignments, self.scim["assignments"])

    def _write_different_assignments(self, sign_on: dict, scim: dict) -> None:
        for kind, noun in (("groups", "Groups"), ("users", "People")):
            only_sign_on = names_without(sign_on[kind], scim[kind])
            if only_sign_on:
                self.yaml.comment(
                    f"{noun} assigned only to the sign-on app: {summarize(only_sign_on)}. A run assigns them to both apps."
                )
            only_scim = names_without(scim[kind], sign_on[kind])
            if only_scim:
                self.yaml.comment(
                    f"{noun} assigned only to the app that carries SCIM: {summarize(only_scim)}. They are provisioned and cannot "
                    "sign in. A run keeps them as they are."
                )

    def _write_pushed_groups(self) -> None:
        if "group_push" in self.org.problems:
            self.yaml.comment(f"The groups that are pushed could not be read: {self.org.problems['group_push']}")
        pushed = [group for group in self.org.pushed_groups if group["status"] != "INACTIVE"]
        if pushed:
            self.yaml.add("claude_push_groups", [group_item(group) for group in pushed])
        inactive = [group["name"] or group["id"] for group in self.org.pushed_groups if group["status"] == "INACTIVE"]
        if inactive:
            self.yaml.comment(f"The push of these groups is inactive: {summarize(inactive)}.")

    def _write_connection(self) -> None:
        self.yaml.add("claude_okta_org_url", self.org.url)
        if self.values.get("claude_okta_client_id"):
            self.yaml.add("claude_okta_client_id", self.values["claude_okta_client_id"])
        for secret in ("claude_okta_private_key", "claude_okta_api_token"):
            if self.values.get(secret):
                self.yaml.add_secret(secret)
        from_environment = self.values.get("credentials_in_environment") or []
        if from_environment:
            self.yaml.comment(f"The credentials come from the environment: {', '.join(from_environment)}.")

    def _write_kept_variables(self) -> None:
        """What this host has set beside what is read, such as its verified domains."""
        for variable, option in self.options.items():
            value = self.values.get(variable)
            if variable in READ_VARIABLES or value is None or value == option.get("default"):
                continue
            if variable in SECRET_VARIABLES:
                self.yaml.add_secret(variable)
            else:
                self.yaml.add(variable, value)

    def _default(self, variable: str) -> typing.Any:
        return self.options[variable].get("default")


def username_template(app: dict) -> str:
    template = setting_of(app, "credentials", "user_name_template") or {}
    return f"{template.get('template')}{template.get('user_suffix') or template.get('suffix') or ''}"


def template_of(field: str) -> str:
    """As Okta writes it: login and email are built in."""
    return f"${{source.{field}}}" if field in ("email", "login") else f"user.{field}"


def field_of(expression: object) -> str | None:
    match = FIELD.fullmatch(str(expression))
    return (match[1] or match[2]) if match else None


def group_item(group: dict) -> Named:
    """By name; by id if the name is not enough."""
    if group["unique"]:
        return Named(group["name"], "everybody in the Okta org" if group["type"] == "BUILT_IN" else "")
    if group["name"] is None:
        return Named(group["id"], "its name could not be read")
    return Named(group["id"], f"{group['name']}, {group['type']}; another group has the same name")


def person_item(person: dict) -> Named:
    return Named(person["login"]) if person["login"] else Named(person["id"], "the login could not be read")


def names_without(items: list[dict], others: list[dict]) -> list[str]:
    """Names of the items that are not among the others."""
    other_ids = {other["id"] for other in others}
    names = []
    for item in items:
        if item["id"] not in other_ids:
            names.append(item.get("name") or item.get("login") or item["id"])
    return names
