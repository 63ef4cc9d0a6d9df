# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The System Log: what happened to whom, and how it ended."""

from __future__ import annotations

import time
import uuid

from ..http import filters
from ..http.errors import OktaError, invalid
from ..http.ids import stamp
from ..http.web import Answer, Request, page

_SAYS = {
    "application.provision.user.push": "Push new user to external application",
    "application.provision.user.push_profile": "Push user's profile to external application",
    "application.provision.user.deactivate": "Deactivate user in external application",
    "application.provision.user.reactivate": "Reactivate user in external application",
    "user.authentication.sso": "User single sign on to app",
    "application.user_membership.add": "Add user to application membership",
    "application.user_membership.remove": "Remove user's application membership",
}


def instance(app: dict) -> dict:
    return _target(app["id"], "AppInstance", app["label"], app["label"])


def person(user: dict) -> dict:
    profile = user["profile"]
    return _target(user["id"], "User", profile["login"], f"{profile['firstName']} {profile['lastName']}")


def app_user(app_user_id: str, user_name: str, display_name: str) -> dict:
    return _target(app_user_id, "AppUser", user_name, display_name)


def group(held: dict) -> dict:
    return _target(held["id"], "UserGroup", "unknown", held["profile"]["name"])


def _target(identity: str, kind: str, alternate: str, display: str) -> dict:
    return {"id": identity, "type": kind, "alternateId": alternate, "displayName": display, "detailEntry": None}


def write(org, event: str, target: list[dict], reason: str | None = None, actor: dict | None = None) -> dict:
    """Record one event; a reason makes it a failure. The actor is the system unless somebody is named."""
    system = {"id": org.id, "type": "SystemPrincipal", "alternateId": "system@okta.com", "displayName": "Okta System"}
    entry = {
        "id": org.new("log"),
        "actor": {**(actor or system), "detailEntry": None},
        "client": {
            "userAgent": None, "zone": "null", "device": None, "id": None, "ipAddress": None,
            "geographicalContext": None,
        },
        "authenticationContext": {"authenticationStep": 0, "externalSessionId": "unknown"},
        "displayMessage": _SAYS.get(event, event),
        "eventType": event,
        "outcome": {"result": "FAILURE" if reason else "SUCCESS", "reason": reason},
        "published": stamp().replace(".000Z", f".{time.time_ns() // 1_000_000 % 1000:03d}Z"),
        "securityContext": {"asNumber": None, "asOrg": None, "isp": None, "domain": None, "isProxy": None},
        "severity": "WARN" if reason else "INFO",
        "debugContext": {"debugData": {}},
        "legacyEventType": None,
        "transaction": {"type": "JOB", "id": uuid.uuid4().hex, "detail": {}},
        "uuid": str(uuid.uuid4()),
        "version": "0",
        "request": {"ipChain": []},
        "target": target,
    }  # fmt: skip
    org.log.append(entry)
    return entry


def listed(org, request: Request) -> Answer:
    """Events of a time span that a filter picks; without `until` there is a next link for ever."""
    _check_times(request)
    query = request.query
    wanted = _filter(query.get("filter"))
    since, until = query.get("since", ""), query.get("until", "9999")
    found = [
        event
        for event in org.log
        if since <= event["published"] <= until
        and org.visible(event["id"], org.settings.log_lag)
        and wanted(event)
        and query.get("q", "").lower() in str(event).lower()
    ]
    if query.get("sortOrder") == "DESCENDING":
        found.reverse()
        return _shown(page(request, found, 100, 1000, newest_first=True))
    answer = page(request, found, 100, 1000, more=True)
    if "until" not in query and not answer.body:
        # A poller is expected to come back to the same place for ever.
        here = answer.headers["Link"][0].replace('rel="self"', 'rel="next"')
        answer = answer._replace(headers={"Link": [*answer.headers["Link"], here]})
    return _shown(answer)


def _filter(text: str | None) -> filters.Predicate:
    if not text:
        return lambda event: True
    try:
        return filters.parse(text)
    except filters.BadFilter as bad:
        raise OktaError(400, "E0000053", f"Invalid filter '{text}': {bad}", [str(bad)]) from None


def _shown(answer: Answer) -> Answer:
    """The paging key is this org's own: Okta's events have a uuid only."""
    body = [{name: value for name, value in event.items() if name != "id"} for event in answer.body]
    return answer._replace(body=body)


def _check_times(request: Request) -> None:
    """`since` and `until` are ISO 8601 instants."""
    for name in ("since", "until"):
        value = request.query.get(name)
        if value is not None and (len(value) < 20 or value[10:11] != "T" or value[-1] != "Z"):
            raise invalid(name, f"{name}: The date format in your query is not recognized")
