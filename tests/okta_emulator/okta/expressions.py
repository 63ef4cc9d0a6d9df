# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The part of Okta's expression language that application usernames, attributes and mappings use."""

from __future__ import annotations

import re

_TERM = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z]+(?:\.[A-Za-z_]\w*)+)(\()?)\s*""")
_FUNCTIONS = {
    "String.substringBefore": lambda text, mark: text.partition(mark)[0],
    "String.substringAfter": lambda text, mark: text.partition(mark)[2] if mark in text else text,
    "String.toLowerCase": str.lower,
    "String.toUpperCase": str.upper,
}
_OWNERS = ("user", "source", "appuser")


class BadExpression(ValueError):
    """An expression that Okta does not accept."""


def render(template: str, profile: dict) -> str:
    """The value of a template such as `${source.email}` or `user.email`; missing fields are empty."""
    if "${" not in template:
        return evaluate(template, profile) or ""
    return re.sub(r"\$\{([^}]*)\}", lambda match: evaluate(match.group(1), profile) or "", template)


def evaluate(expression: str, profile: dict) -> str | None:
    """The value of an expression of literals, profile fields and functions, joined with +; raises BadExpression."""
    value, rest = _parse_sum(expression, profile)
    if rest:
        raise BadExpression(f"Invalid expression: {expression}")
    return value


def _parse_sum(text: str, profile: dict) -> tuple[str | None, str]:
    value, rest = _parse_term(text, profile)
    while rest.startswith("+"):
        more, rest = _parse_term(rest[1:], profile)
        value = (value or "") + (more or "")
    return value, rest


def _parse_term(text: str, profile: dict) -> tuple[str | None, str]:
    match = _TERM.match(text)
    if not match:
        raise BadExpression(f"Invalid expression: {text}")
    double, single, name, call = match.groups()
    rest = text[match.end() :]
    if name is None:
        return (double if single is None else single), rest
    if call:
        return _parse_call(name, rest, profile)
    owner, field = name.split(".", 1)
    if owner not in _OWNERS:
        raise BadExpression(f"Invalid property {name}")
    if field == "userName" and "userName" not in profile:
        field = "login"
    return profile.get(field), rest


def _parse_call(name: str, rest: str, profile: dict) -> tuple[str | None, str]:
    if name not in _FUNCTIONS:
        raise BadExpression(f"Invalid function {name}")
    arguments = []
    while True:
        value, rest = _parse_sum(rest, profile)
        arguments.append(value or "")
        if rest.startswith(")"):
            return _FUNCTIONS[name](*arguments), rest[1:].lstrip()
        if not rest.startswith(","):
            raise BadExpression(f"Invalid call of {name}")
        rest = rest[1:]
