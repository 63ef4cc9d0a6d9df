# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A removal names who loses Claude, and with claude_remove_people deactivates them first, also when it was cut off."""

from ansible_collections.idops.okta.tests.support import changes, guide_setup

CONFIRMED = {"claude_confirm_removal": "Claude"}
DEACTIVATE = {**CONFIRMED, "claude_remove_people": "deactivate", "claude_provisioning_wait": 5}
EVERYBODY = "ada@example.com, alan@example.com, grace@example.com, kay@example.com, mary@example.com"


def labels(host):
    return sorted(app["label"] for app in host.okta.org.apps.values())


def active(host):
    return sorted(user["userName"] for user in host.okta.directory.users.values() if user["active"])


def test_people_who_lose_claude_are_named_and_stay_in_it(make_host):
    host = make_host("keep")
    guide_setup.set_up_everything(host.okta)
    host.okta.journal.clear()
    preview = host.run("claude_remove", "--check", **CONFIRMED)
    assert f"5 people would lose Claude: {EVERYBODY}." in preview.output
    assert (host.writes(), labels(host)) == ([], ["Claude", "Claude SCIM"])
    removed = host.run("claude_remove", **CONFIRMED)
    assert f"5 people lost Claude: {EVERYBODY}." in removed.output
    assert [person["login"] for person in removed.report["losing"]] == EVERYBODY.split(", ")
    assert (labels(host), len(active(host))) == ([], 5)


def test_people_are_deactivated_before_the_apps_are_removed_also_by_the_run_after_one_that_was_cut_off(make_host):
    host = make_host("deactivate")
    _saml, scim = guide_setup.set_up_everything(host.okta)
    preview = host.run("claude_remove", "--check", **DEACTIVATE)
    assert "Okta would first deactivate everybody in Claude's directory." in preview.output
    assert "  - remove group Engineering from Claude SCIM\n" in preview.output
    assert (len(active(host)), labels(host)) == (5, ["Claude", "Claude SCIM"])

    switched_off = host.run("claude_remove", **DEACTIVATE, claude_scim_enabled=False)
    assert "claude_remove_people is 'deactivate', and SCIM is off" in str(switched_off.failures)
    changes.disable_feature("update", "lifecycleDeactivate")(host.okta, scim)
    refused = host.run("claude_remove", **DEACTIVATE)
    assert "Deactivate Users is off in app 'Claude SCIM'. Enable it" in str(refused.failures)
    assert (len(active(host)), labels(host)) == (5, ["Claude", "Claude SCIM"])

    guide_setup.run_step(host.okta, "app_provisioning", app_id=scim, deactivate_users=True)
    host.okta.fault("DELETE", f"/apps/{scim}/users/", "status", status=403)
    cut_off = host.run("claude_remove", **DEACTIVATE)
    assert (cut_off.status != 0, active(host), len(labels(host))) == (True, ["kay@example.com"], 2)

    host.okta.settings.change(provisioning="manual")
    late = host.run("claude_remove", **DEACTIVATE)
    assert "1 person is active in Claude's directory (kay@example.com), 5 seconds after" in str(late.failures)
    assert (late.status != 0, len(labels(host))) == (True, 2)

    host.okta.provision()
    removed = host.run("claude_remove", **DEACTIVATE)
    assert (removed.status, active(host), labels(host)) == (0, [], [])
    assert f"5 people lost Claude: {EVERYBODY}." in removed.output
    assert host.run("claude_remove", **DEACTIVATE).status == 0
