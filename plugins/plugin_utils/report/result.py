# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""claude_result, made from what the steps of the role returned: checks, stages, values for the setup flow.

Pure. The other files of this folder make what is in it: people, changes, what is left to do, the facts for a review and
the summary; the words that only the role knows are in role_text.
"""

from __future__ import annotations

import collections
import typing

from ansible_collections.idops.okta.plugins.module_utils.checks import (
    ARTICLE_URL,
    CHECKS,
    STAGES,
    check,
    check_with_detail,
    pluralize,
)
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.plugin_utils.report.admin_console import list_apps
from ansible_collections.idops.okta.plugins.plugin_utils.report.changes import list_changes
from ansible_collections.idops.okta.plugins.plugin_utils.report.differences import summarize_differences
from ansible_collections.idops.okta.plugins.plugin_utils.report.open_items import list_open_items
from ansible_collections.idops.okta.plugins.plugin_utils.report.people import list_people
from ansible_collections.idops.okta.plugins.plugin_utils.report.review import review_facts
from ansible_collections.idops.okta.plugins.plugin_utils.report.role_text import (
    CHECK_REMEDIES,
    COMPARE_CONNECTION,
    SCIM_OFF,
    STAGE_WORDS,
    TEAM_PLAN,
    USE_DEDICATED,
)
from ansible_collections.idops.okta.plugins.plugin_utils.report.run_facts import RunFacts
from ansible_collections.idops.okta.plugins.plugin_utils.report.steps import (
    app_of,
    diff_of,
    find_refusal,
    has_run,
    is_change,
    is_connection_hidden,
    is_creation,
    is_planned,
    is_predictable,
    normalize_steps,
)
from ansible_collections.idops.okta.plugins.plugin_utils.report.summary import (
    list_next_steps,
    short_summary,
    summary_lines,
)

# Steps that change the org. Each is also the id of a check.
CHANGING_STEPS = (
    "sign_on_app",
    "claim",
    "signing_key",
    "access_policy",
    "scim_app",
    "provisioning",
    "mapping",
    "sign_on_assignment",
    "scim_assignment",
    "group_push",
)
# Steps that only read. One that fails is a failed check, and the run goes on.
READING_STEPS = (
    "metadata",
    "next_metadata",
    "scim_credentials",
    "directory",
    "provisioning_log",
    "test_user",
    "sign_on_log",
    "saml_response",
    "members",
)
# The check of a step, where it is called otherwise.
STEP_CHECKS = {
    "assignments": "sign_on_assignment",
    "metadata": "certificate",
    "next_metadata": "certificate",
    "test_user": "sign_on_log",
}
# Steps whose checks are about something else: the next certificate, and the test user alone.
UNREPORTED_STEPS = ("next_metadata", "test_user")
SEVERITY = ("failed", "manual", "ok", "skipped")  # the worst state first
ASSIGNMENT_STEPS = ("sign_on_assignment", "scim_assignment")
OIDC_KEYS = ("client_id", "issuer", "discovery_url", "secret_url")


def claude_result(
    steps: dict[str, dict],
    plan: str,
    protocol: str = "saml",
    mode: str = "set_up",
    reasons: typing.Sequence[dict] = (),
    run: RunFacts | None = None,
) -> dict:
    """The result of a run. steps: registered results by the name of the step.

    mode is what a change means: set_up and remove, it was made; preview, it would be made; verify, it is drift and a
    failed check. reasons: why a setup could not begin, as dicts of text and, if known, of remedy and step, which found it.
    """
    run = run or RunFacts()
    steps = normalize_steps(steps)
    checks = [
        *collect_checks(steps, plan, protocol, mode, reasons),
        *handed_over_checks(steps["metadata"], run.handed_over),
    ]
    planned = [name for name in CHANGING_STEPS if mode == "preview" and is_change(steps[name])]
    is_passed = all(entry["state"] in ("ok", "skipped") for entry in checks)
    result = {
        "plan": plan,
        "protocol": protocol,
        "mode": mode,
        "ready": mode != "remove" and not planned and is_passed,
        # One task assigns both apps, and is one change in the recap of the run.
        "planned_steps": len({"assignments" if id in ASSIGNMENT_STEPS else id for id in planned}),
        **okta_values(steps, protocol, mode, run.org_url),
        **run_values(run),
        "checks": [with_help_link(entry) for entry in checks],
        "chain": [stage_status(stage, checks, planned) for stage in STAGES],
    }
    result["left_to_do"] = list_open_items(checks, result)
    result["hand_over"] = hand_over_values(result)
    result["next_in_claude"] = list_next_steps(result)
    result["in_short"] = short_summary(result, steps)
    result["review"] = review_facts(result, steps)
    result["summary"] = summary_lines(result, steps)
    return result


def collect_checks(
    steps: dict[str, dict], plan: str, protocol: str, mode: str, reasons: typing.Sequence[dict]
) -> list[dict]:
    reported = list_reported_checks(steps)
    checks = [*list_reason_checks(reasons, reported), *list_step_checks(steps, mode)]
    checks += list_refused_steps(steps, has_reasons=bool(reasons))
    checks += [*reported, *map(manual_step_check, list_manual_steps(steps))]
    if mode != "remove":
        checks += provisioning_checks(steps, plan, protocol)
    return checks


def okta_values(steps: dict[str, dict], protocol: str, mode: str, org_url: str) -> dict:
    """What there is in Okta, and what changed."""
    people = [] if steps["removal"] else list_people(steps)
    return {
        "sign_on_app_id": steps["sign_on_app"].get("id"),
        "scim_app_id": steps["scim_app"].get("id"),
        "metadata": metadata_values(steps["metadata"]),
        "oidc": {key: steps["sign_on_app"][key] for key in OIDC_KEYS if key in steps["sign_on_app"]},
        "manual_steps": list_manual_steps(steps),
        "people": people,
        # Of a removal: who had Claude before, and whether they are deactivated there.
        "losing": list_losing(steps["removal"].get("people") or []),
        "deactivates": bool(steps["removal"].get("deactivates")),
        "people_states": dict(collections.Counter(person["state"] for person in people)),
        "apps": list_apps(steps, org_url),
        "groups": steps["assignments"].get("groups") or [],
        "changes": describe_changes(steps, protocol, mode),
    }


def list_losing(people: list[dict]) -> list[dict]:
    """Everybody who had one of the apps, each once, by email."""
    by_id = {person["id"]: {key: person[key] for key in ("name", "login", "email")} for person in people}
    return sorted(by_id.values(), key=lambda person: (person["email"] or person["login"], person["login"]))


def run_values(run: RunFacts) -> dict:
    """What there is to say about the run itself."""
    return {
        "host": run.host,
        "time": run.time,
        "collection_version": run.collection_version,
        "connection": {"org_url": run.org_url, "credential": run.credential, "scopes": list(run.scopes)},
        "report": f"{run.folder}/report.html" if run.folder else None,
    }


def describe_changes(steps: dict[str, dict], protocol: str, mode: str) -> list[str]:
    """What was changed; in a preview or a verification, what would be."""
    if mode in ("set_up", "remove"):
        done = {name: {} if is_planned(step) else step for name, step in steps.items()}
        return [line.done for line in list_changes(done, protocol)]
    return [line.planned for line in list_changes(steps, protocol)]


def list_reason_checks(reasons: typing.Sequence[dict], reported: list[dict]) -> list[dict]:
    """A failed check for each reason: of the step that found it, or else of the prerequisites.

    A reason that a module reported as a failed check is left out. reported: the checks of the modules.
    """
    details = [entry["detail"] for entry in reported if entry["state"] == "failed"]
    checks = []
    for reason in reasons:
        if not any(detail in reason["text"] for detail in details):
            step = reason.get("step") or "prerequisites"
            id = STEP_CHECKS.get(step, step)
            checks.append(check_with_detail(id, "failed", reason["text"], reason.get("remedy")))
    return checks


def list_step_checks(steps: dict[str, dict], mode: str) -> list[dict]:
    """A check for each step that changes the org and was looked at. One that a preview would change is skipped."""
    checks = []
    for name in CHANGING_STEPS:
        # The next signing key is not drift: the check of the certificate says when it is needed.
        is_renewal = mode == "verify" and name == "signing_key"
        # A manual step of the connection is a check of its own.
        is_left_to_do = name == "provisioning" and bool(steps[name].get("manual_steps"))
        if has_run(steps[name]) and find_refusal(steps[name]) is None and not is_renewal and not is_left_to_do:
            checks.append(with_role_remedy(step_check(name, steps[name], mode)))
    return checks


def step_check(id: str, step: dict, mode: str) -> dict:
    """What it means that this step changed something, or did not."""
    title = CHECKS[id].title
    if not is_predictable(step):
        return check(id, "skipped", "not_predictable", title=title)
    if mode in ("set_up", "remove") and is_planned(step):
        return check(id, "failed", "not_done", title=title)
    if mode in ("set_up", "remove") or not is_change(step):
        return check(id, "ok", "not_shown" if is_connection_hidden(step) else "ok", title=title)
    differences = summarize_differences(diff_of(step))
    if mode == "verify":
        return check(id, "failed", title=title, differences=differences)
    if is_creation(diff_of(step)):
        return check(id, "skipped", "would_create", title=title)
    return check(id, "skipped", "would_change", title=title, differences=differences)


def list_refused_steps(steps: dict[str, dict], *, has_reasons: bool) -> list[dict]:
    """A failed check for each step that failed or was refused, with its message, and each cause once.

    has_reasons: whether the reasons not to begin are known, which tell every refusal of a plan.
    """
    checks: dict[str, dict] = {}
    for name in (*CHANGING_STEPS, *READING_STEPS):
        refusal = find_refusal(steps[name])
        is_told = has_reasons and "refused" in steps[name]
        if refusal is not None and not is_told and "checks" not in steps[name]:
            checks.setdefault(refusal, check_with_detail(STEP_CHECKS.get(name, name), "failed", refusal))
    return list(checks.values())


def list_reported_checks(steps: dict[str, dict]) -> list[dict]:
    """The checks that modules returned."""
    checks = []
    for name, step in steps.items():
        for reported in step.get("checks") or []:
            # The directory is read twice, the first time by the step scim_credentials.
            is_repeated = name == "directory" and reported["id"] == "scim_credentials"
            if not is_repeated and name not in UNREPORTED_STEPS:
                checks.append(with_role_remedy(reported))
                if reported["id"] == "directory" and is_connection_hidden(steps["provisioning"]):
                    checks[-1] = with_connection_remedy(checks[-1])
    return [with_email(entry, steps["test_user"].get("users") or []) for entry in checks]


def with_email(reported: dict, users: list[dict]) -> dict:
    """The same check, with the email of the test user, whom the System Log is asked for by id."""
    detail = reported["detail"]
    for user in users:
        detail = detail.replace(user["id"], user["email"] or user["login"])
    return {**reported, "detail": detail}


def list_manual_steps(steps: dict[str, dict]) -> list[dict]:
    manual_steps: list[dict] = []
    for step in steps.values():
        manual_steps += step.get("manual_steps") or []
    return manual_steps


def manual_step_check(step: dict) -> dict:
    """A manual step as a check. There is no link to an app that a preview only plans."""
    remedy = None if step["where"] == PLANNED else f"Open {step['where']}."
    return check_with_detail(step["id"], "manual", f"{step['what']} {step['why']}", remedy)


def provisioning_checks(steps: dict[str, dict], plan: str, protocol: str) -> list[dict]:
    """What there is to say about provisioning without SCIM, and where a preview only plans the app that should carry it."""
    scim_app = steps["scim_app"]
    if not scim_app.get("id"):
        reason = TEAM_PLAN if plan == "team" else SCIM_OFF
        return [check("provisioning", "skipped", "not_used", reason=reason)]
    is_refused = find_refusal(scim_app) is not None or find_refusal(steps["sign_on_app"]) is not None
    if not is_refused and not has_run(steps["provisioning"]):
        planned = check("scim_connection", "manual", f"planned_{protocol}_app")
        return [{**planned, "remedy": USE_DEDICATED if protocol == "oidc" else None}]
    if not is_refused and scim_app["id"] == PLANNED:
        return [check("scim_connection", "skipped", "planned_catalog_app", app=app_of(scim_app).get("label"))]
    return []


def handed_over_checks(step: dict, handed_over: typing.Sequence[dict]) -> list[dict]:
    """A failed check if the app has a certificate or an address that no earlier report gave out.

    handed_over: values of the metadata of earlier reports; none at the first run.
    """
    current = metadata_values(step)
    if not current or not handed_over:
        return []
    differences = []
    for key, name in (("entity_id", "the entity ID"), ("sso_url", "the single sign-on URL")):
        if current[key] not in [metadata[key] for metadata in handed_over]:
            differences.append(f"{name} is {current[key]}")
    known = {certificate["sha256"] for metadata in handed_over for certificate in metadata["certificates"]}
    for certificate in current["certificates"]:
        if certificate["sha256"] not in known:
            differences.append(f"the certificate is {certificate['sha256']}, valid until {certificate['not_after']}")
    return [check("handed_over", "failed", differences="; ".join(differences))] if differences else []


def with_role_remedy(reported: dict) -> dict:
    """The same check, with the remedy for somebody who runs the role."""
    id, state = reported["id"], reported["state"]
    remedy = CHECK_REMEDIES.get(id, {}).get(state, reported["remedy"])
    return check_with_detail(id, state, reported["detail"], remedy)


def with_connection_remedy(reported: dict) -> dict:
    """The check of the directory where nothing but the Admin Console tells to which one the app is connected."""
    if reported["state"] != "failed":
        return reported
    return {**reported, "remedy": f"{reported['remedy']} {COMPARE_CONNECTION}"}


def with_help_link(reported: dict) -> dict:
    """The same check with its title; if it is open, its remedy ends with the step of the guide and the article about it."""
    definition = CHECKS[reported["id"]]
    titled = {**reported, "title": definition.title}
    if reported["state"] not in ("failed", "manual"):
        return titled
    help_link = f"See {definition.guide_step} of the guide"
    if definition.article:
        help_link += f" and {ARTICLE_URL}{definition.article}"
    remedy = reported["remedy"] or ""
    return {**titled, "remedy": f"{remedy} {help_link}.".lstrip()}


def stage_status(stage: str, checks: list[dict], planned: list[str]) -> dict:
    """One stage from Okta to Claude, in the state of its worst check. detail is a sentence, short is a few words."""
    status = {"id": stage, "title": STAGES[stage], "state": "skipped", "detail": "Not checked.", "short": "not checked"}
    own_checks = [entry for entry in checks if CHECKS[entry["id"]].stage == stage]
    if own_checks:
        worst = min(own_checks, key=lambda entry: SEVERITY.index(entry["state"]))
        count = sum(entry["state"] == worst["state"] for entry in own_checks)
        status.update(state=worst["state"], detail=worst["detail"], short=stage_words(stage, worst, count, planned))
    return status


def stage_words(stage: str, worst: dict, count: int, planned: list[str]) -> str:
    """A few words about a stage. worst: its worst check; count: how many are in the same state.

    planned: ids of the steps that a preview would change.
    """
    if worst["state"] == "failed":
        return pluralize(count, "problem")
    if worst["state"] == "manual":
        return f"{pluralize(count, 'step')} left to do"
    if worst["state"] == "ok":
        return STAGE_WORDS[stage]
    if worst["id"] in planned:
        return "would change"
    return "not used" if worst["id"] == "provisioning" else "not checked"


def metadata_values(step: dict) -> dict:
    """What the setup flow needs of the SAML metadata; empty without SAML, and for an app that is planned only."""
    if not step.get("metadata") or step["url"] == PLANNED:
        return {}
    values = {key: step["metadata"][key] for key in ("entity_id", "sso_url", "certificates")}
    return {**values, "url": step["url"]}


def hand_over_values(result: dict) -> dict[str, str]:
    """The values to enter in Claude's setup flow, under their names there."""
    metadata, oidc = result["metadata"], result["oidc"]
    if oidc and oidc["client_id"] not in (None, PLANNED):  # None of a removed app
        return {
            "Client ID": oidc["client_id"],
            "Client secret": f"Read it at {oidc['secret_url']}",
            "Discovery URL": oidc["discovery_url"],
            "Issuer": oidc["issuer"],
        }
    if not metadata:
        return {}
    return {
        "Metadata URL": metadata["url"],
        "Identity provider entity ID": metadata["entity_id"],
        "Single sign-on URL": metadata["sso_url"],
    }
