# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Somebody changes settings of the guide: `claude_verify` names exactly them, and the next run repairs exactly them.

One setting of every kind; each setting by itself is in `tests/unit/test_drift.py`.
"""

from __future__ import annotations

import time
import typing

from ansible_collections.idops.okta.tests.support import changes

ELSEWHERE = "https://elsewhere.example.com/"


class Drift(typing.NamedTuple):
    """What somebody changes in an app, the check that names it with this word, and the request that repairs it."""

    app: str
    change: changes.Change
    check: str
    word: str
    repaired_by: str


def deactivate_app(okta, app_id):
    time.sleep(1)  # the log counts in seconds: the last sign-in is earlier than this
    changes.deactivate_app(okta, app_id)


AUDIENCE = changes.set_sign_on(audience=ELSEWHERE)
REDIRECT = changes.set_oauth_client(redirect_uris=[ELSEWHERE])
EMAIL, KAY = changes.map_email("user.login"), changes.unassign_person("kay@example.com")
ENGINEERING, POLICY = changes.unassign_group("Engineering"), changes.use_policy("Password only")
APP, SCIM, CONNECTION = "Claude", "Claude SCIM", "connections/default"
SIGN_ON = [
    Drift(APP, AUDIENCE, "sign_on_app", f"settings.sign_on.audience is {ELSEWHERE}", "PUT apps/Claude"),
    Drift(APP, POLICY, "access_policy", "Password only", "PUT apps/Claude/policies/For Claude"),
    Drift(APP, KAY, "sign_on_assignment", "kay@example.com", "POST apps/Claude/users"),
]
PROVISIONING = [
    Drift(SCIM, changes.show_app, "scim_app", "visibility.hide.web", "PUT apps/Claude SCIM"),
    Drift(SCIM, changes.disable_connection, "provisioning", "DISABLED", f"POST apps/Claude SCIM/{CONNECTION}"),
    Drift(SCIM, EMAIL, "mapping", "properties.email.expression is user.login", "POST mappings/ID"),
    Drift(SCIM, changes.disable_push, "group_push", "Research", "PATCH apps/Claude SCIM/group-push/mappings/ID"),
]
GROUP = Drift(SCIM, ENGINEERING, "scim_assignment", "Engineering", "PUT apps/Claude SCIM/groups/Engineering")
INACTIVE = Drift(APP, deactivate_app, "sign_on_app", "INACTIVE", "POST apps/Claude/lifecycle/activate")
OPENID_CONNECT = [
    Drift(APP, REDIRECT, "sign_on_app", f"settings.oauth_client.redirect_uris: {ELSEWHERE}", "PUT apps/Claude"),
    Drift(APP, EMAIL, "claim", "properties.email.expression is user.login", "POST mappings/ID"),
]


def snapshot(host):
    """The org and Claude's directory, without the order of groups: one that is assigned again is the first."""
    whole = host.okta.snapshot()
    for groups in whole["app_groups"].values():
        for group in groups.values():
            del group["priority"]
    return whole


def check_drifts(host, drifts, also=()):
    """also: checks of what follows from the changes."""
    before = snapshot(host)
    for drift in drifts:
        drift.change(host.okta, host.id_of(drift.app))
        assert snapshot(host) != before
    host.sign_in()

    start = len(host.okta.journal)
    verified = host.run("claude_verify")
    assert host.writes(since=start) == []
    assert set(verified.open_checks) == {*(drift.check for drift in drifts), *also}
    assert verified.status != 0 and not verified.report["ready"]
    assert verified.broken_stages
    for drift in drifts:
        detail = verified.open_checks[drift.check]
        assert drift.word in detail
        assert detail in verified.output

    repaired = host.run("claude")
    assert repaired.status == 0
    assert sorted(host.writes(since=start)) == sorted(drift.repaired_by for drift in drifts)
    assert snapshot(host) == before


def test_drift_of_sign_on_is_named_and_repaired(saml_host):
    check_drifts(saml_host, SIGN_ON)


def test_drift_of_provisioning_is_named_and_repaired(saml_host):
    check_drifts(saml_host, PROVISIONING)


def test_a_group_that_loses_scim_is_named_and_provisioned_again(saml_host):
    # Grace is deactivated in Claude until Okta pushes her again.
    check_drifts(saml_host, [GROUP], also={"directory", "members"})


def test_an_inactive_app_is_named_and_activated(saml_host):
    # Only a sign-in after the last change of the app counts, and nobody can sign in to an inactive one.
    check_drifts(saml_host, [INACTIVE], also={"sign_on_log"})


def test_drift_of_openid_connect_is_named_and_repaired(oidc_host):
    check_drifts(oidc_host, OPENID_CONNECT)
