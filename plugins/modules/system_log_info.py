#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: system_log_info
short_description: Provisioning and sign-on events of an app
version_added: 0.1.0
description:
  - Reads the System Log for one app, newest first. Events arrive there with a delay.
author: Contributors to idops.okta (@idops)
options:
  app_id:
    description: Id of the app. V(PLANNED) is accepted in check mode and has no events.
    type: str
    required: true
  kind:
    description: Provisioning (C(application.provision...)) or sign-on (C(user.authentication.sso)).
    type: str
    choices: [provisioning, sign_on]
    default: provisioning
  since:
    description: Point in time to begin at, such as V(2026-01-31T08:00:00Z). Okta begins seven days ago unless this is set.
    type: str
  users:
    description: Logins, emails or ids of people; only their events. Without it, everybody's.
    type: list
    elements: str
  limit:
    description: How many events at the most.
    type: int
    default: 1000
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.attributes.info
seealso:
  - module: idops.okta.app_provisioning
"""

EXAMPLES = r"""
- name: Did provisioning work?
  idops.okta.system_log_info:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    app_id: 0oa1a2b3c4d5e6f7g8h9
  register: log

- name: Did Ada sign in?
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
      description: When, in UTC.
      type: str
    event_type:
      description: Okta's type of the event.
      type: str
    outcome:
      description: V(SUCCESS) or V(FAILURE).
      type: str
    reason:
      description: Why it failed.
      type: str
    user:
      description: Login or email of the person it is about.
      type: str
checks:
  description:
    - Whether each person's newest provisioning event is a success (V(provisioning_log)), or whether somebody signed in
      (V(sign_on_log)). Where there is no event yet, V(manual) for a sign-on of O(users), V(skipped) else.
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.findings import check, some
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(
    app_id=dict(required=True),
    kind=dict(choices=["provisioning", "sign_on"], default="provisioning"),
    since=dict(),
    users=dict(type="list", elements="str"),
    limit=dict(type="int", default=1000),
)
FEW = 10  # people that one question names
TYPES = {"provisioning": 'eventType sw "application.provision"', "sign_on": 'eventType eq "user.authentication.sso"'}


def body(task):
    p = task.params
    events = [shown(event) for event in read(task.client, p) if p["users"] is None or concerns(event, set(p["users"]))]
    return {
        "events": events,
        "checks": [provisioning(events, p["limit"]) if p["kind"] == "provisioning" else sign_on(events, p["users"])],
    }


def read(client, p):
    if p["app_id"] == PLANNED:
        return
    wanted = f'target.id eq "{p["app_id"]}" and {TYPES[p["kind"]]}'
    if p["kind"] == "sign_on" and p["users"] and len(p["users"]) <= FEW:
        # Asked of Okta, since among ten thousand people the newest events are those of others.
        names = [user.replace("\\", "\\\\").replace('"', '\\"') for user in p["users"]]
        wanted += (
            " and (" + " or ".join(f'actor.id eq "{name}" or actor.alternateId eq "{name}"' for name in names) + ")"
        )
    query = {
        "filter": wanted,
        "since": p["since"],
        "sortOrder": "DESCENDING",
        "limit": min(p["limit"], 1000),
    }
    for number, event in enumerate(client.list("/api/v1/logs", **query), 1):
        yield event
        if number >= p["limit"]:
            return


def people(event):
    """Whom it is about: the person of Okta's before the app's own name of that person; of a sign-on the actor."""
    targets = [target for target in event.get("target") or [] if target.get("type") in ("User", "AppUser")]
    targets.sort(key=lambda target: target["type"] != "User")
    return [*targets, event.get("actor") or {}]


def concerns(event, users):
    return any(users & {person.get("id"), person.get("alternateId")} for person in people(event))


def shown(event):
    outcome = event.get("outcome") or {}
    return {
        "published": event.get("published"),
        "event_type": event.get("eventType"),
        "outcome": outcome.get("result"),
        "reason": outcome.get("reason"),
        "user": people(event)[0].get("alternateId"),
    }


def provisioning(events, limit):
    of = f" Only the newest {limit} events were read." if len(events) >= limit else ""
    newest = {}
    for event in events:
        newest.setdefault(event["user"], event)
    failed = [event for event in newest.values() if event["outcome"] == "FAILURE"]
    if not newest:
        return check(
            "provisioning_log", "skipped", "The System Log has no provisioning event of this app in this time."
        )
    if not failed:
        return check(
            "provisioning_log", "ok", f"The newest provisioning event of each of {len(newest)} people is a success.{of}"
        )
    listed = some([f"{event['user']} ({event['reason'] or 'no reason given'})" for event in failed])
    return check(
        "provisioning_log",
        "failed",
        f"Provisioning failed for {len(failed)} of {len(newest)} people: {listed}.{of}",
        "Correct the reason, then retry under Dashboard, Tasks in the Admin Console, or push the person's profile again.",
    )


def sign_on(events, users):
    done = [event for event in events if event["outcome"] == "SUCCESS"]
    if done:
        return check("sign_on_log", "ok", f"{done[0]['user']} signed in on {done[0]['published']}.")
    if events:
        newest = events[0]
        remedy = "Look at the event in the System Log, and at the assignment and the sign-on policy of the app."
        return check("sign_on_log", "failed", f"{newest['user']} could not sign in: {newest['reason']}.", remedy)
    if users:
        detail = f"{some(users)} did not sign in through this app in this time."
        return check(
            "sign_on_log",
            "manual",
            detail,
            "Have the test user sign in to Claude once. The System Log is some minutes late.",
        )
    return check("sign_on_log", "skipped", "Nobody has signed in through this app in this time.")


def main():
    run(body, OPTIONS, reads=["logs"], writes=False)


if __name__ == "__main__":
    main()
