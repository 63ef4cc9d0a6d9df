# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An org and a directory as plain, comparable data: what tests mean when they say "the same org"."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

# Times, counters and secrets differ between two orgs that are the same in every way that matters.
_VOLATILE = {
    "created", "lastUpdated", "lastMembershipUpdated", "activated", "statusChanged", "passwordChanged", "lastLogin",
    "lastModified", "version", "token",
}  # fmt: skip


def take(org, directory) -> dict:
    """Everything that a person would call the state, with names in place of ids."""
    state = {
        "apps": org.apps,
        "connections": org.connections,
        "app_users": org.app_users,
        "app_groups": org.app_groups,
        "group_push": org.group_push,
        "mappings": org.mappings,
        "users": org.users,
        "groups": org.groups,
        "members": {group: sorted(members) for group, members in org.members.items()},
        "keys": {app: [key.kid for key in keys] for app, keys in org.app_keys.items()},
        "directory": {"users": directory.users, "groups": directory.groups},
    }
    names = _names(org, directory)
    text = json.dumps(_stable(state)).replace(org.url, "ORG")
    # Every id ends where letters, digits, - and _ end, so none is found inside another.
    text = re.sub(r"(?<![\w-])[\w-]{20,43}(?![\w-])", lambda found: names.get(found.group(), found.group()), text)
    return _sorted(json.loads(text))


def _names(org, directory) -> dict[str, str]:
    """A readable name for every id; namesakes are numbered in the order of their making."""
    seen: Counter[str] = Counter()
    names: dict[str, str] = {}
    for identity, name in _named(org, directory, names):
        seen[name] += 1
        names[identity] = json.dumps(f"<{name}>" if seen[name] == 1 else f"<{name} #{seen[name]}>")[1:-1]
    return names


def _named(org, directory, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every id and what to call it; a mapping is called after its ends, which have their `names` by then."""
    for identity, user in org.users.items():
        yield identity, f"person {user['profile']['login']}"
    for identity, group in org.groups.items():
        yield identity, f"{group['type']} {group['profile']['name']}"
    for identity, app in org.apps.items():
        yield identity, f"app {app['label']}"
        yield "aln" + identity[3:], f"link of {app['label']}"
        yield from ((key.kid, f"key of {app['label']}") for key in org.app_keys[identity])
    for named, kind in ((org.policies, "policy"), (org.user_types, "type")):
        yield from ((identity, f"{kind} {held['name']}") for identity, held in named.items())
    for identity, mapping in org.mappings.items():
        yield identity, f"mapping {names[mapping['source']['id']]} to {names[mapping['target']['id']]}"
    for app, pushed in org.group_push.items():
        yield from (
            (push, f"push of {names.get(held['sourceGroupId'])} to {names[app]}") for push, held in pushed.items()
        )
    for resources in (directory.users, directory.groups):
        for identity, resource in resources.items():
            yield identity, f"SCIM {resource.get('userName') or resource.get('displayName')}"


def _stable(value: object) -> object:
    if isinstance(value, dict):
        return {name: _stable(held) for name, held in value.items() if name not in _VOLATILE}
    return [_stable(one) for one in value] if isinstance(value, list) else value


def _sorted(value: object) -> object:
    """Lists whose order says nothing are sorted: only those of ids."""
    if isinstance(value, dict):
        return {name: _sorted(held) for name, held in sorted(value.items())}
    if isinstance(value, list):
        values = [_sorted(one) for one in value]
        return sorted(values) if all(isinstance(one, str) and one.startswith("<") for one in values) else values
    return value
