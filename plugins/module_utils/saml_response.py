# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""SAML responses: the claims of one, and what Claude would object to.

Source: SAML 2.0 core, and profiles (section 4.1.4). The words of the checks are in check_text.py.
"""

from __future__ import annotations

import base64
import datetime
import re
import typing
from urllib.parse import unquote

from ansible_collections.idops.okta.plugins.module_utils.checks import check
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.saml_metadata import NAMESPACES, parse_xml, qualified_name
from ansible_collections.idops.okta.plugins.module_utils.saml_signature import (
    Verification,
    find_structure_problem,
    verify_signatures,
)

SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
EMAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
EARLIEST = "0001-01-01T00:00:00Z"
# The checks of a response, in the order in which they are returned.
CHECKS = (
    "saml_structure",
    "saml_signature",
    "saml_algorithm",
    "saml_status",
    "saml_issuer",
    "saml_audience",
    "saml_recipient",
    "saml_time",
    "saml_name_id",
    "saml_email",
)


class Expected(typing.NamedTuple):
    """What Claude expects of a response. None is not compared; tolerance: seconds by which clocks may differ."""

    entity_id: str
    audience: str | None = None
    acs_url: str | None = None
    email: str | None = None
    tolerance: int = 0


def parse_response(text: str) -> typing.Any:
    """The root of a captured response: base64, or the form field SAMLResponse=... as a browser sends it."""
    field = re.search(r"SAMLResponse\s*[=:]([^&]*)", text)
    value = field.group(1) if field else text
    encoded = "".join(unquote(value).split())
    if encoded.startswith("<"):
        raise Failure(
            "response is XML. Give it in base64 as the browser sent it, because any change breaks the signature."
        )
    try:
        xml = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise Failure(f"response is not base64 ({error}). Copy the whole value of the field SAMLResponse.") from error
    root = parse_xml(xml, "response")
    if root.tag != qualified_name("samlp:Response"):
        raise Failure(f"response is not a SAML response but {root.tag}. Copy the value of the field SAMLResponse.")
    return root


def check_response(root: typing.Any, certificates: list, expected: Expected) -> tuple[dict | None, list[dict]]:
    """The claims of the assertion if a valid signature covers it, else None; and every check.

    certificates: those of the metadata, as signing_certificates returns them.
    """
    structure_problem = find_structure_problem(root)
    verification = Verification()
    if not structure_problem:
        verification = verify_signatures(root, certificates)
    envelope = verification.elements.get("response", root)
    status_problem = _find_status_problem(envelope)
    if not structure_problem and not status_problem and root.find("saml:Assertion", NAMESPACES) is None:
        structure_problem = "The response contains no assertion, although its status is Success."

    problems = {"saml_structure": structure_problem}
    if verification.elements or verification.problems:
        problems["saml_signature"] = " ".join(verification.problems)
    if verification.elements:
        problems["saml_algorithm"] = _find_algorithm_problem(verification.algorithms)
    claims = None
    if verification.assertion is not None:
        claims = {**read_claims(verification.assertion), "signed": sorted(verification.elements)}
        problems.update(find_problems(claims, envelope, expected))
    if claims or status_problem:
        problems["saml_status"] = status_problem
    return claims, _make_checks(problems, claims, verification, expected)


def _find_status_problem(envelope: typing.Any) -> str:
    """What Okta answered instead of Success, or ""."""
    codes = [code.get("Value", "") for code in envelope.iterfind("samlp:Status//samlp:StatusCode", NAMESPACES)]
    if codes[:1] == [SUCCESS]:
        return ""
    message = envelope.findtext("samlp:Status/samlp:StatusMessage", "", NAMESPACES)
    reason = ", ".join(filter(None, [*codes, message])) or "the response has no status"
    return f"Okta did not sign the person in: {reason}."


def _find_algorithm_problem(algorithms: set[str]) -> str:
    weak = sorted(name for name in algorithms if "sha1" in name)
    if not weak:
        return ""
    return f"Signed with {' and '.join(weak)}. SHA-1 is broken: such a signature can be forged."


def read_claims(assertion: typing.Any) -> dict:
    """What an assertion states. It must be one that a valid signature covers: Verification.assertion."""
    conditions = assertion.find("saml:Conditions", NAMESPACES)
    confirmation = _find_bearer_confirmation(assertion)
    name_id = assertion.find("saml:Subject/saml:NameID", NAMESPACES)
    # Both limits count. Times of one form, in UTC, sort as strings.
    starts = [_attribute_of(element, "NotBefore") for element in (conditions, confirmation)]
    ends = [_attribute_of(element, "NotOnOrAfter") for element in (conditions, confirmation)]
    return {
        "issuer": _text_of(assertion.find("saml:Issuer", NAMESPACES)),
        "name_id": _text_of(name_id),
        "name_id_format": _attribute_of(name_id, "Format"),
        "audiences": _read_audiences(assertion),
        "recipient": _attribute_of(confirmation, "Recipient"),
        "not_before": max(filter(None, starts), default=None),
        "not_on_or_after": min(filter(None, ends), default=None),
        "attributes": _read_attributes(assertion),
    }


def find_problems(
    claims: dict, envelope: typing.Any, expected: Expected, now: datetime.datetime | None = None
) -> dict[str, str]:
    """What Claude would object to in the claims, by check id; "" is nothing. What expected leaves out is not in it.

    envelope: the Response element around the assertion.
    """
    now = now or datetime.datetime.now(datetime.timezone.utc)
    problems = {
        "saml_issuer": _find_issuer_problem(claims, envelope, expected.entity_id),
        "saml_time": _find_time_problem(claims, expected.tolerance, now),
        "saml_name_id": _find_name_id_problem(claims, expected.email),
        "saml_email": _find_email_problem(claims),
    }
    if expected.audience:
        problems["saml_audience"] = _find_audience_problem(claims, expected.audience)
    if expected.acs_url:
        problems["saml_recipient"] = _find_recipient_problem(claims, envelope, expected.acs_url)
    return problems


def _make_checks(
    problems: dict[str, str], claims: dict | None, verification: Verification, expected: Expected
) -> list[dict]:
    """Every check: ok if its problem is "", and skipped if it is not among the problems."""
    values = {
        **(claims or {}),
        "audience": expected.audience,
        "elements": " and ".join(sorted(verification.elements)),
        "methods": " and ".join(sorted(verification.algorithms)),
    }
    checks = []
    for id in CHECKS:
        if id not in problems:
            checks.append(check(id, "skipped", "not_configured" if claims else "not_signed"))
        elif problems[id]:
            checks.append(check(id, "failed", problem=problems[id]))
        elif id == "saml_status" and "response" not in verification.elements:
            checks.append(check(id, "ok", "unsigned"))
        else:
            checks.append(check(id, "ok", **values))
    return checks


def _find_bearer_confirmation(assertion: typing.Any) -> typing.Any:
    """To whom and until when a browser may deliver the assertion, or None. Other confirmations are no sign-on."""
    for confirmation in assertion.iterfind("saml:Subject/saml:SubjectConfirmation", NAMESPACES):
        if confirmation.get("Method") == BEARER:
            return confirmation.find("saml:SubjectConfirmationData", NAMESPACES)
    return None


def _read_audiences(assertion: typing.Any) -> list[str]:
    """The audiences that are in every restriction: each restriction has to be met (core, section 2.5.1.4)."""
    restrictions = []
    for restriction in assertion.iterfind("saml:Conditions/saml:AudienceRestriction", NAMESPACES):
        audiences = map(_text_of, restriction.iterfind("saml:Audience", NAMESPACES))
        restrictions.append(set(audiences))
    return sorted(set.intersection(*restrictions)) if restrictions else []


def _read_attributes(assertion: typing.Any) -> dict[str, list[str]]:
    attributes: dict[str, list[str]] = {}
    for attribute in assertion.iterfind("saml:AttributeStatement/saml:Attribute", NAMESPACES):
        values = map(_text_of, attribute.iterfind("saml:AttributeValue", NAMESPACES))
        attributes.setdefault(attribute.get("Name", ""), []).extend(values)
    return attributes


def _find_issuer_problem(claims: dict, envelope: typing.Any, entity_id: str) -> str:
    outer_issuer = envelope.findtext("saml:Issuer", entity_id, NAMESPACES)  # optional in a response
    problem = _find_mismatch("issuer of the assertion", [claims["issuer"]], entity_id)
    return problem or _find_mismatch("issuer of the response", [outer_issuer], entity_id)


def _find_audience_problem(claims: dict, audience: str) -> str:
    if audience in claims["audiences"]:  # one of several is enough
        return ""
    return _find_mismatch("audience", claims["audiences"], audience)


def _find_recipient_problem(claims: dict, envelope: typing.Any, acs_url: str) -> str:
    destination = envelope.get("Destination") or acs_url  # optional in a response
    problem = _find_mismatch("recipient", [claims["recipient"] or ""], acs_url)
    return problem or _find_mismatch("destination", [destination], acs_url)


def _find_name_id_problem(claims: dict, email: str | None) -> str:
    name_id = claims["name_id"]
    if not email:
        email = name_id if EMAIL.fullmatch(name_id) else "an email address"
    problem = _find_mismatch("name ID format", [claims["name_id_format"] or ""], EMAIL_FORMAT)
    return problem or _find_mismatch("name ID", [name_id], email)


def _find_email_problem(claims: dict) -> str:
    attributes = claims["attributes"]
    if not attributes.get("email"):
        return f"There is no attribute email. The attributes are: {', '.join(attributes) or 'none'}."
    return _find_mismatch("attribute email", attributes["email"], claims["name_id"])


def _find_mismatch(name: str, values: list[str], expected: str) -> str:
    """What is wrong unless every value is the expected one, or "". Claude compares exact strings, and so does this."""
    if set(values) == {expected}:
        return ""
    hint = ""
    for value in values:
        if value != expected and value.casefold().rstrip("/") == expected.casefold().rstrip("/"):
            hint = " They differ only in case or in a trailing slash."
    return f"The {name} is {' and '.join(values) or 'missing'}, and should be {expected}.{hint}"


def _find_time_problem(claims: dict, tolerance: int, now: datetime.datetime) -> str:
    not_before, not_on_or_after = claims["not_before"], claims["not_on_or_after"]
    try:
        start = _parse_time(not_before or EARLIEST)
        end = _parse_time(not_on_or_after or "")
    except ValueError:
        return (
            f"The assertion has an invalid validity period: NotBefore is {not_before or 'missing'}, NotOnOrAfter is "
            f"{not_on_or_after or 'missing'}."
        )
    clock = f"The current time is {now:%Y-%m-%dT%H:%M:%SZ}, and the tolerance is {tolerance} seconds."
    if (now - end).total_seconds() >= tolerance:
        return f"The assertion expired at {not_on_or_after}. {clock}"
    if (start - now).total_seconds() > tolerance:
        return f"The assertion is not valid before {not_before}. {clock}"
    return ""


def _parse_time(text: str) -> datetime.datetime:
    """A time as SAML writes it, always in UTC (core, section 1.3.3). Raises ValueError on any other text."""
    without_fraction = re.sub(r"(\.\d+)?Z$", " UTC", text)
    return datetime.datetime.strptime(without_fraction, "%Y-%m-%dT%H:%M:%S UTC").replace(tzinfo=datetime.timezone.utc)


def _attribute_of(element: typing.Any, name: str) -> str | None:
    return None if element is None else element.get(name)


def _text_of(element: typing.Any) -> str:
    return "" if element is None else "".join(element.itertext())
