# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""HTTP requests with one policy for patience: timeouts, retries, rate limits. Knows no service and no Ansible."""

from __future__ import annotations

import datetime
import email.utils
import ipaddress
import os
import re
import time
import typing
import urllib.request
from urllib.parse import urlsplit

from ansible_collections.idops.okta.plugins.module_utils.errors import (
    ApiError,
    Failure,
    ResponseLost,
    Unreachable,
    import_library,
)

if typing.TYPE_CHECKING:
    import requests

MAX_ATTEMPTS = 4  # of a request that may be repeated and gets no answer, or a server error
BUSY = (429, 503, 529)  # the service asks for patience; 529 is "overloaded" of Claude's API
RATE_LIMIT_WINDOW = 60.0  # seconds; the length of Okta's windows
# What urllib3 raises when the request cannot have left this machine.
NEVER_SENT = ("NewConnectionError", "NameResolutionError")


class FixedHeaders:
    """Authentication that sends the same headers with every request."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.fixed_headers = headers

    def headers(self, method: str, url: str) -> dict[str, str]:
        return self.fixed_headers

    def update_from(self, response: requests.Response) -> bool:
        """Learn from an answer. Returns whether sending the request again can help."""
        return False


class RateLimits(typing.Protocol):
    """The limits of a service that announces them before it refuses."""

    def seconds_until_free(self, url: str) -> float:
        """How long a request to url has to wait."""

    def record(self, url: str, response: requests.Response) -> None:
        """Learn from the headers of an answer."""


class Http:
    """Sends requests over one kept connection. Every wait of a module comes out of the same max_wait."""

    def __init__(self, timeout: float = 30, ca_path: str | None = None, max_wait: float = 180) -> None:
        """timeout: seconds for each request; ca_path: PEM file or folder of authorities; max_wait: seconds in all."""
        import_library("urllib3")  # on which requests is built
        self.requests = import_library("requests")
        self.timeout = timeout
        self.verify = ca_path or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or None
        self.remaining_wait = float(max_wait)
        self.session = self.requests.Session()
        # Else requests asks the system for its proxies as well, and macOS ends a forked process, such as Ansible's worker,
        # that does so (ansible-collections/amazon.aws #2975).
        self.session.trust_env = False
        self.session.headers["User-Agent"] = "ansible-collection-idops.okta"
        # Without an auth of its own, requests replaces the Authorization header by an entry of ~/.netrc.
        self.session.auth = lambda request: request

    def request(
        self,
        method: str,
        url: str,
        auth: FixedHeaders,
        *,
        accept: str = "application/json",
        body: object = None,
        form: typing.Callable[[], dict[str, str]] | None = None,
        repeatable: bool | None = None,
        limits: RateLimits | None = None,
    ) -> requests.Response:
        """Send a request until the service accepts or refuses it, and return that answer.

        form: makes the form of each attempt, since a client assertion is accepted only once.
        repeatable: whether sending it twice does no harm; by default this is true of a GET.
        Raises ResponseLost if no answer came, and ApiError if a rate limit lasts longer than max_wait.
        """
        if repeatable is None:
            repeatable = method == "GET"
        attempt = 0
        while True:
            attempt += 1
            if limits is not None:
                self.wait(limits.seconds_until_free(url), method, url)
            headers = {"Accept": accept, **auth.headers(method, url)}
            try:
                response = self.send(method, url, headers, body, form() if form else None)
            except ResponseLost:
                if not repeatable or attempt >= MAX_ATTEMPTS:
                    raise
                time.sleep(backoff_seconds(attempt))
                continue
            if limits is not None:
                limits.record(url, response)
            if auth.update_from(response) and attempt < MAX_ATTEMPTS:
                continue
            if response.status_code == 429:
                self.wait(requested_wait(response, attempt), method, url)
            elif response.status_code < 500 or not repeatable or not self.wait_after_server_error(response, attempt):
                return response

    def send(
        self, method: str, url: str, headers: dict[str, str], body: object = None, form: dict[str, str] | None = None
    ) -> requests.Response:
        """Send one request once. Returns its answer, whatever the status. body is sent as JSON, form as a form."""
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            # The error of requests would print the header, and Ansible masks a secret only as it was entered.
            raise Failure(
                "The token contains a line break or a character that no token has. Copy it again, without quotes."
            )
        errors = self.requests.exceptions
        request = describe_request(method, url)
        try:
            return self.session.request(
                method,
                url,
                headers=headers,
                json=body,
                data=form,
                timeout=self.timeout,
                allow_redirects=False,
                proxies=environment_proxies(url),
                verify=self.verify,
            )
        except errors.SSLError as error:
            raise Unreachable(
                f"{request}: the TLS certificate could not be verified ({_innermost_reason(error)}). "
                "If a proxy or a private authority signs it, set ca_path to the certificate of that authority."
            ) from error
        except (errors.ConnectTimeout, errors.ProxyError) as error:
            raise Unreachable(f"{request}: no connection ({_innermost_reason(error)}).") from error
        except (
            errors.ConnectionError,
            errors.Timeout,
            errors.ChunkedEncodingError,
            errors.ContentDecodingError,
        ) as error:
            if _was_never_sent(error):
                raise Unreachable(
                    f"{request}: no connection ({_innermost_reason(error)}). Is the address right?"
                ) from error
            raise ResponseLost(
                f"{request}: sent, but no complete answer arrived ({_innermost_reason(error)})."
            ) from error
        # The other errors of requests are subclasses of these, and so is a ca_path that does not exist.
        except (OSError, ValueError) as error:
            raise Failure(f"{request}: request failed ({_innermost_reason(error)}).") from error

    def wait(self, seconds: float, method: str, url: str) -> None:
        """Sleep because of a rate limit. Raises ApiError if max_wait does not allow it."""
        if seconds <= 0:
            return
        if seconds > self.remaining_wait:
            raise ApiError(
                f"{describe_request(method, url)}: the rate limit is used up for another {seconds:.0f} seconds, and "
                f"{self.remaining_wait:.0f} seconds of max_wait are left. Run again later, or increase max_wait.",
                status=429,
                code="E0000047",
            )
        self.remaining_wait -= seconds
        time.sleep(seconds)

    def wait_after_server_error(self, response: requests.Response, attempt: int) -> bool:
        """Sleep before the next attempt. Returns False if there should be none."""
        seconds = backoff_seconds(attempt)
        if response.status_code in BUSY and "Retry-After" in response.headers:
            seconds = requested_wait(response, attempt)
        elif attempt >= MAX_ATTEMPTS:
            return False
        if seconds > self.remaining_wait:
            return False
        self.remaining_wait -= seconds
        time.sleep(seconds)
        return True


def environment_proxies(url: str) -> dict[str, str]:
    """The proxies for a URL by scheme, from the environment alone; {} where NO_PROXY names its host."""
    proxies = urllib.request.getproxies_environment()
    no_proxy = proxies.pop("no", "")
    return {} if _is_in_no_proxy(url, no_proxy) else proxies


def _is_in_no_proxy(url: str, no_proxy: str) -> bool:
    """Whether NO_PROXY has the host of a URL: by name, domain, host:port, address or network, or as "*" for all."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_named = urllib.request.proxy_bypass_environment  # type: ignore[attr-defined]  # typeshed lacks it
    if any(is_named(name, {"no": no_proxy}) for name in (host, parts.netloc)):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(_is_in_network(address, network.strip()) for network in no_proxy.split(","))


def _is_in_network(address: ipaddress.IPv4Address | ipaddress.IPv6Address, network: str) -> bool:
    try:
        return address in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether traffic to this host stays on this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def checked_url(url: str, option: str, *, allow_query: bool = False) -> str:
    """The URL without surrounding white space and trailing slash.

    Raises Failure, which names the option, if it is no plain URL. Plain http is accepted to loopback only, since it
    would expose the token.
    """
    url = url.strip()
    host = ""
    parts = None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises if the port is not a number
        if not re.search(r"\s", url):
            host = parts.hostname or ""
    except ValueError:
        host = ""
    has_query = parts is not None and parts.query and not allow_query
    if not host or parts is None or parts.scheme not in ("https", "http") or parts.username or has_query:
        raise Failure(f"{option} must be a plain URL such as https://example.com, and is '{url}'.", options=[option])
    if parts.scheme == "http" and not is_loopback(host):
        raise Failure(
            f"{option} must begin with https://, and is '{url}': plain http would expose the token.", options=[option]
        )
    return url.rstrip("/")


def describe_request(method: str, url: str) -> str:
    """A request as sentences name it: without its query, which may hold names."""
    return f"{method} {urlsplit(url)._replace(query='', fragment='').geturl()}"


def backoff_seconds(attempt: int) -> float:
    """The pause after an attempt, counted from 1, that got no answer."""
    return 2.0 ** (attempt - 2)


def requested_wait(response: requests.Response, attempt: int) -> float:
    """Seconds that a busy service asks for, by the headers that it sends.

    Okta sends no Retry-After but the end of the window. Its limit of concurrent requests leaves Remaining above 0 and
    is free again in moments.
    """
    if response.headers.get("Retry-After"):
        return max(1.0, _retry_after_seconds(response))
    is_okta_window = any(header in response.headers for header in ("X-Rate-Limit-Reset", "X-Rate-Limit-Remaining"))
    if is_okta_window and response.headers.get("X-Rate-Limit-Remaining", "0") == "0":
        return max(1.0, seconds_until_reset(response))
    return 2.0 ** (attempt - 1)


def seconds_until_reset(response: requests.Response) -> float:
    """Seconds until the rate limit window ends, by the clock of the service: that of this machine may be wrong."""
    now = _header_time(response, "Date")
    try:
        reset = float(response.headers["X-Rate-Limit-Reset"])
    except (KeyError, ValueError):
        return RATE_LIMIT_WINDOW
    return RATE_LIMIT_WINDOW if now is None else reset - now + 1


def clock_difference(response: requests.Response) -> float:
    """Seconds that the clock of this machine is ahead of that of the service; 0 if its answer has no date."""
    now = _header_time(response, "Date")
    return 0.0 if now is None else time.time() - now


def _retry_after_seconds(response: requests.Response) -> float:
    """Retry-After is a number of seconds or a date (RFC 9110, section 10.2.3), by the clock of the service."""
    try:
        return float(response.headers["Retry-After"])
    except ValueError:
        pass
    until, now = _header_time(response, "Retry-After"), _header_time(response, "Date")
    if until is None:
        return RATE_LIMIT_WINDOW
    return until - (time.time() if now is None else now)


def _header_time(response: requests.Response, header: str) -> float | None:
    """The time in a header in seconds since 1970, or None if there is none that can be read."""
    try:
        moment = email.utils.parsedate_to_datetime(response.headers[header])
        # A date of HTTP is always in UTC, which -0000 and no zone at all leave out.
        return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)).timestamp()
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


def _was_never_sent(error: Exception) -> bool:
    cause = error.args[0] if error.args else None
    return type(getattr(cause, "reason", None)).__name__ in NEVER_SENT


def _innermost_reason(error: Exception) -> str:
    """The innermost message of a chain of exceptions that repeat each other."""
    inner: object = error
    message = ""
    while isinstance(inner, Exception):
        message = str(inner)
        inner = getattr(inner, "reason", None) or (inner.args[-1] if inner.args else None)
    # urllib3 begins with the object that raised it: HTTPSConnection(host='x', port=443): message
    return re.sub(r"^(<.*?>|\w+\(.*?\)): ", "", message) or type(error).__name__
