# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is wrong with the variables of the role, each by its name. Pure."""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.http import checked_url

PLANS = ("team", "enterprise", "console")
SAML_NAMES = {
    "claude_acs_url": "the single sign-on URL (ACS URL)",
    "claude_audience": "the Audience URI (Entity ID)",
}
SCIM_NAMES = {
    "claude_scim_base_url": "the SCIM base URL",
    "claude_scim_token": "the SCIM API token",
}
# Variables that must not be negative.
NUMBERS = ("claude_max_removals", "claude_provisioning_wait", "claude_okta_max_wait")


class Reason(typing.NamedTuple):
    """A reason not to begin.

    variables and libraries: those that are the cause; step: the step that refused; check: the check that failed.
    """

    text: str
    variables: tuple[str, ...] = ()
    step: str = ""
    check: str = ""
    libraries: tuple[str, ...] = ()


def setup_address(plan: object) -> str:
    """Where an owner of the Claude organization finds the values of the setup flow."""
    return "platform.claude.com/settings/identity" if plan == "console" else "claude.ai/admin-settings/identity"


def find_variable_problems(
    values: typing.Mapping[str, typing.Any], defaults: typing.Mapping[str, typing.Any]
) -> list[Reason]:
    """Every reason not to begin that the variables alone show.

    values: the variables of the role, templated; a variable that is not set is missing or None. defaults: those of the
    role. Types and choices are checked by the argument spec of the role.
    """
    checker = VariableChecker(values)
    checker.check_nulls(defaults)
    checker.check_plan()
    checker.check_okta_connection()
    checker.check_sign_on()
    checker.check_scim()
    checker.check_labels()
    checker.check_people()
    return checker.reasons


class VariableChecker:
    """Collects reasons; a variable that has one is not checked again."""

    def __init__(self, values: typing.Mapping[str, typing.Any]) -> None:
        self.values = values
        self.reasons: list[Reason] = []
        self.bad: set[str] = set()
        self.address = setup_address(values.get("claude_plan"))

    def add(self, text: str, *variables: str) -> None:
        if not self.bad.intersection(variables):
            self.reasons.append(Reason(text, variables))
            self.bad.update(variables)

    def text_of(self, variable: str) -> str:
        """The value without surrounding white space; "" if it is not set."""
        value = self.values.get(variable)
        return "" if value is None else str(value).strip()

    def check_nulls(self, defaults: typing.Mapping[str, typing.Any]) -> None:
        for variable, default in sorted(defaults.items()):
            is_null = variable in self.values and self.values[variable] is None
            if is_null and default not in ("", None):
                self.add(f"{variable} is null. Give it a value, or remove the line to get the default.", variable)
        for variable in NUMBERS:
            value = self.values.get(variable)
            if isinstance(value, int) and value < 0:
                self.add(f"{variable} is {value}, and must not be negative.", variable)
        timeout = self.values.get("claude_okta_timeout")
        if isinstance(timeout, int) and timeout <= 0:
            self.add(f"claude_okta_timeout is {timeout}, and must be at least 1 second.", "claude_okta_timeout")

    def check_plan(self) -> None:
        plan = self.text_of("claude_plan")
        if plan not in PLANS:
            problem = f"is '{plan}'" if plan else "is not set"
            self.add(
                f"claude_plan {problem}. Set it to the plan of the Claude organization: {', '.join(PLANS)}.",
                "claude_plan",
            )
        if plan == "team" and self.values.get("claude_scim_enabled"):
            self.add(
                "claude_scim_enabled is true, but a Team plan has no SCIM provisioning. Remove claude_scim_enabled from the "
                "inventory: people are then provisioned just in time, at their first sign-in.",
                "claude_scim_enabled",
            )

    def check_okta_connection(self) -> None:
        self.check_url("claude_okta_org_url")
        client_id, private_key = self.text_of("claude_okta_client_id"), self.text_of("claude_okta_private_key")
        if bool(client_id) != bool(private_key) and not self.text_of("claude_okta_api_token"):
            missing = "claude_okta_private_key" if client_id else "claude_okta_client_id"
            if not self.values.get("environment", {}).get(missing):
                self.add(
                    f"{missing} is not set; claude_okta_client_id and claude_okta_private_key belong together.", missing
                )

    def check_sign_on(self) -> None:
        if self.values.get("claude_sso_protocol") == "oidc":
            self.check_openid_connect()
            return
        self.check_setup_values(SAML_NAMES, "SSO")
        self.check_url("claude_acs_url", allow_query=True)
        acs_url, audience = self.text_of("claude_acs_url"), self.text_of("claude_audience")
        if acs_url and acs_url == audience:
            self.add(
                f"claude_acs_url and claude_audience are both '{acs_url}'. They are two values of Claude's SSO setup flow at "
                f"{self.address}: copy each again.",
                "claude_acs_url",
                "claude_audience",
            )

    def check_openid_connect(self) -> None:
        uris = self.values.get("claude_redirect_uris") or []
        if not uris:
            self.add(
                f"claude_redirect_uris is not set. Copy the redirect URIs from Claude's SSO setup flow at {self.address}.",
                "claude_redirect_uris",
            )
        for uri in uris:
            self.check_url_value("claude_redirect_uris", str(uri), allow_query=True)
        self.check_url("claude_initiate_login_uri", allow_query=True)

    def check_scim(self) -> None:
        if not self.values.get("claude_scim_enabled") or "claude_scim_enabled" in self.bad:
            return
        self.check_setup_values(SCIM_NAMES, "SCIM")
        self.check_url("claude_scim_base_url")
        base_url = self.text_of("claude_scim_base_url")
        if base_url and base_url in (self.text_of("claude_acs_url"), self.text_of("claude_audience")):
            self.add(
                f"claude_scim_base_url is '{base_url}', which is a value for SAML. Copy the SCIM base URL from Claude's SCIM setup "
                f"flow at {self.address}.",
                "claude_scim_base_url",
            )

    def check_labels(self) -> None:
        self.check_not_blank("claude_app_label", "the label of the sign-on app")
        if not self.values.get("claude_scim_enabled") or self.values.get("claude_scim_app") == "shared":
            return
        self.check_not_blank("claude_scim_app_label", "the label of the app that carries SCIM")
        for kind in ("label", "id"):
            sign_on, scim = f"claude_app_{kind}", f"claude_scim_app_{kind}"
            value = self.text_of(sign_on)
            # A pinned app is found by its id alone.
            is_used = kind == "id" or not (self.text_of("claude_app_id") or self.text_of("claude_scim_app_id"))
            if value and value == self.text_of(scim) and is_used:
                self.add(f"{sign_on} and {scim} are both '{value}', but they name two apps.", sign_on, scim)

    def check_people(self) -> None:
        self.check_not_blank("claude_email_field", "the field of the Okta profile that has the email")
        for variable in (
            "claude_groups",
            "claude_users",
            "claude_push_groups",
            "claude_verified_domains",
            "claude_expected_members",
        ):
            names = self.values.get(variable) or []
            if any(name is None or not str(name).strip() for name in names):
                self.add(f"{variable} contains an empty name.", variable)
        attribute = self.values.get("claude_group_attribute") or {}
        missing = [key for key in ("name", "filter_type", "filter_value") if attribute and not attribute.get(key)]
        if missing:
            self.add(f"claude_group_attribute has no {' and no '.join(missing)}.", "claude_group_attribute")

    def check_setup_values(self, names: dict[str, str], flow: str) -> None:
        for variable, name in names.items():
            if not self.text_of(variable):
                self.add(
                    f"{variable} is not set. Copy {name} from Claude's {flow} setup flow at {self.address}.", variable
                )

    def check_not_blank(self, variable: str, meaning: str) -> None:
        if not self.text_of(variable):
            self.add(f"{variable} is empty. Set it to {meaning}, or remove the line to get the default.", variable)

    def check_url(self, variable: str, *, allow_query: bool = False) -> None:
        if self.text_of(variable):
            self.check_url_value(variable, self.text_of(variable), allow_query=allow_query)

    def check_url_value(self, variable: str, url: str, *, allow_query: bool) -> None:
        try:
            checked_url(url, variable, allow_query=allow_query)
        except Failure as failure:
            self.add(str(failure), variable)


def find_variable_warnings(
    values: typing.Mapping[str, typing.Any], steps: typing.Mapping[str, dict] | None = None
) -> list[str]:
    """What looks wrong and may be right. steps: registered results of a plan by the name of the step."""
    acs_url, audience = str(values.get("claude_acs_url") or ""), str(values.get("claude_audience") or "")
    warnings = []
    if values.get("claude_sso_protocol") != "oidc" and "/acs" in audience.lower() and "/acs" not in acs_url.lower():
        warnings.append(
            f"claude_acs_url ('{acs_url}') and claude_audience ('{audience}') look swapped: the ACS URL is the one that contains "
            "/acs. Compare them with Claude's setup flow."
        )
    both = find_groups_in_both(values, steps or {})
    if both:
        # Source: Okta's help, "App assignments and Group Push".
        warnings.append(
            f"In claude_groups and pushed to Claude: {', '.join(both)}. Okta does not support using one group for assignment and "
            "for group push; use two groups."
        )
    return warnings


def find_groups_in_both(values: typing.Mapping[str, typing.Any], steps: typing.Mapping[str, dict]) -> list[str]:
    """The groups that are assigned and pushed: by id where the steps know it, else what is written alike in both lists."""
    pushed = steps.get("group_push", {}).get("group_push")
    if pushed:
        ids = {item["group"] for item in pushed["groups"]}
        return sorted(group["name"] for group in steps["assignments"].get("groups") or [] if group["id"] in ids)
    both = set(values.get("claude_push_groups") or []) & set(values.get("claude_groups") or [])
    return sorted(map(str, both))
