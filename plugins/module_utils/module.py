# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What every module shares with Ansible: running it, reconciling an object, making the result."""

from __future__ import annotations

import dataclasses
import functools
import time
import traceback
import typing

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED, REFUSED, Client
from ansible_collections.idops.okta.plugins.module_utils.connection import (
    CONNECTION_OPTIONS,
    find_credentials,
    make_auth,
    org_url_of,
    public_key_values,
)
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure, OrgUnavailable, ResponseLost
from ansible_collections.idops.okta.plugins.module_utils.http import Http
from ansible_collections.idops.okta.plugins.module_utils.merge import merge

# Keys under which Okta sends a secret.
SECRET_KEYS = frozenset({"client_secret", "token", "password", "secret", "privateKey"})
# Objects whose keys are names of fields that somebody chose, and stay as they are.
FREE_KEYS = ["profile", "properties", "usernames"]
NOT_READ = object()
MAX_ATTEMPTS = 5  # of a write whose answer is lost
LOOKUP_DELAYS = (0, 1, 2, 4)  # seconds before each look for the effect of a write whose answer was lost

# Shows a line while a module waits. Set by the action that runs modules in Ansible's worker; a module by itself shows nothing.
show_progress: typing.Callable[[str], None] | None = None


class Resource(typing.Protocol):
    """One object of Okta, as a module describes it to Task.reconcile. Objects are in the words of Okta's JSON."""

    def read(self) -> dict | None:
        """The object as it is, or None."""

    def desired(self, current: dict | None) -> dict | None:
        """What should be merged into it; None removes it. Refuses by raising Failure, in a preview as well."""

    def apply(self, current: dict | None, after: dict | None) -> dict | None:
        """Write the difference, and return the object as it is then. May be repeated after a lost answer."""


@dataclasses.dataclass(frozen=True)
class Change:
    """What reconcile did, or would do in a preview. before and after are compared; result is the object at the end."""

    before: dict | None
    after: dict | None
    result: dict | None

    @property
    def changed(self) -> bool:
        return self.before != self.after


def run(
    body: typing.Callable[[Task], dict],
    options: dict | None = None,
    *,
    scopes: typing.Sequence[str] = (),
    reads: typing.Sequence[str] = (),
    writes: bool = True,
    **rules: typing.Any,
) -> None:
    """Run one module: body returns its result.

    scopes: nouns of the OAuth scopes that it needs as .manage, and as .read where it does not write; reads: nouns that
    it needs as .read only; rules: those of AnsibleModule, such as required_one_of.
    """
    module = AnsibleModule(argument_spec={**CONNECTION_OPTIONS, **(options or {})}, supports_check_mode=True, **rules)
    module.no_log_values -= public_key_values(module.params["private_key"])
    task = Task(module, scopes, reads, writes=writes)
    try:
        result = body(task)
    except Failure as failure:
        if not task.is_plan or isinstance(failure, OrgUnavailable):
            module.fail_json(msg=str(failure), **failure.facts, **failure.result)
        result = {"id": REFUSED, **failure.result, "refused": {"msg": str(failure), **failure.facts}}
    except Exception as error:  # noqa: BLE001 - a traceback helps nobody who reads the output
        module.fail_json(
            msg=f"Unexpected error in idops.okta ({type(error).__name__}: {error}). This is a defect of the collection: please "
            "report it with the output of -vvv.",
            exception=traceback.format_exc(),
        )
    module.exit_json(**{"changed": False, **({"preview": True} if module.check_mode else {}), **task.planned(result)})


class Task:
    """What the body of a module works with: its options, whether this is a preview, the org, and the result."""

    def __init__(
        self, module: AnsibleModule, scopes: typing.Sequence[str], reads: typing.Sequence[str], *, writes: bool
    ) -> None:
        self.module = module
        self.params: dict[str, typing.Any] = module.params
        self.is_plan: bool = module.params["plan"]
        self.check: bool = module.check_mode or self.is_plan
        self.read_only = self.check or not writes
        self.is_below_refused = False
        access = "read" if self.read_only else "manage"
        self.needed_scopes = [f"okta.{noun}.{access}" for noun in scopes]
        self.needed_scopes += [f"okta.{noun}.read" for noun in reads]

    @functools.cached_property
    def http(self) -> Http:
        return Http(self.params["timeout"], self.params["ca_path"], self.params["max_wait"])

    @functools.cached_property
    def client(self) -> Client:
        org_url = org_url_of(self.params)
        credentials = find_credentials(self.params)
        for name, value in credentials.items():
            if name != "client_id":
                self.module.no_log_values.add(value)
        scopes = self.params["scopes"] or self.needed_scopes
        auth = make_auth(self.params, credentials, self.http, org_url, scopes)
        # A preview is fast, and a removal expects that there may be nothing.
        awaits_new_apps = not self.check and self.params.get("state") != "absent"
        return Client(org_url, auth, self.http, read_only=self.read_only, awaits_new_apps=awaits_new_apps)

    def reconcile(self, resource: Resource, before: typing.Any = NOT_READ) -> Change:
        """Bring one object to its desired state by at most one call of apply; in a preview by none.

        before: what resource.read() returned a moment ago, if it was called already. If the answer to a write is lost,
        the object is read again: what took effect is no difference any more.
        """
        if before is NOT_READ:
            before = resource.read()
        after = desired_state(resource, before)
        change = Change(before, after, after)
        if not change.changed:
            return change
        if not self.check:
            return dataclasses.replace(change, result=self._apply(resource, before, after))
        if before is None:
            return dataclasses.replace(change, result={**(after or {}), "id": PLANNED})
        return change

    def result(self, noun: str, change: Change, **more: typing.Any) -> dict:
        """The result of a module that reconciled one object: changed, diff, the object under its noun, and its id."""
        shown = self.to_result(change.result)
        identity = {noun: shown, "id": shown.get("id") if shown else None}
        return {"changed": change.changed, "diff": self.diff(change), **identity, **more}

    def diff(self, change: Change) -> dict:
        """What Ansible shows with --diff: both sides, without links."""
        sides = {"before": change.before, "after": change.after}
        for name, side in sides.items():
            without_links = {key: value for key, value in (side or {}).items() if key != "_links"}
            sides[name] = self.to_result(without_links)
        return sides

    def to_result(self, value: dict | None) -> typing.Any:
        """An object of Okta as modules return it: snake case, and secrets registered for masking."""
        if value is None:
            return None
        self.module.no_log_values.update(_find_secrets(value))
        return camel_dict_to_snake_dict(value, ignore_list=FREE_KEYS)

    def planned(self, result: dict) -> dict:
        """In a plan, a change is only announced: it is none of the task, unless the run is a preview."""
        if not self.is_plan:
            return result
        would_change = result.get("changed", False) and not self.is_below_refused
        diff = result.get("diff", {})
        if self.module.check_mode:
            return {**result, "changed": would_change, "would_change": would_change, "differences": diff}
        unchanged = {key: value for key, value in result.items() if key != "diff"}
        return {**unchanged, "changed": False, "would_change": would_change, "differences": diff}

    def warn(self, message: str) -> None:
        self.module.warn(message)

    def progress(self, message: str) -> None:
        """Say how far a module is that waits; never in a preview."""
        if show_progress and not self.check:
            show_progress(message)

    def _apply(self, resource: Resource, current: dict | None, after: dict | None) -> dict | None:
        for _attempt in range(MAX_ATTEMPTS - 1):
            try:
                return resource.apply(current, after)
            except ResponseLost:
                current = _read_again(resource, current)
                after = desired_state(resource, current)
                if current == after:
                    return current
        return resource.apply(current, after)


def desired_state(resource: Resource, current: dict | None) -> dict | None:
    """The object as it should be: equal to current exactly when there is nothing to do."""
    desired = resource.desired(current)
    if desired is None:
        return None
    return merge(current or {}, desired) or current


def _read_again(resource: Resource, known: dict | None) -> dict | None:
    """Look for a change for a while: Okta's lists lag behind a create, and repeating it too soon makes a second app."""
    current = known
    for seconds in LOOKUP_DELAYS:
        time.sleep(seconds)
        current = resource.read()
        if current != known:
            break
    return current


def _find_secrets(value: typing.Any) -> set[str]:
    secrets = set()
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in SECRET_KEYS and isinstance(inner, str) and inner:
                secrets.add(inner)
            else:
                secrets |= _find_secrets(inner)
    elif isinstance(value, list):
        for inner in value:
            secrets |= _find_secrets(inner)
    return secrets
