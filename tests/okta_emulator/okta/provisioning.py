# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The SCIM client of the org: what it pushes to an app's own base URL, with the app's own token."""

from __future__ import annotations

import http.client
import json
import threading
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from . import log, mappings

_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_EVENTS = {"create": "push", "update": "push_profile", "deactivate": "deactivate"}
_TIMEOUT = 10
_PLAIN = ("displayName", "nickName", "title", "userType", "preferredLanguage", "locale", "timezone", "profileUrl")


class Job(NamedTuple):
    """One thing to push. What it is about may be gone when it runs, so it carries the names it needs."""

    kind: str
    app_id: str
    subject: str
    name: str = ""
    external_id: str | None = None


class Refused(Exception):
    """The directory did not do what it was asked; the text is the reason in the System Log."""


class Directory:
    """A SCIM directory, reached over HTTP."""

    def __init__(self, base_url: str, token: str):
        parts = urlsplit(base_url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.connection = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT)
        self.base = parts.path.rstrip("/")
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}

    def call(self, method: str, path: str, body: dict | None = None) -> dict:
        payload = None if body is None else json.dumps(body)
        try:
            self.connection.request(method, self.base + path, payload, self.headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            raise Refused(f"Error while contacting the remote server: {error}") from None
        if answer.status >= 400:
            raise Refused(f"Remote server returned {answer.status}: {_detail(text) or answer.reason}")
        return json.loads(text) if text.strip() else {}

    def first(self, kind: str, attribute: str, value: str) -> dict | None:
        asked = quote(f'{attribute} eq "{value}"')
        found = self.call("GET", f"/{kind}?filter={asked}&startIndex=1&count=100")
        return next(iter(found.get("Resources", [])), None)


def _detail(text: bytes) -> str:
    try:
        return str(json.loads(text).get("detail", ""))
    except (ValueError, AttributeError):
        return ""


def test_credentials(base_url: str, token: str) -> str | None:
    """What "Test API Credentials" asks: a few users. The reason it failed, or None."""
    try:
        Directory(base_url, token).call("GET", "/Users?startIndex=1&count=1")
    except Refused as refused:
        return str(refused)
    return None


class Provisioner:
    """Runs jobs one after another. The org's lock is never held while the directory is called."""

    def __init__(self, org):
        self.org = org
        self._turn = threading.Lock()

    def run(self, jobs: list[Job]) -> None:
        with self._turn:
            for job in jobs:
                self._one(job)
            for job in self._regrouped(jobs):
                self._one(job)

    def later(self, seconds: float, jobs: list[Job]) -> None:
        """Run jobs after a while, unless the org was reset meanwhile."""
        org_now = self.org.apps
        timer = threading.Timer(seconds, lambda: self.run(jobs) if self.org.apps is org_now else None)
        timer.daemon = True
        timer.start()

    def _regrouped(self, jobs: list[Job]) -> list[Job]:
        """A pushed group can only hold people whom the app knows: new people send it once more."""
        with self.org.lock:
            return [
                Job("group", app_id, mapping["id"])
                for app_id in sorted({job.app_id for job in jobs if job.kind == "create"})
                for mapping in self.org.group_push.get(app_id, {}).values()
                if mapping["status"] == "ACTIVE"
            ]

    def _one(self, job: Job) -> None:
        with self.org.lock:
            app = self.org.apps.get(job.app_id)
            held = self.org.connections.get(job.app_id)
            if not app or not held or held["status"] != "ENABLED":
                return
            directory = Directory(held["baseUrl"], held["token"])
        if job.kind in ("group", "group gone"):
            self._push_group(job, app, directory)
        else:
            self._push_user(job, app, directory)

    def _push_user(self, job: Job, app: dict, directory: Directory) -> None:
        with self.org.lock:
            assigned = self.org.app_users[job.app_id].get(job.subject)
            user = self.org.users.get(job.subject)
            wanted = self._resource(app, user, assigned, job) if assigned and user else None
        if job.kind != "deactivate" and not wanted:
            return
        reason, external_id = None, job.external_id
        try:
            external_id = _deactivate(directory, job) if job.kind == "deactivate" else _put(directory, job, wanted)
        except Refused as refused:
            reason = str(refused)
        self._record(job, app, assigned, reason, external_id)

    def _resource(self, app: dict, user: dict, assigned: dict, job: Job) -> dict:
        """The SCIM user of an app user. userName is the application username; the mapping gives the rest."""
        pushed = mappings.of_app(self.org, app, user)
        profile = {
            field: value
            for field, value in assigned["profile"].items()
            if job.kind == "create" or pushed.get(field, {}).get("pushStatus") != "DONT_PUSH"
        }
        names = ("givenName", "familyName", "middleName", "honorificPrefix", "honorificSuffix")
        resource = {
            "schemas": [_USER],
            "externalId": user["id"],
            "userName": assigned["credentials"]["userName"],
            "name": {name: profile[name] for name in names if name in profile},
            "active": True,
            **{name: profile[name] for name in _PLAIN if name in profile},
        }
        if profile.get("email"):
            resource["emails"] = [{"value": profile["email"], "type": "work", "primary": True}]
        return resource

    def _record(self, job: Job, app: dict, assigned: dict | None, reason: str | None, external_id: str | None) -> None:
        with self.org.lock:
            if assigned:
                assigned["syncState"] = "ERROR" if reason else "SYNCHRONIZED"
                assigned["externalId"] = external_id or assigned["externalId"]
            user = self.org.users.get(job.subject)
            target = [log.app_user(job.subject, job.name, job.name), log.instance(app)]
            if user:
                target.append(log.person(user))
            log.write(self.org, f"application.provision.user.{_EVENTS[job.kind]}", target, reason)

    def _push_group(self, job: Job, app: dict, directory: Directory) -> None:
        with self.org.lock:
            wanted = _group(self.org, job)
        name = wanted["displayName"] if wanted else job.name
        reason = None
        try:
            held = directory.first("Groups", "displayName", name)
            if job.kind == "group gone":
                if held:
                    directory.call("DELETE", f"/Groups/{held['id']}")
            elif held:
                directory.call("PUT", f"/Groups/{held['id']}", {**wanted, "id": held["id"]})
            else:
                directory.call("POST", "/Groups", wanted)
        except Refused as refused:
            reason = str(refused)
        with self.org.lock:
            mapping = self.org.group_push.get(job.app_id, {}).get(job.subject)
            if mapping and reason:
                mapping["status"] = "ERROR"
            event = "removed" if job.kind == "group gone" else "pushed"
            log.write(self.org, f"application.provision.group_push.{event}", [log.instance(app)], reason)


def _put(directory: Directory, job: Job, wanted: dict) -> str:
    """Okta looks for the user name first; who is there is updated, whoever is not is created."""
    held = directory.call("GET", f"/Users/{job.external_id}") if job.external_id else None
    held = held or directory.first("Users", "userName", wanted["userName"])
    if not held:
        return directory.call("POST", "/Users", wanted)["id"]
    directory.call("PUT", f"/Users/{held['id']}", {**held, **wanted})
    return held["id"]


def _deactivate(directory: Directory, job: Job) -> str | None:
    held = {"id": job.external_id} if job.external_id else directory.first("Users", "userName", job.name)
    if not held:
        return None
    operations = [{"op": "replace", "value": {"active": False}}]
    directory.call("PATCH", f"/Users/{held['id']}", {"schemas": [_PATCH], "Operations": operations})
    return held["id"]


def _group(org, job: Job) -> dict | None:
    """The SCIM group of a group push: those members that the app knows already."""
    mapping = org.group_push.get(job.app_id, {}).get(job.subject)
    if not mapping:
        return None
    people = org.app_users[job.app_id]
    members = [
        {"value": people[user_id]["externalId"], "display": people[user_id]["credentials"]["userName"]}
        for user_id in org.members.get(mapping["sourceGroupId"], ())
        if user_id in people and people[user_id]["externalId"]
    ]
    target = org.groups[mapping["targetGroupId"]]
    return {"schemas": [_GROUP], "displayName": target["profile"]["name"], "members": members}
