# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Speaks Okta: paging, rate limits, retries, errors. Knows no resource and no Ansible."""

from __future__ import annotations

import email.utils
import time
import typing
from urllib.parse import quote, urlencode, urlsplit

from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, Failure, Lost

if typing.TYPE_CHECKING:
    import requests
    from ansible_collections.idops.okta.plugins.module_utils.auth import ServiceApp, Token
    from ansible_collections.idops.okta.plugins.module_utils.http import Http

PLANNED = "PLANNED"  # the id of what a preview would create; below it there is nothing
JSON = "application/json"
ATTEMPTS = 4  # of a request that only reads

# What a person can do about a code. Source: Okta, "Error codes"; seen in recorded answers.
HINTS = {
    "E0000004": "The token was not accepted: make a new one in the Admin Console under Security, API, Tokens.",
    "E0000011": "The API token is wrong, expired or revoked: make a new one in the Admin Console under Security, API, "
    "Tokens, and give it as api_token.",
    "E0000006": "The administrator behind the token may not do this: give that account the role or the app the scope it needs.",
    "E0000015": "This org lacks the feature, or the administrator behind the token may not use it.",
    "E0000047": "Okta's rate limit: run again later, or give max_wait more seconds.",
}


class Client:
    """One Okta org. A client that is read_only cannot write: asking it to is a bug of the caller's."""

    def __init__(
        self, org_url: str, auth: Token | ServiceApp, http: Http, max_wait: int = 180, read_only: bool = False
    ) -> None:
        self.org_url = org_url
        self.auth = auth
        self.http = http
        self.patience = float(max_wait)
        self.read_only = read_only
        self.free_at: dict[str, float] = {}  # when a rate limit that is used up begins anew, by bucket

    def get(self, path: str, accept: str = JSON, **query: object) -> typing.Any:
        """The object, or None where there is none. Anything but JSON comes as bytes."""
        if _planned(path, query):
            return None
        response = self._send("GET", _address(path, query), accept=accept)
        if response.status_code == 404:
            return None
        if accept != JSON:
            return response.content if response.ok else self._answer("GET", path, response)
        answer = self._answer("GET", path, response)
        if not isinstance(answer, dict):
            raise Failure(f"GET {path}: Okta answered {response.status_code} with something other than an object.")
        return answer

    def list(self, path: str, **query: object) -> typing.Iterator[dict]:
        """Every item of every page; the next page's address is Okta's, and only on this org's own origin."""
        address = "" if _planned(path, query) else _address(path, query)
        seen = set()
        while address and address not in seen:
            seen.add(address)
            response = self._send("GET", address)
            page = self._answer("GET", path, response)
            if not isinstance(page, list) or not all(isinstance(item, dict) for item in page):
                raise Failure(f"GET {path}: Okta answered {response.status_code} with something other than a list.")
            yield from page
            # The System Log links to a next page even at its end.
            address = self._next(path, response) if page else ""

    def post(self, path: str, body: object = None, **query: object) -> typing.Any:
        return self._write("POST", path, body, query)

    def put(self, path: str, body: object = None, **query: object) -> typing.Any:
        return self._write("PUT", path, body, query)

    def patch(self, path: str, body: object = None, **query: object) -> typing.Any:
        return self._write("PATCH", path, body, query)

    def delete(self, path: str, **query: object) -> typing.Any:
        return self._write("DELETE", path, None, query)

    def _write(self, method: str, path: str, body: object, query: dict) -> typing.Any:
        return self._answer(method, path, self._send(method, _address(path, query), body))

    def _next(self, path: str, response: requests.Response) -> str:
        url = response.links.get("next", {}).get("url", "")
        if url and urlsplit(url)[:2] != urlsplit(self.org_url)[:2]:
            raise Failure(
                f"GET {path}: the next page is said to be at {urlsplit(url).netloc}, which is not this org; not followed, "
                "since the token would go along. Is org_url the address that Okta itself uses?"
            )
        return url

    def _send(self, method: str, address: str, body: object = None, accept: str = JSON) -> requests.Response:
        """Send until there is an answer to work with. A write is sent again only where Okta did not take it."""
        if self.read_only and method != "GET":
            raise AssertionError(f"{method} {address} in a preview")
        url = address if address.startswith("http") else self.org_url + address
        path = urlsplit(url).path
        attempts = 0
        while True:
            attempts += 1
            self._wait_for_limit(method, path)
            headers = {"Accept": accept, **self.auth.headers(method, url)}
            try:
                response = self.http.send(method, url, headers, body)
            except Lost:
                if method != "GET" or attempts >= ATTEMPTS:
                    raise
                time.sleep(2.0 ** (attempts - 2))
                continue
            self._note_limit(path, response)
            if self.auth.learn(response) and attempts < ATTEMPTS:
                continue
            if response.status_code == 429:
                self._wait(method, path, self._seconds_told(response, attempts))
            elif response.status_code < 500:
                return response
            elif method != "GET":
                # Seen: DELETE answers 500 and has succeeded seconds later.
                raise Lost(_refusal(method, path, response))
            elif attempts >= ATTEMPTS:
                return response
            else:
                time.sleep(2.0 ** (attempts - 2))

    def _answer(self, method: str, path: str, response: requests.Response) -> typing.Any:
        if 300 <= response.status_code < 400:
            raise Failure(
                f"{method} {path}: answered with a redirect to {response.headers.get('Location')}, which is not followed. "
                "Give org_url as the address of the org itself, such as https://example.okta.com."
            )
        if not response.ok:
            raise ApiError(_refusal(method, path, response), status=response.status_code, **_code_and_id(response))
        if not response.content:
            return None
        try:
            return response.json()
        except ValueError:
            raise Failure(
                f"{method} {path}: answered {response.status_code} with {response.headers.get('Content-Type', 'no type')} "
                "instead of JSON. Is org_url an Okta org, and is there a gateway in between?"
            ) from None

    def _note_limit(self, path: str, response: requests.Response) -> None:
        """Remember a bucket that is used up, so that the next request waits instead of being refused."""
        if response.headers.get("X-Rate-Limit-Remaining") == "0" and response.status_code != 429:
            self.free_at[bucket(path)] = time.monotonic() + _seconds_to_reset(response)

    def _wait_for_limit(self, method: str, path: str) -> None:
        seconds = self.free_at.pop(bucket(path), 0) - time.monotonic()
        if seconds > 0:
            self._wait(method, path, seconds)

    def _seconds_told(self, response: requests.Response, attempts: int) -> float:
        """Okta sends no Retry-After. A concurrency limit leaves Remaining above 0 and frees itself in moments."""
        if response.headers.get("X-Rate-Limit-Remaining", "0") != "0":
            return 2.0 ** (attempts - 1)
        return max(1.0, _seconds_to_reset(response))

    def _wait(self, method: str, path: str, seconds: float) -> None:
        if seconds > self.patience:
            raise ApiError(
                f"{method} {path}: Okta's rate limit is used up and asks for {seconds:.0f} more seconds, and of max_wait "
                f"{self.patience:.0f} are left. Run again later, or give max_wait more seconds.",
                status=429,
                code="E0000047",
            )
        self.patience -= seconds
        time.sleep(seconds)


def segment(value: str) -> str:
    """A value as one segment of a path: a login may hold a slash."""
    return quote(value, safe="@")


def bucket(path: str) -> str:
    """The rate limit that a path counts against.

    Seen in recorded answers: /apps and everything below /apps/{id}/ share one, bare /apps/{id} has its own.
    """
    resource, *rest = path.removeprefix("/api/v1/").split("/")
    return f"{resource}/{{id}}" if len(rest) == 1 else resource


def _planned(path: str, query: dict) -> bool:
    return PLANNED in path.split("/") or PLANNED in query.values()


def _address(path: str, query: dict) -> str:
    said = {key: value for key, value in query.items() if value is not None}
    return f"{path}?{urlencode(said)}" if said else path


def _seconds_to_reset(response: requests.Response) -> float:
    """Until the window ends, by Okta's own clock: this machine's may be wrong."""
    try:
        reset = float(response.headers["X-Rate-Limit-Reset"])
        return reset - email.utils.parsedate_to_datetime(response.headers["Date"]).timestamp() + 1
    except (KeyError, ValueError, TypeError):
        return 60.0  # Okta's windows are of one minute


def _code_and_id(response: requests.Response) -> dict[str, str]:
    body = _body(response)
    return {"code": str(body.get("errorCode") or ""), "error_id": str(body.get("errorId") or "")}


def _body(response: requests.Response) -> dict:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _refusal(method: str, path: str, response: requests.Response) -> str:
    """What was asked, what Okta said with all its causes, its error id, what to do."""
    body = _body(response)
    asked = f"{method} {path}: {response.status_code}"
    if "errorCode" not in body:
        kind = response.headers.get("Content-Type", "no type")
        return f"{asked} with {kind} instead of an answer of Okta's. Is a gateway in between?"
    causes = [cause.get("errorSummary") for cause in body.get("errorCauses") or [] if isinstance(cause, dict)]
    said = ": ".join(
        str(part).rstrip(".: ") for part in (body.get("errorSummary"), "; ".join(map(str, causes))) if part
    )
    hint = HINTS.get(body["errorCode"], "")
    if "Maximum number of instances" in said:
        hint = "Remove an app that nobody needs, or ask Okta for a higher limit."
    challenge = response.headers.get("WWW-Authenticate", "")
    if "insufficient_scope" in challenge:
        hint = f"The access token lacks the scope {challenge.partition('scope=')[2].split(',')[0].strip(chr(34))}."
    return f"{asked} {body['errorCode']} {said} (Okta's error id {body.get('errorId')}). {hint}".strip()
