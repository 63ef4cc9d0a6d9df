# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import typing

DOCUMENTATION = r"""
name: claude_result
short_description: Make the result of the role claude from what its steps returned
version_added: 0.1.0
description:
  - Gathers ids, metadata, manual steps and checks from the registered results of the role's steps. Used by the role
    P(idops.okta.claude#role); an inventory has no need of it.
author: Contributors to idops.okta (@idops)
positional: _input
options:
  _input:
    description: Registered results by the name of the step. A step that was skipped has an empty one.
    type: dict
    required: true
  plan:
    description: Claude plan.
    type: str
    choices: [team, enterprise, console]
    required: true
  mode:
    description:
      - What a change means. V(set_up), it was made; V(preview), it would be made; V(verify), it is drift and a failed check.
    type: str
    choices: [set_up, preview, verify]
    default: set_up
"""

EXAMPLES = r"""
- name: Result
  ansible.builtin.set_fact:
    claude_result: "{{ steps | idops.okta.claude_result(plan='enterprise') }}"
"""

RETURN = r"""
_value:
  description: >-
    C(ready), C(summary) (lines to read), C(sign_on_app_id), C(scim_app_id), C(metadata), C(oidc),
    C(hand_over), C(people), C(manual_steps), C(checks).
  type: dict
"""

# Each step that changes the org, and its name for a person.
STEPS = {
    "sign_on_app": "Sign-on app",
    "claim": "Email claim",
    "signing_key": "Signing key",
    "access_policy": "Sign-on policy",
    "scim_app": "App that carries SCIM",
    "provisioning": "SCIM connection and features",
    "mapping": "Email mapping",
    "sign_on_assignment": "Assignments to the sign-on app",
    "scim_assignment": "Assignments to the SCIM app",
}
NO_SCIM = "SCIM is not set up, since claude_scim_base_url is not set"
TEAM = "A Team plan has no SCIM"
JUST_IN_TIME = (
    "people are provisioned just in time, when they sign in for the first time. "
    "Who is taken out of Okta has to be removed in Claude by hand."
)
MOST = 6  # differences in one sentence


def claude_result(steps: dict[str, dict], plan: str, mode: str = "set_up") -> dict:
    """The fact claude_result."""
    checks = [step_check(name, steps[name], mode) for name in STEPS if "diff" in steps.get(name, {})]
    checks += [check for step in steps.values() for check in step.get("checks") or []]
    if "diff" not in steps.get("scim_app", {}):
        why = TEAM if plan == "team" else NO_SCIM
        checks.append({"id": "provisioning", "state": "skipped", "detail": f"{why}: {JUST_IN_TIME}", "remedy": None})
    manual_steps = [step for result in steps.values() for step in result.get("manual_steps") or []]
    checks += [
        {"id": step["id"], "state": "manual", "detail": f"{step['what']} {step['why']}", "remedy": step["where"]}
        for step in manual_steps
    ]
    planned = mode == "preview" and any(step.get("changed") for step in steps.values())
    sign_on = steps.get("sign_on_app", {})
    result = {
        "plan": plan,
        "mode": mode,
        "ready": not planned and all(check["state"] in ("ok", "skipped") for check in checks),
        "sign_on_app_id": sign_on.get("id"),
        "scim_app_id": steps.get("scim_app", {}).get("id"),
        "metadata": metadata(steps.get("metadata", {})),
        "oidc": {key: sign_on[key] for key in ("client_id", "issuer", "discovery_url", "secret_url") if key in sign_on},
        "people": sum(1 for user in steps.get("people", {}).get("users") or [] if user["able"]),
        "manual_steps": manual_steps,
        "checks": checks,
    }
    return {**result, "hand_over": hand_over(result), "summary": summary(result)}


def metadata(step: dict) -> dict:
    """What the service provider needs of the metadata; empty without SAML."""
    if not step.get("metadata"):
        return {}
    return {key: step["metadata"][key] for key in ("entity_id", "sso_url", "certificates")} | {"url": step["url"]}


def hand_over(result: dict) -> dict[str, str]:
    """The values to enter in Claude's set-up flow, by their names there."""
    saml, oidc = result["metadata"], result["oidc"]
    if oidc:
        return {
            "Client ID": oidc["client_id"],
            "Client secret": f"to be read by a person at {oidc['secret_url']}",
            "Discovery URL": oidc["discovery_url"],
            "Issuer": oidc["issuer"],
        }
    if not saml:
        return {}
    return {
        "Metadata URL": saml["url"],
        "Identity provider entity ID": saml["entity_id"],
        "Single sign-on URL": saml["sso_url"],
    }


def step_check(name: str, step: dict, mode: str) -> dict:
    """What a change of this step means. The diff is the detail."""
    title = STEPS[name]
    found = list(differences(step["diff"])) if step["changed"] else []
    if not step["changed"] or mode == "set_up":
        return {"id": name, "state": "ok", "detail": f"{title}: as the guide says.", "remedy": None}
    detail = (
        f"{title}: " + "; ".join(found[:MOST]) + (f" and {len(found) - MOST} more" if len(found) > MOST else "") + "."
    )
    if mode == "preview":
        return {"id": name, "state": "skipped", "detail": f"Would change. {detail}", "remedy": None}
    return {"id": name, "state": "failed", "detail": detail, "remedy": "Run idops.okta.claude, which repairs it."}


def differences(diff: dict | list) -> typing.Iterator[str]:
    """Each setting that differs, in words."""
    for pair in diff if isinstance(diff, list) else [diff]:
        if not pair["before"]:
            yield "does not exist yet"
        else:
            yield from _compare(pair["before"], pair["after"], "")


def _compare(before: typing.Any, after: typing.Any, path: str) -> typing.Iterator[str]:
    if before == after:
        return
    if isinstance(after, dict) and isinstance(before, dict):
        for key in after:
            yield from _compare(before.get(key), after[key], f"{path}.{key}" if path else str(key))
    elif isinstance(after, list):
        held = before if isinstance(before, list) else []
        added, gone = [item for item in after if item not in held], [item for item in held if item not in after]
        yield (
            f"{path} lacks {_words(added)}" if not gone else f"{path} has {_words(gone)} where {_words(added)} belongs"
        )
    else:
        yield f"{path} is {_words(before)} and not {_words(after)}"


def _words(value: typing.Any) -> str:
    if isinstance(value, list):
        return ", ".join(_words(item) for item in value) or "nothing"
    if isinstance(value, dict):
        return " ".join(f"{key}={_words(inner)}" for key, inner in value.items() if key not in ("type", "namespace"))
    return "not set" if value in (None, "") else str(value)


def summary(result: dict) -> list[str]:
    """What a person reads at the end of a run."""
    open_checks = [check for check in result["checks"] if check["state"] in ("failed", "manual")]
    planned = [check["detail"] for check in result["checks"] if check["detail"].startswith("Would change.")]
    if planned:
        return [f"Preview: {len(planned)} steps would change the org; nothing was sent.", *planned]
    if result["ready"]:
        first = f"Ready: {result['people']} people can sign in to Claude through Okta app {result['sign_on_app_id']}"
        first += f" and are provisioned by SCIM app {result['scim_app_id']}." if result["scim_app_id"] else "."
        return [first]
    return [f"Not ready: {len(open_checks)} of {len(result['checks'])} checks are open."] + [
        f"{check['id']} ({check['state']}): {check['detail']}" + (f" {check['remedy']}" if check["remedy"] else "")
        for check in open_checks
    ]


class FilterModule:
    def filters(self) -> dict[str, typing.Callable]:
        return {"claude_result": claude_result}
