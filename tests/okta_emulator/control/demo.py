# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Demo data, and how the org is filled with data of this form."""

from __future__ import annotations

from ..okta.groups import add_member

SEED: dict = {
    "people": [
        {"first": "Ada", "last": "Brandt", "email": "ada.brandt@example.com", "groups": ["Engineering", "Research"]},
        {"first": "Bruno", "last": "Costa", "email": "bruno.costa@example.com", "groups": ["Engineering"]},
        {"first": "Chiara", "last": "Deluca", "email": "chiara.deluca@example.com", "groups": ["Engineering"]},
        # Login and email differ: an app that provisions by login creates another account.
        {"first": "Daniel", "last": "Ekström", "email": "daniel.ekstrom@example.com", "login": "dekstrom@example.com",
         "groups": ["Engineering"]},
        {"first": "Elif", "last": "Faruk", "email": "elif.faruk@example.com", "groups": ["Engineering"]},
        {"first": "Farah", "last": "Ghani", "email": "farah.ghani@example.com", "groups": ["Research"]},
        {"first": "Gábor", "last": "Halász", "email": "gabor.halasz@example.com", "groups": ["Research"]},
        {"first": "Hana", "last": "Ito", "email": "hana.ito@example.com", "groups": ["Research"]},
        {"first": "Ivan", "last": "Jansen", "email": "ivan.jansen@example.com", "groups": ["Support"]},
        {"first": "Julia", "last": "Kowalska", "email": "julia.kowalska@example.com", "groups": ["Support"]},
        {"first": "Kofi", "last": "Lartey", "email": "kofi.lartey@example.com", "groups": ["Support"],
         "status": "SUSPENDED"},
        {"first": "Lena", "last": "Moreau", "email": "lena.moreau@example.com", "status": "DEPROVISIONED"},
    ],
    "groups": [
        {"name": "Engineering", "description": "People who build"},
        {"name": "Research", "description": "People who find out"},
        {"name": "Support", "description": "People who help"},
    ],
    "policies": [{"name": "Staff only"}],
}  # fmt: skip


def seed(org, data: dict) -> dict:
    """Create groups and people that do not exist yet, and all apps and policies; returns ids by kind and name.

    people        first, last, email, login, status, groups (names), and any other profile field
    groups        name, type, and any other profile field
    apps          bodies as for POST /api/v1/apps
    policies      name
    """
    with org.lock:
        groups = {group["profile"]["name"]: group["id"] for group in org.groups.values()}
        for group in data.get("groups", []):
            if group["name"] not in groups:
                groups[group["name"]] = org.add_group(**group)["id"]
        users = {user["profile"]["login"]: user["id"] for user in org.users.values()}
        for person in data.get("people", []):
            _add_person(org, person, groups, users)
        policies = {policy["name"]: org.add_policy(**policy)["id"] for policy in data.get("policies", [])}
        apps = {app["label"]: org.add_app(app)["id"] for app in data.get("apps", [])}
        return {"groups": groups, "users": users, "policies": policies, "apps": apps}


def _add_person(org, person: dict, groups: dict[str, str], users: dict[str, str]) -> None:
    login = person.get("login") or person["email"]
    if login not in users:
        profile = {name: value for name, value in person.items() if name != "groups"}
        users[login] = org.add_person(**profile)["id"]
    for name in person.get("groups", []):
        add_member(org, groups[name], users[login])
