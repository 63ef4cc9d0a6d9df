# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Records the result of every task of a run, and the recap, as lines of JSON in the file of TASK_RECORD."""

import json
import os
import pathlib

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "task_record"

    def v2_runner_on_ok(self, result):
        self._record(result, "changed" if result._result.get("changed") else "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._record(result, "failed")

    def v2_runner_on_unreachable(self, result):
        self._record(result, "unreachable")

    def v2_runner_on_skipped(self, result):
        self._record(result, "skipped")

    def v2_playbook_on_stats(self, stats):
        for host in sorted(stats.processed):
            self._write({"host": host, "recap": stats.summarize(host)})

    def _record(self, result, state):
        message = str(result._result.get("msg", ""))
        name = result._task.get_name().rpartition(" : ")[2]  # without the role
        self._write({"host": result._host.get_name(), "task": name, "state": state, "message": message})

    def _write(self, line):
        with pathlib.Path(os.environ["TASK_RECORD"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
