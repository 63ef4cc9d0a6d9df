# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The System Log: events with actor, targets and outcome."""

from __future__ import annotations

import time
import uuid

from ..http import filters
from ..http.errors import OktaError, invalid
from ..http.ids import timestamp
from ..http.web import Answer, Request, paginate

_MESSAGES = {
    "application.provision.user.push": "Push new user to external application",
    "application.provision.user.push_profile": "Push user's profile to external application",
    "application.provision.user.deactivate": "Deactivate user in external application",
    "user.authentication.sso": "User single sign on to app",
    "application.user_membership.add": "Add user to application membership",
    "application.user_membership.remove": "Remove user's application membership",
}


def app_target(app: dict) -> dict:
    return _target(app["id"], "AppInstance", app["label"], app["label"])


def user_target(user: dict) -> dict:
    profile = user["profile"]
    return _target(user["id"], "User", profile["login"], f"{profile['firstName']} {profile['lastName']}")


def app_user_target(app_user_id: str, user_name: str, display_name: str) -> dict:
    return _target(app_user_id, "AppUser", user_name, display_name)


def group_target(group: dict) -> dict:
    return _target(group["id"], "UserGroup", "unknown", group["profile"]["name"])


def _target(identity: str, kind: str, alternate: str, display: str) -> dict:
    return {"id": identity, "type": kind, "alternateId": alternate, "displayName": display, "detailEntry": None}


def write(org, event: str, target: list[dict], reason: str | None = None, actor: dict | None = None) -> dict:
    """Record an event. With a reason its outcome is a failure; without an actor the actor is the system."""
    system = {"id": org.id, "type": "SystemPrincipal", "alternateId": "system@okta.com", "displayName": "Okta System"}
    entry = {
        "id": org.new_id("log"),
        "actor": {**(actor or system), "detailEntry": None},
        "client": {
            "userAgent": None, "zone": "null", "device": None, "id": None, "ipAddress": None,
            "geographicalContext": None,
        },
        "authenticationContext": {"authenticationStep": 0, "externalSessionId": "unknown"},
        "displayMessage": _MESSAGES.get(event, event),
        "eventType": event,
        "outcome": {"result": "FAILURE" if reason else "SUCCESS", "reason": reason},
        "published": timestamp().replace(".000Z", f".{time.time_ns() // 1_000_000 % 1000:03d}Z"),
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


def list_events(org, request: Request) -> Answer:
    """Events of a time span that a filter picks; without `until` there is a next link for ever."""
    _check_times(request)
    query = request.query
    matches = _parse_filter(query.get("filter"))
    since, until = query.get("since", ""), query.get("until", "9999")
    found = [
        event
        for event in org.log
        if since <= event["published"] <= until
        and org.visible(event["id"], org.settings.log_lag)
        and matches(event)
        and query.get("q", "").lower() in str(event).lower()
    ]
    if query.get("sortOrder") == "DESCENDING":
        found.reverse()
        return _without_ids(paginate(request, found, 100, 1000, newest_first=True))
    answer = paginate(request, found, 100, 1000, always_next=True)
    if "until" not in query and not answer.body:
        # A client that polls continues at this cursor when new events arrive.
        here = answer.headers["Link"][0].replace('rel="self"', 'rel="next"')
        answer = answer._replace(headers={"Link": [*answer.headers["Link"], here]})
    return _without_ids(answer)


def _parse_filter(text: str | None) -> filters.Predicate:
    if not text:
        return lambda event: True
    try:
        return filters.parse(text)
    except filters.BadFilter as bad:
        raise OktaError(400, "E0000053", f"Invalid filter '{text}': {bad}", [str(bad)]) from None


def _without_ids(answer: Answer) -> Answer:
    """Events in Okta have only a uuid; their id is used for paging here."""
    body = [{name: value for name, value in event.items() if name != "id"} for event in answer.body]
    return answer._replace(body=body)


def _check_times(request: Request) -> None:
    """Raise OktaError unless `since` and `until` are ISO 8601 timestamps in UTC."""
    for name in ("since", "until"):
        value = request.query.get(name)
        if value is not None and (len(value) < 20 or value[10:11] != "T" or value[-1] != "Z"):
            raise invalid(name, f"{name}: The date format in your query is not recognized")
