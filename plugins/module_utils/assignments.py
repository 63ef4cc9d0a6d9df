# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Who has an app: groups, people assigned directly, and the user name that each of them has there."""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.module_utils import apps, people
from ansible_collections.idops.okta.plugins.module_utils.client import Client
from ansible_collections.idops.okta.plugins.module_utils.findings import some

if typing.TYPE_CHECKING:
    from ansible_collections.idops.okta.plugins.module_utils.module import Task

KINDS = ("groups", "users")


class Seen(typing.NamedTuple):
    """What an org says of an app: groups by id, its app users, their Okta profiles, and whose user name is wrong."""

    groups: list[str]
    users: dict[str, dict]
    people: dict[str, dict]
    wrong: dict[str, dict]

    @property
    def direct(self) -> list[str]:
        return sorted(id for id, user in self.users.items() if user["scope"] == "USER")

    def held(self) -> dict:
        usernames = {id: wrong["username"] for id, wrong in self.wrong.items()}
        return {"groups": sorted(self.groups), "users": self.direct, "usernames": usernames}


def settle(task: Task, app: dict) -> tuple[dict, dict]:
    """Bring the assignments to what the options say; answer what changed, and who has the app now."""
    p, client = task.params, task.client
    groups = [people.find_group(client, said) for said in p["groups"] or []]
    users = [people.find_user(client, said) for said in p["users"] or []]
    left = sorted(people.called(user) for user in users if user["status"] == "DEPROVISIONED")
    if left:
        task.warn(f"Deactivated in Okta, which assigns them nothing: {some(left)}. Take them out of the list.")
    users = [user for user in users if user["status"] != "DEPROVISIONED"]
    wanted = {
        "groups": None if p["groups"] is None else {group["id"] for group in groups},
        "users": None if p["users"] is None else {user["id"] for user in users},
    }
    seen: list[Seen] = []

    def find() -> dict:
        seen.append(look(client, app, p["email_field"]))
        return seen[-1].held()

    def write(held: dict, after: dict) -> dict:
        _write(client, app, held, after)
        return find()

    result = task.settle(
        "assignment",
        find,
        aim=lambda _held: _aim(client, p, wanted, seen[-1]),
        write=write,
    )
    now = seen[-1]
    names = {group["id"]: group["profile"]["name"] for group in groups}
    names |= {user["id"]: people.called(user) for user in users}
    names |= {id: people.called(user) for look in seen for id, user in look.people.items()}
    result["diff"] = {side: _named(held, names) for side, held in result["diff"].items()}
    unusable = [user for user in now.people.values() if not people.usable(people.address(user, p["email_field"]))]
    return result, {
        "groups": sorted(now.groups),
        "users": now.direct,
        "people": len(now.users),
        "assigned": [_shown(user, now.users[id], p["email_field"]) for id, user in now.people.items()],
        "wrong_username": list(now.wrong.values()),
        "unusable_email": sorted(people.called(user) for user in unusable),
    }


def _named(held: dict, names: dict[str, str]) -> dict:
    """The assignments as a person reads them: names in place of ids, where they are known."""
    listed = {kind: sorted(names.get(id, id) for id in held[kind]) for kind in KINDS}
    return {**listed, "usernames": {names.get(id, id): name for id, name in held["usernames"].items()}}


def _shown(user: dict, app_user: dict, field: str) -> dict:
    """A person who has the app, as a report names people."""
    username = (app_user.get("credentials") or {}).get("userName")
    return {**people.shown(user, field), "username": username, "scope": app_user["scope"]}


def look(client: Client, app: dict, field: str) -> Seen:
    """Who has the app, and whose application user name is not what the email field holds.

    The profiles come from the lists of members: 200 a page and a rate limit of their own, where the app's own list with
    profiles has 50 a page and shares the limit of everything below /apps.
    """
    groups = [group["id"] for group in client.list(apps.path(app, "groups"), limit=200)]
    users = {user["id"]: user for user in client.list(apps.path(app, "users"), limit=500)}
    members = people.members(client, groups) if users else {}
    found = {id: members.get(id) or client.get(f"/api/v1/users/{id}") for id in users}
    profiles = {id: person for id, person in found.items() if person}
    wrong = {}
    for id, person in profiles.items():
        username = (users[id].get("credentials") or {}).get("userName")
        email = people.address(person, field)
        if username != email:
            wrong[id] = {"id": id, "login": people.called(person), "username": username, "email": email}
    return Seen(groups, users, profiles, wrong)


def _aim(client: Client, p: dict, wanted: dict, seen: Seen) -> dict:
    held = seen.held()
    after = {kind: _chosen(wanted[kind], set(held[kind]), p["exclusive"]) for kind in KINDS}
    through = set(seen.users) - set(held["users"])
    taking = any(set(held[kind]) - after[kind] for kind in KINDS)
    members = set(people.members(client, after["groups"])) if taking else through
    after["users"] -= through & members  # has it through a group, and keeps it
    if taking:
        after["users"] |= set(held["users"]) & members
        stay = members | after["users"]
        losing = [person for id, person in seen.people.items() if id not in stay]
        people.refuse_removals(losing, p["max_removals"], "the app")
    repaired = {id: wrong["email"] for id, wrong in seen.wrong.items() if people.usable(wrong["email"])}
    usernames = repaired if p["usernames"] == "repair" else None
    return {"groups": sorted(after["groups"]), "users": sorted(after["users"]), "usernames": usernames}


def _chosen(wanted: set | None, held: set, exclusive: bool) -> set:
    """What is left out is left alone; what is listed is added, or with exclusive is all."""
    if wanted is None:
        return held
    return set(wanted) if exclusive else held | wanted


def _write(client: Client, app: dict, held: dict, after: dict) -> None:
    for id in _added(held, after, "users"):
        client.post(apps.path(app, "users"), {"id": id, "scope": "USER"})
    for id in _added(held, after, "groups"):
        client.put(apps.path(app, f"groups/{id}"), {})
    for id, username in after["usernames"].items():
        if held["usernames"][id] != username:
            client.post(apps.path(app, f"users/{id}"), {"credentials": {"userName": username}})
    for id in _added(after, held, "groups"):
        client.delete(apps.path(app, f"groups/{id}"))
    for id in _added(after, held, "users"):
        client.delete(apps.path(app, f"users/{id}"))


def _added(before: dict, after: dict, kind: str) -> list[str]:
    return sorted(set(after[kind]) - set(before[kind]))
