# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The emulator itself: one HTTP server on loopback, which leads each request to the room that answers it."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import sys
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer

from . import routes, saml, snapshots
from .auth import Gate
from .claude import Claude
from .control import Control
from .directory import Directory
from .errors import OktaError
from .faults import Fault, Reset
from .ids import secret
from .limits import Limits
from .org import Org
from .provisioning import Provisioner
from .settings import Settings
from .web import JSON, Answer, Request


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
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.emulator = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
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
        self.last_request = time.monotonic()

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


class _Server(ThreadingHTTPServer):
    """Knows its open connections, so that stopping it is felt by clients that keep theirs."""

    daemon_threads = True
    request_queue_size = 128
    emulator: Emulator

    def __init__(self, *given: object):
        self.open: set[socket.socket] = set()
        super().__init__(*given)

    def server_bind(self) -> None:
        # HTTPServer would ask the resolver for a name, which can take seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def server_close(self) -> None:
        super().server_close()
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is nobody's error."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with kept connections; an answer is one write, since two cost 40 ms of Nagle and delayed ACK."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, *_given: object) -> None:
        """The journal is the log."""

    def handle_any(self) -> None:
        emulator = self.server.emulator
        emulator.last_request = time.monotonic()
        size = int(self.headers.get("Content-Length") or 0)
        request = Request(self.command, self.path, dict(self.headers), self.rfile.read(size), emulator.url)
        try:
            self._send(emulator.answer(request))
        except Reset:
            # Lingering for no time at all makes the kernel send RST.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815

    def _send(self, answer: Answer) -> None:
        body = _encoded(answer.body)
        headers = {"Content-Type": JSON, "Content-Length": str(len(body)), **answer.headers}
        if answer.status == 204 or not body:
            headers.pop("Content-Type")
        lines = [f"HTTP/1.1 {answer.status} {self.responses.get(answer.status, ('',))[0]}"]
        lines += [f"Date: {formatdate(usegmt=True)}", f"X-Okta-Request-Id: {uuid.uuid4().hex}"]
        for name, value in headers.items():
            lines += [f"{name}: {one}" for one in (value if isinstance(value, list) else [value])]
        if self.close_connection or headers["Content-Length"] != str(len(body)):
            self.close_connection = True
            lines.append("Connection: close")
        text = "\r\n".join([*lines, "", ""]).encode()
        self.wfile.write(text if self.command == "HEAD" else text + body)


def _encoded(body: object) -> bytes:
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()
