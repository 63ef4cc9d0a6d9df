# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Everybody who should have Claude, has it, or still has it, and how far each of them is.

Pure: made from what the steps of the role returned.
"""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.module_utils.scim import owner_finder
from ansible_collections.idops.okta.plugins.plugin_utils.report.steps import find_refusal


def list_people(steps: dict[str, dict]) -> list[dict]:
    """The people of the report, by name and email: name, login, email, state, detail. steps: normalized."""
    return PeopleStates(steps).list_people()


def expected_emails(result: typing.Mapping[str, typing.Any]) -> list[str]:
    """Emails that should be in Claude's directory: of everybody who can sign in and is in the inventory or assigned.

    result: of app_assignment.
    """
    people = list(result.get("users") or [])
    for assignment in result.get("assignments") or []:
        people += assignment.get("assigned") or []
    emails = set()
    for person in people:
        if person["able"] and person["email"]:
            emails.add(person["email"])
    return sorted(emails)


def directory_owners(result: typing.Mapping[str, typing.Any]) -> dict[str, str]:
    """The emails of the people whom Okta has provisioned, by the id of their entry in the directory.

    result: of app_assignment.
    """
    owners = {}
    for assignment in result.get("assignments") or []:
        for person in assignment.get("assigned") or []:
            if person.get("external_id"):
                owners[person["external_id"]] = person["email"]
    return owners


class PeopleStates:
    """What the steps returned about people: each is in one state, and whoever is active in the directory is somebody."""

    def __init__(self, steps: dict[str, dict]) -> None:
        self.assignments = [entry for entry in _list_assignments(steps) if entry]
        self.assigned: dict[str, dict] = {}
        self.missing_apps: dict[str, str] = {}  # the label of the app that somebody lacks who has the other one
        self.wrong_usernames: dict[str, str] = {}
        for assignment in self.assignments:
            for person in assignment.get("assigned") or []:
                self.assigned[person["id"]] = {**self.assigned.get(person["id"], {}), **person}
            for person in assignment.get("missing") or []:
                self.missing_apps[person["id"]] = assignment["app_label"]
            for person in assignment.get("wrong_username") or []:
                self.wrong_usernames[person["id"]] = person["username"]
        self.waits_for_scim = steps["provisioning"].get("is_on") is False
        self.everybody = dict(self.assigned)
        for person in _users_of_inventory(steps):
            self.everybody[person["id"]] = {**self.assigned.get(person["id"], {}), **person}
        self.directory = steps["directory"].get("scim") or {}
        reading = (steps["scim_credentials"], steps["directory"])
        self.is_unread = not self.directory and any(find_refusal(step) is not None for step in reading)
        self.entries = self._find_entries(steps["directory"].get("users") or [])
        self.members = steps["members"].get("leftover") or []
        self.provisioning_errors = _find_provisioning_errors(steps["provisioning_log"].get("events") or [])

    def list_people(self) -> list[dict]:
        people = []
        for person in self.everybody.values():
            state, detail = self.state_of(person)
            identity = {key: person[key] for key in ("name", "login", "email")}
            people.append({**identity, "state": state, "detail": detail})
        for email in self._leftover_emails():
            detail = "is in Claude and not assigned in Okta"
            people.append({"name": "", "login": "", "email": email, "state": "leftover", "detail": detail})
        return sorted(people, key=lambda person: (person["name"], person["email"]))

    def state_of(self, person: dict) -> tuple[str, str]:
        """State and detail. blocked: cannot use Claude; failed: something went wrong; pending: not there yet; ready."""
        problem = self._blocked_by(person)
        if problem:
            return "blocked", problem
        problem = self._failed_by(person)
        if problem:
            return "failed", problem
        return self._progress_of(person)

    def _blocked_by(self, person: dict) -> str:
        problem = str(person.get("problem") or "")
        if not person["able"]:
            problem = f"cannot sign in to Okta ({person['status']})"
        if problem and self.entries.get(person["id"]):
            problem += ", and is active in Claude's directory"
        return problem

    def _failed_by(self, person: dict) -> str:
        if person["id"] in self.wrong_usernames:
            return f"has the application username {self.wrong_usernames[person['id']]} instead of the email"
        if person["login"] in self.provisioning_errors:
            return f"provisioning failed: {self.provisioning_errors[person['login']]}"
        if person["id"] in self.missing_apps:
            return f"does not have the app {self.missing_apps[person['id']]}"
        for entry in self.entries.get(person["id"], []):
            if (entry["user_name"], entry["email"]) != (person["email"], person["email"]):
                names = f"{entry['user_name']}, with the email {entry['email'] or 'none'}"
                return f"is in Claude's directory under other names ({names})"
        return ""

    def _progress_of(self, person: dict) -> tuple[str, str]:
        if person["id"] not in self.assigned:
            return "pending", "is not assigned yet"
        if self.waits_for_scim:
            return "pending", "is provisioned only while SCIM is on"
        if self.is_unread:
            return "pending", "is assigned; Claude's directory could not be read"
        if not self.directory:
            return "ready", "is assigned"
        if not self.entries.get(person["id"]):
            return "pending", "is not in Claude's directory yet"
        return "ready", "is in Claude's directory"

    def _find_entries(self, users: list[dict]) -> dict[str, list[dict]]:
        """The active entries of the directory that belong to these people, by the id of the person."""
        by_name = {}
        for person in self.everybody.values():
            by_name[self.wrong_usernames.get(person["id"], "")] = person["id"]
            by_name[person.get("username") or ""] = person["id"]
        for person in self.everybody.values():
            by_name[person["email"]] = person["id"]
        by_name.pop("", None)
        by_entry = {person["external_id"]: id for id, person in self.everybody.items() if person.get("external_id")}
        find_owner = owner_finder(by_name, {})
        entries: dict[str, list[dict]] = {}
        for user in users:
            person_id = by_entry.get(user["id"]) or by_name.get(find_owner(user) or "")
            if user["active"] and person_id:
                entries.setdefault(person_id, []).append(user)
        return entries

    def _leftover_emails(self) -> list[str]:
        """Each once: who is active in the directory and is nobody of these people, and members who are not assigned."""
        owned = {entry["user_name"] for entries in self.entries.values() for entry in entries}
        emails = [name for name in self.directory.get("unexpected") or [] if name not in owned]
        emails += [member["email"] for member in self.members]
        return list(dict.fromkeys(emails))


def _users_of_inventory(steps: dict[str, dict]) -> list[dict]:
    return steps["assignments"].get("users") or []


def _list_assignments(steps: dict[str, dict]) -> list[dict]:
    return [steps[name].get("assignment") or {} for name in ("sign_on_assignment", "scim_assignment")]


def _find_provisioning_errors(events: list[dict]) -> dict[str, str]:
    """The reason, by login, for everybody whose newest event is a failure. events: newest first."""
    newest: dict[str, dict] = {}
    for event in events:
        newest.setdefault(event["user"], event)
    errors = {}
    for login, event in newest.items():
        if event["outcome"] == "FAILURE":
            errors[login] = event["reason"] or "no reason given"
    return errors
