# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The part of Okta's expression language that application usernames, attributes and mappings use: fields of profiles."""

from __future__ import annotations

import re

_FIELD = re.compile(r"\s*(?:user|source|appuser)\.([A-Za-z_]\w*)\s*")


class BadExpression(ValueError):
    """An expression that Okta does not accept, or a function, which the emulator does not model."""


def render(template: str, profile: dict) -> str:
    """The value of a template such as `${source.email}` or `user.email`; missing fields are empty."""
    if "${" not in template:
        return evaluate(template, profile) or ""
    return re.sub(r"\$\{([^}]*)\}", lambda match: evaluate(match.group(1), profile) or "", template)


def evaluate(expression: str, profile: dict) -> str | None:
    """The value of a field such as `user.email`; raises BadExpression."""
    match = _FIELD.fullmatch(expression)
    if not match:
        raise BadExpression(f"Invalid expression: {expression}")
    field = match[1]
    if field == "userName" and "userName" not in profile:
        field = "login"
    return profile.get(field)
