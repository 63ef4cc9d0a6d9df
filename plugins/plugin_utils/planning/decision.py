# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The decision of a plan: every reason not to begin, and the steps that would change something. Pure."""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.plugin_utils.planning.option_names import in_role_words, variable_of
from ansible_collections.idops.okta.plugins.plugin_utils.planning.variables import Reason
from ansible_collections.idops.okta.plugins.plugin_utils.report.role_text import CHECK_REMEDIES

# The steps that are made below the app of another step, and so are not known if that one is refused.
PARENT_STEPS = {
    "claim": "sign_on_app",
    "signing_key": "sign_on_app",
    "metadata": "sign_on_app",
    "next_metadata": "sign_on_app",
    "access_policy": "sign_on_app",
    "provisioning": "scim_app",
    "mapping": "scim_app",
    "group_push": "scim_app",
}
REFUSING_CHECKS = ("people_email", "people_shared_email")


def decide(
    steps: typing.Mapping[str, dict], variable_reasons: list[Reason], other_reasons: list[Reason]
) -> tuple[list[Reason], list[str]]:
    """The reasons not to begin, each cause once, and the names of the steps that would change something.

    steps: registered results of a plan by the name of the step.
    """
    reasons = [*variable_reasons, *other_reasons]
    # What explains the refusal of a step already.
    known_causes = {cause for reason in reasons for cause in (*reason.variables, *reason.libraries)}
    changes = []
    for name, step in steps.items():
        reasons += list_step_reasons(name, step, known_causes)
        is_parent_refused = "refused" in steps.get(PARENT_STEPS.get(name, ""), {})
        if step.get("would_change") and not is_parent_refused:
            changes.append(name)
    return _without_repetition(reasons), changes


def list_step_reasons(name: str, step: dict, known_causes: set[str]) -> list[Reason]:
    """Why this step cannot be taken. A cause that is known already is left out."""
    reasons = []
    refused = step.get("refused")
    for problem in (refused.get("problems") or [refused]) if refused else []:
        variables = tuple(variable_of(option, name) for option in problem.get("options", ()))
        if not known_causes.intersection((*variables, problem.get("library"))):
            reasons.append(Reason(_with_variables(in_role_words(problem["msg"]), variables), variables, name))
    for check in step.get("checks") or []:
        if check["id"] in REFUSING_CHECKS and check["state"] == "failed":
            text = f"{check['detail']} {CHECK_REMEDIES[check['id']]['failed']}"
            reasons.append(Reason(text, check=check["id"]))
    app = step.get("app") or {}
    if (app.get("settings") or {}).get("implicit_assignment"):
        # Source: terraform-provider-okta #1172.
        reasons.append(
            Reason(
                f"App '{app.get('label')}' is in Federation Broker Mode, in which Okta refuses assignments and lets everybody sign "
                "in. Switch it off in the Admin Console under General, or choose another app."
            )
        )
    return reasons


def _with_variables(text: str, variables: tuple[str, ...]) -> str:
    """The sentence, after the names of the variables if it names none of them."""
    if not variables or any(variable in text for variable in variables):
        return text
    return f"{' and '.join(variables)}: {text}"


def _without_repetition(reasons: list[Reason]) -> list[Reason]:
    """Each text once: steps that read the same things are refused for the same cause."""
    by_text: dict[str, Reason] = {}
    for reason in reasons:
        by_text.setdefault(reason.text, reason)
    return list(by_text.values())
