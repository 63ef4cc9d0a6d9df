# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where an answer differs from the one that Okta gave: status, headers, shape, and every text that means the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import requests
from ansible_collections.idops.okta.tests.conformance.recordings import ID, UNMODELLED_APPS

ORG = "https://example.okta.com"
# Whole lists of an org: what else is in them says nothing.
WHOLE = re.compile(r"/api/v1/(apps|users|groups|policies|mappings)|.*/credentials/keys|/api/v1/users/[^/]+/groups")
# Whose value is another in every org.
OPAQUE = {"x5c", "x5t#S256", "n", "errorId", "client_secret", "access_token"}
OPAQUE_LINKS = ("logo[].href", "appLinks[].href")
HEADERS = ("link", "location", "dpop-nonce", "retry-after")
TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")


class Difference(NamedTuple):
    """Where an answer of the emulator differs from that of Okta, and when Okta gave it."""

    month: str
    request: str
    where: str
    what: str

    def __str__(self) -> str:
        return " | ".join(self)


class Comparison:
    """Compares answers of one play; `known` leads from what Okta called a thing to its name here."""

    def __init__(self, known: dict[str, str]):
        self.known = known

    def here(self, text: str) -> str:
        """A recorded text with the names that things have here."""
        for name, value in self.known.items():
            text = text.replace(name, value)
        return text

    def differences(self, one: dict, answer: requests.Response) -> Iterator[Difference]:
        month = f"{parsedate_to_datetime(one['date']):%Y-%m}"
        request = f"{one['method']} {ID.sub('{id}', one['path'])}"
        for where, what in self._answers(one, answer):
            yield Difference(month, request, where, what)

    def _answers(self, one: dict, answer: requests.Response) -> Iterator[tuple[str, str]]:
        if answer.status_code != one["status"]:
            yield "status", f"{one['status']} became {answer.status_code}: {answer.text[:200]}"
            return
        yield from _headers(one["response_headers"], answer.headers)
        if "xml" in one["response_headers"].get("Content-Type", ""):
            yield from self._texts("xml", _without_certificate(one["response_body"]), _without_certificate(answer.text))
            return
        body = answer.json() if answer.content else None
        yield from self._values("body", one["response_body"], body, WHOLE.fullmatch(one["path"]) is not None)

    def _values(self, where: str, okta: object, here: object, whole: bool = False) -> Iterator[tuple[str, str]]:
        if isinstance(okta, dict) and isinstance(here, dict):
            yield from self._objects(where, okta, here)
        elif isinstance(okta, list) and isinstance(here, list):
            yield from self._lists(where, okta, here, whole)
        elif _type(okta) != _type(here):
            yield (where, f"{_type(okta)} became {_type(here)}")
        elif isinstance(okta, str):
            yield from self._texts(where, okta, here)
        elif isinstance(okta, bool) and okta != here:
            yield (where, f"{okta} became {here}")

    def _objects(self, where: str, okta: dict, here: dict) -> Iterator[tuple[str, str]]:
        okta = {self.here(name): value for name, value in okta.items()}
        # What things are called comes first: the rest speaks of them.
        for name in sorted(okta.keys() | here.keys(), key=lambda name: (name not in ("id", "name", "kid"), name)):
            inner = f"{where}.{name}"
            if name not in here:
                yield (inner, "missing")
            elif name not in okta:
                yield (inner, "unexpected")
            elif name not in OPAQUE and not inner.endswith(OPAQUE_LINKS):
                yield from self._values(inner, okta[name], here[name])

    def _lists(self, where: str, okta: list, here: list, whole: bool) -> Iterator[tuple[str, str]]:
        okta = [item for item in okta if not (isinstance(item, dict) and item.get("name") in UNMODELLED_APPS)]
        pairs = _pairs(okta, here, self.here)
        if not whole and len(okta) != len(here):
            yield (where, f"{len(okta)} items became {len(here)}")
        if whole and okta and not pairs:
            yield (where, "nothing of it is in the list")
        for one, other in pairs:
            yield from self._values(f"{where}[]", one, other)

    def _texts(self, where: str, okta: str, here: str) -> Iterator[tuple[str, str]]:
        """Texts are the same, but for times, and for ids and names, which are learnt when they are seen first."""
        if TIME.fullmatch(okta) and TIME.fullmatch(here):
            if bool(TIME.fullmatch(okta)[1]) != bool(TIME.fullmatch(here)[1]):
                yield (where, "time of another form")
            return
        okta = re.sub("https://example(-admin.okta.com)?/", f"{ORG}/", okta).replace("orn:oktapreview:", "orn:okta:")
        self._learn(where, okta, here)
        if self.here(okta) != here:
            yield (where, f"{okta!r} became {here!r}")

    def _learn(self, where: str, okta: str, here: str) -> None:
        if where.endswith(".kid") or (where.endswith(".name") and okta.startswith("example_")):
            self.known.setdefault(okta, here)
        for one, other in zip(ID.findall(okta), ID.findall(here), strict=False):
            if one[:3] == other[:3] and other not in self.known.values():
                self.known.setdefault(one, other)


def _headers(okta: dict, here: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Headers that only one of them has; the kind of content; what the links of a list lead on."""
    recorded = {name.lower(): value for name, value in okta.items()}
    for name in sorted(recorded.keys() | {name for name in HEADERS if name in here}):
        if (name in recorded) != (name in here):
            yield f"header {name}", "missing" if name in recorded else "unexpected"
    kinds = [headers.get("content-type", "").partition(";")[0] for headers in (recorded, here)]
    if "content-type" in recorded and kinds[0] != kinds[1]:
        yield "header content-type", " became ".join(kinds)
    links = [_self_link(headers["link"]) for headers in (recorded, here) if "link" in headers]
    if len(links) == 2 and links[0] != links[1]:
        yield "header link", f"{links[0]} became {links[1]}"


def _self_link(links: str | list[str]) -> set[str]:
    """The parameters of the link to the list itself; whether there is a next one says how much an org has."""
    text = links if isinstance(links, str) else ", ".join(links)
    address = re.search(r'<([^>]*)>; rel="self"', text)[1]
    return set(parse_qs(urlsplit(address).query, keep_blank_values=True))


def _without_certificate(xml: str) -> str:
    return re.sub(r"(?<=X509Certificate>)[^<]+(?=<)", "", xml)


def _type(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", type(None): "null"}
    return names.get(type(value), type(value).__name__)


def _pairs(okta: list, here: list, translate: Callable[[str], str]) -> list[tuple]:
    """Items that belong together: by id, else by name, else by place; texts have no order."""
    if all(isinstance(one, str) for one in [*okta, *here]):
        return list(zip(sorted(okta), sorted(here), strict=False))
    left = list(here)
    pairs = []
    for sign in (lambda one: one.get("id"), _name):
        for one in [one for one in okta if isinstance(one, dict) and not any(one is pair[0] for pair in pairs)]:
            expected = translate(str(sign(one)))
            other = next((other for other in left if isinstance(other, dict) and str(sign(other)) == expected), None)
            if other is not None and expected != "None":
                pairs.append((one, other))
                left.remove(other)
    return pairs or list(zip(okta, here, strict=False))


def _name(one: dict) -> object:
    return one.get("label") or one.get("name") or (one.get("profile") or {}).get("name") or one.get("kid")
