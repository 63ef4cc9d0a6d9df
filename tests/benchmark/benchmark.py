# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a task costs: the same twenty reads of an emulated org, in four ways. Run by `make benchmark`.

Prints medians of several rounds, taken in turns, since machines are noisy; what counts is the ratio and not the seconds.
"""

from __future__ import annotations

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TASKS, ROUNDS = 20, 5
MODULE = {"idops.okta.app_info": {"label": "Claude"}}
URI = {
    "ansible.builtin.uri": {"url": "{{ org }}/api/v1/apps?q=Claude", "headers": {"Authorization": "SSWS {{ token }}"}}
}
WAYS = {
    "module, in Ansible's worker": MODULE,
    "module, as a process of its own": {**MODULE, "environment": {"ANY": "thing"}},
    "ansible.builtin.uri": URI,
    "no module at all": {"ansible.builtin.meta": "noop"},
}


def play(task: dict, org: dict[str, str]) -> list[dict]:
    return [
        {
            "hosts": "localhost",
            "gather_facts": False,
            "vars": {
                "ansible_python_interpreter": "{{ ansible_playbook_python }}",
                "org": org["url"],
                "token": org["token"],
            },
            "module_defaults": {"group/idops.okta.okta": {"org_url": org["url"], "api_token": org["token"]}},
            "tasks": [{"name": f"Task {number}", **task} for number in range(TASKS)],
        }
    ]


def seconds(playbook: pathlib.Path) -> float:
    start = time.perf_counter()
    environment = {**os.environ, "NO_PROXY": "127.0.0.1"}
    command = ["ansible-playbook", "-i", "localhost,", "-c", "local", playbook]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


def main() -> None:
    command = [sys.executable, "-m", "tests.okta_emulator", "--seed", "demo"]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as emulator,
    ):
        try:
            org = dict(word.split("=", 1) for word in emulator.stdout.readline().split())
            taken: dict[str, list[float]] = {way: [] for way in WAYS}
            for _round in range(ROUNDS):
                for way, task in WAYS.items():
                    playbook = pathlib.Path(folder, "playbook.json")
                    playbook.write_text(json.dumps(play(task, org)), encoding="utf-8")
                    taken[way].append(seconds(playbook))
        finally:
            emulator.terminate()
    start = statistics.median(taken["no module at all"])
    fastest = (statistics.median(taken["module, in Ansible's worker"]) - start) / TASKS
    print(f"{TASKS} tasks, medians of {ROUNDS} rounds; ansible-playbook alone takes {start:.2f} s")
    for way, times in taken.items():
        each = (statistics.median(times) - start) / TASKS
        if way != "no module at all":
            print(f"{way:32} {statistics.median(times):6.2f} s   {each * 1000:5.0f} ms a task   x {each / fastest:.1f}")


if __name__ == "__main__":
    main()
