# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The control API: fill the org, read its state, inject faults, and act as a person in the Admin Console."""

from __future__ import annotations

import copy
import threading
from dataclasses import asdict

from ..http.errors import OktaError
from ..http.web import Answer, Request
from ..okta import connections
from ..okta.provisioning import test_credentials
from . import demo

_STATE = (
    "apps", "users", "groups", "app_users", "app_groups", "group_push", "connections", "mappings", "policies", "log",
)  # fmt: skip


class ControlApi:
    """Answers /_control/NAME with the method of that name; its docstring is its help text."""

    def __init__(self, emulator):
        self.emulator = emulator
        self.org = emulator.org

    def answer(self, request: Request) -> Answer:
        name = request.path.removeprefix("/_control").strip("/").replace("-", "_") or "help"
        if name not in _control_names():
            return Answer(404, {"error": f"no control {name!r}", **self.help({})})
        try:
            options = dict(request.query) if request.is_read else request.object
            return Answer(200, getattr(self, name)(options))
        except OktaError as error:
            return Answer(error.status, error.body)
        except (KeyError, TypeError, ValueError) as error:
            return Answer(400, {"error": f"{type(error).__name__}: {error}"})

    def help(self, _options: dict) -> dict:
        """List the control API."""
        texts = {name: " ".join(getattr(self, name).__doc__.split()) for name in _control_names()}
        return {"controls": {name.replace("_", "-"): text for name, text in texts.items()}}

    def info(self, _options: dict) -> dict:
        """Addresses and secrets of the emulator."""
        names = ("url", "token", "read_only_token", "scim_url", "scim_token", "admin_api_key")
        return {name: getattr(self.emulator, name) for name in names}

    def seed(self, options: dict) -> dict:
        """Fill the org: {"demo": true} or {"people": [...], "groups": [...], "apps": [...], "policies": [...]}."""
        return demo.seed(self.org, demo.SEED if options.get("demo") else options)

    def reset(self, _options: dict) -> dict:
        """Empty the org, the directory and the journal; remove all faults; restore the settings of the start."""
        self.emulator.reset()
        return {}

    def state(self, _options: dict) -> dict:
        """The whole state of the org, the directory and Claude."""
        with self.org.lock:
            state = {name: copy.deepcopy(getattr(self.org, name)) for name in _STATE}
            state["members"] = {group: list(ids) for group, ids in self.org.members.items()}
        scim = self.emulator.directory
        state["directory"] = {"users": scim.users, "groups": scim.groups}
        state["claude"] = self.emulator.claude.members()
        return state

    def snapshot(self, _options: dict) -> dict:
        """Org and directory without times, secrets and ids, to compare two of them."""
        return self.emulator.snapshot()

    def journal(self, options: dict) -> dict | list:
        """Requests to the Okta API; ?writes=true: only those that change the org; ?scim=true: those to the directory."""
        if options.get("scim") == "true":
            return self.emulator.directory.journal
        entries = self.emulator.writes() if options.get("writes") == "true" else self.emulator.journal
        return [asdict(entry) for entry in entries]

    def faults(self, options: dict) -> dict:
        """Add a fault: {"method": "POST", "path": "/apps$", "kind": "status", "times": 1, "after": 0,
        "details": {"status": 500}}; {"clear": true} removes all; GET lists them."""
        if options.get("clear"):
            self.emulator.faults.clear()
        elif options:
            options = dict(options)
            method, path, kind = options.pop("method", "*"), options.pop("path", "."), options.pop("kind")
            self.emulator.fault(method, path, kind, **options.pop("details", {}), **options)
        return {"faults": [asdict(fault) for fault in self.emulator.faults]}

    def settings(self, options: dict) -> dict:
        """Change settings: {"list_lag": 1, "log_lag": 1, ...}; GET lists them."""
        self.emulator.settings.change(**options)
        return vars(self.emulator.settings)

    def stop(self, _options: dict) -> dict:
        """Stop the emulator after this answer."""
        threading.Timer(0.05, self.emulator.stop).start()
        return {}

    def switch_scim_on(self, options: dict) -> dict:
        """Select SCIM provisioning in the General tab: {"app": id or label}; "api": false hides it from the public API."""
        with self.org.lock:
            return connections.enable_scim(self.org, self._app(options), visible=options.get("api", True))

    def enter_connection(self, options: dict) -> dict:
        """Fill in the Integration tab, test the credentials and save: {"app", "base_url", "token"}."""
        app = self._app(options)
        if app["id"] not in self.org.connections:
            raise ValueError("this app has no Provisioning tab")
        # The Admin Console, unlike the API, does not save credentials that fail their test.
        reason = test_credentials(options["base_url"], options["token"])
        if reason:
            raise ValueError(f"Error authenticating: {reason}")
        with self.org.lock:
            self.org.connections[app["id"]]["status"] = "ENABLED"
            connections.store(self.org, app, options["base_url"], options["token"])
            return connections.get_connection(self.org, app)

    def set_features(self, options: dict) -> dict:
        """Select or clear boxes of the To App tab: {"app", "create": true, "update": true, "deactivate": true}."""
        with self.org.lock:
            app = self._app(options)
            for job in {"create", "update", "deactivate"} & options.keys():
                connections.set_capability(self.org, app, job, on=bool(options[job]))
            return {"features": app["features"]}

    def sign_in(self, options: dict) -> dict:
        """A person opens the app: {"app": id or label, "user": id or login}; returns the SAML response in base64."""
        return self.emulator.sign_in(self._app(options)["id"], options["user"])

    def _app(self, options: dict) -> dict:
        for app in self.org.apps.values():
            if options["app"] in (app["id"], app["label"]):
                return app
        raise ValueError(f"no app {options['app']!r}")


def _control_names() -> list[str]:
    return [name for name in vars(ControlApi) if not name.startswith("_") and name != "answer"]
