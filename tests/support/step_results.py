# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Invented results of steps, as the role registers them."""

from __future__ import annotations


def check(id: str, state: str = "ok", detail: str = "It is so.", remedy: str | None = None) -> dict:
    return {"id": id, "state": state, "detail": detail, "remedy": remedy}


def person(name: str, **more: object) -> dict:
    email = f"{name}@example.com"
    identity = {"id": f"00u{name}", "name": name, "login": email, "email": email}
    return {**identity, "status": "ACTIVE", "able": True, "problem": None, **more}


def step(before: dict, after: dict, **more: object) -> dict:
    """What a module returned that changed one object, or left it as it was."""
    return {"changed": before != after, "diff": {"before": before, "after": after}, **more}


def planned(before: dict, after: dict, **more: object) -> dict:
    """What a module returned that would change one object."""
    return {"changed": False, "would_change": True, "differences": {"before": before, "after": after}, **more}


def refused(message: str, **facts: object) -> dict:
    """What a module returned that refuses its part of a plan."""
    return {"changed": False, "id": "PLANNED", "refused": {"msg": message, **facts}}
