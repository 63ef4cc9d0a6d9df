# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The files of a report, when they are written, and what the terminal shows."""

import json
import stat
import xml.etree.ElementTree as ET

import pytest
from ansible_collections.idops.okta.plugins.plugin_utils.report.result import claude_result
from ansible_collections.idops.okta.plugins.plugin_utils.report.run_facts import make_run_facts
from conftest import Reports
from runs import RUNS, WRITTEN

JSON_CALLBACK = """
import json
from ansible.plugins.callback import CallbackBase

class CallbackModule(CallbackBase):
    CALLBACK_TYPE, CALLBACK_NAME, ok = "stdout", "json_only", []

    def v2_runner_on_ok(self, result):
        self.ok.append(result._host.name)

    def v2_playbook_on_stats(self, stats):
        print(json.dumps({"ok": self.ok}))
"""


def make_result(reports, host):
    """What the report of a host should say."""
    run = RUNS[host]()
    facts = make_run_facts(run.pop("connection"), host, reports.data(host)["time"], str(reports.folder / host))
    return claude_result(**run, run=facts)


def list_modes(folder):
    return {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in folder.iterdir()}


def test_a_report_is_no_change_and_a_preview_has_none(reports):
    assert reports.counts == {"ok": 3 * len(RUNS), "changed": 0, "failed": 1, "unreachable": 0}  # the broken host
    assert sorted(path.name for path in reports.folder.iterdir()) == sorted([*WRITTEN, "index.html"])


def test_files_with_people_in_them_are_private(reports):
    private = dict.fromkeys(("report.html", "report.json", "junit.xml"), "0o600")
    assert list_modes(reports.folder / "green") == {**private, "metadata.xml": "0o644"}
    assert list_modes(reports.folder / "oidc") == private


@pytest.mark.parametrize("host", WRITTEN)
def test_the_data_are_the_result_without_any_secret(reports, host):
    assert reports.data(host) == make_result(reports, host)
    assert "secret" not in reports.data(host)["connection"].values()


@pytest.mark.parametrize("host", WRITTEN)
def test_junit_counts_the_checks(reports, host):
    suite = ET.parse(reports.file(host, "junit.xml")).getroot().find("testsuite")
    states = [check["state"] for check in reports.data(host)["checks"]]
    counts = {name: int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")}
    failed, ok = states.count("failed"), states.count("ok")
    assert counts == {"tests": len(states), "failures": failed, "errors": 0, "skipped": len(states) - failed - ok}
    for tag, count in (("testcase", len(states)), ("failure", failed), ("skipped", counts["skipped"])):
        assert len(list(suite.iter(tag))) == count


def test_the_terminal_shows_the_summary_of_each_host_once_and_nothing_that_controls_it(reports):
    for host in ("green", "amber", "red", "team", "removed"):
        summary = "".join(f"{host}: {line}\n" for line in reports.data(host)["summary"])
        assert reports.output.count(summary) == 1
    assert "\nmany: " in reports.output
    assert not {"\x07", "\x1b", "\u202e"} & set(reports.output)


@pytest.mark.parametrize("host", ["amber", "preview"])
def test_check_mode_writes_nothing(tmp_path, host):
    preview = Reports(tmp_path)
    assert preview.write("--check", hosts=(host,))["failed"] == 0
    assert not preview.folder.exists()
    assert "\nReport:\n" not in preview.output


def test_one_host_has_its_path_on_a_line_and_no_overview(tmp_path):
    alone = Reports(tmp_path)
    alone.write(hosts=("amber",))
    assert [path.name for path in alone.folder.iterdir()] == ["amber"]
    assert f"\n{alone.file('amber')}\n" in alone.output


def test_output_that_is_json_stays_json(tmp_path):
    alone = Reports(tmp_path)
    (tmp_path / "json_only.py").write_text(JSON_CALLBACK, encoding="utf-8")
    alone.write(hosts=("green",), callback="json_only")
    assert json.loads(alone.output) == {"ok": ["green"] * 3}


def test_files_of_an_earlier_run_do_not_stay_after_a_removal(tmp_path):
    again = Reports(tmp_path)
    folder = again.folder / "removed"
    folder.mkdir(parents=True)
    for name in ("metadata.xml", "metadata-next.xml", "junit.xml", "notes.txt"):
        (folder / name).touch()
    again.write("-e", '{"claude_junit": false}', hosts=("removed",))
    assert sorted(path.name for path in folder.iterdir()) == ["notes.txt", "report.html", "report.json"]


def test_a_folder_that_breaks_is_a_warning_and_the_summary_is_shown(tmp_path):
    broken = Reports(tmp_path)
    broken.folder.write_text("not a folder", encoding="utf-8")
    assert broken.write(hosts=("team",))["failed"] == 0
    assert "[WARNING]: The report could not be written to" in broken.output
    assert "\nReady: 12 people can sign in" in broken.output and "\nReport:\n" not in broken.output


def test_a_host_that_is_not_ready_fails_at_the_end_if_that_is_strict(tmp_path):
    strict = Reports(tmp_path)
    counts = strict.write("-e", "claude_strict=true", hosts=("amber", "team"))
    assert counts["failed"] == 1
    assert strict.output.count("scim_connection") == 0 and strict.output.count("set Provisioning to SCIM") == 1
