# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Groups that are pushed: a name that Claude has already, people who lack the app, and what a run asks about them."""

import collections

from ansible_collections.idops.okta.tests.support import examples


def test_a_refused_push_and_people_without_the_app_are_named_in_the_report_until_they_are_mended(make_host):
    host = make_host(claude_groups=["Engineering"], claude_users=[], claude_access_policy="")
    host.variables["claude_push_groups"] = ["Owners", "Research"]
    okta = host.okta
    okta.org.add_group("Owners", [host.id_of("ada@example.com")])
    okta.fault("POST", "/group-push/mappings$", "status", after=1, status=400)
    run = host.run("claude")
    assert (run.status, run.failures) == (0, []), run.output
    assert "works for 1 group and fails for 1: Owners (POST /api/v1/apps" in run.open_checks["group_push_errors"]
    assert "is not assigned to 1 of 3 people" in run.open_checks["group_push_members"]
    assert "alan@example.com (Research)" in run.open_checks["group_push_members"]

    # Claude has a group of the name, which "Refresh App Groups" shows; Alan gets the app through another group.
    okta.org.add_group("Owners", type="APP_GROUP", app_id=host.id_of("Claude SCIM"))
    okta.org.add_group("Users", [host.id_of("alan@example.com")])
    host.variables["claude_groups"] = ["Engineering", "Users"]
    preview = host.run("claude", "--check")
    assert "link group Owners to the group of this name that Claude has" in preview.output
    mended = host.run("claude")
    assert "Linked group Owners to the group of this name that Claude has" in mended.output
    assert not {"group_push_errors", "group_push_members", "group_push"} & set(mended.open_checks)
    members = {group["displayName"]: len(group["members"]) for group in okta.directory.groups.values()}
    assert members == {"Owners": 1, "Research": 3}

    okta.journal.clear()
    unchanged = host.run("claude")
    assert unchanged.recap["changed"] == 0 and host.writes() == []
    questions = collections.Counter((call.method, call.path, *sorted(call.query.items())) for call in okta.journal)
    assert [question for question, times in questions.items() if times > 1] == []


def test_a_group_in_both_lists_is_told_by_name_and_by_id(make_host):
    host = make_host(claude_groups=["Engineering", "Research"])
    host.variables["claude_push_groups"] = [host.id_of("Research")]
    examples.connect(host.okta, examples.scim_app(host.okta))
    assert "In claude_groups and pushed to Claude: Research." in host.run("claude", "--check").output
