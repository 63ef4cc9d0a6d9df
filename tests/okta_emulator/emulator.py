# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The emulator: its state, and how a request reaches the part that answers it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate

from .claude.admin_api import ClaudeOrganization
from .claude.scim_directory import Directory
from .control import snapshots
from .control.control_api import ControlApi
from .control.settings import Settings
from .http.errors import OktaError
from .http.faults import Fault
from .http.ids import random_secret
from .http.limits import Limits
from .http.server import Server
from .http.web import Answer, Request
from .okta import people, routes, saml
from .okta.auth import Authenticator
from .okta.org import Org
from .okta.provisioning import Provisioner


@dataclass
class JournalEntry:
    """One request to the Okta API and its answer."""

    method: str
    path: str
    query: dict
    body: object
    status: int
    answer: object
    changes: bool
    fault: str | None = None


class Emulator:
    """An Okta org, Claude's SCIM directory and Claude's Admin API on a free port of 127.0.0.1."""

    def __init__(self, port: int = 0, **settings: object):
        self._initial_settings = settings
        self.settings = Settings(**settings)
        self._server = Server(port, self.answer)
        self.url = self._server.url
        self.token, self.read_only_token = "00" + random_secret(40), "00" + random_secret(40)
        self.org = Org(self.url, self.settings, (self.token, self.read_only_token))
        self.directory = Directory(f"{self.url}/scim/v2/claude")
        self.scim_url, self.scim_token = self.directory.url, self.directory.token
        self.claude = ClaudeOrganization(self.directory, self.settings)
        self.admin_api_key = self.claude.key
        self.journal: list[JournalEntry] = []
        self.faults: list[Fault] = []
        self._counter_lock = threading.Lock()
        self.limits = Limits(self.settings)
        self.authenticator = Authenticator(self.org)
        self.provisioner = Provisioner(self.org)
        self.control = ControlApi(self)
        self.stopped = threading.Event()

    @property
    def idle(self) -> float:
        """Seconds since the last request."""
        return time.monotonic() - self._server.last_request

    def start(self) -> Emulator:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop serving; idempotent."""
        if not self.stopped.is_set():
            self.stopped.set()
            self._server.shutdown()
            self._server.server_close()

    __enter__ = start

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def reset(self) -> None:
        """Restore the state at the start: an empty org and directory, initial settings, no journal, no faults."""
        self.settings.change(**vars(Settings(**self._initial_settings)))
        for part in (self.org, self.directory, self.claude, self.limits, self.authenticator):
            part.reset()
        self.journal.clear()
        self.faults.clear()

    def fault(
        self, method: str, path_regex: str, kind: str, times: int | None = 1, after: int = 0, **details: object
    ) -> Fault:
        """Inject a fault into `times` matching requests (None: all), after the first `after` of them."""
        self.faults.append(Fault(method, path_regex, kind, times, after, details))
        return self.faults[-1]

    def writes(self, since: int = 0) -> list[JournalEntry]:
        """Journal entries, from an index on, of requests that change the org."""
        return [entry for entry in self.journal[since:] if entry.changes]

    def provision(self) -> int:
        """Run the provisioning jobs that are waiting; returns their number."""
        with self.org.lock:
            jobs = self._take_jobs()
        self.provisioner.run(jobs)
        return len(jobs)

    def _take_jobs(self) -> list:
        jobs, self.org.jobs = self.org.jobs, []
        return jobs

    def sign_in(self, app_id: str, user: str) -> dict:
        """A person signs in to an app: {"response": base64} of SAML, {"claims": …} of OIDC; Claude records it."""
        with self.org.lock:
            answer = saml.sign_in(self.org, self.org.apps[app_id], people.get(self.org, user))
        self.claude.signed_in(answer["email"])
        return answer

    def snapshot(self) -> dict:
        """Org and directory as a comparable dict: no times, no secrets, names instead of ids."""
        with self.org.lock:
            return snapshots.take_snapshot(self.org, self.directory)

    def answer(self, request: Request) -> Answer:
        """Answer a request of any of the APIs, with the fault that matches it, if any."""
        if request.path.startswith("/_control"):
            return self.control.answer(request)
        with self._counter_lock:
            fault = next((fault for fault in self.faults if fault.matches(request.method, request.target)), None)
        if request.path.startswith("/scim/"):
            return _apply_fault(fault, lambda: self.directory.answer(request))
        if request.path.startswith("/v1/organizations"):
            return _apply_fault(fault, lambda: self.claude.answer(request))
        return self._answer_okta(request, fault)

    def _answer_okta(self, request: Request, fault: Fault | None) -> Answer:
        changes = not request.is_read and not request.path.startswith("/oauth2/")
        entry = JournalEntry(request.method, request.path, request.query, None, 0, None, changes, fault and fault.kind)
        self.journal.append(entry)
        if self.settings.latency:  # tests replace time.sleep, and count the calls of the code under test
            time.sleep(self.settings.latency / 1000)
        headers: dict = {"Date": formatdate(self.org.now(), usegmt=True)}
        try:
            entry.body = request.body
            with self._counter_lock:
                headers |= self.limits.count(request.path)
            answer = _apply_fault(fault, lambda: self._serve(request))
        except OktaError as error:
            answer = Answer(error.status, error.body, error.headers)
        entry.status, entry.answer = answer.status, answer.body
        return answer._replace(headers={**headers, **answer.headers})

    def _serve(self, request: Request) -> Answer:
        """Okta's answer; with immediate provisioning, jobs run before the answer is sent."""
        try:
            if request.path == "/oauth2/v1/token" and request.method == "POST":
                return self.authenticator.issue_token(request)
            if request.path == "/.well-known/okta-organization":
                return routes.well_known(self.org)
            if request.path.startswith("/app/"):
                return saml.public_metadata(self.org, request.path.split("/")[2])
            principal = self.authenticator.authenticate(request)
            with self.org.lock:
                answer = routes.dispatch(self.org, request, self.authenticator, principal)
                # Copied under the lock: other threads may change these objects later.
                answer = answer._replace(body=json.loads(json.dumps(answer.body)))
                jobs = [] if self.settings.provisioning == "manual" else self._take_jobs()
        except OktaError as error:
            return Answer(error.status, error.body, error.headers)
        self.provisioner.run(jobs)
        return answer


def _apply_fault(fault: Fault | None, serve: Callable[[], Answer]) -> Answer:
    """The answer of `serve`, unless the fault replaces or changes it."""
    if not fault:
        return serve()
    return fault.replace_answer() or fault.change_answer(serve())
