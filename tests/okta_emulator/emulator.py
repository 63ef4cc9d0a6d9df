# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The emulator itself: what it holds, and the way of a request to the room that answers it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from .claude.admin_api import Claude
from .claude.scim_directory import Directory
from .control import snapshots
from .control.control_api import Control
from .control.settings import Settings
from .http.errors import OktaError
from .http.faults import Fault
from .http.ids import secret
from .http.limits import Limits
from .http.server import Server
from .http.web import Answer, Request
from .okta import routes, saml
from .okta.auth import Gate
from .okta.org import Org
from .okta.provisioning import Provisioner


@dataclass
class Entry:
    """One request to the Okta API and its answer; fields read as attributes or by name in brackets."""

    method: str
    path: str
    query: dict
    body: object
    status: int
    answer: object
    changes: bool
    fault: str | None = None

    def __getitem__(self, name: str) -> object:
        return getattr(self, name)


class Emulator:
    """An Okta org, Claude's SCIM directory and Claude's Admin API on a free port of 127.0.0.1."""

    def __init__(self, port: int = 0, directory: str = "claude", **settings: object):
        self._given = settings
        self.settings = Settings(**settings)
        self._server = Server(port, self.answer)
        self.url = self._server.url
        self.token, self.read_only_token = "00" + secret(40), "00" + secret(40)
        self.org = Org(self.url, self.settings, (self.token, self.read_only_token))
        self.directory = Directory(f"{self.url}/scim/v2/{directory}")
        self.claude = Claude(self.directory, self.settings)
        self.journal: list[Entry] = []
        self.faults: list[Fault] = []
        self._counting = threading.Lock()
        self.limits = Limits(self.settings)
        self.gate = Gate(self.org)
        self.provisioner = Provisioner(self.org)
        self.control = Control(self)
        self.stopped = threading.Event()

    @property
    def idle(self) -> float:
        """Seconds since the last request."""
        return time.monotonic() - self._server.last_request

    @property
    def scim_url(self) -> str:
        return self.directory.url

    @property
    def scim_token(self) -> str:
        return self.directory.token

    @property
    def admin_api_key(self) -> str:
        return self.claude.key

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
        """An empty org with the settings it was started with, an empty directory, no journal, no faults."""
        self.settings.change(**vars(Settings(**self._given)))
        self.org.reset()
        self.directory.reset()
        self.claude.reset()
        self.limits.reset()
        self.gate.reset()
        self.journal.clear()
        self.faults.clear()

    def fault(
        self, method: str, path_regex: str, kind: str, times: int | None = 1, after: int = 0, **details: object
    ) -> Fault:
        """Let `times` matching requests (None: every one) go wrong, once `after` of them went well."""
        self.faults.append(Fault(method, path_regex, kind, times, after, details))
        return self.faults[-1]

    def writes(self, since: int = 0) -> list[Entry]:
        """The journal's entries from an index on that ask for a change of the org."""
        return [entry for entry in self.journal[since:] if entry.changes]

    def provision(self) -> int:
        """Run the provisioning that is held back; answer how many jobs that were."""
        with self.org.lock:
            jobs, self.org.jobs = self.org.jobs, []
        self.provisioner.run(jobs)
        return len(jobs)

    def sign_in(self, app_id: str, user: str) -> dict:
        """A person signs in to an app: {"response": base64} of SAML, {"claims": …} of OIDC; Claude takes note."""
        with self.org.lock:
            answer = saml.sign_in(self.org, self.org.apps[app_id], self.org.person(user))
        self.claude.signed_in(answer["email"])
        return answer

    def snapshot(self) -> dict:
        """Org and directory as one comparable dict: no times, no secrets, ids replaced by names."""
        with self.org.lock:
            return snapshots.take(self.org, self.directory)

    def answer(self, request: Request) -> Answer:
        """Lead a request to its room; faults may come before and after."""
        if request.path.startswith("/_control"):
            return self.control.answer(request)
        with self._counting:
            fault = next((one for one in self.faults if one.hits(request.method, request.target)), None)
        if request.path.startswith("/scim/"):
            return _with(fault, lambda: self.directory.answer(request))
        if request.path.startswith("/v1/organizations"):
            return _with(fault, lambda: self.claude.answer(request))
        return self._okta(request, fault)

    def _okta(self, request: Request, fault: Fault | None) -> Answer:
        changes = not request.reads and not request.path.startswith("/oauth2/")
        entry = Entry(request.method, request.path, request.query, None, 0, None, changes, fault and fault.kind)
        self.journal.append(entry)
        headers: dict = {}
        try:
            entry.body = request.body
            with self._counting:
                headers, refusal = self.limits.count(request.path)
            if refusal:
                raise refusal
            answer = _with(fault, lambda: self._served(request))
        except OktaError as error:
            answer = Answer(error.status, error.body, error.headers)
        entry.status, entry.answer = answer.status, answer.body
        return answer._replace(headers={**headers, **answer.headers})

    def _served(self, request: Request) -> Answer:
        """What Okta answers; what it pushes is pushed before the answer goes out, unless that is held back."""
        try:
            if request.path == "/oauth2/v1/token" and request.method == "POST":
                return self.gate.token(request)
            if request.path == "/.well-known/okta-organization":
                return routes.well_known(self.org)
            if request.path.startswith("/app/"):
                return saml.public_metadata(self.org, request.path.split("/")[2])
            principal = self.gate.admit(request)
            with self.org.lock:
                answer = routes.dispatch(self.org, request, self.gate, principal)
                # Copied now: other threads may change what is being answered.
                answer = answer._replace(body=json.loads(json.dumps(answer.body)))
                jobs = self._due()
        except OktaError as error:
            return Answer(error.status, error.body, error.headers)
        self.provisioner.run(jobs)
        return answer

    def _due(self) -> list:
        mode = self.settings.provisioning
        if mode == "held":
            return []
        jobs, self.org.jobs = self.org.jobs, []
        if mode == "at once":
            return jobs
        if jobs:
            self.provisioner.later(float(mode), jobs)
        return []


def _with(fault: Fault | None, serve: Callable[[], Answer]) -> Answer:
    """The answer that a fault leaves: its own instead, or what was served, bent."""
    if not fault:
        return serve()
    return fault.instead() or fault.change(serve())
