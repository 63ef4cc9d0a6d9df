# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.tests.support.examples import ask, saml_app


def test_a_policy_by_its_exact_name(okta, run):
    app = saml_app(okta)
    policy = okta.org.add_policy("For Claude")
    okta.org.add_policy("For Claude, tighter")
    outcome = run("app_access_policy", app_label="Claude", policy="For Claude")
    link = ask(okta, "GET", f"apps/{app['id']}")["_links"]["accessPolicy"]["href"]
    assert link.rpartition("/")[2] == policy["id"] == outcome["id"]
    assert outcome["diff"] == {"before": {"name": "Any two factors"}, "after": {"name": "For Claude"}}
    assert outcome["policy"] == {"id": policy["id"], "name": "For Claude"}


@pytest.mark.parametrize(("policy", "changed"), [("Any two factors", False), ("Password only", True)])
def test_a_preview_knows_the_policy_of_a_new_app(okta, run, policy, changed):
    preview = run("app_access_policy", check=True, app_id="PLANNED", policy=policy)
    app = saml_app(okta)
    real = run("app_access_policy", app_id=app["id"], policy=policy)
    assert preview.changed == real.changed == changed
    assert preview["diff"] == real["diff"]
