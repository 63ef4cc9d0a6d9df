# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Moves bytes: one kept connection, a timeout on every request, no redirects."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import typing
from urllib.parse import urlsplit

from ansible_collections.idops.okta.plugins.module_utils.errors import Failure, Lost, Unreachable, library

if typing.TYPE_CHECKING:
    import requests


def is_loopback(host: str) -> bool:
    """Whether traffic to this host stays on this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def checked_url(url: str, option: str, query: bool = False) -> str:
    """The URL without spaces around it and a trailing slash; plain http only to loopback, since it would show the token."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        host = "" if re.search(r"\s", url) else parts.hostname or ""
        parts.port  # noqa: B018 - raises when the port is no number
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("https", "http") or parts.username or (parts.query and not query):
        raise Failure(f"{option} has to be a plain URL such as https://example.com, and is '{url}'.")
    if parts.scheme == "http" and not is_loopback(host):
        raise Failure(
            f"{option} has to begin with https://, and is '{url}': over http the token could be read by anybody."
        )
    return url.rstrip("/")


class Http:
    """A requests.Session that raises what errors.py knows and nothing else."""

    def __init__(self, timeout: float = 30, ca_path: str | None = None) -> None:
        """timeout: seconds for each request; ca_path: a PEM file or folder of certificate authorities to trust."""
        self.requests = library("requests")
        self.timeout = timeout
        self.ca_path = ca_path
        self.session = self.requests.Session()
        self.session.headers["User-Agent"] = "ansible-collection-idops.okta"
        # Without an auth of its own, requests would lay an entry of ~/.netrc over the Authorization header.
        self.session.auth = lambda request: request

    def read(self, url: str, headers: dict[str, str]) -> requests.Response:
        """A GET, sent again when no answer came: reading twice changes nothing."""
        for _attempt in range(ATTEMPTS - 1):
            with contextlib.suppress(Lost):
                return self.send("GET", url, headers)
        return self.send("GET", url, headers)

    def send(
        self, method: str, url: str, headers: dict[str, str], body: object = None, form: dict[str, str] | None = None
    ) -> requests.Response:
        """One request, one answer, whatever its status. body: sent as JSON; form: sent as a form."""
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            # Whoever complained about such a header would show it, and Ansible masks only the secret as it was given.
            raise Failure(
                "The token has a line break or a letter in it that no token has. Copy it again, without quotes."
            )
        errors = self.requests.exceptions
        place = f"{method} {urlsplit(url)._replace(query='', fragment='').geturl()}"
        try:
            return self.session.request(
                method,
                url,
                headers=headers,
                json=body,
                data=form,
                timeout=self.timeout,
                allow_redirects=False,
                verify=self.ca_path or None,
            )
        except errors.SSLError as error:
            raise Unreachable(
                f"{place}: the TLS certificate could not be verified ({_reason(error)}). "
                "If a proxy or a private authority signs it, name its certificate in ca_path."
            ) from error
        except (errors.ConnectTimeout, errors.ProxyError) as error:
            raise Unreachable(f"{place}: no connection ({_reason(error)}).") from error
        except (
            errors.ConnectionError,
            errors.Timeout,
            errors.ChunkedEncodingError,
            errors.ContentDecodingError,
        ) as error:
            if type(getattr(error.args[0] if error.args else None, "reason", None)).__name__ in NEVER_SENT:
                raise Unreachable(f"{place}: no connection ({_reason(error)}). Is the address right?") from error
            raise Lost(f"{place}: sent, but no complete answer came back ({_reason(error)}).") from error
        # Every other one of requests is among them, and a ca_path that is not there.
        except (OSError, ValueError) as error:
            raise Failure(f"{place}: cannot be asked ({_reason(error)}).") from error


ATTEMPTS = 3  # of a request that only reads
NEVER_SENT = ("NewConnectionError", "NameResolutionError")


def _reason(error: Exception) -> str:
    """The innermost words of a chain of exceptions that repeat each other."""
    inner: object = error
    while isinstance(inner, Exception):
        words = str(inner)
        inner = getattr(inner, "reason", None) or (inner.args[-1] if inner.args else None)
    # urllib3 begins with the object that speaks: HTTPSConnection(host='x', port=443): words
    return re.sub(r"^(<.*?>|\w+\(.*?\)): ", "", words) or type(error).__name__
