# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The HTTP server of the emulator: keep-alive connections on loopback, one write per answer."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import sys
import time
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer

from .faults import Reset
from .web import JSON, Answer, Request


class Server(ThreadingHTTPServer):
    """Keeps track of open connections, so that stop() also ends keep-alive connections."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, answer: Callable[[Request], Answer]):
        """`answer` answers a request, or raises Reset."""
        self.answer = answer
        self.open: set[socket.socket] = set()
        self.last_request = time.monotonic()
        super().__init__(("127.0.0.1", port), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"

    def server_bind(self) -> None:
        # HTTPServer would look up its own host name, which can take seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def server_close(self) -> None:
        super().server_close()
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that disconnects is not an error."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with keep-alive; an answer is one write, because two cost 40 ms (Nagle and delayed ACK)."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, *_arguments: object) -> None:
        """Log nothing; the journal has every request."""

    def handle_any(self) -> None:
        self.server.last_request = time.monotonic()
        size = int(self.headers.get("Content-Length") or 0)
        request = Request(self.command, self.path, dict(self.headers), self.rfile.read(size), self.server.url)
        try:
            self._send(self.server.answer(request))
        except Reset:
            # With a linger time of 0 the kernel sends RST.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815

    def _send(self, answer: Answer) -> None:
        body = _encode_body(answer.body)
        headers = {"Content-Type": JSON, "Content-Length": str(len(body)), **answer.headers}
        headers.setdefault("Date", formatdate(usegmt=True))
        if answer.status == 204 or not body:
            headers.pop("Content-Type")
        lines = [f"HTTP/1.1 {answer.status} {self.responses.get(answer.status, ('',))[0]}"]
        for name, value in headers.items():
            values = value if isinstance(value, list) else [value]
            lines += [f"{name}: {item}" for item in values]
        if self.close_connection or headers["Content-Length"] != str(len(body)):
            self.close_connection = True
            lines.append("Connection: close")
        text = "\r\n".join([*lines, "", ""]).encode()
        self.wfile.write(text if self.command == "HEAD" else text + body)


def _encode_body(body: object) -> bytes:
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()
