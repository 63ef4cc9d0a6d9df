# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Replays recorded requests to an emulated org in which everything exists that the recording presupposes."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator

import requests
from ansible_collections.idops.okta.tests.conformance.comparing import ORG, Comparison, Difference
from ansible_collections.idops.okta.tests.conformance.recordings import (
    ID,
    UNMODELLED_APPS,
    Everything,
    answered,
    mentioned,
    sent,
    unmodelled,
)
from ansible_collections.idops.okta.tests.okta_emulator import Emulator
from ansible_collections.idops.okta.tests.okta_emulator.okta import (
    assignments,
    connections,
    group_push,
    groups,
    mappings,
)
from ansible_collections.idops.okta.tests.support.app_bodies import oidc_body, saml_body
from ansible_collections.idops.okta.tests.support.service_app import ServiceApp

SCOPES = ("okta.users.read", "okta.apps.read", "okta.groups.read")
# The status of a person from which each step leads away.
BEFORE = {"activate": "STAGED", "suspend": "ACTIVE", "unsuspend": "SUSPENDED", "deactivate": "ACTIVE"}
SAML, OIDC = saml_body("App"), oidc_body("App")
BOOKMARK = {"name": "bookmark", "label": "App"}


class Replay:
    """One play against a fresh org."""

    def __init__(self, okta: Emulator, everything: Everything):
        okta.reset()
        self.okta = okta
        self.everything = everything
        self.comparison = Comparison({ORG: okta.url})
        self.here = self.comparison.here
        self.session = requests.Session()

    def play(self, interactions: list[dict]) -> Iterator[Difference]:
        self.okta.settings.change(engine=_engine(interactions))
        self.okta.org.reset()
        if "client_assertion" in json.dumps(interactions) or "DPoP" in json.dumps(interactions):
            self._service_app(interactions[0])
        Seed(self.okta, self.everything, self.comparison).plant(interactions)
        objects = self.everything.objects.items()
        skipped = {identity for identity, recorded in objects if recorded.get("name") in UNMODELLED_APPS}
        for one in interactions:
            if unmodelled(one) or skipped & set(ID.findall(one["path"])):
                skipped.update(ID.findall(str(answered(one).get("id"))))
                continue
            self._turn(one)
            yield from self.comparison.differences(one, self.send(one))

    def _service_app(self, first: dict) -> None:
        """Make one without a role, with a nonce or a token already where the recording begins in the midst of its life."""
        self.app = ServiceApp(self.okta, scopes=SCOPES, role=None, dpop=True)
        self.nonce, self.token = None, ""
        if first["status"] == 200:
            self._ask_token(" ".join(SCOPES), with_nonce=False)
        if not first["path"].startswith("/oauth2/"):
            self._ask_token(" ".join(SCOPES))

    def _ask_token(self, scope: str, with_proof: bool = True, with_nonce: bool = True) -> requests.Response:
        nonce = {"nonce": self.nonce} if with_nonce else {}
        proof = {"DPoP": self.app.proof("POST", self.app.endpoint, **nonce)} if with_proof else {}
        answer = self.app.ask(scope, proof)
        self.nonce = answer.headers.get("DPoP-Nonce", self.nonce)
        self.token = answer.json().get("access_token", self.token)
        return answer

    def _proof(self, method: str, address: str) -> dict[str, str]:
        return {"Authorization": f"DPoP {self.token}", "DPoP": self.app.token_proof(method, address, self.token)}

    def _turn(self, one: dict) -> None:
        """Let the org be as it was when it answered: full, slow, or out of requests."""
        answer = json.dumps(one["response_body"])
        self.okta.settings.change(
            app_limit=len(self.okta.org.apps) if "Maximum number of instances" in answer else None,
            failing_deletes=int(one["method"] == "DELETE" and one["status"] == 500),
            rate_limits={"apps": 0} if one["status"] == 429 else {},
        )

    def send(self, one: dict) -> requests.Response:
        request_headers = {name.lower(): value for name, value in (one.get("request_headers") or {}).items()}
        address = self.okta.url + self.here(one["path"])
        query = {name: self.here(value) for name, value in one["query"].items()}
        body = json.loads(self.here(json.dumps(sent(one))))
        if one["path"] == "/oauth2/v1/token":
            # The proofs are not in the recording: one that was taken carried the nonce.
            return self._ask_token(body["scope"], with_proof="dpop" in request_headers, with_nonce=one["status"] == 200)
        headers = {
            "Accept": request_headers.get("accept", "application/json"),
            "Authorization": f"SSWS {self.okta.token}",
        }
        if "dpop" in request_headers:
            headers |= self._proof(one["method"], address)
        given = {"params": query, "json": body, "headers": headers}
        return self.session.request(one["method"], address, **given, timeout=10, allow_redirects=False)


def _engine(interactions: list[dict]) -> str:
    """An org is Identity Engine where its apps link to an access policy."""
    text = json.dumps(interactions)
    current = "accessPolicy" in text or "ACCESS_POLICY" in text or '"signOnMode"' not in text
    return "identity" if current else "classic"


class Seed:
    """Makes what a recording takes for granted: everything it speaks of before it was made."""

    def __init__(self, okta: Emulator, everything: Everything, comparison: Comparison):
        self.org = okta.org
        self.everything = everything
        self.known, self.here = comparison.known, comparison.here

    def plant(self, interactions: list[dict]) -> None:
        made: set[str] = set()
        for one in interactions:
            # What was not to be found is not to be found here either.
            for identity in mentioned(one) if one["status"] not in (401, 404) else ():
                if identity not in made:
                    self._make(identity, one)
            if one["method"] == "POST" and answered(one).get("id"):
                made.add(answered(one)["id"])
        self._relate(interactions[0])

    def _make(self, identity: str, one: dict) -> None:
        makers = {"0oa": self._app, "00u": self._person, "00g": self._group, "rst": self._policy, "prm": self._mapping,
                  "gPm": self._push}  # fmt: skip
        recorded = self.everything.objects.get(identity, {})
        if one["status"] < 300 and answered(one).get("id") == identity:
            recorded = answered(one)
        if identity[:3] in makers and identity not in self.known and recorded.get("name") not in UNMODELLED_APPS:
            with contextlib.suppress(KeyError):  # no recording tells enough of it
                self.known[identity] = makers[identity[:3]](recorded, one)

    def _app(self, recorded: dict, one: dict) -> str:
        body = json.loads(self.here(json.dumps(_like(recorded, one))))
        if body.get("name", "").startswith("example_"):
            del body["name"]
        credentials = body.get("credentials", {})
        credentials.pop("signing", None)
        if credentials.get("oauthClient", {}).get("client_id") == recorded.get("id"):
            credentials.get("oauthClient", {}).pop("client_id", None)
        app = self.org.add_app({name: value for name, value in body.items() if name != "id"})
        deleted = one["method"] == "DELETE" and one["status"] != 403
        if recorded.get("status") == "INACTIVE" or deleted or _refused_as_inactive(one):
            app["status"] = "INACTIVE"
            connections.refresh_app(self.org, app)
        for kid in _kids(recorded, one):
            self.known[kid] = self.org.app_keys[app["id"]][-1].kid
        return app["id"]

    def _person(self, recorded: dict, one: dict) -> str:
        profile = copy.deepcopy(recorded.get("profile") or {"login": "p@example.com"})
        profile = {"firstName": "P", "lastName": "P", "email": "p@example.com", **profile}
        first, last, email, login = (profile.pop(name) for name in ("firstName", "lastName", "email", "login"))
        status = BEFORE.get(one["path"].rpartition("/")[2]) or recorded.get("status", "ACTIVE")
        person = self.org.add_person(first, last, email, login, status, **profile)
        # What happened to a person before the recording began.
        past = ("credentials", "activated", "statusChanged", "passwordChanged", "lastLogin")
        person.update({name: copy.deepcopy(recorded[name]) for name in past if name in recorded})
        return person["id"]

    def _group(self, recorded: dict, one: dict) -> str:
        profile = dict(recorded.get("profile") or {"name": "Group"})
        if recorded.get("type") == "BUILT_IN":
            return self.org.everyone
        return self.org.add_group(profile.pop("name"), type=recorded.get("type", "OKTA_GROUP"), **profile)["id"]

    def _policy(self, recorded: dict, one: dict) -> str:
        for policy in self.org.policies.values():
            if policy["name"] == recorded.get("name"):
                policy.update({name: recorded[name] for name in ("description",) if name in recorded})
                return policy["id"]
        more = {name: recorded[name] for name in ("description", "system", "type") if name in recorded}
        return self.org.add_policy(recorded.get("name", "Policy"), **more)["id"]

    def _push(self, recorded: dict, one: dict) -> str:
        self._make(recorded["sourceGroupId"], one)
        app, source = self.org.apps[self.known[ID.search(one["path"])[0]]], self.known[recorded["sourceGroupId"]]
        body = {"sourceGroupId": source, "targetGroupName": "Pushed"}
        pushed = group_push.create(self.org, app, body)
        pushed["status"] = "INACTIVE" if one["method"] == "DELETE" else recorded.get("status", "ACTIVE")
        return pushed["id"]

    def _mapping(self, recorded: dict, one: dict) -> str:
        ends = [recorded["source"], recorded["target"]]
        for end in ends:
            if end["type"] == "user":
                self.known.setdefault(end["id"], next(iter(self.org.user_types)))
            elif end["id"] not in self.known:
                self.known[end["id"]] = self._app({}, one)
        here = [self.known[end["id"]] for end in ends]
        found = self.org.mappings.values()
        mapping = next(one for one in found if [one["source"]["id"], one["target"]["id"]] == here)
        mapping["properties"] = copy.deepcopy(recorded.get("properties", {}))
        mapping["source"]["name"], mapping["target"]["name"] = (end["name"] for end in ends)
        return mapping["id"]

    def _relate(self, one: dict) -> None:
        """Assignments, memberships, connections and fields that the first request finds in place."""
        noun, owner, kind, *rest = [*self.here(one["path"]).split("/")[3:], "", "", ""][:4]
        came, org = answered(one), self.org
        if noun == "apps" and owner in org.apps:
            app = org.apps[owner]
            if "capabilities" in came or (one["method"] == "GET" and came.get("status") == "ENABLED"):
                connections.store(org, app, "https://target-admin.okta.com", "secret")
                connections.run_lifecycle(org, app, "activate")
            if "capabilities" in came:
                connections.update_feature(org, app, came["name"], copy.deepcopy(came["capabilities"]))
            if kind == "users" and rest[0] in org.users:
                assignments.assign(org, app, {**came, "id": rest[0]})
            if kind == "groups" and rest[0] in org.groups and one["method"] != "PUT":
                assignments.assign_group(org, app, rest[0], {})
        if noun == "meta" and rest[0] in org.apps and one["method"] == "GET":
            mappings.update_schema(org, org.apps[rest[0]], copy.deepcopy(came))
        if noun == "groups" and kind == "users":
            people = [self.known[person["id"]] for person in one["response_body"] or ()]
            for person in [*people, *(rest[:1] if one["method"] == "DELETE" else ())]:
                groups.add_member(org, owner, person)


def _like(recorded: dict, one: dict) -> dict:
    """The body of an app like the one that a request is about."""
    if _refused_as_inactive(one):
        return SAML
    if "/connections/" in one["path"] or "/features/" in one["path"]:
        return BOOKMARK if answered(one).get("status") == "UNKNOWN" else {"name": "okta_org2org", "label": "App"}
    if "/meta/schemas/" in one["path"]:
        return {**OIDC, "label": answered(one)["title"].removesuffix(" User")}
    return recorded or (BOOKMARK if one.get("kind") in ("catalog", "other") else SAML)


def _refused_as_inactive(one: dict) -> bool:
    return "No active instances" in json.dumps(one["response_body"])


def _kids(recorded: dict, one: dict) -> set[str]:
    """What an app's signing key is called: in its credentials, or in the request."""
    found = {
        thing.get("credentials", {}).get("signing", {}).get("kid") for thing in (recorded, one["request_body"] or {})
    }
    _before, keys, kid = one["path"].partition("/credentials/keys/")
    return {*found, one["query"].get("kid"), kid if keys else None} - {None, "generate"}
