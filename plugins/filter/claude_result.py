# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import collections
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
  protocol:
    description: How people sign in.
    type: str
    choices: [saml, oidc]
    default: saml
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
    C(ready), C(summary) (lines to read), C(plan), C(protocol), C(mode), C(sign_on_app_id), C(scim_app_id), C(metadata), C(oidc),
    C(hand_over), C(manual_steps), C(checks), C(chain), C(people), C(people_states).
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
    "group_push": "Group push",
}
# The links of the chain from Okta to Claude, and the beginnings of the checks that concern each.
CHAIN = {
    "okta": ("Okta app", ("sign_on_app", "access_policy")),
    "sign_on": (
        "Sign-on",
        ("claim", "group_claim", "client_secret", "signing_key", "certificate", "sign_on_log", "saml_", "oidc_"),
    ),
    "scim": ("SCIM", ("scim_", "provisioning", "mapping", "group_push")),
    "people": ("People", ("people_", "usernames", "sign_on_assignment", "scim_assignment")),
    "claude": ("Claude", ("directory", "members", "leftover_members", "invitations")),
}
# Where a check is explained: the step of the guide "Okta SSO setup", and the support article of the matter.
ARTICLE = "https://support.claude.com/en/articles/"
EXPLAINED = (
    (("people_domain",), "prerequisites", "9797544"),
    (("usernames", "directory_email", "mapping", "claim"), "step 3", "13917840"),
    (("people_", "sign_on_assignment", "scim_assignment"), "step 4", "13133195"),
    (("scim_", "provisioning", "group_push", "directory"), "step 3", "13133195"),
    (("sign_on_log", "members", "leftover_members", "member_email", "invitations"), "step 5", "13133195"),
    (("",), "steps 1 and 2", ""),
)
# Steps that only look: one that fails is a failed check, and the run goes on.
LIVE = ("scim_credentials", "directory", "provisioning_log", "sign_on_log", "saml_response", "members")
WORST = ("failed", "manual", "ok", "skipped")
NO_SCIM = "SCIM is not set up, since claude_scim_base_url is not set"
TEAM = "A Team plan has no SCIM"
JUST_IN_TIME = (
    "people are provisioned just in time, when they sign in for the first time. "
    "Who is taken out of Okta has to be removed in Claude by hand."
)
BY_HAND = (
    "Okta's public API cannot switch SCIM on for the sign-on app that is to be made: the run will say what a person has to do, and "
    "the next run goes on from there."
)
MOST = 6  # differences in one sentence


def claude_result(steps: dict[str, dict], plan: str, protocol: str = "saml", mode: str = "set_up") -> dict:
    """The fact claude_result."""
    steps = {**{name: {} for name in (*STEPS, *LIVE, "people", "metadata")}, **steps}
    manual_steps = [step for result in steps.values() for step in result.get("manual_steps") or []]
    # That a next signing key would be made is no drift: the certificate has a check of its own.
    drifts = [name for name in STEPS if "diff" in steps[name] and (mode, name) != ("verify", "signing_key")]
    checks = [step_check(name, steps[name], mode) for name in drifts]
    checks += [
        {"id": name, "state": "failed", "detail": steps[name]["msg"], "remedy": None}
        for name in LIVE
        if "msg" in steps[name] and "checks" not in steps[name]
    ]
    for name, step in steps.items():
        # The directory is read twice, and its credentials are one matter.
        checks += [
            check for check in step.get("checks") or [] if (name, check["id"]) != ("directory", "scim_credentials")
        ]
    checks += [
        {"id": step["id"], "state": "manual", "detail": f"{step['what']} {step['why']}", "remedy": step["where"]}
        for step in manual_steps
    ]
    if not steps["scim_app"].get("id"):
        why = TEAM if plan == "team" else NO_SCIM
        checks.append({"id": "provisioning", "state": "skipped", "detail": f"{why}: {JUST_IN_TIME}", "remedy": None})
    elif "diff" not in steps["provisioning"]:
        checks.append({"id": "scim_connection", "state": "manual", "detail": BY_HAND, "remedy": None})
    checks = [explained(check) for check in checks]
    people = people_of(steps)
    planned = mode == "preview" and any(step.get("changed") for step in steps.values())
    sign_on = steps["sign_on_app"]
    result = {
        "plan": plan,
        "protocol": protocol,
        "mode": mode,
        "ready": not planned and all(check["state"] in ("ok", "skipped") for check in checks),
        "sign_on_app_id": sign_on.get("id"),
        "scim_app_id": steps["scim_app"].get("id"),
        "metadata": metadata(steps["metadata"]),
        "oidc": {key: sign_on[key] for key in ("client_id", "issuer", "discovery_url", "secret_url") if key in sign_on},
        "manual_steps": manual_steps,
        "checks": checks,
        "chain": [link(id, title, parts, checks) for id, (title, parts) in CHAIN.items()],
        "people": people,
        "people_states": dict(collections.Counter(person["state"] for person in people)),
    }
    return {**result, "hand_over": hand_over(result), "summary": summary(result)}


def explained(check: dict) -> dict:
    """An open check, whose remedy names the step of the guide and the article."""
    if check["state"] not in ("failed", "manual"):
        return check
    step, article = next((step, article) for parts, step, article in EXPLAINED if check["id"].startswith(parts))
    where = f"See {step} of the guide" + (f" and {ARTICLE}{article}." if article else ".")
    return {**check, "remedy": f"{check['remedy'] or ''} {where}".strip()}


def link(id: str, title: str, parts: tuple[str, ...], checks: list[dict]) -> dict:
    """One link of the chain: as good as the worst of its checks."""
    own = [check for check in checks if check["id"].startswith(parts)]
    worst = min(own, key=lambda check: WORST.index(check["state"]), default=None)
    if worst is None:
        return {"id": id, "title": title, "state": "skipped", "detail": "Not checked."}
    return {"id": id, "title": title, "state": worst["state"], "detail": worst["detail"]}


def people_of(steps: dict[str, dict]) -> list[dict]:
    """Everybody who shall have Claude, has it, or has it still, and how far each of them is."""
    assignments = [steps[name].get("assignment", {}) for name in ("sign_on_assignment", "scim_assignment")]
    assigned = {person["id"]: person for assignment in assignments for person in assignment.get("assigned") or []}
    everybody = {**assigned, **{person["id"]: person for person in steps["people"].get("users") or []}}
    wrong = {one["id"]: one for assignment in assignments for one in assignment.get("wrong_username") or []}
    scim = steps["directory"].get("scim") or {}
    failed: dict[str, str] = {}
    for event in reversed(steps["provisioning_log"].get("events") or []):
        failed[event["user"]] = event["reason"] or "no reason given" if event["outcome"] == "FAILURE" else ""
    found = []
    for person in everybody.values():
        state, detail = state_of(person, assigned, wrong, scim, failed)
        found.append({**{key: person[key] for key in ("name", "login", "email")}, "state": state, "detail": detail})
    renamed = {one["username"] for one in wrong.values()}  # an account under a wrong user name is not left over
    leftover = [*(scim.get("unexpected") or []), *(steps["members"].get("leftover") or [])]
    found += [
        {
            "name": "",
            "login": "",
            "email": email,
            "state": "leftover",
            "detail": "is in Claude and not assigned in Okta",
        }
        for email in dict.fromkeys(one["email"] if isinstance(one, dict) else one for one in leftover)
        if email not in renamed
    ]
    return sorted(found, key=lambda person: (person["name"], person["email"]))


def state_of(person: dict, assigned: dict, wrong: dict, scim: dict, failed: dict[str, str]) -> tuple[str, str]:
    """blocked: cannot use Claude; failed: went wrong; pending: not there yet; ready. The first that holds."""
    id, email, login = person["id"], person["email"], person["login"]
    different = [entry["user_name"] for entry in scim.get("different") or []]
    states = (
        (not person["able"], "blocked", f"cannot sign in to Okta ({person['status']})"),
        (person.get("problem"), "blocked", person.get("problem")),
        (id in wrong, "failed", f"has the user name {wrong.get(id, {}).get('username')} instead of the email"),
        (failed.get(login), "failed", f"provisioning failed: {failed.get(login)}"),
        (email in different, "failed", "has another email in Claude's directory"),
        (id not in assigned, "pending", "is not assigned yet"),
        (email in (scim.get("missing") or []), "pending", "is not in Claude's directory yet"),
        (True, "ready", "is in Claude's directory" if scim else "is assigned"),
    )
    return next((state, str(detail)) for holds, state, detail in states if holds)


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
    """What a person reads at the end of a run, and on top of the report."""
    open_checks = [check for check in result["checks"] if check["state"] in ("failed", "manual")]
    planned = [check["detail"] for check in result["checks"] if check["detail"].startswith("Would change.")]
    lines = [
        f"{check['id']} ({check['state']}): {check['detail']}" + (f" {check['remedy']}" if check["remedy"] else "")
        for check in open_checks
    ]
    if planned:
        return [f"Preview: {many(len(planned), 'step')} would change the org; nothing was sent.", *planned, *lines]
    if result["ready"]:
        ready = result["people_states"].get("ready", 0)
        first = f"Ready: {many(ready, 'person', 'people')} can sign in to Claude through Okta app {result['sign_on_app_id']}"
        if result["scim_app_id"]:
            return [f"{first} and are provisioned by app {result['scim_app_id']}."]
        return [f"{first}.", *(check["detail"] for check in result["checks"] if check["id"] == "provisioning")]
    return [first_of(result, open_checks), *lines]


def many(number: int, one: str, more: str | None = None) -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"


def first_of(result: dict, open_checks: list[dict]) -> str:
    """What is left to do, and who does it."""
    steps = [step["id"] for step in result["manual_steps"]]
    failed = list(dict.fromkeys(check["id"] for check in open_checks if check["state"] == "failed"))
    waiting = [check["id"] for check in open_checks if check["state"] == "manual" and check["id"] not in steps]
    parts = [
        (steps, "Left to an administrator in the Okta Admin Console"),
        (failed, "Failed"),
        (waiting, "Waiting for a person"),
    ]
    said = [f"{what}: {', '.join(ids)}" for ids, what in parts if ids]
    return f"Not ready. {'; '.join(said)}."


class FilterModule:
    def filters(self) -> dict[str, typing.Callable]:
        return {"claude_result": claude_result}
