# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.plugins.filter.claude_deactivation import FilterModule

plan_deactivation = FilterModule().filters()["claude_deactivation"]
ON, OFF = ({"update": {"lifecycle_deactivate": {"status": status}}} for status in ("ENABLED", "DISABLED"))


def app(status="ACTIVE", connection="ENABLED", capabilities=ON, features=()):
    provisioning = {"connection": {"status": connection}, "capabilities": capabilities}
    return {
        "id": "0oa1",
        "label": "Claude SCIM",
        "status": status,
        "features": list(features),
        "provisioning": provisioning,
    }


def users(*names):
    return [{"user_name": name, "active": not name.startswith("gone")} for name in names]


@pytest.mark.parametrize(
    ("apps", "obstacle"),
    [
        ([app()], ""),
        ([app(connection="UNKNOWN", capabilities=None, features=["PUSH_USER_DEACTIVATION"])], ""),
        ([app(connection="UNKNOWN", capabilities=ON)], "Deactivate Users is off in app 'Claude SCIM'."),
        ([app(capabilities=OFF)], "Deactivate Users is off in app 'Claude SCIM'."),
        ([app(capabilities={})], "Deactivate Users is off in app 'Claude SCIM'."),
        ([app(status="INACTIVE")], "app 'Claude SCIM' is inactive."),
        ([], "there is no app that carries SCIM any more."),
        ([app(), app()], "several apps may carry SCIM: 0oa1, 0oa1."),
    ],
)
def test_what_keeps_okta_from_deactivating_people_is_named_with_them(apps, obstacle):
    plan = plan_deactivation(
        apps, users("ada@example.com", "gone@example.com", "owner@example.com"), ["Owner@example.com"]
    )
    assert plan["active"] == ["ada@example.com"]
    assert obstacle in plan["obstacle"] and bool(obstacle) is bool(plan["obstacle"])
    assert not obstacle or plan["obstacle"].startswith(
        "1 person is active in Claude's directory (ada@example.com), and Okta"
    )


def test_where_nobody_is_active_nothing_is_in_the_way():
    """A removal that was cut off after everybody was deactivated, or after the app was removed."""
    for apps in ([], [app(status="INACTIVE", capabilities=OFF)]):
        plan = plan_deactivation(apps, users("gone@example.com"), [])
        assert (plan["active"], plan["obstacle"]) == ([], "")
