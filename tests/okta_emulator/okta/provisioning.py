# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Provisioning: the org pushes users and groups to the SCIM base URL of an app, with the token of its connection."""

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
_NAME_FIELDS = ("givenName", "familyName", "middleName", "honorificPrefix", "honorificSuffix")
_SIMPLE_FIELDS = (
    "displayName", "nickName", "title", "userType", "preferredLanguage", "locale", "timezone", "profileUrl",
)  # fmt: skip


class Job(NamedTuple):
    """One push. Its subject may have been deleted when it runs, so the job has the names that it needs."""

    kind: str
    app_id: str
    subject: str
    name: str = ""
    external_id: str | None = None


class PushFailed(Exception):
    """The directory refused a push; the text is the reason in the System Log."""


class ScimClient:
    """A client of one SCIM directory; raises PushFailed."""

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
            raise PushFailed(f"Error while contacting the remote server: {error}") from None
        if answer.status >= 400:
            raise PushFailed(f"Remote server returned {answer.status}: {_detail(text) or answer.reason}")
        return json.loads(text) if text.strip() else {}

    def find_first(self, kind: str, attribute: str, value: str) -> dict | None:
        query = quote(f'{attribute} eq "{value}"')
        found = self.call("GET", f"/{kind}?filter={query}&startIndex=1&count=100")
        return next(iter(found.get("Resources", [])), None)


def _detail(text: bytes) -> str:
    try:
        return str(json.loads(text).get("detail", ""))
    except (ValueError, AttributeError):
        return ""


def test_credentials(base_url: str, token: str) -> str | None:
    """The request of "Test API Credentials": list one user. Returns the reason of a failure, or None."""
    try:
        ScimClient(base_url, token).call("GET", "/Users?startIndex=1&count=1")
    except PushFailed as failure:
        return str(failure)
    return None


class Provisioner:
    """Runs jobs one after another. The lock of the org is free while the directory is called."""

    def __init__(self, org):
        self.org = org
        self._run_lock = threading.Lock()

    def run(self, jobs: list[Job]) -> None:
        with self._run_lock:
            for job in jobs:
                self._run_job(job)
            for job in self._group_jobs(jobs):
                self._run_job(job)

    def _group_jobs(self, jobs: list[Job]) -> list[Job]:
        """Jobs that push groups again after new users, since a pushed group has only members that the app knows."""
        group_jobs = []
        with self.org.lock:
            for app_id in sorted({job.app_id for job in jobs if job.kind == "create"}):
                pushes = self.org.group_push.get(app_id, {}).values()
                group_jobs += [Job("group", app_id, push["id"]) for push in pushes if push["status"] == "ACTIVE"]
        return group_jobs

    def _run_job(self, job: Job) -> None:
        with self.org.lock:
            app = self.org.apps.get(job.app_id)
            connection = self.org.connections.get(job.app_id)
            if not app or not connection or connection["status"] != "ENABLED":
                return
            resource = _group_resource(self.org, job) if job.kind == "group" else self._user_resource(app, job)
            client = ScimClient(connection["baseUrl"], connection["token"])
        if not resource and job.kind != "deactivate":
            return
        push = {"group": _push_group, "deactivate": _deactivate}.get(job.kind, _create_or_update)
        reason, external_id = None, job.external_id
        try:
            external_id = push(client, job, resource)
        except PushFailed as failure:
            reason = str(failure)
        with self.org.lock:
            if job.kind == "group":
                self._record_group(job, app, reason)
            else:
                self._record_user(job, app, reason, external_id)

    def _user_resource(self, app: dict, job: Job) -> dict | None:
        """The SCIM user of an app user; userName is the application username, the rest comes from the mapping."""
        app_user = self.org.app_users[job.app_id].get(job.subject)
        user = self.org.users.get(job.subject)
        if not app_user or not user:
            return None
        pushed = mappings.properties_to_app(self.org, app, user)
        profile = {
            field: value
            for field, value in app_user["profile"].items()
            if job.kind == "create" or pushed.get(field, {}).get("pushStatus") != "DONT_PUSH"
        }
        resource = {
            "schemas": [_USER],
            "externalId": user["id"],
            "userName": app_user["credentials"]["userName"],
            "name": {name: profile[name] for name in _NAME_FIELDS if name in profile},
            "active": True,
            **{name: profile[name] for name in _SIMPLE_FIELDS if name in profile},
        }
        if profile.get("email"):
            resource["emails"] = [{"value": profile["email"], "type": "work", "primary": True}]
        return resource

    def _record_user(self, job: Job, app: dict, reason: str | None, external_id: str | None) -> None:
        app_user = self.org.app_users.get(job.app_id, {}).get(job.subject)
        if app_user:
            app_user["syncState"] = "ERROR" if reason else "SYNCHRONIZED"
            app_user["externalId"] = external_id or app_user["externalId"]
        target = [log.app_user_target(job.subject, job.name, job.name), log.app_target(app)]
        if job.subject in self.org.users:
            target.append(log.user_target(self.org.users[job.subject]))
        log.write(self.org, f"application.provision.user.{_EVENTS[job.kind]}", target, reason)

    def _record_group(self, job: Job, app: dict, reason: str | None) -> None:
        mapping = self.org.group_push.get(job.app_id, {}).get(job.subject)
        if mapping and reason:
            mapping.update(status="ERROR", errorSummary=reason)
        log.write(self.org, "application.provision.group_push.pushed", [log.app_target(app)], reason)


def _create_or_update(client: ScimClient, job: Job, resource: dict) -> str:
    """Push a user, found by id or user name; returns the id. A user who does not exist is created."""
    existing = client.call("GET", f"/Users/{job.external_id}") if job.external_id else None
    existing = existing or client.find_first("Users", "userName", resource["userName"])
    if not existing:
        return client.call("POST", "/Users", resource)["id"]
    client.call("PUT", f"/Users/{existing['id']}", {**existing, **resource})
    return existing["id"]


def _deactivate(client: ScimClient, job: Job, _resource: dict | None) -> str | None:
    existing = {"id": job.external_id} if job.external_id else client.find_first("Users", "userName", job.name)
    if not existing:
        return None
    operations = [{"op": "replace", "value": {"active": False}}]
    client.call("PATCH", f"/Users/{existing['id']}", {"schemas": [_PATCH], "Operations": operations})
    return existing["id"]


def _push_group(client: ScimClient, _job: Job, resource: dict) -> None:
    existing = client.find_first("Groups", "displayName", resource["displayName"])
    if existing:
        client.call("PUT", f"/Groups/{existing['id']}", {**resource, "id": existing["id"]})
    else:
        client.call("POST", "/Groups", resource)


def _group_resource(org, job: Job) -> dict | None:
    """The SCIM group of a group push, with the members that the app knows."""
    mapping = org.group_push.get(job.app_id, {}).get(job.subject)
    if not mapping:
        return None
    members = []
    for user_id in org.members.get(mapping["sourceGroupId"], ()):
        app_user = org.app_users[job.app_id].get(user_id)
        if app_user and app_user["externalId"]:
            members.append({"value": app_user["externalId"], "display": app_user["credentials"]["userName"]})
    target = org.groups[mapping["targetGroupId"]]
    return {"schemas": [_GROUP], "displayName": target["profile"]["name"], "members": members}
