# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a run changes, or would change, as a person says it: "add group Engineering (7 people)". Pure."""

from __future__ import annotations

import dataclasses
import typing

from ansible_collections.idops.okta.plugins.module_utils.checks import pluralize, summarize
from ansible_collections.idops.okta.plugins.plugin_utils.report.differences import display_value, list_differences
from ansible_collections.idops.okta.plugins.plugin_utils.report.steps import (
    app_of,
    diff_of,
    is_change,
    is_creation,
    list_pairs,
)
from ansible_collections.idops.okta.plugins.plugin_utils.report.wording import join_names

PAST = {
    "activate": "Activated",
    "add": "Added",
    "change": "Changed",
    "clear": "Cleared",
    "connect": "Connected",
    "correct": "Corrected",
    "create": "Created",
    "deactivate": "Deactivated",
    "hide": "Hid",
    "link": "Linked",
    "map": "Mapped",
    "push": "Pushed",
    "remove": "Removed",
    "send": "Sent",
    "set": "Set",
    "show": "Showed",
    "switch off": "Switched off",
    "switch on": "Switched on",
}
# Settings by their path in the difference, as the Admin Console calls them.
SETTING_NAMES = {
    "label": "the label",
    "settings.sign_on.sso_acs_url": "the single sign-on URL (ACS URL)",
    "settings.sign_on.audience": "the audience",
    "settings.sign_on.subject_name_id_format": "the name ID format",
    "settings.oauth_client.initiate_login_uri": "the initiate login URI",
    "settings.oauth_client.redirect_uris": "the redirect URIs",
    "settings.oauth_client.grant_types": "the grant types",
    "credentials.user_name_template.template": "the application username",
    "credentials.user_name_template.user_suffix": "the suffix of the application username",
    "credentials.user_name_template.suffix": "the suffix of the application username",
    "credentials.oauth_client.pkce_required": "the PKCE requirement",
    "connection.base_url": "the SCIM base URL",
    "name": "the sign-on policy",
}
SWITCHES = {
    "visibility.hide.web": "the tile",
    "credentials.user_name_template.push_status": "pushing later changes of the application username",
    "settings.oauth_client.idp_initiated_login.mode": "signing in from the Okta dashboard",
}
STATEMENTS = "settings.sign_on.attribute_statements"
# Okta writes them together with another setting, which is named.
IMPLIED_SETTINGS = (
    "id",
    "settings.sign_on.recipient",
    "settings.sign_on.destination",
    "credentials.user_name_template.type",
    "visibility.hide.i_os",
)
CAPABILITY_NAMES = {
    "capabilities.create.lifecycle_create.status": "Create Users",
    "capabilities.update.profile.status": "Update User Attributes",
    "capabilities.update.lifecycle_deactivate.status": "Deactivate Users",
}
SCIM_APP = "the SCIM app"
APP_KINDS = {"saml": "the SAML app", "oidc": "the OpenID Connect app"}


@dataclasses.dataclass(frozen=True)
class ChangeLine:
    """One change. verb: a key of PAST; object: what it is about; after: its value, if it has one; before: the former."""

    verb: str
    object: str
    after: str = ""
    before: str = ""

    @property
    def planned(self) -> str:
        return f"{self.verb} {self._whole_object}" + (f" (is {self.before})" if self.before else "")

    @property
    def done(self) -> str:
        return f"{PAST[self.verb]} {self._whole_object}" + (f" (was {self.before})" if self.before else "")

    @property
    def _whole_object(self) -> str:
        preposition = "from" if self.verb == "map" else "to"
        return f"{self.object} {preposition} {self.after}" if self.after else self.object


def list_changes(steps: dict[str, dict], protocol: str) -> list[ChangeLine]:
    """The changes of all steps, in the order of the guide. steps: normalized."""
    lines: list[ChangeLine] = []
    for name in ("sign_on_app", "claim", "signing_key", "access_policy", "scim_app", "provisioning", "mapping"):
        if is_change(steps[name]):
            lines += describe_step(name, steps[name], protocol)
    lines += describe_assignments(steps)
    if is_change(steps["group_push"]):
        lines += describe_group_push(steps["group_push"])
    return lines


def describe_step(name: str, step: dict, protocol: str = "saml") -> list[ChangeLine]:
    """The changes of a step that is about one object."""
    if name == "signing_key":
        return [ChangeLine("create", "the next signing key")]
    if name in ("sign_on_app", "scim_app"):
        return describe_app(step, APP_KINDS[protocol] if name == "sign_on_app" else SCIM_APP)
    if name == "provisioning":
        return describe_provisioning(step)
    lines: list[ChangeLine] = []
    for pair in list_pairs(diff_of(step)):
        lines += describe_settings(pair)
    return list(dict.fromkeys(lines))


def describe_app(step: dict, kind: str) -> list[ChangeLine]:
    label = app_of(step).get("label", "")
    (pair, *_others) = list_pairs(diff_of(step))
    if is_creation(diff_of(step)):
        return [ChangeLine("create", f"{kind} {label}")]
    if not pair["after"]:
        return [ChangeLine("remove", f"{kind} {label}")]
    lines = describe_settings(pair)
    if kind != SCIM_APP:
        return lines
    return [dataclasses.replace(line, object=f"{line.object} of {label}") for line in lines]


def describe_settings(pair: dict) -> list[ChangeLine]:
    """Each setting of one object that differs."""
    lines = []
    for difference in list_differences(pair):
        if difference.path not in IMPLIED_SETTINGS:
            lines += describe_setting(difference.path, difference.before, difference.after)
    return lines


def describe_setting(path: str, before: typing.Any, after: typing.Any) -> list[ChangeLine]:
    if path.startswith("properties."):
        return describe_mapping(path.removeprefix("properties."), before, after)
    if path == "status":
        return [ChangeLine("activate" if after == "ACTIVE" else "deactivate", "the app")]
    if path == STATEMENTS:
        return describe_statements(before or [], after)
    if path in SWITCHES:
        return describe_switch(path, before, after)
    name, verb = SETTING_NAMES.get(path, path), "clear" if after in (None, "", []) else "set"
    return [ChangeLine(verb, name, "" if verb == "clear" else display_setting(after), _display_previous(before))]


def describe_switch(path: str, before: typing.Any, after: typing.Any) -> list[ChangeLine]:
    if path == "visibility.hide.web":
        return [ChangeLine("hide" if after else "show", "the tile")]
    if path == "credentials.user_name_template.push_status" and before != "DONT_PUSH":
        return []  # a new template is pushed anyway
    return [ChangeLine("switch off" if after == "DISABLED" else "switch on", SWITCHES[path])]


def describe_mapping(path: str, before: typing.Any, after: typing.Any) -> list[ChangeLine]:
    """path: a field of the app's profile, with expression or pushStatus."""
    field, _dot, key = path.rpartition(".")
    if key == "expression":
        return [ChangeLine("map", field, str(after), _display_previous(before))]
    if before is None:  # a new field, which is pushed anyway
        return []
    return [ChangeLine("switch on" if after == "PUSH" else "switch off", f"pushing later changes of {field}")]


def describe_statements(before: list[dict], after: list[dict]) -> list[ChangeLine]:
    """Attribute statements, which a SAML app has by name."""
    current = {statement["name"]: _statement_value(statement) for statement in before}
    lines = []
    for statement in after:
        name, value = statement["name"], _statement_value(statement)
        if name not in current:
            lines.append(ChangeLine("add", f"the attribute {name} ({value})"))
        elif current[name] != value:
            lines.append(ChangeLine("set", f"the attribute {name}", value, current[name]))
    return lines


def describe_provisioning(step: dict) -> list[ChangeLine]:
    """The connection, and what it may do."""
    switched: dict[str, list[str]] = {"switch on": [], "switch off": []}
    lines = []
    (pair, *_others) = list_pairs(diff_of(step))
    for difference in list_differences(pair):
        capability = CAPABILITY_NAMES.get(difference.path)
        if capability:
            switched["switch on" if difference.after == "ENABLED" else "switch off"].append(capability)
        elif difference.path == "connection.status":
            verb = "connect" if difference.after == "ENABLED" else "switch off"
            lines.append(ChangeLine(verb, "SCIM" if verb == "switch off" else "SCIM to Claude's directory"))
        elif difference.path == "connection.base_url" and difference.before:
            lines += describe_setting(difference.path, difference.before, difference.after)
    for verb, capabilities in switched.items():
        if capabilities:
            lines.append(ChangeLine(verb, join_names(capabilities)))
    return lines or [ChangeLine("send", "the SCIM token")]


def describe_assignments(steps: dict[str, dict]) -> list[ChangeLine]:
    """Groups and people by name. An app is named only where the apps of the run differ, or are removed next."""
    people_by_group = {group["name"]: group["people"] for group in steps["assignments"].get("groups") or []}
    labels_by_line: dict[ChangeLine, list[str]] = {}
    names = [name for name in ("sign_on_assignment", "scim_assignment") if diff_of(steps[name]) is not None]
    for name in names:
        label = steps[name]["assignment"]["app_label"]
        for line in describe_assignment(steps[name]["diff"], people_by_group):
            labels_by_line.setdefault(line, []).append(label)
    lines = []
    for line, labels in labels_by_line.items():
        if len(labels) < len(names) or steps["removal"]:
            lines.append(dataclasses.replace(line, object=f"{line.object} {_preposition(line)} {labels[0]}"))
        else:
            lines.append(line)
    return lines


def describe_assignment(diff: dict, people_by_group: dict[str, int]) -> list[ChangeLine]:
    before, after = diff["before"] or {}, diff["after"] or {}
    lines = []
    for verb, first, second in (("add", after, before), ("remove", before, after)):
        for group in _missing_names(first, second, "groups"):
            count = people_by_group.get(group)
            lines.append(ChangeLine(verb, f"group {group}" + _in_brackets(count)))
        people = _missing_names(first, second, "users")
        if people:
            lines.append(ChangeLine(verb, people[0] if len(people) == 1 else _counted_people(people)))
    current, usernames = before.get("usernames") or {}, after.get("usernames") or {}
    corrected = [login for login, username in usernames.items() if current.get(login) != username]
    if corrected:
        lines.append(ChangeLine("correct", f"the application username of {_counted_people(corrected)}"))
    return lines


def describe_group_push(step: dict) -> list[ChangeLine]:
    (pair, *_others) = list_pairs(diff_of(step))
    before = {item["group"]: item["status"] for item in (pair["before"] or {}).get("groups") or []}
    after = {item["group"]: item["status"] for item in (pair["after"] or {}).get("groups") or []}
    linked = {item["group"] for item in (pair["after"] or {}).get("groups") or [] if item.get("linked")}
    lines = []
    for group, status in after.items():
        if group in linked:
            lines.append(ChangeLine("link", f"group {group}", "the group of this name that Claude has"))
        elif before.get(group) != status:
            lines.append(ChangeLine("push", f"group {group} to Claude"))
    for group in before:
        if group not in after:
            lines.append(ChangeLine("switch off", f"pushing group {group} to Claude"))
    return lines


def display_setting(value: typing.Any) -> str:
    """The value, without the prefix of a name ID format and the braces of a template."""
    text = display_value(value)
    if text.startswith("urn:"):
        return text.rpartition(":")[2]
    return text.removeprefix("${source.").removesuffix("}") if text.startswith("${source.") else text


def _display_previous(value: typing.Any) -> str:
    return "" if value in (None, "", []) else display_setting(value)


def _statement_value(statement: dict) -> str:
    if statement.get("type") == "GROUP":
        return f"groups: {str(statement.get('filter_type')).lower()} {statement.get('filter_value')}"
    return ", ".join(map(str, statement.get("values") or []))


def _missing_names(first: dict, second: dict, key: str) -> list[str]:
    """What the first has and the second has not."""
    return [name for name in first.get(key) or [] if name not in (second.get(key) or [])]


def _counted_people(logins: list[str]) -> str:
    return f"{pluralize(len(logins), 'person', 'people')}: {summarize(logins)}"


def _in_brackets(count: int | None) -> str:
    return "" if count is None else f" ({pluralize(count, 'person', 'people')})"


def _preposition(line: ChangeLine) -> str:
    return {"add": "to", "remove": "from"}.get(line.verb, "in")
