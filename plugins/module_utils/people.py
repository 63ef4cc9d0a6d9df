# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What several modules know of people and groups."""

from __future__ import annotations

import re
import typing

from ansible_collections.idops.okta.plugins.module_utils.client import Client, segment
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.findings import some

# Who can sign in, and so is provisioned; STAGED, SUSPENDED and DEPROVISIONED people are not.
ABLE = frozenset({"ACTIVE", "PROVISIONED", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT"})
ID = re.compile(r"00[gu][0-9A-Za-z]{17}")


def find_group(client: Client, said: str) -> dict:
    """The one group with this id or exactly this name; one of Okta's own comes before namesakes from apps.

    A group that is pushed to an app comes back as a group of that app, under the same name.
    """
    _named(said)
    if ID.fullmatch(said):
        group = client.get(f"/api/v1/groups/{said}")
        if group:
            return group
    groups = named_groups(client, said)
    groups = [group for group in groups if group["type"] != "APP_GROUP"] or groups
    if not groups:
        raise Failure(
            f"There is no group named '{said}' in {client.org_url}. Names are compared exactly, capitals included."
            + client.auth.caveat
        )
    if len(groups) > 1:
        listed = ", ".join(f"{group['id']} ({group['type']})" for group in groups)
        raise Failure(f"{len(groups)} groups are named '{said}': {listed}. Give the id of the one that is meant.")
    return groups[0]


def named_groups(client: Client, name: str) -> list[dict]:
    """The groups with exactly this name; names are unique only within a type."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    groups = [*client.list("/api/v1/groups", search=f'profile.name eq "{quoted}"')]
    # search lags behind a create, q does not; but q is starts-with and has no further pages.
    groups = groups or [*client.list("/api/v1/groups", q=name)]
    return [group for group in groups if group["profile"]["name"] == name]


def find_user(client: Client, said: str) -> dict:
    """The one person with this id, login or email."""
    _named(said)
    user = client.get(f"/api/v1/users/{segment(said)}")
    if user:
        return user
    quoted = said.replace('"', '\\"')
    users = list(client.list("/api/v1/users", filter=f'profile.email eq "{quoted}"', limit=200))
    if not users:
        raise Failure(f"There is nobody with the id, login or email '{said}' in {client.org_url}." + client.auth.caveat)
    if len(users) > 1:
        logins = ", ".join(user["profile"]["login"] for user in users)
        raise Failure(
            f"{len(users)} people have the email '{said}': {logins}. Give the login of the one that is meant."
        )
    return users[0]


def _named(said: str) -> None:
    if not said.strip():
        raise Failure("A list of people or groups has an empty name in it.")


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


def refuse_removals(losing: list[dict], most: int, what: str) -> None:
    """Nobody loses anything beyond the number that the caller named."""
    if len(losing) > most:
        raise Failure(
            f"People who would lose {what}: {len(losing)} ({some(sorted(map(called, losing)))}); max_removals allows {most}. "
            f"Nothing was written. If that is meant, set max_removals (claude_max_removals in the role) to {len(losing)}."
        )


def called(user: dict) -> str:
    return str(user["profile"].get("login") or user["id"])


def shown(user: dict, field: str) -> dict:
    """A person as modules return people."""
    names = (user["profile"].get("firstName"), user["profile"].get("lastName"))
    return {
        "id": user["id"],
        "login": called(user),
        "email": address(user, field),
        "name": " ".join(name for name in names if name),
        "status": user["status"],
        "able": able(user),
    }
