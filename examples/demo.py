# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sets up Claude in an emulated Okta org on this machine, then again to show that nothing changes. Run by `make demo`."""

from __future__ import annotations

import collections
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = Path(".cache/demo-report")  # as in inventory.yml
PLAYBOOK = ["ansible-playbook", "idops.okta.claude", "-i", "examples/inventory.yml"]
EMULATOR = [sys.executable, "-m", "tests.okta_emulator", "--seed", "demo"]


@contextlib.contextmanager
def start_process(command: list[str], **options: object) -> Iterator[subprocess.Popen[str]]:
    """A process whose output is read here, and which is terminated afterwards in any case."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, **options
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


@contextlib.contextmanager
def start_emulator() -> Iterator[dict[str, str]]:
    """An Okta org with a dozen people in three groups, and Claude's SCIM directory: their addresses and secrets."""
    with start_process(EMULATOR, start_new_session=True) as emulator:
        first_line = emulator.stdout.readline()
        if not first_line:
            sys.exit("The emulated Okta org did not start.")
        yield dict(pair.split("=", 1) for pair in first_line.split())


def run_playbook(org: dict[str, str]) -> int:
    """Run the playbook with the example inventory. Returns the number of changes."""
    environment = {
        **os.environ,
        "ANSIBLE_FORCE_COLOR": "0",
        "ANSIBLE_CONFIG": "examples/ansible.cfg",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "OKTA_CLIENT_ORGURL": org["url"],
        "OKTA_CLIENT_TOKEN": org["token"],
        "CLAUDE_SCIM_BASE_URL": org["scim_url"],
        "CLAUDE_SCIM_TOKEN": org["scim_token"],
    }
    lines = []
    with start_process(PLAYBOOK, env=environment) as playbook:
        for line in playbook.stdout:
            print(line, end="", flush=True)
            lines.append(line)
        status = playbook.wait()
    changes = re.findall(r"^claude-enterprise +: .* changed=(\d+) ", "".join(lines), re.MULTILINE)
    if status or not changes:
        sys.exit(f"\nThe playbook failed with exit status {status}.")
    return int(changes[-1])


def print_outcome(result: dict, first_changes: int, second_changes: int) -> None:
    """Print what the two runs changed, and how the checks of the first ended."""
    states = collections.Counter(check["state"] for check in result["checks"])
    counts = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    print(f"First run: {first_changes} changes. Second run: {second_changes} changes. Checks: {counts}.")


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    shutil.rmtree(ROOT / REPORT, ignore_errors=True)  # of another org: each demo has a new one
    with start_emulator() as org:
        print(f"An emulated Okta org listens at {org['url']}. First run: $ {' '.join(PLAYBOOK)}", flush=True)
        first_changes = run_playbook(org)
        result = json.loads((ROOT / REPORT / "report.json").read_text(encoding="utf-8"))
        print("Second run, with the same command:", flush=True)
        second_changes = run_playbook(org)
    print_outcome(result, first_changes, second_changes)
    if second_changes or not result["ready"]:
        sys.exit("Something is left to do, although the emulated org supports everything. This is a bug.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
