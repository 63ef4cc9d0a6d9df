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
from ..http.ids import secret, stamp
from ..http.web import Answer, Request
from . import scim_patch
from .scim_schemas import (
    GROUP,
    PAGE,
    USER,
    Invalid,
    resource_types,
    schemas,
    service_provider_config,
    taken,
)

_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
_JSON = {"Content-Type": "application/scim+json"}


class ScimError(Exception):
    """A refusal in SCIM's words."""

    def __init__(self, status: int, detail: str, kind: str | None = None):
        super().__init__(detail)
        self.status = status
        self.body = {
            "schemas": [_ERROR],
            "status": str(status),
            **({"scimType": kind} if kind else {}),
            "detail": detail,
        }


class Directory:
    """People and groups by id, and a journal of the requests that came."""

    def __init__(self, url: str):
        self.url = url
        self.token = secret(48)
        self.lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        self.users: dict[str, dict] = {}
        self.groups: dict[str, dict] = {}
        self.journal: list[dict] = []

    def active_emails(self) -> set[str]:
        """The email of every active person, as it is spelt: the primary address, or the user name without one."""
        with self.lock:
            return {_email(user) for user in self.users.values() if user.get("active", True)}

    def name_of(self, email: str) -> str | None:
        with self.lock:
            person = next((user for user in self.users.values() if _email(user) == email), {})
        name = person.get("name", {})
        full = f"{name.get('givenName', '')} {name.get('familyName', '')}".strip()
        return person.get("displayName") or full or None

    def answer(self, request: Request) -> Answer:
        entry = {"method": request.method, "path": request.path, "query": request.query, "body": None, "status": 0}
        with self.lock:
            self.journal.append(entry)
            try:
                entry["body"] = request.object
                answer = self._answer(request)
            except OktaError as error:
                answer = _refused(ScimError(400, error.summary, "invalidSyntax"))
            except ScimError as error:
                answer = _refused(error)
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
            known = kind in ("Schemas", "ResourceTypes", "ServiceProviderConfig")
            raise ScimError(405 if known else 404, f"{request.method} is not offered here")
        return self._about(kind, identity)

    def _search(self, kind: str, request: Request) -> Answer:
        """A list whose question is too long or too private for an address; at the root, of everything."""
        names = ("filter", "startIndex", "count", "attributes", "excludedAttributes")
        asked = {name: value for name, value in request.object.items() if name in names and value is not None}
        said = {name: ",".join(one) if isinstance(one, list) else str(one) for name, one in asked.items()}
        question = Request("GET", f"{request.path}?{urlencode(said)}", {})
        collections = [_Collection(self, one, question) for one in ("Users", "Groups") if kind in (one, ".search")]
        if not collections:
            raise ScimError(404, "No such endpoint")
        return collections[0].paged([one for collection in collections for one in collection.found()])

    def _about(self, kind: str, identity: str) -> Answer:
        if kind == "ServiceProviderConfig" and not identity:
            return Answer(200, service_provider_config(self.url), _JSON)
        known = {"Schemas": schemas, "ResourceTypes": resource_types}.get(kind)
        if not known:
            raise ScimError(404, "No such endpoint")
        found = known(self.url)
        if not identity:
            return _listed(found, 1, len(found), len(found))
        one = next((held for held in found if held["id"] == identity), None)
        if not one:
            raise ScimError(404, f"{identity} not found")
        return Answer(200, one, _JSON)


def _email(user: dict) -> str:
    emails = user.get("emails") or []
    primary = [one for one in emails if one.get("primary")] or emails
    return primary[0].get("value", "") if primary else user["userName"]


def _refused(error: ScimError) -> Answer:
    headers = {"WWW-Authenticate": 'Bearer realm="scim"'} if error.status == 401 else {}
    return Answer(error.status, error.body, {**_JSON, **headers})


def _listed(resources: list[dict], start: int, total: int, shown: int) -> Answer:
    body = {"schemas": [_LIST], "totalResults": total, "startIndex": start, "itemsPerPage": shown}
    return Answer(200, {**body, "Resources": resources}, _JSON)


class _Collection:
    """/Users or /Groups during one request."""

    def __init__(self, directory: Directory, kind: str, request: Request):
        self.directory = directory
        self.request = request
        self.kind = kind
        self.schema = USER if kind == "Users" else GROUP
        self.held = directory.users if kind == "Users" else directory.groups

    def answer(self, identity: str) -> Answer:
        method = self.request.method
        if not identity:
            verb = {"GET": self.list, "POST": self.create}.get(method)
            if not verb:
                raise ScimError(405, f"{method} is not offered here")
            return verb()
        if identity not in self.held:
            raise ScimError(404, f"Resource {identity} not found")
        verb = {"GET": self.read, "PUT": self.replace, "PATCH": self.patch, "DELETE": self.delete}.get(method)
        if not verb:
            raise ScimError(405, f"{method} is not offered here")
        return verb(self.held[identity])

    def list(self) -> Answer:
        return self.paged(self.found())

    def found(self) -> list[dict]:
        resources = [self.shown(one) for one in self.held.values()]
        if not self.request.query.get("filter"):
            return resources
        try:
            return list(filter(filters.parse(self.request.query["filter"]), resources))
        except filters.BadFilter as bad:
            raise ScimError(400, str(bad), "invalidFilter") from None

    def paged(self, resources: list[dict]) -> Answer:
        query = self.request.query
        try:
            start, count = max(1, int(query.get("startIndex", 1))), max(0, int(query.get("count", PAGE)))
        except ValueError:
            raise ScimError(400, "startIndex and count must be numbers", "invalidValue") from None
        page = resources[start - 1 : start - 1 + min(count, PAGE)]
        return _listed([self.reduced(one) for one in page], start, len(resources), len(page))

    def create(self) -> Answer:
        resource = self.checked(self.request.object, None)
        identity = str(uuid.uuid4())
        location = f"{self.directory.url}/{self.kind}/{identity}"
        meta = {"resourceType": self.kind[:-1], "created": stamp(), "lastModified": stamp(), "location": location}
        if self.kind == "Users":
            resource.setdefault("active", True)
        self.held[identity] = {
            "schemas": [self.schema],
            "id": identity,
            **resource,
            "meta": {**meta, "version": 'W/"1"'},
        }
        return Answer(201, self.reduced(self.shown(self.held[identity])), {**_JSON, "Location": location})

    def read(self, held: dict) -> Answer:
        return Answer(200, self.reduced(self.shown(held)), {**_JSON, "Location": held["meta"]["location"]})

    def replace(self, held: dict) -> Answer:
        return self.store(held, self.checked(self.request.object, held["id"]))

    def patch(self, held: dict) -> Answer:
        body = {name.lower(): value for name, value in self.request.object.items()}
        try:
            after = scim_patch.apply(self.schema, copy.deepcopy(held), body.get("operations"))
        except scim_patch.BadPatch as bad:
            raise ScimError(400, str(bad), bad.kind) from None
        return self.store(held, self.checked(after, held["id"]))

    def store(self, held: dict, resource: dict) -> Answer:
        version = int(held["meta"]["version"].strip('W/"')) + 1
        meta = {**held["meta"], "lastModified": stamp(), "version": f'W/"{version}"'}
        self.held[held["id"]] = {"schemas": [self.schema], "id": held["id"], **resource, "meta": meta}
        return self.read(self.held[held["id"]])

    def delete(self, held: dict) -> Answer:
        del self.held[held["id"]]
        for group in self.directory.groups.values():
            group["members"] = [one for one in group.get("members", []) if one.get("value") != held["id"]]
        return Answer(204, None)

    def checked(self, given: dict, own_id: str | None) -> dict:
        """What the schema takes of a resource, with what it demands."""
        if self.schema not in (given.get("schemas") or [self.schema]):
            raise ScimError(400, f"schemas must hold {self.schema}", "invalidValue")
        try:
            resource = taken(self.schema, given)
        except Invalid as bad:
            raise ScimError(400, str(bad), "invalidValue") from None
        required = "userName" if self.kind == "Users" else "displayName"
        if not resource.get(required):
            raise ScimError(400, f"{required} is required", "invalidValue")
        if self.kind == "Users":
            self.check_unique(resource["userName"], own_id)
        for member in resource.get("members", []):
            self.complete(member)
        return resource

    def check_unique(self, user_name: str, own_id: str | None) -> None:
        for other in self.held.values():
            if other["userName"].lower() == user_name.lower() and other["id"] != own_id:
                raise ScimError(409, f"userName {user_name} is taken", "uniqueness")

    def complete(self, member: dict) -> None:
        person = self.directory.users.get(member.get("value", ""))
        if not person:
            raise ScimError(400, f"member {member.get('value')} is not known", "invalidValue")
        address = f"{self.directory.url}/Users/{person['id']}"
        member.update({"$ref": address, "type": "User", "display": member.get("display") or person["userName"]})

    def shown(self, held: dict) -> dict:
        """A person is shown with the groups that hold them."""
        if self.kind == "Groups":
            return held
        groups = [
            {"value": group["id"], "$ref": group["meta"]["location"], "display": group["displayName"], "type": "direct"}
            for group in self.directory.groups.values()
            if held["id"] in [one.get("value") for one in group.get("members", [])]
        ]
        return {**held, "groups": groups} if groups else held

    def reduced(self, resource: dict) -> dict:
        """Only the attributes asked for, or all but those declined; id and schemas always."""
        query = self.request.query
        wanted = {name.strip().split(".")[0].lower() for name in query.get("attributes", "").split(",") if name}
        declined = {name.strip().lower() for name in query.get("excludedAttributes", "").split(",") if name}
        return {
            name: value
            for name, value in resource.items()
            if name in ("id", "schemas") or (name.lower() in wanted if wanted else name.lower() not in declined)
        }
