# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pathlib
import re

import yaml
from ansible_collections.idops.okta.plugins.module_utils.check_text import CHECK_TEXT
from ansible_collections.idops.okta.plugins.module_utils.checks import CHECKS
from ansible_collections.idops.okta.plugins.plugin_utils.report import role_text
from ansible_collections.idops.okta.plugins.plugin_utils.report.role_text import CHECK_REMEDIES

ROOT = pathlib.Path(__file__).parents[5]
# Options of modules, as the generic remedies name them. In the role they are called otherwise.
MODULE_OPTION = re.compile(r"usernames set to|email_field|admin_api_key|option wait|tolerance|another label")


def test_every_remedy_is_of_a_registered_check_in_a_known_state():
    assert set(CHECK_REMEDIES) <= set(CHECKS)
    states = {state for remedies in CHECK_REMEDIES.values() for state in remedies}
    assert states <= {"failed", "manual", "skipped"}


def test_every_variable_in_a_remedy_is_an_option_of_the_role():
    spec = yaml.safe_load((ROOT / "roles/claude/meta/argument_specs.yml").read_text(encoding="utf-8"))
    options = spec["argument_specs"]["main"]["options"]
    words = f"{CHECK_REMEDIES} {role_text.SCIM_OFF} {role_text.TEAM_PLAN}"
    named = set(re.findall(r"\bclaude_\w+", words))
    assert named and named <= set(options)


def test_every_remedy_that_names_an_option_of_a_module_has_one_for_the_role():
    naming = set()
    for id, text in CHECK_TEXT.items():
        for key, words in text.items():
            if key.endswith("remedy") and MODULE_OPTION.search(words):
                naming.add(id)
    assert naming
    assert naming <= set(CHECK_REMEDIES)


def test_generic_words_name_no_variable_of_the_role():
    assert "claude_" not in str(CHECK_TEXT)
