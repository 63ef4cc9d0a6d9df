# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an org has beside the settings of an app: assignments, SCIM connection, pushed groups, sign-on policy. Only reads.

Names of groups and logins of people are looked up many at a time, never one by one.
"""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.module_utils import apps, people
from ansible_collections.idops.okta.plugins.module_utils.answers import OPTIONAL_OBJECT, OPTIONAL_TEXT
from ansible_collections.idops.okta.plugins.module_utils.client import Client

CONNECTION_PATH = "connections/default"
FEATURE_PATH = "features/USER_PROVISIONING"
CONNECTION = {"status": str, "baseUrl": OPTIONAL_TEXT}
FEATURE = {"capabilities": OPTIONAL_OBJECT}
PUSH_MAPPINGS = "group-push/mappings"
PUSH_MAPPING = {"id": str, "sourceGroupId": str, "status": str}
POLICIES = "/api/v1/policies"
POLICY = {"id": str, "name": str}
MAX_IDS = 50  # in the filter of one request, whose address has to stay short
MAX_NAMES = 10


def read_assignments(client: Client, app: dict) -> dict:
    """The groups of an app, who is assigned directly, and how many people have it."""
    group_ids = [group["id"] for group in client.list(apps.app_path(app, "groups"), shape={"id": str}, limit=200)]
    shape = {"id": str, "scope": str}
    app_users = list(client.list(apps.app_path(app, "users"), shape=shape, limit=500))
    direct_ids = [app_user["id"] for app_user in app_users if app_user["scope"] == "USER"]
    return {
        "groups": describe_groups(client, group_ids),
        "users": describe_people(client, direct_ids),
        "people": len(app_users),
    }


def read_people(client: Client, app: dict) -> list[dict]:
    """Everybody who has the app, by login. Those who are in no group of the app are looked up many at a time."""
    app_users = list(client.list(apps.app_path(app, "users"), shape={"id": str}, limit=500))
    users = {}
    if app_users:
        group_ids = [group["id"] for group in client.list(apps.app_path(app, "groups"), shape={"id": str}, limit=200)]
        users = people.list_members(client, group_ids)
    others = [app_user["id"] for app_user in app_users if app_user["id"] not in users]
    users.update(_find_people(client, others))
    found = []
    for id in dict.fromkeys(app_user["id"] for app_user in app_users):
        found.append(people.to_person(users.get(id) or {"id": id, "status": "", "profile": {}}, "email"))
    return sorted(found, key=lambda person: (person["login"], person["id"]))


def read_provisioning(client: Client, app: dict) -> dict | None:
    """Connection and capabilities; None if there is no such app.

    Recorded: without a connection the features of most apps are 400 "Provisioning is not supported."
    """
    connection = client.get(apps.app_path(app, CONNECTION_PATH), shape=CONNECTION)
    if connection is None:
        return None
    provisioning = {"connection": {key: connection[key] for key in ("status", "baseUrl") if key in connection}}
    if connection["status"] == "ENABLED":
        feature = client.get(apps.app_path(app, FEATURE_PATH), shape=FEATURE) or {}
        provisioning["capabilities"] = feature.get("capabilities") or {}
    return provisioning


def read_group_push(client: Client, app: dict) -> dict:
    """The groups that an app pushes, each with the status of its push."""
    statuses = {}
    for mapping in client.list(apps.app_path(app, PUSH_MAPPINGS), shape=PUSH_MAPPING, limit=1000):
        statuses[mapping["sourceGroupId"]] = mapping["status"]
    groups = describe_groups(client, list(statuses))
    return {"groups": [{**group, "status": statuses[group["id"]]} for group in groups]}


def read_access_policy(client: Client, app: dict) -> dict | None:
    """The sign-on policy of an app; None on Okta Classic Engine."""
    policy_id = policy_link(app).rpartition("/")[2]
    if not policy_id:
        return None
    policies = list(client.list(POLICIES, shape=POLICY, type="ACCESS_POLICY"))
    own = next((policy for policy in policies if policy["id"] == policy_id), {})
    namesakes = [policy for policy in policies if policy["name"] == own.get("name")]
    return {
        "id": policy_id,
        "name": own.get("name"),
        "unique": len(namesakes) == 1,
        # Recorded: of this type only "Any two factors", which Okta gives to every new app.
        "default": bool(own.get("system")),
    }


def policy_link(app: dict | None) -> str:
    """The address of the policy; "" on Okta Classic Engine."""
    return str(apps.setting_of(app, "_links", "accessPolicy", "href") or "")


def describe_groups(client: Client, ids: typing.Sequence[str]) -> list[dict]:
    """Id, name and type of these groups, in the order of their names, and whether the name alone finds the group."""
    groups: dict[str, dict] = {}
    for some_ids in _split(ids, MAX_IDS):
        for group in client.list("/api/v1/groups", shape=people.GROUP, filter=_any_of("id", some_ids)):
            groups[group["id"]] = group
    namesakes = _find_namesakes(client, groups)
    described = []
    for id in ids:
        if id not in groups:
            described.append({"id": id, "name": None, "type": None, "unique": False})
            continue
        name = groups[id]["profile"]["name"]
        meant_ids = [group["id"] for group in people.prefer_groups_of_okta(namesakes[name])]
        described.append({"id": id, "name": name, "type": groups[id]["type"], "unique": meant_ids == [id]})
    return sorted(described, key=lambda group: (group["name"] or "", group["id"]))


def describe_people(client: Client, ids: typing.Sequence[str]) -> list[dict]:
    """Id and login of these people, in the order of their logins. Of somebody who cannot be read, the login is None."""
    logins = {id: people.login_of(user) for id, user in _find_people(client, ids).items()}
    described = [{"id": id, "login": logins.get(id)} for id in ids]
    return sorted(described, key=lambda person: (person["login"] or "", person["id"]))


def _find_people(client: Client, ids: typing.Sequence[str]) -> dict[str, dict]:
    """These people by id, as far as they can be read."""
    users = {}
    for some_ids in _split(ids, MAX_IDS):
        for user in client.list("/api/v1/users", shape=people.USER, filter=_any_of("id", some_ids), limit=200):
            users[user["id"]] = user
    return users


def _find_namesakes(client: Client, groups: dict[str, dict]) -> dict[str, list[dict]]:
    """By name, these groups and all others of the org with the same name."""
    found = dict(groups)
    names = sorted({group["profile"]["name"] for group in groups.values()})
    for some_names in _split(names, MAX_NAMES):
        for group in client.list("/api/v1/groups", shape=people.GROUP, search=_any_of("profile.name", some_names)):
            found[group["id"]] = group
    by_name: dict[str, list[dict]] = {}
    for group in found.values():
        by_name.setdefault(group["profile"]["name"], []).append(group)
    return by_name


def _any_of(field: str, values: typing.Sequence[str]) -> str:
    return " or ".join(f'{field} eq "{people.escape_text(value)}"' for value in values)


def _split(values: typing.Sequence[str], size: int) -> typing.Iterator[typing.Sequence[str]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
