# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The options of the role are written twice, as Ansible demands: in its argument spec, and as defaults."""

import pathlib

import yaml

ROLE = pathlib.Path(__file__).parents[3] / "roles" / "claude"
# Made from other options or from the name of the host. The spec describes them in words.
COMPUTED = {"claude_scim_enabled", "claude_report_dir"}


def read_yaml(path):
    return yaml.safe_load((ROLE / path).read_text(encoding="utf-8"))


def role_options():
    options = {}
    for entry_point in read_yaml("meta/argument_specs.yml")["argument_specs"].values():
        options.update(entry_point["options"])
    return options


def test_every_default_of_the_argument_spec_is_the_default_of_the_role():
    defaults = read_yaml("defaults/main.yml")
    computed = {name for name, value in defaults.items() if isinstance(value, str) and "{{" in value}
    assert computed == COMPUTED
    specified = {name: option["default"] for name, option in role_options().items() if "default" in option}
    assert specified == {name: value for name, value in defaults.items() if name not in COMPUTED}


def test_only_required_and_computed_options_have_no_default_in_the_argument_spec():
    options = role_options()
    required = {"claude_plan"}  # the plan of a run names it among all other reasons not to begin
    assert {name for name, option in options.items() if "default" not in option} == required | COMPUTED
    assert not required & set(read_yaml("defaults/main.yml"))


def test_every_entry_point_has_a_task_file_and_takes_the_options_of_the_set_up():
    entry_points = read_yaml("meta/argument_specs.yml")["argument_specs"]
    set_up = entry_points["main"]["options"]
    for name, entry_point in entry_points.items():
        assert (ROLE / "tasks" / f"{name}.yml").exists()
        assert set_up.items() <= entry_point["options"].items()


def test_no_option_is_no_log_because_ansible_core_up_to_2_18_then_refuses_a_value_with_vault():
    """The role shows none: modules mask them, and nothing prints the arguments of a role."""
    assert [name for name, option in role_options().items() if "no_log" in option] == []
