# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The files of a report: which there are, who may read them, and how they are replaced."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pathlib
import tempfile
import typing

from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.saml_metadata import parse_metadata
from ansible_collections.idops.okta.plugins.plugin_utils.report.junit import render_junit
from ansible_collections.idops.okta.plugins.plugin_utils.report.page import render_overview, render_report

FOLDER_MODE = 0o755
PUBLIC_MODE = 0o644
PRIVATE_MODE = 0o600  # of what has people in it
OVERVIEW = "index.html"
METADATA, NEXT_METADATA = "metadata.xml", "metadata-next.xml"
PREVIOUS_METADATA = "metadata-previous.xml"  # what Claude has, as long as nobody says that it has the current one


def read_handed_over(folder: pathlib.Path) -> list[dict]:
    """The values of the metadata that earlier reports in this folder gave out. A file that cannot be read is left out."""
    current = METADATA if not (folder / PREVIOUS_METADATA).exists() else PREVIOUS_METADATA
    values = []
    for name in (current, NEXT_METADATA):
        with contextlib.suppress(OSError, Failure):
            values.append(parse_metadata((folder / name).read_bytes(), name))
    return values


def write_report(folder: pathlib.Path, result: dict, steps: dict, *, junit: bool) -> list[str]:
    """Write the files of one run, and remove those of an earlier one that it does not have. Returns the paths written.

    steps: registered results by the name of the step; they have the metadata. Raises OSError.
    """
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    contents = list_contents(result, steps, junit=junit)
    if any(check["id"] == "handed_over" for check in result["checks"]):
        with contextlib.suppress(OSError):
            known = PREVIOUS_METADATA if (folder / PREVIOUS_METADATA).exists() else METADATA
            contents[PREVIOUS_METADATA] = (folder / known).read_text(encoding="utf-8")
    # A run that could not read the metadata leaves what it gave out before.
    is_unread = not result["metadata"] and result["mode"] != "remove" and result["protocol"] == "saml"
    for name, content in contents.items():
        if content is not None:
            write_file(folder / name, content, PUBLIC_MODE if name.startswith("metadata") else PRIVATE_MODE)
        elif not (name.startswith("metadata") and (is_unread or result["mode"] == "verify")):
            (folder / name).unlink(missing_ok=True)
    return [str(folder / name) for name, content in contents.items() if content is not None]


def list_contents(result: dict, steps: dict, *, junit: bool) -> dict[str, str | None]:
    """The content by the name of the file; None for a file that this run does not have."""
    metadata, next_metadata = (steps.get(name) or {} for name in ("metadata", "next_metadata"))
    return {
        PREVIOUS_METADATA: None,
        METADATA: metadata["metadata"]["xml"] if result["metadata"] else None,
        NEXT_METADATA: (next_metadata.get("metadata") or {}).get("xml"),
        "report.json": json.dumps(result, ensure_ascii=False, indent=4) + "\n",
        "report.html": render_report(result),
        "junit.xml": render_junit(result) if junit else None,
    }


def write_file(path: pathlib.Path, content: str, mode: int) -> None:
    """Replace the file as a whole: whoever reads it meanwhile gets the old one or the new one."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
        pathlib.Path(temporary).replace(path)
    except BaseException:
        pathlib.Path(temporary).unlink(missing_ok=True)
        raise


def write_overview(parent: pathlib.Path, hosts: dict[str, str], result: dict, run_folder: pathlib.Path) -> str | None:
    """Write one page over the reports of all hosts of the play, if they share the parent folder. Returns its path.

    hosts: every host of the play, each with what is known about one without a report; run_folder: of this run of Ansible,
    where each host records its own entry. The last host to come finds the entries of all. Raises OSError.
    """
    entries_folder = run_folder / "claude_report"
    entries_folder.mkdir(mode=0o700, exist_ok=True)
    with locked_file(entries_folder / "lock"):
        entry = json.dumps(summarize_entry(result, parent))
        write_file(entries_folder / f"{list(hosts).index(result['host'])}.json", entry, PRIVATE_MODE)
        entries = [json.loads(path.read_text(encoding="utf-8")) for path in entries_folder.glob("*.json")]
        if {entry["parent"] for entry in entries} != {str(parent)}:
            return None
        by_host = {entry["host"]: entry for entry in entries}
        listed = [by_host.get(host) or {"host": host, "reason": reason} for host, reason in hosts.items()]
        write_file(parent / OVERVIEW, render_overview(listed, result["time"]), PUBLIC_MODE)
    return str(parent / OVERVIEW)


def summarize_entry(result: dict, parent: pathlib.Path) -> dict:
    """What the overview says about one host."""
    folder = pathlib.Path(result["report"]).parent.name
    entry = {key: result[key] for key in ("host", "plan", "ready", "chain", "mode", "people_states")}
    return {**entry, "sentence": result["summary"][0], "folder": folder, "parent": str(parent)}


@contextlib.contextmanager
def locked_file(path: pathlib.Path) -> typing.Iterator[None]:
    """Wait until no other process of the run holds the lock."""
    with path.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
