# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The connection options of every module: which org, and who signs in."""

from __future__ import annotations

import os
import typing
from urllib.parse import urlsplit

from ansible.module_utils.basic import env_fallback
from ansible_collections.idops.okta.plugins.module_utils import token_store
from ansible_collections.idops.okta.plugins.module_utils.auth import ServiceAppAuth, SigningKey, TokenAuth, parse_jwk
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.http import Http, checked_url

# Documented in doc_fragments/connection.py; the sanity test validate-modules compares the two.
CONNECTION_OPTIONS: dict[str, dict] = {
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
    "plan": {"type": "bool", "default": False},
}

# The credentials, and the environment variables that are read if no option gives one.
CREDENTIAL_VARIABLES: dict[str, tuple[str, ...]] = {
    "access_token": (),
    "api_token": ("OKTA_CLIENT_TOKEN", "OKTA_API_TOKEN"),
    "client_id": ("OKTA_CLIENT_CLIENTID",),
    "private_key": ("OKTA_CLIENT_PRIVATEKEY",),
}
PUBLIC_JWK_MEMBERS = ("kty", "use", "key_ops", "alg", "kid", "e")


def org_url_of(params: dict[str, typing.Any]) -> str:
    """The address of the org: scheme and host, as Okta writes them in its links to next pages."""
    url = params["org_url"] or _org_url_from_parts()
    parts = urlsplit(checked_url(url, "org_url"))
    default_port = ":443" if parts.scheme == "https" else ":80"
    parts = parts._replace(netloc=parts.netloc.lower().removesuffix(default_port))
    if parts.path:
        raise Failure(f"org_url must be the org alone, without a path: {parts.scheme}://{parts.netloc}")
    name, _dot, domain = parts.netloc.partition(".")
    if name.endswith("-admin") and domain.startswith("okta"):
        raise Failure(
            f"org_url is the address of the Admin Console, which does not serve the API. Use https://{name[:-6]}.{domain} instead."
        )
    return parts.geturl()


def find_credentials(params: dict[str, typing.Any]) -> dict[str, str]:
    """The credentials of the options. The environment completes a key pair, or is used where no option gives any."""
    given = {}
    from_environment = {}
    for name, variables in CREDENTIAL_VARIABLES.items():
        if params[name]:
            given[name] = params[name]
        for variable in reversed(variables):
            if os.environ.get(variable):
                from_environment[name] = os.environ[variable]
    if "client_id" in given or "private_key" in given:
        from_environment.pop("api_token", None)
    elif given:
        return given
    return {**from_environment, **given}


def public_key_values(private_key: str | None) -> set[str]:
    """What of a JWK is no secret: Ansible masks every value of one that it gets as a dict, even "sig" within any word."""
    if not str(private_key or "").lstrip().startswith("{"):
        return set()
    try:
        jwk = parse_jwk(str(private_key))
    except (ValueError, SyntaxError, TypeError):
        return set()
    values: set[str] = set()
    for name in PUBLIC_JWK_MEMBERS if isinstance(jwk, dict) else ():
        value = jwk.get(name)
        values.update(map(str, value if isinstance(value, list) else [value]))
    return values


def make_auth(
    params: dict[str, typing.Any], credentials: dict[str, str], http: Http, org_url: str, scopes: list[str]
) -> TokenAuth | ServiceAppAuth:
    """An access token comes before a service app, and that before an API token."""
    if "access_token" in credentials:
        return TokenAuth("Bearer", credentials["access_token"])
    client_id, private_key = credentials.get("client_id"), credentials.get("private_key")
    if client_id and private_key:
        key = SigningKey.load(private_key, params["private_key_id"])
        return ServiceAppAuth(http, org_url, client_id, key, scopes, use_dpop=params["dpop"], store=token_store.shared)
    if "api_token" in credentials:
        return TokenAuth("SSWS", credentials["api_token"])
    if client_id or private_key:
        raise Failure("client_id and private_key belong together, and one of them is missing.")
    raise Failure(
        "No credentials for Okta are configured: set api_token (or OKTA_CLIENT_TOKEN), or client_id and private_key of a "
        "service app, or access_token."
    )


def _org_url_from_parts() -> str:
    """OKTA_ORG_NAME with OKTA_BASE_URL, as Okta's Terraform provider names an org."""
    name, domain = os.environ.get("OKTA_ORG_NAME"), os.environ.get("OKTA_BASE_URL")
    if not (name and domain):
        raise Failure(
            "The Okta org is not configured: set org_url, or OKTA_CLIENT_ORGURL, or OKTA_ORG_NAME and OKTA_BASE_URL."
        )
    return f"https://{name}.{domain}"
