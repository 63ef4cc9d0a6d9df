# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""People and groups of an Okta org: how they are found, and what modules return of them."""

from __future__ import annotations

import re
import typing

from ansible_collections.idops.okta.plugins.module_utils.answers import OPTIONAL_TEXT
from ansible_collections.idops.okta.plugins.module_utils.checks import pluralize, summarize
from ansible_collections.idops.okta.plugins.module_utils.client import Client, path_segment
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure, MissingScopes, OrgUnavailable

# Who can sign in, and so is provisioned; people who are STAGED, SUSPENDED or DEPROVISIONED cannot.
SIGN_IN_STATUSES = frozenset({"ACTIVE", "PROVISIONED", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT"})
ID = re.compile(r"00[gu][0-9A-Za-z]{17}")
USER = {"id": str, "status": str, "profile": {"login": OPTIONAL_TEXT}}
GROUP = {"id": str, "type": str, "profile": {"name": str}}


def find_group(client: Client, name_or_id: str, target_app_id: str | None = None) -> dict:
    """The one group with this id, or with exactly this name. A group of Okta itself comes before those of apps.

    A group that is pushed to an app comes back as a group of that app, under the same name. Those of target_app_id are
    not meant.
    """
    _refuse_empty(name_or_id)
    if ID.fullmatch(name_or_id):
        group = client.get(f"/api/v1/groups/{name_or_id}", shape=GROUP)
        if group:
            return group
    namesakes = find_groups_by_name(client, name_or_id)
    namesakes = [group for group in namesakes if not (target_app_id and is_group_of_app(group, target_app_id))]
    groups = prefer_groups_of_okta(namesakes)
    if not groups:
        raise Failure(
            f"There is no group named '{name_or_id}' in {client.org_url}. Names are compared exactly, including case."
            + client.auth.empty_result_hint
        )
    if len(groups) > 1:
        listed = ", ".join(f"{group['id']} ({group['type']})" for group in groups)
        raise Failure(f"{len(groups)} groups are named '{name_or_id}': {listed}. Specify the id of the right one.")
    return groups[0]


def find_groups_by_name(client: Client, name: str) -> list[dict]:
    """The groups with exactly this name; names are unique only within a type."""
    groups = list(client.list("/api/v1/groups", shape=GROUP, search=f'profile.name eq "{escape_text(name)}"'))
    if not groups:
        # search lags behind a create, and q does not; but q is starts-with and has no further pages.
        groups = list(client.list("/api/v1/groups", shape=GROUP, q=name))
    return [group for group in groups if group["profile"]["name"] == name]


def prefer_groups_of_okta(namesakes: list[dict]) -> list[dict]:
    """The groups that a name means: those of apps only where Okta itself has none of that name."""
    return [group for group in namesakes if group["type"] != "APP_GROUP"] or namesakes


def describe_empty_group(client: Client, group: dict, app_ids: typing.Container[str]) -> tuple[str, bool]:
    """A sentence about a group without members and those of the same name, and whether there are such.

    Groups that are pushed to one of the apps are not meant.
    """
    name = group["profile"]["name"]
    namesakes = []
    for found in find_groups_by_name(client, name):
        if found["id"] != group["id"] and source_app_of(found) not in app_ids:
            namesakes.append(f"{found['id']} ({found['type']})")
    sentence = f"Group '{name}' ({group['type']}) has no members."
    if namesakes:
        sentence += f" Another group has this name: {', '.join(namesakes)}. If that one is meant, specify its id."
    return sentence, bool(namesakes)


def escape_text(text: str) -> str:
    """A text between the quotes of a filter or search."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def find_groups_of_app(client: Client, app_id: str, name: str) -> list[dict]:
    """The groups with exactly this name that an app has itself, from a push or an import."""
    # With q and not with search, which lags behind a push that was made a moment ago. Recorded: q beside this filter.
    groups = client.list("/api/v1/groups", shape=GROUP, q=name, filter='type eq "APP_GROUP"')
    return [group for group in groups if group["profile"]["name"] == name and is_group_of_app(group, app_id)]


def is_group_of_app(group: dict, app_id: str) -> bool:
    """Whether a group belongs to this app, which Okta says by a link."""
    return source_app_of(group) == app_id


def source_app_of(group: dict) -> str:
    """The id of the app that a group comes from, or ""."""
    source = (group.get("_links") or {}).get("source") or {}
    return str(source.get("href") or "").rpartition("/")[2]


def read_group_names(client: Client, ids: typing.Iterable[str], names: dict[str, str]) -> None:
    """Add the names of these groups to the names that are known by id. A namesake gets its id, too."""
    for id in ids:
        if id not in names:
            group = client.get(f"/api/v1/groups/{path_segment(id)}", shape=GROUP)
            name = group["profile"]["name"] if group else id
            names[id] = f"{name} ({id})" if name in names.values() else name


def find_user(client: Client, id_or_name: str) -> dict:
    """The one person with this id, login or email. Of several accounts, the one that can sign in is meant.

    An id always means exactly that account.
    """
    _refuse_empty(id_or_name)
    user = client.get(f"/api/v1/users/{path_segment(id_or_name)}", shape=USER)
    if user and (can_sign_in(user) or user["id"] == id_or_name):
        return user
    # A login is found in any case, an email only as it is written: so both spellings of the login are looked for.
    users = find_users_by_email(client, {id_or_name, login_of(user)} if user else {id_or_name})
    able = [found for found in users if can_sign_in(found)]
    if user and not able:
        return user
    if not users:
        raise Failure(
            f"There is nobody with the id, login or email '{id_or_name}' in {client.org_url}."
            + client.auth.empty_result_hint
        )
    users = able or users
    if len(users) > 1:
        logins = ", ".join(map(login_of, users))
        raise Failure(
            f"{len(users)} people have the email '{id_or_name}': {logins}. Specify the login of the right one."
        )
    return users[0]


def find_users_by_email(client: Client, emails: set[str]) -> list[dict]:
    """The people with one of these emails, deactivated ones included."""
    any_email = " or ".join(f'profile.email eq "{escape_text(email)}"' for email in sorted(emails))
    return list(client.list("/api/v1/users", shape=USER, filter=any_email, limit=200))


def find_all(
    find: typing.Callable[[Client, str], dict], client: Client, option: str, names: list[str], problems: list[Failure]
) -> list[dict]:
    """What find returns for each name of an option. Every name that it does not find is added to the problems."""
    found = []
    for name in names:
        try:
            found.append(find(client, name))
        except (OrgUnavailable, MissingScopes):
            raise
        except Failure as failure:
            failure.facts.setdefault("options", [option])
            problems.append(failure)
    return found


def list_members(client: Client, group_ids: typing.Iterable[str]) -> dict[str, dict]:
    """The members of these groups, by id."""
    members = {}
    for group_id in group_ids:
        for user in client.list(f"/api/v1/groups/{path_segment(group_id)}/users", shape=USER, limit=200):
            members[user["id"]] = user
    return members


def can_sign_in(user: dict) -> bool:
    return user["status"] in SIGN_IN_STATUSES


def email_of(user: dict, field: str) -> str:
    """What the profile field behind sign-on and provisioning holds for this person, or ""."""
    return str(user["profile"].get(field) or "")


def login_of(user: dict) -> str:
    return str(user["profile"].get("login") or user["id"])


def is_usable_email(text: str) -> bool:
    """Whether it is an email at all. Okta checks only its own email field, and any field can be configured."""
    local, at, domain = text.rpartition("@")
    return bool(local and at and "." in domain and not re.search(r"\s", text))


def refuse_removals(users: list[dict], max_removals: int, access: str) -> None:
    """Raise Failure if more people would lose access than max_removals allows. access: what they would lose."""
    if len(users) > max_removals:
        raise Failure(
            f"{pluralize(len(users), 'person', 'people')} would lose {access} ({summarize(sorted(map(login_of, users)))}), and "
            f"max_removals allows {max_removals}. Nothing was written. If this is intended, set max_removals to {len(users)}.",
            options=["max_removals"],
        )


def to_person(user: dict, email_field: str) -> dict:
    """A person as modules return people."""
    names = filter(None, (user["profile"].get("firstName"), user["profile"].get("lastName")))
    return {
        "id": user["id"],
        "login": login_of(user),
        "email": email_of(user, email_field),
        "name": " ".join(map(str, names)),
        "status": user["status"],
        "able": can_sign_in(user),
    }


def _refuse_empty(name: str) -> None:
    if not name.strip():
        raise Failure("A list of people or groups contains an empty name.")
