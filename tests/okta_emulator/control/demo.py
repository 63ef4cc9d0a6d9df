# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an org can be filled with: the form of a seed, and one to look around in."""

from __future__ import annotations

from ..okta import groups as membership

SEED: dict = {
    "people": [
        {"first": "Ada", "last": "Brandt", "email": "ada.brandt@example.com", "groups": ["Engineering", "Research"]},
        {"first": "Bruno", "last": "Costa", "email": "bruno.costa@example.com", "groups": ["Engineering"]},
        {"first": "Chiara", "last": "Deluca", "email": "chiara.deluca@example.com", "groups": ["Engineering"]},
        # The login of an older naming scheme: whoever provisions by login provisions somebody else.
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


def seed(org, given: dict) -> dict:
    """Make what is named and is not there yet; answer the ids by name.

    people        first, last, email, login, status, groups (names), and any other profile field
    groups        name, type, and any other profile field
    apps          bodies as for POST /api/v1/apps
    service_apps  label, jwk, scopes, role, dpop
    policies      name
    """
    with org.lock:
        groups = {held["profile"]["name"]: held for held in org.groups.values()}
        for one in given.get("groups", []):
            if one["name"] not in groups:
                groups[one["name"]] = org.add_group(**one)
        users = {held["profile"]["login"]: held for held in org.users.values()}
        for one in given.get("people", []):
            users[one.get("login") or one["email"]] = _person(org, one, groups, users)
        policies = {one["name"]: org.add_policy(**one) for one in given.get("policies", [])}
        apps = {one["label"]: org.add_app(one) for one in given.get("apps", [])}
        apps |= {one["label"]: org.add_service_app(**one) for one in given.get("service_apps", [])}
        made = {"groups": groups, "users": users, "policies": policies, "apps": apps}
        return {kind: {name: held["id"] for name, held in named.items()} for kind, named in made.items()}


def _person(org, one: dict, groups: dict, users: dict) -> dict:
    profile = {name: value for name, value in one.items() if name != "groups"}
    login = one.get("login") or one["email"]
    person = users.get(login) or org.add_person(**profile)
    for name in one.get("groups", []):
        membership.join(org, groups[name]["id"], person["id"])
    return person
