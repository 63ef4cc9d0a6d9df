# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The state of one org, and methods that add objects to it; what Okta does with them is in the other modules."""

from __future__ import annotations

import threading
import time

from ..http.ids import Ids, timestamp
from . import apps, certificates, groups, mappings, people, policies


class Org:
    """All objects of an Okta org; take `lock` to read or change them from another thread."""

    def __init__(self, url: str, settings, api_tokens: tuple[str, str]):
        self.url = url
        self.settings = settings
        self.subdomain = "emulator"
        self.lock = threading.RLock()
        self.tokens = dict(zip(api_tokens, ("SUPER_ADMIN", "READ_ONLY_ADMIN"), strict=True))
        self.reset()

    def reset(self) -> None:
        """Remove all but what a new org has: its policies, its user types and the group Everyone."""
        with self.lock:
            self.ids = Ids()
            self.created_at: dict[str, float] = {}
            self.apps: dict[str, dict] = {}
            self.app_keys: dict[str, list] = {}
            self.app_secrets: dict[str, str] = {}
            self.external_keys: dict[str, str] = {}
            self.name_counts: dict[str, int] = {}
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
            self.signing_key = certificates.SigningKey()
            self.policies: dict[str, dict] = {}
            self.default_policy, self.enrollment_policy = policies.create_initial(self)
            self.user_types: dict[str, dict] = {}
            for number in range(self.settings.user_types):
                people.add_type(self, f"contractor{number}" if number else "user")
            self.mappings: dict[str, dict] = {}
            self.schemas: dict[str, dict] = {}
            everyone = {"name": "Everyone", "description": "All users in your organization"}
            self.everyone = groups.add(self, everyone, "BUILT_IN")["id"]

    def new_id(self, prefix: str) -> str:
        """A new id; its time is recorded, since new objects appear in lists and searches with a delay."""
        identity = self.ids(prefix)
        self.created_at[identity] = time.monotonic()
        return identity

    def visible(self, identity: str, lag: float) -> bool:
        return not lag or time.monotonic() - self.created_at.get(identity, 0) >= lag

    def add_person(
        self, first: str, last: str, email: str, login: str | None = None, status: str = "ACTIVE", **profile: str
    ) -> dict:
        fields = {"firstName": first, "lastName": last, "email": email, "login": login or email, **profile}
        with self.lock:
            return people.add_person(self, fields, status)

    def add_group(
        self, name: str, members: tuple = (), type: str = "OKTA_GROUP", app_id: str | None = None, **profile: str
    ) -> dict:
        """Add a group with members, each a user object or an id. app_id: of the app that an APP_GROUP belongs to."""
        with self.lock:
            group = groups.add(self, {"name": name, "description": None, **profile}, type, app_id)
            for member in members:
                groups.add_member(self, group["id"], member if isinstance(member, str) else member["id"])
            return group

    def add_app(self, body: dict, activate: bool = True) -> dict:
        with self.lock:
            return apps.create(self, body, activate)

    def add_service_app(
        self, label: str, jwk: dict, scopes: tuple = (), role: str | None = "SUPER_ADMIN", dpop: bool = False
    ) -> dict:
        """Add an OAuth service app with a public key, granted scopes, and an admin role or None."""
        client = {
            "application_type": "service",
            "grant_types": ["client_credentials"],
            "response_types": ["token"],
            "jwks": {"keys": [jwk]},
            "dpop_bound_access_tokens": dpop,
        }
        credentials = {"oauthClient": {"token_endpoint_auth_method": "private_key_jwt"}}
        settings = {"oauthClient": client}
        body = {"name": "oidc_client", "label": label, "credentials": credentials, "settings": settings}
        with self.lock:
            app = apps.create(self, body)
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

    def touch(self, item: dict) -> dict:
        item["lastUpdated"] = timestamp()
        return item
