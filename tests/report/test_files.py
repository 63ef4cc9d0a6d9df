# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The files beside the page, and when they are written."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from conftest import ROOT, Reports
from results import RUNS


def test_files_are_no_change_and_metadata_are_there_where_the_app_has_some(reports):
    assert reports.counts["changed"] == 0 and reports.counts["failed"] == 1  # the broken host
    with_metadata = [host for host, run in RUNS.items() if run()["metadata"]]
    assert [host for host in RUNS if reports.file(host, "metadata.xml").exists()] == with_metadata


@pytest.mark.parametrize("host", RUNS)
def test_the_data_are_the_result(reports, host):
    assert reports.data(host) == RUNS[host]()


@pytest.mark.parametrize("host", RUNS)
def test_junit_counts_the_checks(reports, host):
    suite = ET.parse(reports.file(host, "junit.xml")).getroot().find("testsuite")
    states = [check["state"] for check in RUNS[host]()["checks"]]
    counts = {name: int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")}
    failed, ok = states.count("failed"), states.count("ok")
    assert counts == {"tests": len(states), "failures": failed, "errors": 0, "skipped": len(states) - failed - ok}
    for tag, count in (("testcase", len(states)), ("failure", failed), ("skipped", counts["skipped"])):
        assert len(list(suite.iter(tag))) == count


@pytest.mark.parametrize("mode", ["preview", "verify"])
def test_check_mode_writes_nothing(tmp_path, mode):
    preview = Reports(tmp_path)
    assert preview.write("--check", "-e", f"__claude_mode={mode}", hosts=("amber", "preview"))["failed"] == 0
    assert not preview.folder.exists()


def test_one_host_has_no_overview(tmp_path):
    alone = Reports(tmp_path)
    alone.write(hosts=("amber",))
    assert [path.name for path in alone.folder.iterdir()] == ["amber"]


@pytest.mark.parametrize("template", [*(ROOT / "roles/claude/templates").glob("*.j2")], ids=lambda path: path.name)
def test_every_value_is_escaped(template):
    source = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    for value in re.findall(r"\{\{ (.*?) \}\}", source, re.DOTALL):
        made = value.startswith(("ui.", "text(")) or " | e] | join " in value
        assert made or value.endswith((" | e", r"to_json | replace('<', '\\u003c')"))
