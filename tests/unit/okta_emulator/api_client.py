# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A client of the emulator for its tests."""

from __future__ import annotations

import requests
from ansible_collections.idops.okta.tests.okta_emulator import Emulator
from ansible_collections.idops.okta.tests.support.app_bodies import SCIM


class Api:
    """A client of the Okta API that retries nothing."""

    def __init__(self, okta: Emulator):
        self.okta = okta
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"SSWS {okta.token}"

    def __call__(self, method: str, path: str, body: object = None, **options: object) -> requests.Response:
        address = path if path.startswith("http") else f"{self.okta.url}/api/v1{path}"
        return self.session.request(method, address, json=body, timeout=10, **options)

    def get(self, path: str, **query: object) -> object:
        answer = self("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def create_app(self, body: dict, **changes: object) -> dict:
        answer = self("POST", "/apps", {**body, **changes})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def get_error(self, method: str, path: str, body: object = None, **query: object) -> tuple[int, str, list[str]]:
        answer = self(method, path, body, params=query)
        error = answer.json()
        assert set(error) == {"errorCode", "errorSummary", "errorLink", "errorId", "errorCauses"}, error
        return answer.status_code, error["errorCode"], [cause["errorSummary"] for cause in error["errorCauses"]]

    def pages(self, path: str, **query: object) -> list[requests.Response]:
        found = [self("GET", path, params=query)]
        while "next" in found[-1].links:
            found.append(self("GET", found[-1].links["next"]["url"]))
        return found

    def control(self, name: str, body: dict | None = None) -> dict:
        answer = requests.post(f"{self.okta.url}/_control/{name}", json=body or {}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def create_connected_app(self, body: dict | None = None, **on: bool) -> dict:
        """A SCIM app with an enabled connection and these capabilities (by default all three)."""
        app = self.create_app(body or SCIM)
        default = f"/apps/{app['id']}/connections/default"
        profile = {"authScheme": "TOKEN", "token": self.okta.scim_token}
        self("POST", default, {"baseUrl": self.okta.scim_url, "profile": profile})
        self("POST", f"{default}/lifecycle/activate")
        self.set_capabilities(app, **(on or {"create": True, "update": True, "deactivate": True}))
        return app

    def assign(self, app: dict, **fields: str) -> dict:
        """Add a person, assign them to an app, and return them."""
        person = self.okta.org.add_person("A", "B", "a@example.com", **fields)
        self("POST", f"/apps/{app['id']}/users", {"id": person["id"]})
        return person

    def set_capabilities(self, app: dict, **on: bool) -> None:
        body: dict = {"create": {}, "update": {}}
        places = {"create": ("create", "lifecycleCreate"), "update": ("update", "profile"),
                  "deactivate": ("update", "lifecycleDeactivate")}  # fmt: skip
        for name, enabled in on.items():
            group, part = places[name]
            body[group][part] = {"status": "ENABLED" if enabled else "DISABLED"}
        assert self("PUT", f"/apps/{app['id']}/features/USER_PROVISIONING", body).status_code == 200

    def push_events(self, app: dict) -> list[tuple[str, str]]:
        query = f'target.id eq "{app["id"]}" and eventType sw "application.provision"'
        return [(event["eventType"], event["outcome"]["result"]) for event in self.get("/logs", filter=query)]
