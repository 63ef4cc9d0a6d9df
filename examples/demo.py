# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sets up Claude in a stand-in Okta org on this machine, then again to show that nothing changes. Run by `make demo`."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = Path(".cache/demo-report")  # as in inventory.yml
PLAYBOOK = ["ansible-playbook", "idops.okta.claude", "-i", "examples/inventory.yml"]


@contextlib.contextmanager
def started(command: list[str], **given: object) -> Iterator[subprocess.Popen[str]]:
    """A process whose output is read here, and which is gone afterwards, whatever happens."""
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, **given)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


@contextlib.contextmanager
def stand_in() -> Iterator[dict[str, str]]:
    """An Okta org with a dozen people in three groups, and Claude's SCIM directory: their addresses and secrets."""
    with started([sys.executable, "-m", "tests.okta_emulator", "--seed", "demo"], start_new_session=True) as emulator:
        said = emulator.stdout.readline()
        if not said:
            sys.exit("The stand-in org did not start.")
        yield dict(word.split("=", 1) for word in said.split())


def play(org: dict[str, str]) -> int:
    """Run the playbook on the example inventory. Returns the number of changes."""
    environment = {
        **os.environ,
        "ANSIBLE_FORCE_COLOR": "0",
        "ANSIBLE_STDOUT_CALLBACK": "default",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "OKTA_CLIENT_ORGURL": org["url"],
        "OKTA_CLIENT_TOKEN": org["token"],
        "CLAUDE_SCIM_BASE_URL": org["scim_url"],
        "CLAUDE_SCIM_TOKEN": org["scim_token"],
    }
    lines = []
    with started(PLAYBOOK, env=environment) as playbook:
        for line in playbook.stdout:
            print(line, end="", flush=True)
            lines.append(line)
        status = playbook.wait()
    changes = re.findall(r"^claude-enterprise +: .* changed=(\d+) ", "".join(lines), re.MULTILINE)
    if status or not changes:
        sys.exit(f"\nThe playbook failed with exit status {status}.")
    return int(changes[-1])


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with stand_in() as org:
        print(f"A stand-in Okta org listens at {org['url']}. First run: $ {' '.join(PLAYBOOK)}", flush=True)
        first = play(org)
        result = json.loads((ROOT / REPORT / "report.json").read_text(encoding="utf-8"))
        print("Second run, the same command:", flush=True)
        second = play(org)
    states = [check["state"] for check in result["checks"]]
    print(f"First run: {first} changes. Second run: {second} changes.", *result["summary"], sep="\n")
    print(f"Checks: {', '.join(f'{states.count(state)} {state}' for state in sorted(set(states)))}.")
    print(f"Report: {REPORT / 'report.html'}. Metadata to upload in Claude's set-up flow: {REPORT / 'metadata.xml'}.")
    if second or not result["ready"]:
        sys.exit("Something is left to do, though this org can do everything: that is a bug.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
