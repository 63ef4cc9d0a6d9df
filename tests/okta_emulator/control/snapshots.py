# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The state of an org and its directory as data that can be compared between two orgs."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

# Timestamps, counters and secrets, which differ between orgs that are otherwise equal.
_VOLATILE = {
    "created", "lastUpdated", "lastMembershipUpdated", "activated", "statusChanged", "passwordChanged", "lastLogin",
    "lastModified", "token",
}  # fmt: skip
_COLLECTIONS = ("apps", "connections", "app_users", "app_groups", "group_push", "mappings", "users", "groups")


def take_snapshot(org, directory) -> dict:
    """The state of org and directory, with names instead of ids."""
    state = {
        **{name: getattr(org, name) for name in _COLLECTIONS},
        "members": {group: sorted(members) for group, members in org.members.items()},
        "keys": {app: [key.kid for key in keys] for app, keys in org.app_keys.items()},
        "directory": {"users": directory.users, "groups": directory.groups},
    }
    names = _display_names(org, directory)
    text = json.dumps(_without_volatile(state)).replace(org.url, "ORG")
    # An id is a whole run of letters, digits, - and _, so none is found inside another.
    text = re.sub(r"(?<![\w-])[\w-]{20,43}(?![\w-])", lambda match: names.get(match.group(), match.group()), text)
    return _sorted(json.loads(text))


def _display_names(org, directory) -> dict[str, str]:
    """A readable name for every id; equal names are numbered in the order of creation."""
    seen: Counter[str] = Counter()
    names: dict[str, str] = {}
    for identity, name in chain(_object_names(org, directory), _relation_names(org, names)):
        seen[name] += 1
        number = f" #{seen[name]}" if seen[name] > 1 else ""
        names[identity] = json.dumps(f"<{name}{number}>")[1:-1]
    return names


def _object_names(org, directory) -> Iterator[tuple[str, str]]:
    for identity, user in org.users.items():
        yield identity, f"person {user['profile']['login']}"
    for identity, group in org.groups.items():
        yield identity, f"{group['type']} {group['profile']['name']}"
    for identity, app in org.apps.items():
        yield identity, f"app {app['label']}"
        yield "aln" + identity[3:], f"link of {app['label']}"
        for key in org.app_keys[identity]:
            yield key.kid, f"key of {app['label']}"
    for objects, kind in ((org.policies, "policy"), (org.user_types, "type")):
        for identity, item in objects.items():
            yield identity, f"{kind} {item['name']}"
    for resources in (directory.users, directory.groups):
        for identity, resource in resources.items():
            yield identity, f"SCIM {resource.get('userName') or resource.get('displayName')}"


def _relation_names(org, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Mappings and pushes, which are named after the objects that they connect."""
    for identity, mapping in org.mappings.items():
        yield identity, f"mapping {names[mapping['source']['id']]} to {names[mapping['target']['id']]}"
    for app, pushes in org.group_push.items():
        for identity, push in pushes.items():
            yield identity, f"push of {names.get(push['sourceGroupId'])} to {names[app]}"


def _without_volatile(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_volatile(item) for name, item in value.items() if name not in _VOLATILE}
    return [_without_volatile(item) for item in value] if isinstance(value, list) else value


def _sorted(value: object) -> object:
    """Sort dicts by key, and lists of ids, whose order has no meaning."""
    if isinstance(value, dict):
        return {name: _sorted(item) for name, item in sorted(value.items())}
    if isinstance(value, list):
        values = [_sorted(item) for item in value]
        are_ids = all(isinstance(item, str) and item.startswith("<") for item in values)
        return sorted(values) if are_ids else values
    return value
