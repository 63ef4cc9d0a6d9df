# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Answers of a service, checked where they enter: JSON, its shape, and what a refusal says."""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, Failure, UnexpectedAnswer

if typing.TYPE_CHECKING:
    import requests

NULL = type(None)
OPTIONAL_OBJECT = (dict, NULL)
OPTIONAL_TEXT = (str, NULL)
TYPE_NAMES = {dict: "an object", list: "a list", str: "a string", int: "a number", bool: "a boolean", NULL: "null"}


class Service(typing.NamedTuple):
    """What sentences say about a service. refusal: the message and the facts of an answer that is not a success."""

    name: str
    address_hint: str
    refusal: typing.Callable[[requests.Response], tuple[str, dict]]


def read_json(response: requests.Response, request: str, service: Service) -> typing.Any:
    """The JSON of a successful answer, or None if it has no body.

    Raises ApiError on a refusal, UnexpectedAnswer on anything but JSON, Failure on a redirect: it is not followed,
    because the token would go with it. request: as sentences name it, such as "GET /api/v1/apps".
    """
    status = response.status_code
    if 300 <= status < 400:
        location = response.headers.get("Location")
        raise Failure(
            f"{request}: answered with a redirect to {location}, which is not followed. {service.address_hint}"
        )
    if not response.ok:
        message, facts = service.refusal(response)
        raise ApiError(f"{request}: {message}", status=status, **facts)
    if not response.content:
        return None
    try:
        return response.json()
    except ValueError:
        raise UnexpectedAnswer(
            f"{request}: answered {status} with {content_type(response)} instead of JSON. {service.address_hint}"
        ) from None


def error_body(response: requests.Response) -> dict:
    """The JSON object in a refusal, or {} if there is none."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def content_type(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "no content type")


def require_shape(answer: typing.Any, shape: typing.Any, request: str, service: str) -> typing.Any:
    """The answer, if it has the shape that its reader relies on; else UnexpectedAnswer, which names the field.

    shape: a type, a tuple of alternatives, {field: shape} for an object that has at least these fields, or [shape] for
    a list of such items. A field whose shape allows null may be missing.
    """
    mismatch = find_mismatch(answer, shape)
    if mismatch:
        raise UnexpectedAnswer(f"{request}: {service} answered in an unexpected form: {mismatch}.")
    return answer


def find_mismatch(value: typing.Any, shape: typing.Any, field: str = "the answer") -> str:
    """What is wrong with the shape of a value, or ""."""
    if isinstance(shape, tuple):
        mismatches = [find_mismatch(value, alternative, field) for alternative in shape]
        return "" if "" in mismatches else mismatches[0]
    if isinstance(shape, dict):
        return _find_field_mismatch(value, shape, field)
    if isinstance(shape, list):
        return _find_item_mismatch(value, shape[0], field)
    if isinstance(value, shape) and (shape is bool or not isinstance(value, bool)):
        return ""
    return f"{field} is {TYPE_NAMES.get(type(value), 'a number')} where {TYPE_NAMES[shape]} belongs"


def _find_field_mismatch(value: typing.Any, shape: dict, field: str) -> str:
    if not isinstance(value, dict):
        return find_mismatch(value, dict, field)
    for name, inner in shape.items():
        mismatch = find_mismatch(value.get(name), inner, f"{field}.{name}".removeprefix("the answer."))
        if mismatch:
            return mismatch
    return ""


def _find_item_mismatch(value: typing.Any, shape: typing.Any, field: str) -> str:
    if not isinstance(value, list):
        return find_mismatch(value, list, field)
    for index, item in enumerate(value):
        mismatch = find_mismatch(item, shape, f"{field}[{index}]")
        if mismatch:
            return mismatch
    return ""
