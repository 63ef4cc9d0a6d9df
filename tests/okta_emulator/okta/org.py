# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The state of one org, and the few verbs that tests say to it; the rules live in the rooms around it."""

from __future__ import annotations

import threading
import time

from ..control.settings import Settings
from ..http.ids import Ids, stamp
from . import apps, certificates, groups, mappings, people, policies


class Org:
    """Everything that an Okta org knows; `lock` is held by whoever reads or changes it."""

    def __init__(self, url: str, settings: Settings, secrets: tuple[str, str]):
        self.url = url
        self.settings = settings
        self.subdomain = "standin"
        self.lock = threading.RLock()
        self.tokens = dict(zip(secrets, ("SUPER_ADMIN", "READ_ONLY_ADMIN"), strict=True))
        self.reset()

    def reset(self) -> None:
        """Leave what a fresh org has: its policies, its user types, and nobody but Everyone."""
        with self.lock:
            self.ids = Ids()
            self.born: dict[str, float] = {}
            self.apps: dict[str, dict] = {}
            self.app_keys: dict[str, list] = {}
            self.app_secrets: dict[str, str] = {}
            self.external_keys: dict[str, str] = {}
            self.named: dict[str, int] = {}
            self.connections: dict[str, dict] = {}
            self.app_users: dict[str, dict[str, dict]] = {}
            self.app_groups: dict[str, dict[str, dict]] = {}
            self.group_push: dict[str, dict[str, dict]] = {}
            self.users: dict[str, dict] = {}
            self.groups: dict[str, dict] = {}
            self.members: dict[str, dict[str, None]] = {}
            self.log: list[dict] = []
            self.jobs: list = []
            self.service_apps: dict[str, dict] = {}
            self.access_tokens: dict[str, dict] = {}
            self.id = self.ids("00o")
            self.key = certificates.Key()
            self.policies: dict[str, dict] = {}
            self.default_policy, self.enrolment_policy = policies.initial(self)
            self.user_types = people.initial_types(self)
            self.mappings: dict[str, dict] = {}
            self.schemas: dict[str, dict] = {}
            self.everyone = groups.add(
                self, {"name": "Everyone", "description": "All users in your organization"}, "BUILT_IN"
            )["id"]

    def new(self, prefix: str) -> str:
        """An id, whose age is remembered: lists and searches lag behind a create."""
        identity = self.ids(prefix)
        self.born[identity] = time.monotonic()
        return identity

    def visible(self, identity: str, lag: float) -> bool:
        return not lag or time.monotonic() - self.born.get(identity, 0) >= lag

    def add_person(
        self, first: str, last: str, email: str, login: str | None = None, status: str = "ACTIVE", **profile: str
    ) -> dict:
        fields = {"firstName": first, "lastName": last, "email": email, "login": login or email, **profile}
        with self.lock:
            return people.add_person(self, fields, status)

    def add_group(self, name: str, members: tuple = (), type: str = "OKTA_GROUP", **profile: str) -> dict:
        """A group with these members, each a user object or an id."""
        with self.lock:
            group = groups.add(self, {"name": name, "description": None, **profile}, type)
            for member in members:
                groups.join(self, group["id"], member if isinstance(member, str) else member["id"])
            return group

    def add_app(self, body: dict, activate: bool = True) -> dict:
        with self.lock:
            return apps.create(self, body, activate)

    def add_service_app(
        self, label: str, jwk: dict, scopes: tuple = (), role: str | None = "SUPER_ADMIN", dpop: bool = False
    ) -> dict:
        """An OAuth service app with a public key, granted scopes, and an admin role or None."""
        client = {
            "application_type": "service",
            "grant_types": ["client_credentials"],
            "response_types": ["token"],
            "jwks": {"keys": [jwk]},
            "dpop_bound_access_tokens": dpop,
        }
        with self.lock:
            app = apps.create(
                self,
                {
                    "name": "oidc_client",
                    "label": label,
                    "signOnMode": "OPENID_CONNECT",
                    "credentials": {"oauthClient": {"token_endpoint_auth_method": "private_key_jwt"}},
                    "settings": {"oauthClient": client},
                },
            )
            self.service_apps[app["id"]] = {"keys": [jwk], "scopes": list(scopes), "role": role, "dpop": dpop}
            return app

    def add_policy(self, name: str, **more: object) -> dict:
        with self.lock:
            return policies.add(self, name, **more)

    def add_user_type(self, name: str) -> dict:
        with self.lock:
            user_type = people.add_type(self, name)
            for app in self.apps.values():
                mappings.create(self, app, user_type)
            return user_type

    def person(self, identity: str) -> dict:
        """The person with this id, login or login up to the @."""
        return people.find(self, identity)

    def touch(self, thing: dict) -> dict:
        thing["lastUpdated"] = stamp()
        return thing
