# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The small part of Okta's expression language that application usernames, attributes and mappings use."""

from __future__ import annotations

import re

_TERM = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z]+(?:\.[A-Za-z_]\w*)+)(\()?)\s*""")
_FUNCTIONS = {
    "String.substringBefore": lambda text, mark: text.partition(mark)[0] if mark in text else text,
    "String.substringAfter": lambda text, mark: text.partition(mark)[2] if mark in text else text,
    "String.toLowerCase": str.lower,
    "String.toUpperCase": str.upper,
}
_PEOPLE = ("user", "source", "appuser")


class BadExpression(ValueError):
    """Okta would not save this expression."""


def render(template: str, profile: dict) -> str:
    """The text of `${source.email}` or `user.email` for a person; what a person lacks is empty."""
    if "${" not in template:
        return evaluate(template, profile) or ""
    return re.sub(r"\$\{([^}]*)\}", lambda found: evaluate(found.group(1), profile) or "", template)


def evaluate(expression: str, profile: dict) -> str | None:
    """The value of one expression: literals, profile fields and a few functions, joined with +."""
    value, rest = _sum(expression, profile)
    if rest:
        raise BadExpression(f"Invalid expression: {expression}")
    return value


def _sum(text: str, profile: dict) -> tuple[str | None, str]:
    value, rest = _term(text, profile)
    while rest.startswith("+"):
        more, rest = _term(rest[1:], profile)
        value = (value or "") + (more or "")
    return value, rest


def _term(text: str, profile: dict) -> tuple[str | None, str]:
    found = _TERM.match(text)
    if not found:
        raise BadExpression(f"Invalid expression: {text}")
    double, single, name, call = found.groups()
    rest = text[found.end() :]
    if name is None:
        return (double if single is None else single), rest
    if call:
        return _call(name, rest, profile)
    owner, field = name.split(".", 1)
    if owner not in _PEOPLE:
        raise BadExpression(f"Invalid property {name}")
    return profile.get("login" if field == "userName" and "userName" not in profile else field), rest


def _call(name: str, rest: str, profile: dict) -> tuple[str | None, str]:
    if name not in _FUNCTIONS:
        raise BadExpression(f"Invalid function {name}")
    arguments = []
    while True:
        value, rest = _sum(rest, profile)
        arguments.append(value or "")
        if rest.startswith(")"):
            return _FUNCTIONS[name](*arguments), rest[1:].lstrip()
        if not rest.startswith(","):
            raise BadExpression(f"Invalid call of {name}")
        rest = rest[1:]
