# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Everybody who should have Claude, has it, or still has it, and how far each of them is.

Pure: made from what the steps of the role returned.
"""

from __future__ import annotations

import typing


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


class PeopleStates:
    """What the steps returned about people."""

    def __init__(self, steps: dict[str, dict]) -> None:
        self.assigned: dict[str, dict] = {}
        self.wrong_usernames: dict[str, str] = {}
        for assignment in _list_assignments(steps):
            for person in assignment.get("assigned") or []:
                self.assigned[person["id"]] = person
            for person in assignment.get("wrong_username") or []:
                self.wrong_usernames[person["id"]] = person["username"]
        self.waits_for_scim = steps["provisioning"].get("is_on") is False
        self.everybody = dict(self.assigned)
        for person in _users_of_inventory(steps):
            self.everybody[person["id"]] = person
        self.directory = steps["directory"].get("scim") or {}
        self.different = {entry["user_name"] for entry in self.directory.get("different") or []}
        self.missing = frozenset(self.directory.get("missing") or [])
        self.leftover = list(self.directory.get("unexpected") or [])
        self.leftover += steps["members"].get("leftover") or []
        events = steps["provisioning_log"].get("events") or []
        self.provisioning_errors = _find_provisioning_errors(events)

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
        if person["id"] not in self.assigned:
            return "pending", "is not assigned yet"
        if self.waits_for_scim:
            return "pending", "is provisioned only while SCIM is on"
        if person["email"] in self.missing:
            return "pending", "is not in Claude's directory yet"
        return "ready", "is in Claude's directory" if self.directory else "is assigned"

    def _blocked_by(self, person: dict) -> str:
        if not person["able"]:
            return f"cannot sign in to Okta ({person['status']})"
        return str(person.get("problem") or "")

    def _failed_by(self, person: dict) -> str:
        if person["id"] in self.wrong_usernames:
            return f"has the application username {self.wrong_usernames[person['id']]} instead of the email"
        if person["login"] in self.provisioning_errors:
            return f"provisioning failed: {self.provisioning_errors[person['login']]}"
        if person["email"] in self.different:
            return "has another email in Claude's directory"
        return ""

    def _leftover_emails(self) -> list[str]:
        """Each once. An account under a wrong application username is its person's, and renamed when that is repaired."""
        renamed = set(self.wrong_usernames.values())
        emails = []
        for entry in self.leftover:
            email = entry["email"] if isinstance(entry, dict) else entry
            if email not in renamed and email not in emails:
                emails.append(email)
        return emails


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
