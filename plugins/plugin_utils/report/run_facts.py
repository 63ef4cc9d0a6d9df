# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a report says about the run itself: host, Okta org, kind of credential, version of the collection. Never a secret."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import typing

import yaml
from ansible_collections.idops.okta.plugins.module_utils.connection import (
    CREDENTIAL_VARIABLES,
    find_credentials,
    org_url_of,
)
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure

COLLECTION = pathlib.Path(__file__).parents[3]
SERVICE_APP = "Service app"
API_TOKEN = "API token"  # noqa: S105 - what a person calls it


@dataclasses.dataclass(frozen=True)
class RunFacts:
    """host: of the inventory; credential: its kind, as a person says it; scopes: that the run asked for; time: in ISO 8601;
    folder: of the report, "" if none is written; handed_over: values of the SAML metadata that earlier reports gave out.
    """

    host: str = ""
    org_url: str = ""
    credential: str = ""
    scopes: tuple[str, ...] = ()
    time: str = ""
    collection_version: str = ""
    folder: str = ""
    handed_over: tuple[dict, ...] = ()


def make_run_facts(
    connection: dict, host: str, time: str, folder: str, handed_over: typing.Sequence[dict] = ()
) -> RunFacts:
    """connection: the connection options of the modules, which the environment completes as it does for them."""
    params: dict[str, typing.Any] = dict.fromkeys(CREDENTIAL_VARIABLES)
    params.update(connection)
    params["org_url"] = params.get("org_url") or os.environ.get("OKTA_CLIENT_ORGURL")
    credential = display_credential(params)
    has_scopes = credential.startswith(SERVICE_APP)
    return RunFacts(
        host=host,
        org_url=display_org_url(params),
        credential=credential,
        scopes=tuple(params.get("scopes") or ()) if has_scopes else (),
        time=time,
        collection_version=read_collection_version(),
        folder=folder,
        handed_over=tuple(handed_over),
    )


def display_org_url(params: dict[str, typing.Any]) -> str:
    try:
        return org_url_of(params)
    except Failure:
        return ""


def display_credential(params: dict[str, typing.Any]) -> str:
    """In the order in which modules choose: an access token, a service app, an API token."""
    credentials = find_credentials(params)
    if "access_token" in credentials:
        return "Access token"
    if {"client_id", "private_key"} <= set(credentials):
        is_dpop = str(params.get("dpop")).lower() in ("true", "yes", "1")
        return f"{SERVICE_APP} with DPoP" if is_dpop else SERVICE_APP
    return API_TOKEN if "api_token" in credentials else ""


def read_collection_version() -> str:
    """From what Galaxy installs, or from a checkout; "" if neither is there."""
    try:
        manifest = json.loads((COLLECTION / "MANIFEST.json").read_text(encoding="utf-8"))
        return str(manifest["collection_info"]["version"])
    except (OSError, ValueError, KeyError):
        pass
    try:
        return str(yaml.safe_load((COLLECTION / "galaxy.yml").read_text(encoding="utf-8"))["version"])
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        return ""
