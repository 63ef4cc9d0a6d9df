# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The filter language that Okta's lists and SCIM share: comparisons, and, or, not, brackets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from .errors import OktaError

Predicate = Callable[[dict], bool]

_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[()]|[^\s()"]+)')
_COMPARE: dict[str, Callable] = {
    "eq": lambda held, value: held == value,
    "ne": lambda held, value: held != value,
    "sw": lambda held, value: str(held).startswith(str(value)),
    "ew": lambda held, value: str(held).endswith(str(value)),
    "co": lambda held, value: str(value) in str(held),
    "gt": lambda held, value: held > value,
    "ge": lambda held, value: held >= value,
    "lt": lambda held, value: held < value,
    "le": lambda held, value: held <= value,
}


class BadFilter(ValueError):
    """The text is not a filter, or asks for something that is not offered."""


def parse(text: str, allowed: tuple[str, ...] = (), fold: bool = True) -> Predicate:
    """A predicate over JSON objects; `fold` ignores case, `allowed` limits the attributes that may be asked for."""
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != re.sub(r'\s+(?=(?:[^"]*"[^"]*")*[^"]*$)', "", text):
        raise BadFilter(f"cannot read {text!r}")
    reader = _Reader(tokens, tuple(name.lower() for name in allowed), fold)
    predicate = reader.either()
    if reader.tokens:
        raise BadFilter(f"unexpected {reader.tokens[0]!r}")
    return predicate


def okta(text: str, allowed: tuple[str, ...] = ()) -> Predicate:
    """A predicate for one of Okta's lists: `search` ignores case, `filter` does not and allows a few attributes."""
    try:
        return parse(text, allowed, fold=not allowed)
    except BadFilter as bad:
        raise OktaError(400, "E0000031", "Invalid search criteria.", [str(bad)]) from None


class _Reader:
    def __init__(self, tokens: list[str], allowed: tuple[str, ...], fold: bool):
        self.tokens = tokens
        self.allowed = allowed
        self.fold = fold

    def take(self) -> str:
        if not self.tokens:
            raise BadFilter("the filter ends too early")
        return self.tokens.pop(0)

    def word(self) -> str:
        return self.tokens[0].lower() if self.tokens else ""

    def either(self) -> Predicate:
        left = self.both()
        while self.word() == "or":
            self.take()
            left = _any_of(left, self.both())
        return left

    def both(self) -> Predicate:
        left = self.single()
        while self.word() == "and":
            self.take()
            left = _all_of(left, self.single())
        return left

    def single(self) -> Predicate:
        if self.word() == "not":
            self.take()
            inner = self.single()
            return lambda item: not inner(item)
        if self.word() == "(":
            self.take()
            inner = self.either()
            if self.take() != ")":
                raise BadFilter("a bracket is not closed")
            return inner
        return self.comparison()

    def comparison(self) -> Predicate:
        name, operator = self.take(), self.take().lower()
        if self.allowed and name.lower() not in self.allowed:
            raise BadFilter(f"{name} cannot be filtered")
        if operator == "pr":
            return lambda item: any(value not in (None, "", []) for value in lookup(item, name))
        if operator not in _COMPARE:
            raise BadFilter(f"unknown operator {operator!r}")
        compare, value = _COMPARE[operator], self.literal()

        def matches(item: dict) -> bool:
            try:
                return any(compare(self.folded(held), value) for held in lookup(item, name))
            except TypeError:
                return False

        return matches

    def literal(self) -> object:
        try:
            return self.folded(json.loads(self.take()))
        except ValueError:
            raise BadFilter("a value is neither text in quotes, number, true, false nor null") from None

    def folded(self, value: object) -> object:
        return value.lower() if self.fold and isinstance(value, str) else value


def _any_of(left: Predicate, right: Predicate) -> Predicate:
    return lambda item: left(item) or right(item)


def _all_of(left: Predicate, right: Predicate) -> Predicate:
    return lambda item: left(item) and right(item)


def lookup(item: object, path: str) -> Iterator[object]:
    """Every value below a dotted path, names compared without case, lists looked into; None where there is nothing."""
    head, _dot, rest = path.partition(".")
    if not isinstance(item, dict):
        return
    value = next((held for name, held in item.items() if name.lower() == head.lower()), None)
    for one in value if isinstance(value, list) else [value]:
        if rest:
            yield from lookup(one, rest)
        else:
            yield one.get("value") if isinstance(one, dict) else one
