# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Claude's SCIM directory (RFC 7644): the people and groups that Okta pushes."""

from __future__ import annotations

import copy
import hmac
import threading
import uuid
from urllib.parse import urlencode

from ..http import filters
from ..http.errors import OktaError
from ..http.ids import random_secret, timestamp
from ..http.web import Answer, Request
from . import scim_patch
from .scim_schemas import GROUP, PAGE, USER, InvalidValue, resource_types, schemas, service_provider_config, validate

_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
_JSON = {"Content-Type": "application/scim+json"}


class ScimError(Exception):
    """An error response of the directory; `scim_type` is one of the keywords of RFC 7644, table 9."""

    def __init__(self, status: int, detail: str, scim_type: str | None = None):
        super().__init__(detail)
        self.status = status
        self.body = {"schemas": [_ERROR], "status": str(status), "detail": detail}
        if scim_type:
            self.body["scimType"] = scim_type


class Directory:
    """Users and groups by id, and a journal of the requests received."""

    def __init__(self, url: str):
        self.url = url
        self.token = random_secret(48)
        self.lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        self.users: dict[str, dict] = {}
        self.groups: dict[str, dict] = {}
        self.journal: list[dict] = []

    def active_emails(self) -> set[str]:
        """The email of every active user, case preserved: the primary address, or the user name if there is none."""
        with self.lock:
            return {_email(user) for user in self.users.values() if user.get("active", True)}

    def display_name(self, email: str) -> str | None:
        with self.lock:
            user = next((user for user in self.users.values() if _email(user) == email), {})
        name = user.get("name", {})
        full_name = f"{name.get('givenName', '')} {name.get('familyName', '')}".strip()
        return user.get("displayName") or full_name or None

    def answer(self, request: Request) -> Answer:
        entry = {"method": request.method, "path": request.path, "query": request.query, "body": None, "status": 0}
        with self.lock:
            self.journal.append(entry)
            try:
                entry["body"] = request.object
                answer = self._answer(request)
            except OktaError as error:
                answer = _error_answer(ScimError(400, error.summary, "invalidSyntax"))
            except ScimError as error:
                answer = _error_answer(error)
            entry["status"] = answer.status
            return copy.deepcopy(answer)

    def _answer(self, request: Request) -> Answer:
        if not hmac.compare_digest(request.headers.get("authorization", ""), f"Bearer {self.token}"):
            raise ScimError(401, "The token is missing or wrong")
        prefix = self.url[len(request.origin) :]
        if not request.path.startswith(prefix + "/"):
            raise ScimError(404, "No such directory")
        kind, _slash, identity = request.path[len(prefix) + 1 :].partition("/")
        if request.path.endswith("/.search") and request.method == "POST":
            return self._search(kind, request)
        if kind in ("Users", "Groups"):
            return _Collection(self, kind, request).answer(identity)
        if request.method != "GET":
            raise ScimError(405, f"{request.method} is not supported")
        return self._describe(kind, identity)

    def _search(self, kind: str, request: Request) -> Answer:
        """POST /.search (RFC 7644, section 3.4.3) is a GET with its parameters in the body; at the root, of all kinds."""
        parameters = {}
        for name in ("filter", "startIndex", "count", "attributes", "excludedAttributes"):
            value = request.object.get(name)
            if value is not None:
                parameters[name] = ",".join(value) if isinstance(value, list) else str(value)
        as_get = Request("GET", f"{request.path}?{urlencode(parameters)}", {})
        resources = []
        for name in ("Users", "Groups"):
            if kind in (name, ".search"):
                resources += _Collection(self, name, as_get).matching_resources()
        return _Collection(self, "Users", as_get).page_of(resources)

    def _describe(self, kind: str, identity: str) -> Answer:
        if kind == "ServiceProviderConfig" and not identity:
            return Answer(200, service_provider_config(self.url), _JSON)
        discovery = {"Schemas": schemas, "ResourceTypes": resource_types}.get(kind)
        if not discovery:
            raise ScimError(404, "No such endpoint")
        resources = discovery(self.url)
        if not identity:
            return _list_response(resources, 1, len(resources), len(resources))
        for resource in resources:
            if resource["id"] == identity:
                return Answer(200, resource, _JSON)
        raise ScimError(404, f"{identity} not found")


def _email(user: dict) -> str:
    emails = user.get("emails") or []
    primary = [email for email in emails if email.get("primary")] or emails
    return primary[0].get("value", "") if primary else user["userName"]


def _error_answer(error: ScimError) -> Answer:
    headers = {"WWW-Authenticate": 'Bearer realm="scim"'} if error.status == 401 else {}
    return Answer(error.status, error.body, {**_JSON, **headers})


def _list_response(resources: list[dict], start: int, total: int, count: int) -> Answer:
    body = {"schemas": [_LIST], "totalResults": total, "startIndex": start, "itemsPerPage": count}
    return Answer(200, {**body, "Resources": resources}, _JSON)


class _Collection:
    """/Users or /Groups during one request."""

    def __init__(self, directory: Directory, kind: str, request: Request):
        self.directory = directory
        self.request = request
        self.kind = kind
        self.schema = USER if kind == "Users" else GROUP
        self.resources = directory.users if kind == "Users" else directory.groups

    def answer(self, identity: str) -> Answer:
        method = self.request.method
        if identity and identity not in self.resources:
            raise ScimError(404, f"Resource {identity} not found")
        handlers = {"GET": self.read, "PUT": self.replace, "PATCH": self.patch, "DELETE": self.delete}
        if identity and method in handlers:
            return handlers[method](self.resources[identity])
        if not identity and method == "GET":
            return self.page_of(self.matching_resources())
        if not identity and method == "POST":
            return self.create()
        raise ScimError(405, f"{method} is not supported")

    def matching_resources(self) -> list[dict]:
        resources = [self.with_groups(resource) for resource in self.resources.values()]
        if not self.request.query.get("filter"):
            return resources
        try:
            return list(filter(filters.parse(self.request.query["filter"]), resources))
        except filters.BadFilter as bad:
            raise ScimError(400, str(bad), "invalidFilter") from None

    def page_of(self, resources: list[dict]) -> Answer:
        query = self.request.query
        try:
            start, count = max(1, int(query.get("startIndex", 1))), max(0, int(query.get("count", PAGE)))
        except ValueError:
            raise ScimError(400, "startIndex and count must be numbers", "invalidValue") from None
        page = resources[start - 1 : start - 1 + min(count, PAGE)]
        return _list_response([self.reduced(resource) for resource in page], start, len(resources), len(page))

    def create(self) -> Answer:
        resource = self.validate(self.request.object, None)
        identity = str(uuid.uuid4())
        location = f"{self.directory.url}/{self.kind}/{identity}"
        created = timestamp()
        if self.kind == "Users":
            resource.setdefault("active", True)
        meta = {"resourceType": self.kind[:-1], "created": created, "lastModified": created, "location": location}
        return self.save(identity, resource, meta)._replace(status=201)

    def read(self, resource: dict) -> Answer:
        headers = {**_JSON, "Location": resource["meta"]["location"]}
        return Answer(200, self.reduced(self.with_groups(resource)), headers)

    def replace(self, resource: dict) -> Answer:
        return self.store(resource, self.validate(self.request.object, resource["id"]))

    def patch(self, resource: dict) -> Answer:
        body = {name.lower(): value for name, value in self.request.object.items()}
        try:
            after = scim_patch.apply(self.schema, copy.deepcopy(resource), body.get("operations"))
        except scim_patch.BadPatch as bad:
            raise ScimError(400, str(bad), bad.scim_type) from None
        return self.store(resource, self.validate(after, resource["id"]))

    def store(self, current: dict, resource: dict) -> Answer:
        return self.save(current["id"], resource, {**current["meta"], "lastModified": timestamp()})

    def save(self, identity: str, resource: dict, meta: dict) -> Answer:
        self.resources[identity] = {"schemas": [self.schema], "id": identity, **resource, "meta": meta}
        return self.read(self.resources[identity])

    def delete(self, resource: dict) -> Answer:
        del self.resources[resource["id"]]
        for group in self.directory.groups.values():
            group["members"] = [member for member in group.get("members", []) if member.get("value") != resource["id"]]
        return Answer(204, None)

    def validate(self, given: dict, own_id: str | None) -> dict:
        """The writable part of a resource; raises ScimError if it breaks the schema or a required attribute is missing."""
        if self.schema not in (given.get("schemas") or [self.schema]):
            raise ScimError(400, f"schemas must contain {self.schema}", "invalidValue")
        try:
            resource = validate(self.schema, given)
        except InvalidValue as bad:
            raise ScimError(400, str(bad), "invalidValue") from None
        required = "userName" if self.kind == "Users" else "displayName"
        if not resource.get(required):
            raise ScimError(400, f"{required} is required", "invalidValue")
        if self.kind == "Users":
            self.check_unique(resource["userName"], own_id)
        for member in resource.get("members", []):
            self.complete_member(member)
        return resource

    def check_unique(self, user_name: str, own_id: str | None) -> None:
        for other in self.resources.values():
            if other["userName"].lower() == user_name.lower() and other["id"] != own_id:
                raise ScimError(409, f"userName {user_name} is taken", "uniqueness")

    def complete_member(self, member: dict) -> None:
        user = self.directory.users.get(member.get("value", ""))
        if not user:
            raise ScimError(400, f"member {member.get('value')} is not known", "invalidValue")
        address = f"{self.directory.url}/Users/{user['id']}"
        member.update({"$ref": address, "type": "User", "display": member.get("display") or user["userName"]})

    def with_groups(self, resource: dict) -> dict:
        """A user with the groups that have the user as a member; a group as it is."""
        if self.kind == "Groups":
            return resource
        groups = [
            {"value": group["id"], "$ref": group["meta"]["location"], "display": group["displayName"], "type": "direct"}
            for group in self.directory.groups.values()
            if resource["id"] in [member.get("value") for member in group.get("members", [])]
        ]
        return {**resource, "groups": groups} if groups else resource

    def reduced(self, resource: dict) -> dict:
        """Only `attributes`, or all but `excludedAttributes`; id and schemas always."""
        query = self.request.query
        included = {name.strip().split(".")[0].lower() for name in query.get("attributes", "").split(",") if name}
        excluded = {name.strip().lower() for name in query.get("excludedAttributes", "").split(",") if name}
        return {
            name: value
            for name, value in resource.items()
            if name in ("id", "schemas") or (name.lower() in included if included else name.lower() not in excluded)
        }
