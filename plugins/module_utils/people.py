# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What several modules know of people and groups."""

from __future__ import annotations

import re
import typing

from ansible_collections.idops.okta.plugins.module_utils.client import Client, segment
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure

# Who can sign in, and so is provisioned; STAGED, SUSPENDED and DEPROVISIONED people are not.
ABLE = frozenset({"ACTIVE", "PROVISIONED", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT"})
ID = re.compile(r"00[gu][0-9A-Za-z]{17}")


def find_group(client: Client, said: str) -> dict:
    """The one group with this id or exactly this name."""
    if ID.fullmatch(said):
        group = client.get(f"/api/v1/groups/{said}")
        if group:
            return group
    quoted = said.replace("\\", "\\\\").replace('"', '\\"')
    groups = _named(client.list("/api/v1/groups", search=f'profile.name eq "{quoted}"'), said)
    # search lags behind a create, q does not; but q is starts-with and has no further pages.
    groups = groups or _named(client.list("/api/v1/groups", q=said), said)
    if not groups:
        raise Failure(
            f"There is no group named '{said}' in {client.org_url}. Names are compared exactly, capitals included."
        )
    if len(groups) > 1:
        listed = ", ".join(f"{group['id']} ({group['type']})" for group in groups)
        raise Failure(f"{len(groups)} groups are named '{said}': {listed}. Give the id of the one that is meant.")
    return groups[0]


def find_user(client: Client, said: str) -> dict:
    """The one person with this id, login or email."""
    user = client.get(f"/api/v1/users/{segment(said)}")
    if user:
        return user
    quoted = said.replace('"', '\\"')
    users = list(client.list("/api/v1/users", filter=f'profile.email eq "{quoted}"', limit=200))
    if not users:
        raise Failure(f"There is nobody with the id, login or email '{said}' in {client.org_url}.")
    if len(users) > 1:
        logins = ", ".join(user["profile"]["login"] for user in users)
        raise Failure(
            f"{len(users)} people have the email '{said}': {logins}. Give the login of the one that is meant."
        )
    return users[0]


def members(client: Client, groups: typing.Iterable[str]) -> dict[str, dict]:
    """The people of these groups (ids), by id."""
    return {
        user["id"]: user
        for group in groups
        for user in client.list(f"/api/v1/groups/{segment(group)}/users", limit=200)
    }


def able(user: dict) -> bool:
    """Whether this person can sign in at all."""
    return user["status"] in ABLE


def address(user: dict, field: str) -> str:
    """What the one profile field behind sign-on and provisioning holds for this person."""
    return str(user["profile"].get(field) or "")


def usable(address: str) -> bool:
    """Whether it is an email at all; Okta has checked its own email field, but any field can be named."""
    local, at, domain = address.rpartition("@")
    return bool(local and at and "." in domain and not re.search(r"\s", address))


def called(user: dict) -> str:
    return str(user["profile"].get("login") or user["id"])


def _named(groups: typing.Iterable[dict], name: str) -> list[dict]:
    return [group for group in groups if group["profile"]["name"] == name]
