# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from ansible_collections.idops.okta.plugins.plugin_utils.planning.decision import decide
from ansible_collections.idops.okta.plugins.plugin_utils.planning.option_names import in_role_words
from ansible_collections.idops.okta.plugins.plugin_utils.planning.variables import Reason
from ansible_collections.idops.okta.tests.support.step_results import check, refused

CHANGED, UNCHANGED = {"would_change": True}, {"would_change": False}


def texts_of(steps, variable_reasons=()):
    return [reason.text for reason in decide(steps, list(variable_reasons), [])[0]]


def test_the_steps_that_would_change_are_named():
    steps = {"sign_on_app": CHANGED, "scim_app": UNCHANGED, "mapping": CHANGED, "claim": {}}
    assert decide(steps, [], []) == ([], ["sign_on_app", "mapping"])


def test_nothing_is_claimed_below_an_app_that_is_refused():
    steps = {"scim_app": refused("2 apps have the label."), "provisioning": CHANGED, "sign_on_app": CHANGED}
    assert decide(steps, [], [])[1] == ["sign_on_app"]


def test_a_cause_is_told_once():
    same = refused("GET /api/v1/apps: 403 E0000006")
    assert texts_of({"sign_on_app": same, "scim_app": same}) == ["GET /api/v1/apps: 403 E0000006"]
    variable = Reason("claude_acs_url is not set.", ("claude_acs_url",))
    steps = {"sign_on_app": refused("There is no app yet. To create it, set acs_url.", options=["acs_url"])}
    assert texts_of(steps, [variable]) == ["claude_acs_url is not set."]


def test_a_missing_library_is_told_once_unless_only_the_module_lacks_it():
    steps = {"sign_on_app": refused("The Python library requests is missing in python3.", library="requests")}
    missing = Reason("Python libraries are missing: requests.", libraries=("requests",))
    assert texts_of(steps, [missing]) == [missing.text]
    assert texts_of(steps) == ["The Python library requests is missing in python3."]


def test_each_problem_of_a_step_is_a_reason_with_its_variable():
    problems = [
        {"msg": "There is no group named 'A'.", "options": ["groups"]},
        {"msg": "There is nobody.", "options": ["users"]},
    ]
    reasons = texts_of({"assignments": refused("both", problems=problems)})
    assert reasons == ["claude_groups: There is no group named 'A'.", "claude_users: There is nobody."]


def test_options_of_modules_are_named_as_variables():
    message = "2 people would lose the app, and max_removals allows 0. Set max_removals to 2."
    (text,) = texts_of({"assignments": refused(message, options=["max_removals"])})
    assert text == message.replace("max_removals", "claude_max_removals")
    unchanged = "claude_max_removals and invalid_dpop_proof stay"
    assert in_role_words(unchanged) == unchanged


def test_people_without_a_usable_email_or_sharing_one_are_a_reason():
    ids = ("people_email", "people_shared_email", "people_domain")
    checks = [check(id, "failed", f"Detail of {id}.", "x") for id in ids]
    first, second = texts_of({"assignments": {"checks": checks}})
    assert first.startswith("Detail of people_email.") and "claude_email_field" in first
    assert second.startswith("Detail of people_shared_email.")


def test_an_app_in_federation_broker_mode_is_a_reason():
    app = {"label": "Claude", "settings": {"implicit_assignment": True}}
    (reason,) = texts_of({"sign_on_app": {"app": app}})
    assert "Federation Broker Mode" in reason
