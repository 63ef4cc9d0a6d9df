# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The filter language that Okta's lists and SCIM share: comparisons, and, or, not, parentheses."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterator

from .errors import OktaError

Predicate = Callable[[dict], bool]

_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[()]|[^\s()"]+)')
_COMPARE: dict[str, Callable] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "sw": lambda actual, value: str(actual).startswith(str(value)),
    "ew": lambda actual, value: str(actual).endswith(str(value)),
    "co": lambda actual, value: str(value) in str(actual),
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


class BadFilter(ValueError):
    """The text is not a filter, or uses an attribute or operator that is not supported."""


def parse(text: str, allowed: tuple[str, ...] = (), fold: bool = True) -> Predicate:
    """A predicate over JSON objects; `fold` ignores case, `allowed` limits the attributes that may be compared."""
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != re.sub(r'\s+(?=(?:[^"]*"[^"]*")*[^"]*$)', "", text):
        raise BadFilter(f"cannot read {text!r}")
    parser = _Parser(tokens, tuple(name.lower() for name in allowed), fold)
    predicate = parser.parse_or()
    if parser.tokens:
        raise BadFilter(f"unexpected {parser.tokens[0]!r}")
    return predicate


def parse_okta(text: str, allowed: tuple[str, ...] = ()) -> Predicate:
    """A predicate for an Okta list: `search` ignores case, `filter` is case-sensitive and allows a few attributes."""
    try:
        return parse(text, allowed, fold=not allowed)
    except BadFilter as bad:
        raise OktaError(400, "E0000031", "Invalid search criteria.", [str(bad)]) from None


class _Parser:
    """A recursive descent parser over a list of tokens."""

    def __init__(self, tokens: list[str], allowed: tuple[str, ...], fold: bool):
        self.tokens = tokens
        self.allowed = allowed
        self.fold = fold

    def next_token(self) -> str:
        if not self.tokens:
            raise BadFilter("unexpected end of filter")
        return self.tokens.pop(0)

    def next_is(self, expected: str) -> bool:
        """Whether the next token is this one, which is then taken."""
        found = bool(self.tokens) and self.tokens[0].lower() == expected
        if found:
            self.next_token()
        return found

    def parse_or(self) -> Predicate:
        parts = [self.parse_and()]
        while self.next_is("or"):
            parts.append(self.parse_and())
        return lambda item: any(part(item) for part in parts)

    def parse_and(self) -> Predicate:
        parts = [self.parse_single()]
        while self.next_is("and"):
            parts.append(self.parse_single())
        return lambda item: all(part(item) for part in parts)

    def parse_single(self) -> Predicate:
        if self.next_is("not"):
            inner = self.parse_single()
            return lambda item: not inner(item)
        if self.next_is("("):
            inner = self.parse_or()
            if self.next_token() != ")":
                raise BadFilter("a parenthesis is not closed")
            return inner
        return self.parse_comparison()

    def parse_comparison(self) -> Predicate:
        name, verb = self.next_token(), self.next_token().lower()
        if self.allowed and name.lower() not in self.allowed:
            raise BadFilter(f"{name} cannot be filtered")
        if verb == "pr":
            return lambda item: any(value not in (None, "", []) for value in lookup(item, name))
        if verb not in _COMPARE:
            raise BadFilter(f"unknown operator {verb!r}")
        compare, value = _COMPARE[verb], self.parse_literal()

        def matches(item: dict) -> bool:
            try:
                return any(compare(self.fold_case(actual), value) for actual in lookup(item, name))
            except TypeError:
                return False

        return matches

    def parse_literal(self) -> object:
        try:
            return self.fold_case(json.loads(self.next_token()))
        except ValueError:
            raise BadFilter("a value must be a quoted string, a number, true, false or null") from None

    def fold_case(self, value: object) -> object:
        return value.lower() if self.fold and isinstance(value, str) else value


def lookup(item: object, path: str) -> Iterator[object]:
    """Every value at a dotted path, also inside lists; names ignore case; None if the path does not exist."""
    head, _dot, rest = path.partition(".")
    if not isinstance(item, dict):
        return
    by_name = {name.lower(): value for name, value in item.items()}
    found = by_name.get(head.lower())
    for value in found if isinstance(found, list) else [found]:
        if rest:
            yield from lookup(value, rest)
        else:
            yield value.get("value") if isinstance(value, dict) else value
