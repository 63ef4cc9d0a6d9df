# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The setup of the playbook as a script on Okta's Python SDK, in one process. Run by benchmark.py.

It makes the same calls as the playbook, one after another: it reads everything, and if anything differs it does all steps
in order and reads what it wrote. It has no preview, no retry, no report, and stops at the first error.
"""

from __future__ import annotations

import asyncio
import json
import os
import pathlib
from urllib.parse import urlencode

import aiohttp
from okta import models
from okta.client import Client

ACS_URL = "https://auth.workos.com/sso/saml/acs/EXAMPLE"
GROUPS = ["Engineering", "Research"]
EMAIL_AS_USERNAME = {"userNameTemplate": {"template": "${source.email}", "type": "BUILT_IN"}}
SIGN_ON_APP = {
    "label": "Claude",
    "signOnMode": "SAML_2_0",
    "credentials": EMAIL_AS_USERNAME,
    "settings": {
        "signOn": {
            "ssoAcsUrl": ACS_URL,
            "recipient": ACS_URL,
            "destination": ACS_URL,
            "audience": "https://auth.workos.com/EXAMPLE",
            "subjectNameIdTemplate": "${user.userName}",
            "subjectNameIdFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            "responseSigned": True,
            "assertionSigned": True,
            "signatureAlgorithm": "RSA_SHA256",
            "digestAlgorithm": "SHA256",
            "honorForceAuthn": True,
            "authnContextClassRef": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
            "requestCompressed": False,
            "allowMultipleAcsEndpoints": False,
            "attributeStatements": [{"type": "EXPRESSION", "name": "email", "values": ["user.email"]}],
        }
    },
}
SCIM_APP = {
    "name": "scim2testapp",
    "label": "Claude SCIM",
    "signOnMode": "SAML_2_0",
    "credentials": EMAIL_AS_USERNAME,
    "visibility": {"hide": {"web": True, "iOS": True}},
}
FEATURE = "USER_PROVISIONING"
ENABLED = {"status": "ENABLED"}
CAPABILITIES = {"create": {"lifecycleCreate": ENABLED}, "update": {"profile": ENABLED, "lifecycleDeactivate": ENABLED}}
EMAIL_MAPPING = {"email": {"expression": "user.email", "pushStatus": "PUSH"}}


class ClaudeSetup:
    """The steps of the guide. Without writes they only find out what differs."""

    def __init__(self, client: Client, *, writes: bool) -> None:
        self.client = client
        self.writes = writes
        self.differences: list[str] = []
        self.metadata = ""
        self.emails: set[str] = set()
        self.scim_app: dict | None = None

    async def run(self) -> ClaudeSetup:
        sign_on_app = await self.configure_app(SIGN_ON_APP)
        if sign_on_app:
            await self.read_signing(sign_on_app)
        self.scim_app = await self.configure_app(SCIM_APP)
        if self.scim_app:
            await self.configure_provisioning(self.scim_app["id"])
            await self.map_email(self.scim_app["id"])
        await self.assign_groups([app for app in (sign_on_app, self.scim_app) if app])
        return self

    def must_write(self, name: str, current: object, desired: object) -> bool:
        """Whether to write now; without writes, a difference is recorded."""
        if includes(current, desired):
            return False
        self.differences.append(name)
        return self.writes

    async def send(self, method: str, path: str, body: dict | None = None, headers: dict | None = None) -> str:
        """A call for which the SDK has no suitable class, by its request executor."""
        executor = self.client.get_request_executor()
        request, _error = await executor.create_request(method, path, body, headers)
        _response, text, error = await executor.execute(request)
        if error:
            raise RuntimeError(str(error))
        return text

    async def configure_app(self, desired: dict) -> dict | None:
        # The classes of the SDK lose the attribute statements of a SAML app, and the name of a catalog app.
        query = urlencode({"q": desired["label"], "limit": 200})
        found = json.loads(await self.send("GET", f"/api/v1/apps?{query}"))
        app = next((app for app in found if app["label"] == desired["label"]), None)
        if not self.must_write(desired["label"], app, desired):
            return app
        if app:
            return json.loads(await self.send("PUT", f"/api/v1/apps/{app['id']}", merge(app, desired)))
        return json.loads(await self.send("POST", "/api/v1/apps?activate=true", desired))

    async def read_signing(self, app: dict) -> None:
        active = (await answer(self.client.get_application(app["id"]))).credentials.signing.kid
        if active not in [key.kid for key in await answer(self.client.list_application_keys(app["id"]))]:
            raise RuntimeError("The app has no active signing key.")
        # The method of the SDK accepts JSON alone, which Okta refuses here.
        headers = {"Accept": "application/xml"}
        self.metadata = await self.send("GET", f"/api/v1/apps/{app['id']}/sso/saml/metadata", headers=headers)

    async def configure_provisioning(self, id: str) -> None:
        is_new = self.must_write("connection", await self.read_connection(id), ENABLED)
        if is_new:
            profile = {"authScheme": "TOKEN", "token": os.environ["CLAUDE_SCIM_TOKEN"]}
            body = {"baseUrl": os.environ["CLAUDE_SCIM_BASE_URL"], "profile": profile}
            update = models.UpdateDefaultProvisioningConnectionForApplicationRequest.from_dict(body)
            await answer(self.client.update_default_provisioning_connection_for_application(id, update, activate=True))
            await self.read_connection(id)
        feature = await answer(self.client.get_feature_for_application(id, FEATURE))
        if self.must_write("features", feature.capabilities.to_dict(), CAPABILITIES):
            update = models.UpdateFeatureForApplicationRequest.from_dict(CAPABILITIES)
            await answer(self.client.update_feature_for_application(id, FEATURE, update))
        if is_new:
            await self.read_connection(id)
            await answer(self.client.get_feature_for_application(id, FEATURE))

    async def read_connection(self, id: str) -> dict:
        # The class of the SDK refuses the null that Okta sends for the profile of a missing connection.
        return json.loads(await self.send("GET", f"/api/v1/apps/{id}/connections/default"))

    async def map_email(self, id: str) -> None:
        [listed, *_others] = await answer(self.client.list_profile_mappings(target_id=id, limit=200))
        mapping = await answer(self.client.get_profile_mapping(listed.id))
        current = {name: value.to_dict() for name, value in (mapping.properties or {}).items()}
        if self.must_write("mapping", current, EMAIL_MAPPING):
            update = models.ProfileMappingRequest.from_dict({"properties": EMAIL_MAPPING})
            await answer(self.client.update_profile_mapping(mapping.id, update))

    async def assign_groups(self, apps: list[dict]) -> None:
        ids = set()
        for name in GROUPS:
            [group] = await answer(self.client.list_groups(search=f'profile.name eq "{name}"'))
            ids.add(group.id)
        for app in apps:
            assigned = await self.read_assigned(app["id"])
            for id in sorted(ids - assigned):
                if self.must_write(f"group of {app['label']}", None, id):
                    await answer(self.client.assign_group_to_application(app["id"], id))
            if self.writes and ids - assigned:
                await self.read_assigned(app["id"])
        for id in ids:
            members = await answer(self.client.list_group_users(id, limit=200))
            self.emails.update(user.profile.email for user in members)

    async def read_assigned(self, id: str) -> set[str]:
        """Ids of the groups; application usernames have to be emails."""
        groups = await answer(self.client.list_application_group_assignments(id, limit=200))
        for user in await answer(self.client.list_application_users(id, limit=500)):
            if "@" not in user.credentials.user_name:
                raise RuntimeError(f"{user.id} has the application username {user.credentials.user_name}.")
        return {group.id for group in groups}


async def answer(call: object) -> object:
    """What a method of the SDK returns: its last value is the error, its first the object or the list."""
    first, *_rest, error = await call
    if error:
        raise RuntimeError(str(error))
    return first


def includes(current: object, desired: object) -> bool:
    """Whether the current object has everything that is desired."""
    if isinstance(desired, dict) and isinstance(current, dict):
        return all(includes(current.get(key), value) for key, value in desired.items())
    if isinstance(desired, list) and isinstance(current, list):
        return all(any(includes(item, wanted) for item in current) for wanted in desired)
    return current == desired


def merge(current: dict, desired: dict) -> dict:
    merged = dict(current)
    for key, value in desired.items():
        merged[key] = merge(current.get(key) or {}, value) if isinstance(value, dict) else value
    return merged


async def list_directory(count: int) -> list[dict]:
    """The first people of Claude's SCIM directory."""
    url = f"{os.environ['CLAUDE_SCIM_BASE_URL']}/Users?startIndex=1&count={count}"
    headers = {"Authorization": f"Bearer {os.environ['CLAUDE_SCIM_TOKEN']}"}
    async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as session, session.get(url) as response:
        return json.loads(await response.text())["Resources"]


async def verify_setup(client: Client, setup: ClaudeSetup) -> None:
    await list_directory(1)
    active = {user["userName"] for user in await list_directory(100) if user["active"]}
    if active != setup.emails:
        raise RuntimeError(f"In the directory: {sorted(active)}. Expected: {sorted(setup.emails)}.")
    id = setup.scim_app["id"]
    pushes = f'target.id eq "{id}" and eventType sw "application.provision"'
    for event in await answer(client.list_log_events(filter=pushes, sort_order="DESCENDING", limit=1000)):
        if event.outcome.result == "FAILURE":
            raise RuntimeError(f"Provisioning failed: {event.outcome.reason}")


async def main() -> None:
    config = {"orgUrl": os.environ["OKTA_CLIENT_ORGURL"], "token": os.environ["OKTA_CLIENT_TOKEN"]}
    async with Client(config) as client:
        setup = await ClaudeSetup(client, writes=False).run()
        await list_directory(1)
        if setup.differences:
            setup = await ClaudeSetup(client, writes=True).run()
        await verify_setup(client, setup)
    pathlib.Path(os.environ["METADATA_FILE"]).write_text(setup.metadata, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
