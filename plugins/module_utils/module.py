# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The Ansible side: run a module, settle an object, mask what is secret, fail well."""

from __future__ import annotations

import functools
import os
import time
import traceback
import typing
from urllib.parse import urlsplit

from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible_collections.idops.okta.plugins.module_utils.auth import ServiceApp, SigningKey, Token
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED, Client
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure, Lost
from ansible_collections.idops.okta.plugins.module_utils.http import Http, checked_url
from ansible_collections.idops.okta.plugins.module_utils.resource import merge

# The twin of doc_fragments/connection.py.
CONNECTION: dict[str, dict] = {
    "org_url": {"fallback": (env_fallback, ["OKTA_CLIENT_ORGURL"])},
    "api_token": {"no_log": True},
    "access_token": {"no_log": True},
    "client_id": {},
    "private_key": {"no_log": True},
    "private_key_id": {"no_log": False},
    "dpop": {"type": "bool", "default": False},
    "scopes": {"type": "list", "elements": "str"},
    "timeout": {"type": "int", "default": 30},
    "max_wait": {"type": "int", "default": 180},
    "ca_path": {"type": "path"},
}

# Who signs in, where the options do not say it.
ENVIRONMENT = {
    "api_token": ("OKTA_CLIENT_TOKEN", "OKTA_API_TOKEN"),
    "client_id": ("OKTA_CLIENT_CLIENTID",),
    "private_key": ("OKTA_CLIENT_PRIVATEKEY",),
}
SECRETS = frozenset(
    {"client_secret", "token", "password", "secret", "privateKey"}
)  # keys under which Okta sends a secret
OPAQUE = ["profile", "properties", "usernames"]  # objects whose keys are somebody's field names
ATTEMPTS = 5  # of a write whose answer is lost
PATIENCE = (0, 1, 2, 4)  # seconds between looks for a write whose answer was lost


def run(
    body: typing.Callable[[Task], dict],
    options: dict | None = None,
    scopes: typing.Sequence[str] = (),
    reads: typing.Sequence[str] = (),
    writes: bool = True,
    **rules: typing.Any,
) -> None:
    """Run one module. scopes: nouns it works on (.manage in a run that may write), reads: nouns it only looks at."""
    module = AnsibleModule(argument_spec={**CONNECTION, **(options or {})}, supports_check_mode=True, **rules)
    try:
        result = body(Task(module, scopes, reads, writes))
    except Failure as failure:
        module.fail_json(msg=str(failure), **failure.facts)
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        # Okta's objects are taken as its contract has them: what is not there, or is of another kind, ends here.
        module.fail_json(
            msg=f"Okta answered in a form that this collection does not know ({type(error).__name__}: {error}), and the run "
            "ends here. Please report it with what -vvv prints.",
            exception=traceback.format_exc(),
        )
    module.exit_json(**{"changed": False, **({"preview": True} if module.check_mode else {}), **result})


class Task:
    """What a module's body has in hand: its params, whether this is a preview, the org."""

    def __init__(
        self, module: AnsibleModule, scopes: typing.Sequence[str], reads: typing.Sequence[str], writes: bool
    ) -> None:
        self.module = module
        self.params: dict[str, typing.Any] = module.params
        self.check: bool = module.check_mode
        self.scopes = (scopes, reads)
        self.writes = writes

    @functools.cached_property
    def http(self) -> Http:
        return Http(self.params["timeout"], self.params["ca_path"])

    @functools.cached_property
    def client(self) -> Client:
        read_only = self.check or not self.writes
        url = _org_url(self.params["org_url"] or _org_url_of_parts())
        scopes, reads = self.scopes
        least = [f"okta.{noun}.{'read' if read_only else 'manage'}" for noun in scopes] + [
            f"okta.{noun}.read" for noun in reads
        ]
        credentials = _credentials(self.params)
        self.module.no_log_values.update(value for name, value in credentials.items() if name != "client_id")
        auth = _auth({**self.params, **credentials}, self.http, url, self.params["scopes"] or least)
        return Client(url, auth, self.http, self.params["max_wait"], read_only)

    def settle(
        self,
        noun: str,
        find: typing.Callable[[], dict | None],
        aim: typing.Callable[[dict | None], dict | None],
        write: typing.Callable[[typing.Any, typing.Any], dict | None],
    ) -> dict:
        """Bring one object from what find() sees to what aim(held) says, None being "gone", in one call of write.

        Returns changed, diff, the object and its id. aim may refuse, and then a preview refuses too. A write whose answer
        was lost is looked up: what took effect is no difference any more.
        """
        held = find()
        after = laid(held, aim(held))
        changed = after != held
        diff = {"before": self.show(held, links=False) or {}, "after": self.show(after, links=False) or {}}
        if changed and not self.check:
            after = self._carry_out(find, aim, write, held, after)
        elif changed and held is None:
            after = {**(after or {}), "id": PLANNED}
        shown = self.show(after)
        return {"changed": changed, "diff": diff, noun: shown, "id": shown.get("id") if shown else None}

    def _carry_out(
        self, find: typing.Any, aim: typing.Any, write: typing.Any, held: typing.Any, after: typing.Any
    ) -> typing.Any:
        for _attempt in range(ATTEMPTS - 1):
            try:
                return write(held, after)
            except Lost:
                held, after = self._look_again(find, aim, held)
                if held == after:
                    return held
        return write(held, after)

    def _look_again(self, find: typing.Any, aim: typing.Any, held: typing.Any) -> tuple:
        """Look for a while, since Okta's lists lag behind a create: too early a look would make a second app."""
        for seconds in PATIENCE:
            time.sleep(seconds)
            found = find()
            if found != held:
                break
        return found, laid(found, aim(found))

    def show(self, held: typing.Any, links: bool = True) -> typing.Any:
        """An object of Okta's as a module returns it; the one door out, so secrets are masked here."""
        if held is None:
            return None
        self.module.no_log_values.update(_secrets(held))
        shown = {key: value for key, value in held.items() if links or key != "_links"}
        return camel_dict_to_snake_dict(shown, ignore_list=OPAQUE)

    def warn(self, text: str) -> None:
        self.module.warn(text)


def laid(held: dict | None, wanted: dict | None) -> dict | None:
    return None if wanted is None else merge(held or {}, wanted) or held


def _secrets(value: typing.Any) -> typing.Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in SECRETS and isinstance(inner, str) and inner:
                yield inner
            else:
                yield from _secrets(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _secrets(inner)


def _org_url_of_parts() -> str:
    """OKTA_ORG_NAME with OKTA_BASE_URL, as Okta's Terraform provider names an org."""
    name, domain = os.environ.get("OKTA_ORG_NAME"), os.environ.get("OKTA_BASE_URL")
    if not (name and domain):
        raise Failure(
            "The Okta org is not said: give org_url, or set OKTA_CLIENT_ORGURL, or OKTA_ORG_NAME and OKTA_BASE_URL."
        )
    return f"https://{name}.{domain}"


def _org_url(url: str) -> str:
    parts = urlsplit(checked_url(url, "org_url"))
    # As Okta writes it in the links that lead from page to page.
    parts = parts._replace(netloc=parts.netloc.lower().removesuffix(":443" if parts.scheme == "https" else ":80"))
    if parts.path:
        raise Failure(f"org_url has to be the org alone, without a path: {parts.scheme}://{parts.netloc}")
    name, _dot, domain = parts.netloc.partition(".")
    if name.endswith("-admin") and domain.startswith("okta"):
        raise Failure(
            f"org_url is the address of the Admin Console, where the API does not live. Give https://{name[:-6]}.{domain} instead."
        )
    return parts.geturl()


def _credentials(params: dict) -> dict[str, str]:
    """What the options say. The environment completes a key pair, and is asked for all only where nothing is said."""
    said = {name: params[name] for name in ("access_token", *ENVIRONMENT) if params[name]}
    found = {name: next(filter(None, map(os.environ.get, names)), "") for name, names in ENVIRONMENT.items()}
    if "client_id" in said or "private_key" in said:
        del found["api_token"]
    elif said:
        return said
    return {**{name: value for name, value in found.items() if value}, **said}


def _auth(params: dict, http: Http, url: str, scopes: list[str]) -> Token | ServiceApp:
    if params["access_token"]:
        return Token("Bearer", params["access_token"])
    if params["client_id"] and params["private_key"]:
        key = SigningKey.load(params["private_key"], params["private_key_id"])
        return ServiceApp(http, url, params["client_id"], key, scopes, params["dpop"])
    if params["api_token"]:
        return Token("SSWS", params["api_token"])
    if params["client_id"] or params["private_key"]:
        raise Failure("client_id and private_key go together, and one of them is missing.")
    raise Failure(
        "There is nothing to sign in to Okta with: give api_token (or set OKTA_CLIENT_TOKEN), "
        "or client_id and private_key of a service app, or an access_token."
    )
