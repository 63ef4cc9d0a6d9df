#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: system_log_info
short_description: Provisioning and sign-on events of an app
version_added: 0.1.0
description:
  - Reads the events of one app in the System Log, newest first. Events appear there with a delay of some minutes.
author: Contributors to idops.okta (@idops)
options:
  app_id:
    description: Id of the app. V(PLANNED) is accepted in check mode and has no events.
    type: str
    required: true
  kind:
    description: Kind of events, provisioning (C(application.provision...)) or sign-on (C(user.authentication.sso)).
    type: str
    choices: [provisioning, sign_on]
    default: provisioning
  since:
    description: Earliest time of an event, such as V(2026-01-31T08:00:00Z). If not set, Okta returns the last seven days.
    type: str
  users:
    description: Logins, emails or ids of people whose events are returned. If not set, the events of everybody.
    type: list
    elements: str
  limit:
    description: Maximum number of events to read.
    type: int
    default: 1000
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.attributes.info
seealso:
  - module: idops.okta.app_provisioning
"""

EXAMPLES = r"""
- name: Check the provisioning of an app
  idops.okta.system_log_info:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    app_id: 0oa1a2b3c4d5e6f7g8h9
  register: log

- name: Check that Ada has signed in
  idops.okta.system_log_info:
    app_id: 0oa1a2b3c4d5e6f7g8h9
    kind: sign_on
    users: [ada@example.com]
"""

RETURN = r"""
events:
  description: The events, newest first.
  returned: always
  type: list
  elements: dict
  contains:
    published:
      description: Time of the event, in UTC.
      type: str
    event_type:
      description: Event type of Okta.
      type: str
    outcome:
      description: Result in Okta, such as V(SUCCESS) or V(FAILURE).
      type: str
    reason:
      description: Reason of a failure.
      type: str
    user:
      description: Login or email of the person whom the event is about.
      type: str
checks:
  description:
    - V(provisioning_log), whether the newest provisioning event of each person is a success. V(skipped) without any event.
    - V(sign_on_log), whether somebody signed in. Without any event it is V(manual) with O(users), and V(skipped) otherwise.
    - A module that fails because the access token lacks the scope C(okta.logs.read) returns the check as V(skipped).
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.idops.okta.plugins.module_utils.answers import NULL, OPTIONAL_TEXT
from ansible_collections.idops.okta.plugins.module_utils.checks import check, check_names, pluralize, summarize
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED, REFUSED
from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(
    app_id=dict(required=True),
    kind=dict(choices=["provisioning", "sign_on"], default="provisioning"),
    since=dict(),
    users=dict(type="list", elements="str"),
    limit=dict(type="int", default=1000),
)
MAX_PAGE_SIZE = 1000
MAX_USERS_IN_FILTER = 10
EVENT_FILTERS = {
    "provisioning": 'eventType sw "application.provision"',
    "sign_on": 'eventType eq "user.authentication.sso"',
}
CHECK_IDS = {"provisioning": "provisioning_log", "sign_on": "sign_on_log"}
PERSON = {"type": OPTIONAL_TEXT, "id": OPTIONAL_TEXT, "alternateId": OPTIONAL_TEXT}
EVENT = {
    "published": OPTIONAL_TEXT,
    "eventType": OPTIONAL_TEXT,
    "outcome": ({"result": OPTIONAL_TEXT, "reason": OPTIONAL_TEXT}, NULL),
    "target": ([PERSON], NULL),
    "actor": (PERSON, NULL),
}


def body(task):
    params = task.params
    all_events = read_events(task.client, params)
    selected = all_events
    if params["users"] is not None:
        selected = [event for event in all_events if is_about_any(event, set(params["users"]))]
    events = [to_result(event) for event in selected]
    if params["kind"] == "provisioning":
        log_check = check_provisioning(events, params["limit"], is_cut=len(all_events) >= params["limit"])
    else:
        log_check = check_sign_on(events, params["users"])
    return {"events": events, "checks": [log_check]}


def read_events(client, params):
    """The newest events of the app, at most as many as the limit."""
    events = []
    if params["app_id"] in (PLANNED, REFUSED):
        return events
    query = {
        "filter": make_filter(params),
        "since": params["since"],
        "sortOrder": "DESCENDING",
        "limit": min(params["limit"], MAX_PAGE_SIZE),
    }
    try:
        for event in client.list("/api/v1/logs", shape=EVENT, **query):
            events.append(event)
            if len(events) >= params["limit"]:
                break
    except ApiError as refusal:
        # The module fails all the same. A caller that goes on has a check that is skipped, since nothing is wrong.
        if "missing_scope" in refusal.facts:
            skipped = check(CHECK_IDS[params["kind"]], "skipped", "no_scope", scope=refusal.facts["missing_scope"])
            refusal.result = {"events": [], "checks": [skipped]}
        raise
    return events


def make_filter(params):
    """The filter expression of the request.

    A few people are part of it for sign-ons, whose actor is the person: in a large org, the newest are those of others.
    """
    expression = f'target.id eq "{params["app_id"]}" and {EVENT_FILTERS[params["kind"]]}'
    users = params["users"] or []
    if params["kind"] == "provisioning" or not 0 < len(users) <= MAX_USERS_IN_FILTER:
        return expression
    actors = []
    for user in users:
        quoted = user.replace("\\", "\\\\").replace('"', '\\"')
        actors.append(f'actor.id eq "{quoted}" or actor.alternateId eq "{quoted}"')
    return f"{expression} and ({' or '.join(actors)})"


def people_of_event(event):
    """Whom an event is about: users of Okta, then users of the app, then the actor, who is the person of a sign-on."""
    targets = event.get("target") or []
    users = [target for target in targets if target.get("type") == "User"]
    app_users = [target for target in targets if target.get("type") == "AppUser"]
    return [*users, *app_users, event.get("actor") or {}]


def is_about_any(event, users):
    """users: a set of ids, logins or emails."""
    return any(users & {person.get("id"), person.get("alternateId")} for person in people_of_event(event))


def to_result(event):
    outcome = event.get("outcome") or {}
    return {
        "published": event.get("published"),
        "event_type": event.get("eventType"),
        "outcome": outcome.get("result"),
        "reason": outcome.get("reason"),
        "user": people_of_event(event)[0].get("alternateId"),
    }


def check_provisioning(events, limit, *, is_cut):
    """is_cut: whether there may be older events that were not read."""
    newest_events = {}
    for event in events:
        newest_events.setdefault(event["user"], event)
    if not newest_events:
        return check("provisioning_log", "skipped")
    failures = []
    for user, event in newest_events.items():
        if event["outcome"] == "FAILURE":
            failures.append(f"{user} ({reason_of(event)})")
    people = pluralize(len(newest_events), "person", "people")
    cut = f" Only the newest {pluralize(limit, 'event')} were read." if is_cut else ""
    return check_names("provisioning_log", failures, people=people, cut=cut)


def check_sign_on(events, users):
    for event in events:
        if event["outcome"] == "SUCCESS":
            return check("sign_on_log", "ok", user=event["user"], published=event["published"])
    if events:
        return check("sign_on_log", "failed", user=events[0]["user"], reason=reason_of(events[0]))
    if users:
        return check("sign_on_log", "manual", users=summarize(users))
    return check("sign_on_log", "skipped")


def reason_of(event):
    return event["reason"] or "no reason given"


def main():
    run(body, OPTIONS, reads=["logs"], writes=False)


if __name__ == "__main__":
    main()
