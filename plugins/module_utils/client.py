# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The client of one Okta org: verbs, paging, rate limits, what a refusal says. Knows no resource and no Ansible."""

from __future__ import annotations

import re
import time
import typing
from urllib.parse import quote, urlencode, urlsplit

from ansible_collections.idops.okta.plugins.module_utils.answers import (
    Service,
    content_type,
    error_body,
    read_json,
    require_shape,
)
from ansible_collections.idops.okta.plugins.module_utils.auth import clock_hint
from ansible_collections.idops.okta.plugins.module_utils.errors import (
    Failure,
    OrgUnavailable,
    ResponseLost,
    Unreachable,
)
from ansible_collections.idops.okta.plugins.module_utils.http import seconds_until_reset

if typing.TYPE_CHECKING:
    import requests
    from ansible_collections.idops.okta.plugins.module_utils.auth import ServiceAppAuth, TokenAuth
    from ansible_collections.idops.okta.plugins.module_utils.http import Http

PLANNED = "PLANNED"  # the id of what a preview would create; below it there is nothing
REFUSED = "REFUSED"  # the id of what a plan refused; nothing is claimed about what would be below it
JSON = "application/json"
# Seconds before each further look at what was not found: Okta may answer 404 for a while about an app that was just made, and
# list no mapping of it. Source: terraform-provider-okta #58, #647.
UNSEEN_DELAYS: tuple[float, ...] = (1, 2, 3, 4)
# What is named by an id of Okta's, so that it was there a moment ago: an app with all that is below it, and a mapping.
KNOWN_BY_ID = re.compile(r"/api/v1/(?:apps|mappings)/([^/?]+)")

BAD_CREDENTIALS = ("E0000004", "E0000011", "")  # of a 401; E0000015 is about a feature
# What a person can do about a code. Sources: Okta, "Error codes"; recorded answers.
HINTS = {
    "E0000004": "The token was not accepted: create a new one in the Admin Console under Security, API, Tokens.",
    "E0000011": "The API token is wrong, expired or revoked: create a new one in the Admin Console under Security, API, "
    "Tokens, and use that one.",
    "E0000006": "The administrator who owns the token may not do this: give that account the role, or the app the scope, "
    "that it needs.",
    "E0000015": "This org does not have the feature, or the administrator who owns the token may not use it.",
    "E0000047": "Okta's rate limit is used up: run again later, or increase max_wait.",
}


class Client:
    """One Okta org. With read_only it cannot write: calling a writing verb is a defect of the caller."""

    def __init__(
        self,
        org_url: str,
        auth: TokenAuth | ServiceAppAuth,
        http: Http,
        *,
        read_only: bool = False,
        awaits_new_apps: bool = False,
    ) -> None:
        """awaits_new_apps: whether an app that is not found may have been made a moment ago, and is looked for again."""
        self.org_url = org_url
        self.auth = auth
        self.http = http
        self.read_only = read_only
        self.awaits_new_apps = awaits_new_apps
        self.unseen_delays: dict[str, typing.Iterator[float]] = {}
        self.limits = OktaRateLimits()

    def get(
        self, path: str, *, accept: str = JSON, shape: typing.Any = dict, may_be_gone: bool = False, **query: object
    ) -> typing.Any:
        """The object, or None if there is none. With another accept than JSON: the body as bytes.

        shape: what the caller relies on, see answers.require_shape. may_be_gone: a 404 is as good an answer as any, and is
        believed at once.
        """
        if _is_planned(path, query):
            return None
        send = self._send if may_be_gone else self._send_until_seen
        response = send("GET", _address(path, query), accept=accept)
        if response.status_code == 404:
            return None
        if accept != JSON and response.status_code == 200:  # not a redirect, which requests takes for a success
            return response.content
        return require_shape(self._read_json("GET", path, response), shape, f"GET {path}", "Okta")

    def list(self, path: str, *, shape: typing.Any = dict, **query: object) -> typing.Iterator[dict]:
        """Every item of every page. The address of the next page is Okta's, and is followed only within this org."""
        address = "" if _is_planned(path, query) else _address(path, query)
        visited = set()
        while address and address not in visited:
            visited.add(address)
            response = self._send_until_seen("GET", address)
            page = require_shape(self._read_json("GET", path, response), [shape], f"GET {path}", "Okta")
            yield from page
            # The System Log links to a next page even at its end.
            address = self._next_address(path, response) if page else ""

    def post(self, path: str, body: object = None, **query: object) -> typing.Any:
        return self._write("POST", path, body, query)

    def put(self, path: str, body: object = None, **query: object) -> typing.Any:
        return self._write("PUT", path, body, query)

    def patch(self, path: str, body: object = None, **query: object) -> typing.Any:
        return self._write("PATCH", path, body, query)

    def delete(self, path: str, **query: object) -> typing.Any:
        """Remove an object. One that is gone already is removed: somebody else was faster, or an earlier attempt."""
        return self._write("DELETE", path, None, query)

    def wait_until_seen(self, id: str) -> bool:
        """Sleep before the next look at an app of this id, or at what belongs to it. Returns False if there should be none."""
        if not self.awaits_new_apps:
            return False
        seconds = next(self.unseen_delays.setdefault(id, iter(UNSEEN_DELAYS)), None)
        if seconds is None:
            return False
        time.sleep(seconds)
        return True

    def _write(self, method: str, path: str, body: object, query: dict) -> typing.Any:
        if self.read_only:
            raise AssertionError(f"{method} {path} in a preview")
        send = self._send if method == "DELETE" else self._send_until_seen
        response = send(method, _address(path, query), body)
        if response.status_code >= 500:
            # Recorded: DELETE answers 500 and has succeeded seconds later.
            raise ResponseLost(f"{method} {path}: {refusal_message(response)[0]}")
        if method == "DELETE" and response.status_code == 404:
            return None
        return self._read_json(method, path, response)

    def _send_until_seen(self, method: str, address: str, body: object = None, accept: str = JSON) -> requests.Response:
        """Send again while the answer is a 404 that may only be too early. A write that was refused so changed nothing."""
        response = self._send(method, address, body, accept)
        known = KNOWN_BY_ID.match(address.removeprefix(self.org_url))
        if known is None:
            return response
        id = known[1]
        while response.status_code == 404 and self.wait_until_seen(id):
            response = self._send(method, address, body, accept)
        if response.status_code != 404:
            self.unseen_delays.pop(id, None)
        return response

    def _send(self, method: str, address: str, body: object = None, accept: str = JSON) -> requests.Response:
        url = address if address.startswith("http") else self.org_url + address
        try:
            response = self.http.request(method, url, self.auth, accept=accept, body=body, limits=self.limits)
        except Unreachable as error:
            raise OrgUnavailable(str(error)) from error
        except ResponseLost as error:
            if method != "GET":
                raise
            raise OrgUnavailable(str(error)) from error
        if response.status_code == 401 or _is_proof_refused(response):
            message, facts = refusal_message(response)
            if facts["code"] in BAD_CREDENTIALS:
                raise OrgUnavailable(f"{method} {urlsplit(url).path}: {message}", status=response.status_code, **facts)
        return response

    def _read_json(self, method: str, path: str, response: requests.Response) -> typing.Any:
        return read_json(response, f"{method} {path}", OKTA)

    def _next_address(self, path: str, response: requests.Response) -> str:
        url = response.links.get("next", {}).get("url", "")
        if url and urlsplit(url)[:2] != urlsplit(self.org_url)[:2]:
            raise Failure(
                f"GET {path}: the next page is at {urlsplit(url).netloc}, which is not this org. It is not followed, because "
                "the token would go with the request. Is org_url the address that Okta itself uses?"
            )
        return url


class OktaRateLimits:
    """The buckets of rate limits that are used up. The next request to one waits instead of being refused."""

    def __init__(self) -> None:
        self.free_at: dict[str, float] = {}  # bucket: when its window ends, by time.monotonic()

    def seconds_until_free(self, url: str) -> float:
        return self.free_at.pop(bucket_of(url), 0) - time.monotonic()

    def record(self, url: str, response: requests.Response) -> None:
        if response.headers.get("X-Rate-Limit-Remaining") == "0" and response.status_code != 429:
            self.free_at[bucket_of(url)] = time.monotonic() + seconds_until_reset(response)


def path_segment(value: str) -> str:
    """A value as one segment of a path: a login may contain a slash."""
    return quote(value, safe="@")


def bucket_of(url: str) -> str:
    """The rate limit that a request counts against.

    Recorded: /apps and everything below /apps/{id}/ share one, and bare /apps/{id} has its own.
    """
    resource, *rest = urlsplit(url).path.removeprefix("/api/v1/").split("/")
    return f"{resource}/{{id}}" if len(rest) == 1 else resource


def refusal_message(response: requests.Response) -> tuple[str, dict]:
    """What Okta answered with all its causes, its error id and what to do; and the facts code and error_id.

    The fact missing_scope is there if that is the cause, and is "" if Okta does not name the scope.
    """
    body = error_body(response)
    status = response.status_code
    facts = {"code": str(body.get("errorCode") or ""), "error_id": str(body.get("errorId") or "")}
    if _is_proof_refused(response):
        return f"{status} {body['error']} ({body.get('error_description')}). {clock_hint(response)}".strip(), facts
    if "errorCode" not in body:
        return f"{status} with {content_type(response)} instead of an answer of Okta. Is a gateway in between?", facts
    summary = _error_summary(body)
    challenge = response.headers.get("WWW-Authenticate", "")
    if "insufficient_scope" in challenge:
        facts["missing_scope"] = challenge.partition("scope=")[2].split(",")[0].strip('"')
    hint = _hint(facts, summary)
    scheme = response.request.headers.get("Authorization", "").partition(" ")[0]
    if facts["code"] in BAD_CREDENTIALS and scheme != "SSWS":
        hint = clock_hint(response) if scheme == "DPoP" else ""
    return f"{status} {facts['code']} {summary} (Okta's error id {body.get('errorId')}). {hint}".strip(), facts


OKTA = Service("Okta", "Is this the address of the Okta org itself, such as https://example.okta.com?", refusal_message)


def _error_summary(body: dict) -> str:
    """The summary with its causes, which say what it is about."""
    causes = body.get("errorCauses")
    if not isinstance(causes, list):
        causes = []
    causes = [str(cause.get("errorSummary")) for cause in causes if isinstance(cause, dict)]
    parts = (str(body.get("errorSummary") or ""), "; ".join(causes))
    return ": ".join(part.rstrip(".: ") for part in parts if part)


def _hint(facts: dict, summary: str) -> str:
    if "missing_scope" in facts:
        return f"The access token does not have the scope {facts['missing_scope']}."
    if "Maximum number of instances" in summary:
        return "Remove an app that nobody needs, or ask Okta for a higher limit."
    return HINTS.get(facts["code"], "")


def _is_proof_refused(response: requests.Response) -> bool:
    """Whether the proof of possession was refused, and so not what was asked for."""
    return response.status_code in (400, 401) and error_body(response).get("error") == "invalid_dpop_proof"


def _is_planned(path: str, query: dict) -> bool:
    return PLANNED in path.split("/") or PLANNED in query.values()


def _address(path: str, query: dict) -> str:
    parameters = {key: value for key, value in query.items() if value is not None}
    return f"{path}?{urlencode(parameters)}" if parameters else path
