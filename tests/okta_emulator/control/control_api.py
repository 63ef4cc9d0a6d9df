# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The door behind the stage: seed the org, read it, break it, and act as a person in the Admin Console."""

from __future__ import annotations

import copy
import threading
from dataclasses import asdict

from ..http.errors import OktaError
from ..http.web import Answer, Request
from ..okta import connections, people
from ..okta.provisioning import test_credentials
from . import demo


class Control:
    """Answers /_control/NAME; every name is a method here, its docstring says what to send."""

    def __init__(self, emulator):
        self.emulator = emulator
        self.org = emulator.org

    def answer(self, request: Request) -> Answer:
        name = request.path.removeprefix("/_control").strip("/").replace("-", "_") or "help"
        verb = None if name.startswith("_") or name == "answer" else getattr(self, name, None)
        if not callable(verb):
            return Answer(404, {"error": f"no control {name!r}", **self.help({})})
        try:
            given = dict(request.query) if request.reads else request.object
            return Answer(200, verb(given))
        except OktaError as error:
            return Answer(error.status, error.body)
        except (KeyError, TypeError, ValueError) as error:
            return Answer(400, {"error": f"{type(error).__name__}: {error}"})

    def help(self, _given: dict) -> dict:
        """What there is."""
        names = [name for name in vars(Control) if not name.startswith("_") and name != "answer"]
        return {"controls": {name.replace("_", "-"): getattr(Control, name).__doc__ for name in names}}

    def info(self, _given: dict) -> dict:
        """Addresses and secrets."""
        emulator = self.emulator
        return {
            "url": emulator.url,
            "token": emulator.token,
            "read_only_token": emulator.read_only_token,
            "scim_url": emulator.scim_url,
            "scim_token": emulator.scim_token,
            "admin_api_key": emulator.admin_api_key,
        }

    def seed(self, given: dict) -> dict:
        """{"demo": true} or {"people": [...], "groups": [...], "apps": [...], "service_apps": [...], "policies": [...]}."""
        return demo.seed(self.org, demo.SEED if given.get("demo") else given)

    def reset(self, _given: dict) -> dict:
        """An empty org, an empty directory, an empty journal, no faults."""
        self.emulator.reset()
        return {}

    def state(self, _given: dict) -> dict:
        """Everything, as it is held."""
        with self.org.lock:
            held = {
                name: getattr(self.org, name)
                for name in ("apps", "users", "groups", "app_users", "app_groups", "group_push", "connections",
                             "mappings", "policies", "log")
            }  # fmt: skip
            held = copy.deepcopy(held)
            members = {group: list(ids) for group, ids in self.org.members.items()}
        scim = self.emulator.directory
        return {**held, "members": members, "directory": {"users": scim.users, "groups": scim.groups},
                "claude": self.emulator.claude.members()}  # fmt: skip

    def snapshot(self, _given: dict) -> dict:
        """The state without times and ids, to compare."""
        return self.emulator.snapshot()

    def journal(self, given: dict) -> dict | list:
        """The requests to the Okta API; ?writes=true: only those that change it; ?scim=true: those to the directory."""
        if given.get("scim") == "true":
            return self.emulator.directory.journal
        entries = self.emulator.writes() if given.get("writes") == "true" else self.emulator.journal
        return [asdict(entry) for entry in entries]

    def faults(self, given: dict) -> dict:
        """{"method": "POST", "path": "/apps$", "kind": "status", "times": 1, "after": 0, "details": {"status": 500}};
        {"clear": true} forgets all; a GET shows them."""
        if given.get("clear"):
            self.emulator.faults.clear()
        elif given:
            given = dict(given)
            method, path, kind = given.pop("method", "*"), given.pop("path", "."), given.pop("kind")
            self.emulator.fault(method, path, kind, **given.pop("details", {}), **given)
        return {"faults": [asdict(fault) for fault in self.emulator.faults]}

    def settings(self, given: dict) -> dict:
        """{"list_lag": 1, "provisioning": "held", ...}; a GET shows them."""
        self.emulator.settings.change(**given)
        return vars(self.emulator.settings)

    def stop(self, _given: dict) -> dict:
        """End the emulator once this is answered."""
        threading.Timer(0.05, self.emulator.stop).start()
        return {}

    def switch_scim_on(self, given: dict) -> dict:
        """{"app": id or label}: tick SCIM in the app's General settings; "api": false keeps it from the public API."""
        with self.org.lock:
            return connections.switch_on(self.org, self._app(given), visible=given.get("api", True))

    def enter_connection(self, given: dict) -> dict:
        """{"app", "base_url", "token"}: fill in the Integration tab, test the credentials, save."""
        app = self._app(given)
        if app["id"] not in self.org.connections:
            raise ValueError("this app has no Provisioning tab")
        # The Admin Console, unlike the API, does not save what the directory refuses.
        reason = test_credentials(given["base_url"], given["token"])
        if reason:
            raise ValueError(f"Error authenticating: {reason}")
        with self.org.lock:
            connections.store(self.org, app, given["base_url"], given["token"])
            self.org.connections[app["id"]]["status"] = "ENABLED"
            connections.mirror(self.org, app)
            return connections.answer(self.org, app)

    def set_features(self, given: dict) -> dict:
        """{"app", "create": true, "update": true, "deactivate": true}: tick the boxes of the To App tab."""
        with self.org.lock:
            app = self._app(given)
            for job in ("create", "update", "deactivate"):
                if job in given:
                    connections.tick(self.org, app, job, on=bool(given[job]))
            return {"features": app["features"]}

    def sign_in(self, given: dict) -> dict:
        """{"app": id or label, "user": id or login}: a person opens the app; the SAML response in base64."""
        return self.emulator.sign_in(self._app(given)["id"], given["user"])

    def user_status(self, given: dict) -> dict:
        """{"user", "status"}: a person is suspended, deactivated, locked out, ..."""
        with self.org.lock:
            user = people.set_status(self.org, self.org.person(given["user"]), given["status"])
        self._settle()
        return user

    def provision(self, _given: dict) -> dict:
        """Run the provisioning that is held back."""
        return {"jobs": self.emulator.provision()}

    def _settle(self) -> None:
        if self.emulator.settings.provisioning == "at once":
            self.emulator.provision()

    def _app(self, given: dict) -> dict:
        for app in self.org.apps.values():
            if given["app"] in (app["id"], app["label"]):
                return app
        raise ValueError(f"no app {given['app']!r}")
