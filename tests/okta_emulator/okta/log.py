# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The System Log: events with actor, targets and outcome, and without Okta's other fields."""

from __future__ import annotations

import re
import time
import uuid

from ..http import filters
from ..http.errors import OktaError, invalid
from ..http.ids import timestamp
from ..http.web import Answer, Request, paginate

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:.*Z$")


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
        "eventType": event,
        "outcome": {"result": "FAILURE" if reason else "SUCCESS", "reason": reason},
        "published": timestamp().replace(".000Z", f".{time.time_ns() // 1_000_000 % 1000:03d}Z"),
        "uuid": str(uuid.uuid4()),
        "target": target,
    }
    org.log.append(entry)
    return entry


def list_events(org, request: Request) -> Answer:
    """Events of a time span that a filter picks; without `until` there is a next link for ever."""
    query = request.query
    for name in ("since", "until"):
        if name in query and not _TIME.match(query[name]):
            raise invalid(name, f"{name}: The date format in your query is not recognized")
    since, until = query.get("since", ""), query.get("until", "9999")
    found = [
        event
        for event in org.log
        if since <= event["published"] <= until and org.visible(event["id"], org.settings.log_lag)
    ]
    if query.get("filter"):
        found = list(filter(_parse_filter(query["filter"]), found))
    if query.get("sortOrder") == "DESCENDING":
        found.reverse()
        return _without_ids(paginate(request, found, 100, 1000, newest_first=True))
    return _without_ids(paginate(request, found, 100, 1000, always_next=True))


def _parse_filter(text: str) -> filters.Predicate:
    try:
        return filters.parse(text)
    except filters.BadFilter as bad:
        raise OktaError(400, "E0000053", f"Invalid filter '{text}': {bad}", [str(bad)]) from None


def _without_ids(answer: Answer) -> Answer:
    """Events in Okta have only a uuid; their id is used for paging here."""
    body = [{name: value for name, value in event.items() if name != "id"} for event in answer.body]
    return answer._replace(body=body)
