# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The checks as JUnit XML, for a CI system. Pure."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

# What XML 1.0 does not allow, not even escaped.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(result: dict) -> str:
    """A check that is manual or skipped counts as skipped."""
    checks = result["checks"]
    failed = sum(check["state"] == "failed" for check in checks)
    skipped = sum(check["state"] in ("manual", "skipped") for check in checks)
    counts = {"tests": str(len(checks)), "failures": str(failed), "errors": "0", "skipped": str(skipped)}
    root = ET.Element("testsuites", name="claude", **counts)
    suite = ET.SubElement(root, "testsuite", name=_clean_text(result["host"]), time="0", **counts)
    for check in checks:
        name = f"claude.{_clean_text(result['host'])}"
        case = ET.SubElement(suite, "testcase", classname=name, name=check["id"], time="0")
        _add_outcome(case, check)
    ET.indent(root, "")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _add_outcome(case: ET.Element, check: dict) -> None:
    detail, remedy = _clean_text(check["detail"]), _clean_text(check["remedy"] or "")
    if check["state"] == "failed":
        ET.SubElement(case, "failure", message=detail).text = remedy
    elif check["state"] == "ok":
        ET.SubElement(case, "system-out").text = detail
    else:
        ET.SubElement(case, "skipped", message=f"{check['state']}: {detail} {remedy}".rstrip())


def _clean_text(text: str) -> str:
    return FORBIDDEN.sub("", text)
