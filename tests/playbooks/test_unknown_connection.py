# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An org whose API shows the SCIM connection of no app: a person does what the step says, and the next run goes on.

One run after the other in one org.
"""

from __future__ import annotations

import typing

import pytest
from ansible_collections.idops.okta.tests.support import changes
from ansible_collections.idops.okta.tests.support.playbook_runner import PlaybookRun

BOXES = {"create": "Create Users", "update": "Update User Attributes", "deactivate": "Deactivate Users"}
SIGN_ON_ONLY = ["Create or update the SAML app", "Set the sign-on policy", "Create or update the SCIM app"]
MAPPING, ASSIGNMENT, PUSH = "Map the email for SCIM", "Assign people and groups", "Push groups to Claude's directory"
PEOPLE = {f"{name}@example.com" for name in ("ada", "alan", "grace", "kay", "mary")}


class Stage(typing.NamedTuple):
    """A run, whether it looked into the catalog, what it wrote, and who is in Claude's directory after it."""

    run: PlaybookRun
    asked_catalog: bool
    writes: list[str]
    directory: set[str]

    @property
    def step(self):
        (step,) = self.run.report["manual_steps"]
        return step


def run_stage(host, playbook="claude", *arguments, **variables):
    start = len(host.okta.journal)
    run = host.run(playbook, *arguments, **variables)
    asked_catalog = any(call.path.endswith("/catalog/apps") for call in host.okta.journal[start:])
    people = {one["userName"] for one in host.okta.directory.users.values()}
    return Stage(run, asked_catalog, host.writes(since=start), people)


def follow(host, step, token):
    """Do in the Admin Console what the step says, and nothing else."""
    app = {"app": host.id_of(step["what"].split("'")[1])}
    assert step["where"].endswith(f"/scim2testapp/instance/{app['app']}/#tab-provisioning")
    if step["values"]:
        assert "the SCIM token" in step["values"]["API token"]
        host.okta.control.enter_connection({**app, "base_url": step["values"]["SCIM base URL"], "token": token})
    host.okta.control.set_features({**app, **{job: True for job, box in BOXES.items() if box in step["what"]}})


@pytest.fixture(scope="module")
def stages(make_host):
    host = make_host("unknown")
    okta = host.okta
    okta.settings.change(connection_api="unknown", catalog_apps=[{"name": "anthropic_claude", "displayName": "Claude"}])
    runs = {"preview": run_stage(host, "claude", "--check"), "first": run_stage(host)}
    follow(host, runs["first"].step, okta.scim_token)
    runs["next"] = run_stage(host)
    runs["again"] = run_stage(host)
    for person in list(okta.org.users):
        okta.sign_in(host.id_of("Claude"), person)
    runs["verify"] = run_stage(host, "claude_verify")

    scim = host.id_of("Claude SCIM")
    changes.show_app(okta, scim)
    changes.map_email("user.login")(okta, scim)
    okta.control.set_features({"app": scim, "deactivate": False})
    okta.org.add_group("Support", [okta.org.add_person("Zoe", "Example", "zoe@example.com")["id"]])
    groups = [*host.variables["claude_groups"], "Support"]
    runs["drift"] = run_stage(host, claude_groups=groups)
    follow(host, runs["drift"].step, None)

    okta.directory.token = "rotated-token"
    rotation = {"claude_scim_token": "rotated-token", "claude_scim_update_token": "always", "claude_groups": groups}
    runs["rotation"] = run_stage(host, **rotation)
    follow(host, runs["rotation"].step, "rotated-token")
    runs["end"] = run_stage(host, **{**rotation, "claude_scim_update_token": "on_create"})
    return runs


def test_the_preview_promises_no_connection(stages):
    output = stages["preview"].run.output
    assert stages["preview"].writes == []
    assert "if Okta's API does not make the SCIM connection, return it as a manual step" in output


def test_the_first_run_does_what_it_can_and_leaves_one_step(stages):
    first = stages["first"]
    assert first.run.changed_tasks == [*SIGN_ON_ONLY, ASSIGNMENT]
    # Okta never provisions people who were assigned before SCIM was on.
    assert [write for write in first.writes if "apps/Claude SCIM/" in write] == [] and first.directory == set()
    assert all(box in first.step["what"] for box in BOXES.values()) and "General" not in first.step["what"]
    assert first.run.report["people_states"] == {"pending": 5}
    assert "provisioning" not in {check["id"] for check in first.run.report["checks"]}
    waits = "Wait until the SCIM connection is made and another run has found everybody in Claude's directory."
    assert first.run.report["next_in_claude"][1] == waits


def test_the_next_run_goes_on_and_a_second_one_changes_nothing(stages):
    assert stages["next"].run.changed_tasks == [MAPPING, ASSIGNMENT, PUSH]
    assert stages["next"].run.report["manual_steps"] == [] and stages["next"].directory == PEOPLE
    assert (stages["again"].run.recap["changed"], stages["again"].writes) == (0, [])
    verify = stages["verify"].run
    assert (verify.status, verify.open_checks) == (0, {}), verify.output
    (check,) = [check for check in verify.report["checks"] if check["id"] == "provisioning"]
    assert "does not show the connection, so base URL and token are not compared" in check["detail"]


def test_drift_is_repaired_and_a_box_is_a_step_that_stops_nothing(stages):
    drift = stages["drift"]
    assert drift.run.changed_tasks == ["Create or update the SCIM app", MAPPING, ASSIGNMENT]
    assert "click Edit, enable Deactivate Users, and save." in drift.step["what"] and drift.step["values"] == {}
    assert drift.directory == PEOPLE | {"zoe@example.com"}


def test_a_new_token_is_entered_by_a_person(stages):
    rotation = stages["rotation"]
    assert "enter the API token" in rotation.step["what"] and "did not send the token" in rotation.step["what"]
    assert (rotation.run.recap["changed"], rotation.writes) == (0, [])
    assert "rotated-token" not in rotation.run.output
    assert stages["end"].run.report["manual_steps"] == [] and stages["end"].run.recap["changed"] == 0


def test_an_app_of_claudes_own_is_named_where_it_could_matter(stages):
    found = "Okta's catalog has an app with claude in its name: 'Claude' (anthropic_claude)."
    for name, stage in stages.items():
        is_open = name in ("preview", "first", "drift", "rotation")
        assert (stage.asked_catalog, found in stage.run.output) == (is_open, is_open), name
    (check,) = [check for check in stages["first"].run.report["checks"] if check["id"] == "catalog_app"]
    assert check["state"] == "skipped" and "set claude_scim_catalog_app" in check["remedy"]
