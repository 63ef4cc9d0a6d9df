# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.support.examples import ask, saml_app


def policy_of(okta, app):
    return ask(okta, "GET", f"apps/{app['id']}")["_links"]["accessPolicy"]["href"].rpartition("/")[2]


def test_a_policy_by_its_exact_name(okta, run):
    app = saml_app(okta)
    policy = okta.org.add_policy("For Claude")
    okta.org.add_policy("For Claude, tighter")
    outcome = run("app_access_policy", app_label="Claude", policy="For Claude")
    assert policy_of(okta, app) == policy["id"] == outcome["id"]
    assert outcome["policy"] == {"id": policy["id"], "name": "For Claude"}


def test_an_unknown_policy_is_a_sentence_that_names_those_there_are(okta, run):
    saml_app(okta)
    okta.org.add_policy("For Claude")
    outcome = run("app_access_policy", app_label="Claude", policy="for Claude")
    assert "There is no policy named 'for Claude'" in outcome.msg and "For Claude" in outcome.msg
    okta.org.add_policy("For Claude")
    assert "2 policies are named 'For Claude'" in run("app_access_policy", app_label="Claude", policy="For Claude").msg


@pytest.mark.parametrize("check", [False, True])
def test_a_policy_of_oktas_own_is_refused(okta, run, check):
    saml_app(okta)
    outcome = run("app_access_policy", check=check, app_label="Claude", policy="Okta Admin Console")
    assert "is a policy of Okta's own" in outcome.msg
    assert okta.writes() == []


def test_a_classic_org_is_a_clear_word(okta, run):
    okta.settings.change(engine="classic")
    saml_app(okta)
    assert "Okta Classic Engine" in run("app_access_policy", app_label="Claude", policy="For Claude").msg


@pytest.mark.parametrize(("policy", "changed"), [("Any two factors", False), ("Password only", True)])
def test_a_preview_knows_the_policy_of_a_new_app(okta, run, policy, changed):
    preview = run("app_access_policy", check=True, app_id="PLANNED", policy=policy)
    app = saml_app(okta)
    real = run("app_access_policy", app_id=app["id"], policy=policy)
    assert preview.changed == real.changed == changed
    assert preview["diff"] == real["diff"]
