# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Who has an app: groups, people assigned directly, and the application username of each person."""

from __future__ import annotations

import contextlib
import dataclasses
import time
import typing

from ansible_collections.idops.okta.plugins.module_utils import apps, people
from ansible_collections.idops.okta.plugins.module_utils.answers import OPTIONAL_OBJECT, OPTIONAL_TEXT
from ansible_collections.idops.okta.plugins.module_utils.checks import summarize
from ansible_collections.idops.okta.plugins.module_utils.client import Client
from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, Failure, MissingScopes, raise_all
from ansible_collections.idops.okta.plugins.module_utils.module import Change

if typing.TYPE_CHECKING:
    from ansible_collections.idops.okta.plugins.module_utils.module import Task

# Seconds before each look for the members of groups that were just assigned: Okta adds them a while later.
EXPANSION_DELAYS = (0, 1, 2, 3, 4)
APP_USER = {"id": str, "scope": str, "credentials": OPTIONAL_OBJECT, "externalId": OPTIONAL_TEXT}


@dataclasses.dataclass(frozen=True)
class AssignmentState:
    """What an org has for one app: ids of groups, app users and Okta users by id, and the wrong usernames by id."""

    group_ids: list[str]
    app_users: dict[str, dict]
    users: dict[str, dict]
    wrong_usernames: dict[str, dict]

    @property
    def direct_ids(self) -> list[str]:
        """Who is assigned directly; the others have the app through a group."""
        return sorted(id for id, app_user in self.app_users.items() if app_user["scope"] == "USER")

    def to_comparable(self) -> dict:
        usernames = {id: wrong["username"] for id, wrong in self.wrong_usernames.items()}
        return {"groups": sorted(self.group_ids), "users": self.direct_ids, "usernames": usernames}


class ListedPeople:
    """The groups and people of the options groups and users, looked up once for all apps, with the members of groups."""

    def __init__(self, task: Task) -> None:
        self.client = task.client
        self.params = task.params
        self.names: dict[str, str] = {}  # id: name of a group, or login of a person
        self.groups: dict[str, dict] = {}
        self.users: dict[str, dict] = {}
        self._members: dict[str, dict[str, dict]] = {}  # by id of the group
        problems: list[Failure] = []
        for group in people.find_all(people.find_group, self.client, "groups", self.params["groups"] or [], problems):
            self.groups[group["id"]] = group
            self.names[group["id"]] = group["profile"]["name"]
        for user in people.find_all(people.find_user, self.client, "users", self.params["users"] or [], problems):
            self.users[user["id"]] = user
            self.names[user["id"]] = people.login_of(user)
        raise_all(problems)
        self._warn_of_deactivated(task)

    @property
    def desired_groups(self) -> set[str] | None:
        """Ids; None if the option is not set."""
        return None if self.params["groups"] is None else set(self.groups)

    @property
    def desired_users(self) -> set[str] | None:
        """Ids of the people who can be assigned; None if the option is not set."""
        return None if self.params["users"] is None else set(self.users)

    def members_of(self, group_ids: typing.Iterable[str]) -> dict[str, dict]:
        """The members of these groups, by id. Each group is read once."""
        members = {}
        for group_id in group_ids:
            if group_id not in self._members:
                self._members[group_id] = people.list_members(self.client, [group_id])
            members.update(self._members[group_id])
        for id, user in members.items():
            self.names[id] = people.login_of(user)
        return members

    def everybody(self) -> list[dict]:
        """The listed people and the members of the listed groups."""
        return list({**self.members_of(self.groups), **self.users}.values())

    def _warn_of_deactivated(self, task: Task) -> None:
        deactivated = [user for user in self.users.values() if user["status"] == "DEPROVISIONED"]
        for user in deactivated:
            del self.users[user["id"]]
        if deactivated:
            logins = summarize(sorted(map(people.login_of, deactivated)))
            task.warn(f"Deactivated in Okta, and therefore not assigned: {logins}. Remove them from the list.")


class AssignmentResource:
    """The assignments of one app."""

    def __init__(self, client: Client, params: dict, app: dict, listed: ListedPeople) -> None:
        self.client = client
        self.params = params
        self.app = app
        self.listed = listed
        self.state = AssignmentState([], {}, {}, {})
        self.refusals: list[Failure] = []  # of single people, which do not stop the others
        self.refused_ids: set[str] = set()  # people whom Okta refused to assign
        self.awaited_ids: set[str] = set()  # members of groups that were just assigned

    def read(self) -> dict:
        self.state = read_assignments(self.client, self.app, self.params["email_field"], self.listed)
        return self.state.to_comparable()

    def desired(self, current: dict | None) -> dict:
        current = current or {}
        exclusive = self.params["exclusive"]
        current_groups, current_users = set(current["groups"]), set(current["users"])
        groups = _desired_ids(self.listed.desired_groups, current_groups, exclusive=exclusive)
        users = _desired_ids(self.listed.desired_users, current_users, exclusive=exclusive)
        through_group = set(self.state.app_users) - current_users
        is_removal = bool(current_groups - groups or current_users - users)
        members = set(self.listed.members_of(groups)) if is_removal else through_group
        users -= through_group & members  # already has the app through a group that stays
        if is_removal:
            # Okta refuses to remove the direct assignment of somebody who also has the app through a group.
            users |= current_users & members
        return {"groups": sorted(groups), "users": sorted(users), "usernames": self._desired_usernames()}

    def find_losing(self, current: dict) -> dict[str, dict]:
        """The people who would lose the app, by id."""
        desired = self.desired(current)
        if set(current["groups"]) <= set(desired["groups"]) and set(current["users"]) <= set(desired["users"]):
            return {}
        remaining = set(self.listed.members_of(desired["groups"])) | set(desired["users"])
        return {id: user for id, user in self.state.users.items() if id not in remaining}

    def find_people_after(self, current: dict) -> dict[str, dict]:
        """Everybody who has the app after the change, by id."""
        losing = self.find_losing(current)
        kept = {id: user for id, user in self.state.users.items() if id not in losing}
        return {**kept, **{user["id"]: user for user in self.listed.everybody()}}

    def assigns_people(self, current: dict) -> bool:
        """Whether the change does more than to take assignments off."""
        desired = self.desired(current)
        usernames = desired["usernames"] or {}
        is_renaming = any(current["usernames"][id] != username for id, username in usernames.items())
        return is_renaming or any(_added_ids(current[kind], desired[kind]) for kind in ("groups", "users"))

    def apply(self, current: dict | None, after: dict | None) -> dict:
        """Add before removing, so that nobody loses the app in between; groups before people, who may be refused."""
        current, after = current or {}, after or {}
        self.refusals.clear()
        for id in _added_ids(current["groups"], after["groups"]):
            members = self.listed.members_of([id])
            self.awaited_ids |= {member for member, user in members.items() if people.can_sign_in(user)}
            self.client.put(apps.app_path(self.app, f"groups/{id}"), {})
        for id in _added_ids(current["users"], after["users"]):
            with self._collecting_refusal(id, self.refused_ids):
                self.client.post(apps.app_path(self.app, "users"), {"id": id, "scope": "USER"})
        for id, username in after["usernames"].items():
            if current["usernames"][id] != username:
                with self._collecting_refusal(id):
                    self.client.post(apps.app_path(self.app, f"users/{id}"), {"credentials": {"userName": username}})
        for id in _added_ids(after["groups"], current["groups"]):
            self.client.delete(apps.app_path(self.app, f"groups/{id}"))
        for id in _added_ids(after["users"], current["users"]):
            with self._collecting_refusal(id):
                self.client.delete(apps.app_path(self.app, f"users/{id}"))
        return self.read()

    @contextlib.contextmanager
    def _collecting_refusal(self, id: str, refused_ids: set[str] | None = None) -> typing.Iterator[None]:
        """Keep Okta's refusal of one person for the end. What concerns everybody ends the run as usual."""
        try:
            yield
        except MissingScopes:
            raise
        except ApiError as refusal:
            status = int(refusal.facts.get("status") or 0)
            if status == 429 or status >= 500:
                raise
            user = self.listed.users.get(id) or self.state.users.get(id) or {"status": "unknown"}
            facts = {**refusal.facts, "person": self.listed.names.get(id, id), "app_id": self.app["id"]}
            message = f"{facts['person']} ({user['status']}) was refused for '{self.app['label']}': {refusal}"
            if user["status"] in ("STAGED", "SUSPENDED"):
                message += " If others were assigned, activate this account in Okta, or take it off the list."
            self.refusals.append(Failure(message, **facts))
            if refused_ids is not None:
                refused_ids.add(id)

    def with_names(self, change: Change) -> Change:
        """The change as a person reads it: names in place of ids. Only the names of groups that are removed are looked up.

        A group that is not listed and stays is left out.
        """
        before, after = change.before or {}, change.after or {}
        people.read_group_names(self.client, _added_ids(after["groups"], before["groups"]), self.listed.names)
        return Change(self._with_names(before), self._with_names(after), change.result)

    def _with_names(self, assignments: dict) -> dict:
        names = self.listed.names
        return {
            "groups": sorted(names[id] for id in assignments["groups"] if id in names),
            "users": sorted(names.get(id, id) for id in assignments["users"]),
            "usernames": {names.get(id, id): username for id, username in assignments["usernames"].items()},
        }

    def _desired_usernames(self) -> dict[str, str] | None:
        if self.params["usernames"] != "repair":
            return None
        usernames = {}
        for id, wrong in self.state.wrong_usernames.items():
            if people.is_usable_email(wrong["email"]):
                usernames[id] = wrong["email"]
        return usernames


def await_members(resources: list[AssignmentResource]) -> None:
    """Wait a while until Okta has added the members of the groups that were just assigned, and read again."""
    for seconds in EXPANSION_DELAYS:
        waiting = [resource for resource in resources if resource.awaited_ids - set(resource.state.app_users)]
        if not waiting:
            return
        time.sleep(seconds)
        for resource in waiting:
            resource.read()


def find_missing(people_after: list[dict[str, dict]]) -> list[list[dict]]:
    """For each app, by id who has it: the people who can sign in and have another of the apps, but not this one."""
    everybody: dict[str, dict] = {}
    for users in people_after:
        everybody.update(users)
    return [
        [user for id, user in everybody.items() if id not in users and people.can_sign_in(user)]
        for users in people_after
    ]


def read_assignments(client: Client, app: dict, email_field: str, listed: ListedPeople) -> AssignmentState:
    """Who has the app, and whose application username is not what the email field holds.

    The profiles come from the members of the groups: 200 a page and a rate limit of their own, where the list of the
    app with profiles has 50 a page and shares the limit of everything below /apps.
    """
    group_ids = [group["id"] for group in client.list(apps.app_path(app, "groups"), shape={"id": str}, limit=200)]
    app_users = {}
    for app_user in client.list(apps.app_path(app, "users"), shape=APP_USER, limit=500):
        app_users[app_user["id"]] = app_user
    members = listed.members_of(group_ids) if app_users else {}
    users = {}
    wrong_usernames = {}
    for id, app_user in app_users.items():
        user = members.get(id) or client.get(f"/api/v1/users/{id}", shape=people.USER)
        if not user:
            continue
        users[id] = user
        listed.names[id] = people.login_of(user)
        username, email = application_username(app_user), people.email_of(user, email_field)
        if username != email:
            wrong_usernames[id] = {"id": id, "login": people.login_of(user), "username": username, "email": email}
    return AssignmentState(group_ids, app_users, users, wrong_usernames)


def summarize_assignment(state: AssignmentState, email_field: str) -> dict:
    """Who has the app, as modules return it."""
    assigned = []
    unusable = []
    for id, user in state.users.items():
        app_user = state.app_users[id]
        assigned.append(
            {
                **people.to_person(user, email_field),
                "username": application_username(app_user),
                "external_id": app_user.get("externalId"),
                "scope": app_user["scope"],
            }
        )
        if not people.is_usable_email(people.email_of(user, email_field)):
            unusable.append(people.login_of(user))
    return {
        "groups": sorted(state.group_ids),
        "users": state.direct_ids,
        "people": len(state.app_users),
        "assigned": assigned,
        "wrong_username": list(state.wrong_usernames.values()),
        "unusable_email": sorted(unusable),
    }


def application_username(app_user: dict) -> str | None:
    return (app_user.get("credentials") or {}).get("userName")


def _desired_ids(desired: set[str] | None, current: set[str], *, exclusive: bool) -> set[str]:
    """What is not specified stays; what is listed is added, or with exclusive is all."""
    if desired is None:
        return set(current)
    return set(desired) if exclusive else current | desired


def _added_ids(before: list[str], after: list[str]) -> list[str]:
    return sorted(set(after) - set(before))
