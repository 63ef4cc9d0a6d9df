# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How long the playbook takes beside other ways to the same setup of an emulated org. Run by `make benchmark`.

Every round measures every way in turn, because machines are noisy. What counts are the ratios of medians, not seconds.
Every way has to leave the same org behind.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import time
import typing
import urllib.request

import chart
import recording

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".cache" / "benchmark"
OLD_CALLS = json.loads(pathlib.Path(__file__).with_name("calls_of_80b8096.json").read_text(encoding="utf-8"))
PLAYBOOK = ["ansible-playbook", "idops.okta.claude", "-i", "examples/inventory.yml"]
# Another name of the same Python: a module is then packed and run as a process of its own, as modules usually are.
OTHER_NAME = pathlib.Path(sys.executable).with_name("python{}.{}".format(*sys.version_info))
COMMANDS = {
    "playbook": PLAYBOOK,
    "processes": [*PLAYBOOK, "-e", f"ansible_python_interpreter={OTHER_NAME}"],
    "sdk": [ROOT / ".cache/venv/benchmark/bin/python", "tests/benchmark/sdk_script.py"],
}
WAYS = {
    "playbook": "playbook idops.okta.claude",
    "sdk": "its calls as a script on Okta's SDK",
    "processes": "its modules as processes of their own",
    "uri": "its calls as ansible.builtin.uri tasks",
    "old": "calls of the first version as uri tasks",
}
JOBS = {"setup": "Setup of an empty org", "change-free": "Run that changes nothing"}
LATENCIES = (0, 80)  # milliseconds


class Goal(typing.NamedTuple):
    """The playbook is at least this many times as fast as another way."""

    way: str
    job: str
    latency: int
    ratio: float


GOALS = [Goal("uri", "change-free", 0, 4), *(Goal("old", job, 0, 5) for job in JOBS)]
GOALS += [Goal("sdk", job, latency, 1) for job in JOBS for latency in LATENCIES]


class EmulatedOrg:
    """The emulator as a process of its own, and the environment of the commands that use it."""

    def __init__(self, first_line: str) -> None:
        org = dict(pair.split("=", 1) for pair in first_line.split())
        self.url = org["url"]
        self.environment = {variable: org[name] for name, variable in recording.VARIABLES.items()}

    def control(self, path: str, options: dict | None = None) -> typing.Any:
        """A call of the control API: POST with options, GET without."""
        body = None if options is None else json.dumps(options).encode()
        request = urllib.request.Request(f"{self.url}/_control/{path}", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def populate(self, latency: int) -> None:
        """Back to the people and groups of the demo, without apps."""
        self.control("reset", {})
        self.control("seed", {"demo": True})
        self.control("settings", {"latency": latency})

    def journals(self) -> tuple[list, list]:
        return self.control("journal"), self.control("journal?scim=true")


@contextlib.contextmanager
def start_emulator() -> typing.Iterator[EmulatedOrg]:
    command = [sys.executable, "-m", "tests.okta_emulator", "--idle", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield EmulatedOrg(process.stdout.readline())
        finally:
            process.terminate()


class Run(typing.NamedTuple):
    """One run of one way: how long it took, its calls, and the number of tasks that it showed, skipped included."""

    seconds: float
    cpu_seconds: float
    calls: list[dict]
    tasks: int


def run_way(way: str, job: str, org: EmulatedOrg) -> Run:
    command = COMMANDS.get(way) or ["ansible-playbook", "-i", "localhost,", "-c", "local", FOLDER / f"{way}-{job}.json"]
    environment = {
        **os.environ,
        **org.environment,
        "ANSIBLE_STDOUT_CALLBACK": "default",
        "METADATA_FILE": str(FOLDER / "metadata.xml"),
        "NO_PROXY": "127.0.0.1",
        "OKTA_TESTING_TESTINGDISABLEHTTPSCHECK": "true",  # the SDK's own switch for an org without TLS
    }
    earlier = [len(journal) for journal in org.journals()]
    start, cpu_start = time.perf_counter(), cpu_time()
    process = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    seconds, cpu_seconds = time.perf_counter() - start, cpu_time() - cpu_start
    if process.returncode:
        sys.exit(f"{WAYS[way]} failed:\n{process.stdout}{process.stderr}")
    okta, directory = (journal[count:] for journal, count in zip(org.journals(), earlier, strict=True))
    tasks = len(re.findall(r"^TASK \[", process.stdout, re.MULTILINE))
    return Run(seconds, cpu_seconds, recording.record_calls(okta, directory, org.environment), tasks)


def cpu_time() -> float:
    """Seconds of all processes that have ended: less noisy than the clock where others use the machine."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def write_uri_playbooks(org: EmulatedOrg) -> None:
    """The playbooks of the ways uri and old: the calls of the playbook, recorded now, and those of 80b8096."""
    org.populate(0)
    for job in JOBS:
        for way, calls in {"uri": run_way("playbook", job, org).calls, "old": OLD_CALLS[job]}.items():
            text = json.dumps(recording.make_playbook(calls), indent=1)
            (FOLDER / f"{way}-{job}.json").write_text(text, encoding="utf-8")


def measure_ways(rounds: int, org: EmulatedOrg) -> dict[tuple[str, str, int], list[Run]]:
    """Runs by way, job and latency."""
    write_uri_playbooks(org)
    expected = org.control("snapshot")
    runs = {(way, job, latency): [] for job in JOBS for latency in LATENCIES for way in WAYS}
    for number in range(rounds):
        for latency in LATENCIES:
            for way, title in WAYS.items():
                print(f"round {number + 1} of {rounds}, {latency} ms: {title}", file=sys.stderr)
                org.populate(latency)
                for job in JOBS:
                    runs[way, job, latency].append(run_way(way, job, org))
                if org.control("snapshot") != expected:
                    sys.exit(f"{title}: leaves another org behind than the playbook.")
    return runs


def summarize_runs(runs: dict[tuple[str, str, int], list[Run]]) -> dict:
    """The content of benchmark.json. A ratio is how many times as long as the playbook a way takes."""
    ways, ratios = [], {}
    for (way, job, latency), several in runs.items():
        last = several[-1]
        figures = {"runs": len(several), "tasks": last.tasks, "calls": len(last.calls)}
        for name in ("seconds", "cpu_seconds"):
            figures[name] = statistics.median(getattr(run, name) for run in several)
        playbook_seconds = statistics.median(run.seconds for run in runs["playbook", job, latency])
        figures["ratio"] = ratios[way, job, latency] = figures["seconds"] / playbook_seconds
        figures["endpoints"] = dict(collections.Counter(map(recording.name_endpoint, last.calls)))
        ways.append({"way": way, "job": job, "latency": latency, **figures})
    goals = []
    for goal in GOALS:
        ratio = ratios[goal.way, goal.job, goal.latency]
        goals.append({**goal._asdict(), "measured": ratio, "is_reached": ratio >= goal.ratio})
    return {"ways": ways, "goals": goals}


def print_summary(summary: dict) -> None:
    endpoints = {}
    for one in summary["ways"]:
        endpoints[one["way"], one["job"]] = one["endpoints"]
        if one["way"] == "playbook":
            title = f"{JOBS[one['job']]}, {one['latency']} ms of latency"
            print(f"\n{title:50}{'median':>9}{'ratio':>8}{'CPU':>9}{'tasks':>7}{'calls':>7}")
        times = f"{one['seconds']:>7.2f} s{one['ratio']:>8.2f}{one['cpu_seconds']:>7.2f} s"
        print(f"{WAYS[one['way']]:50}{times}{one['tasks'] or '-':>7}{one['calls']:>7}")
    print("\nCalls by endpoint: playbook, setup and change-free run; 80b8096, setup and change-free run")
    columns = [endpoints[way, job] for way in ("playbook", "old") for job in JOBS]
    for name in sorted(set().union(*columns), key=lambda name: name.split()[::-1]):
        print(f"{name:50}" + "".join(f"{column.get(name, '-'):>8}" for column in columns))
    print()
    for goal in summary["goals"]:
        outcome = "reached" if goal["is_reached"] else "MISSED "
        case = f"{JOBS[goal['job']]}, {goal['latency']} ms, {WAYS[goal['way']]}"
        print(f"{outcome} {case}: {goal['measured']:.2f} times as long, goal {goal['ratio']}")


def draw_summary(summary: dict) -> str:
    groups = collections.defaultdict(dict)
    for one in summary["ways"]:
        groups[f"{JOBS[one['job']]}, {one['latency']} ms of latency"][WAYS[one["way"]]] = one["ratio"]
    return chart.draw_chart("Time relative to the playbook (shorter is faster)", groups)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of all ways (default: 5)")
    parser.add_argument("--goals", action="store_true", help="exit with status 1 if a goal is missed")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with start_emulator() as org:
        summary = summarize_runs(measure_ways(options.rounds, org))
    (FOLDER / "benchmark.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    (ROOT / "docs" / "benchmark.svg").write_text(draw_summary(summary), encoding="utf-8")
    print_summary(summary)
    if options.goals and not all(goal["is_reached"] for goal in summary["goals"]):
        sys.exit(1)


if __name__ == "__main__":
    main()
