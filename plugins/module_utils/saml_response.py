# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""SAML responses: what one says, and what Claude would object to. Source: SAML 2.0 core and profiles (section 4.1.4)."""

from __future__ import annotations

import base64
import binascii
import datetime
import re
import typing
from urllib.parse import unquote

from ansible_collections.idops.okta.plugins.module_utils import saml_signature
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.findings import check
from ansible_collections.idops.okta.plugins.module_utils.saml import NAMES, parse, tag

SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
EMAIL_ADDRESS = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
SET_UP = "Run the set-up again with the current values of Claude's set-up flow: it puts this right in the app."
ONE_FIELD = (
    "Run the set-up again, so that name ID and attribute come from one field of Okta; with claude_usernames: repair if the "
    "person was assigned before."
)
# By check: what is good about it, and what to do when it is not.
CHECKS = {
    "saml_structure": (
        "There is one response with at most one assertion in it, and nothing hidden.",
        "Turn assertion encryption off in the app. If it is off, capture again: somebody may interfere with sign-ins.",
    ),
    "saml_signature": (
        "Signed with the metadata's key: {signed}.",
        "Capture response and metadata again. If the key is another one, upload the current metadata to Claude.",
    ),
    "saml_algorithm": ("Signed by {methods}.", "Set signature and digest algorithm of the app to SHA-256."),
    "saml_status": (
        "Okta signed the person in{outside}.",
        "Look for this sign-in in Okta's System Log, and at the app's assignments.",
    ),
    "saml_issuer": (
        "The issuer is {issuer}.",
        "Upload the metadata of this app to Claude: the response is another app's.",
    ),
    "saml_audience": ("It is meant for {audience}.", SET_UP),
    "saml_recipient": ("It is sent to {recipient}.", SET_UP),
    "saml_time": (
        "It is valid until {not_on_or_after}.",
        "Capture a new response and check it within five minutes, or raise tolerance. If it is new, set the clock right.",
    ),
    "saml_name_id": ("The name ID is {name_id}.", ONE_FIELD),
    "saml_email": ("The attribute email is {name_id} as well.", ONE_FIELD),
}


def response(text: str) -> typing.Any:
    """The root of a captured response: base64, or the form field SAMLResponse=... as a browser sends it."""
    field = re.search(r"SAMLResponse\s*[=:]([^&]*)", text)
    packed = "".join(unquote(field.group(1) if field else text).split())
    if packed.startswith("<"):
        raise Failure(
            "response is XML. Give it in base64, as the browser sent it: any change would break its signature."
        )
    try:
        xml = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Failure(f"response is not base64 ({error}). Copy the whole value of the field SAMLResponse.") from error
    root = parse(xml)
    if root.tag != tag("samlp:Response"):
        raise Failure(f"response is not a SAML response but {root.tag}. Copy the value of the field SAMLResponse.")
    return root


def checks(root: typing.Any, entity_id: str, keys: list, p: dict) -> tuple[dict | None, list[dict]]:
    """The assertion that may be believed, if any, and every check. p: audience, acs_url, email, tolerance."""
    fault = saml_signature.fault(root)
    found = saml_signature.Verified() if fault else saml_signature.verified(root, keys)
    envelope = found.covered.get("response", root)
    refused = refusal(envelope)
    if not fault and not refused and root.find("saml:Assertion", NAMES) is None:
        fault = "There is no assertion in the response, although its status is Success."
    said = None if found.assertion is None else claims(found.assertion)
    seen: dict[str, str | None] = {
        "saml_structure": fault,
        "saml_signature": " ".join(found.faults) if found.covered or found.faults else None,
        "saml_algorithm": _weak(found.methods) if found.covered else None,
        "saml_status": refused or ("" if said else None),
        **(objections(said, envelope, entity_id, p) if said else {}),
    }
    facts = {
        "signed": " and ".join(sorted(found.covered)),
        "methods": " and ".join(sorted(found.methods)),
        **(said or {}),
    }
    facts["audience"] = p["audience"]
    facts["outside"] = "" if "response" in found.covered else ", says the response, which is not signed itself"
    assertion = {**said, "signed": sorted(found.covered)} if said else None
    return assertion, [_finding(id, seen.get(id), facts) for id in CHECKS]


def _weak(methods: set[str]) -> str:
    old = sorted(method for method in methods if "sha1" in method)
    return f"Signed by {' and '.join(old)}, which can be forged with some effort: SHA-1 is broken." if old else ""


def _finding(id: str, problem: str | None, facts: dict) -> dict:
    """problem: what is wrong, "" when nothing is, None when there was nothing to look at or to compare with."""
    good, remedy = CHECKS[id]
    if problem is None:
        reason = (
            "the option that says what to expect is not set" if "name_id" in facts else "nothing signed can be read"
        )
        return check(id, "skipped", f"Not looked at: {reason}.", remedy)
    return check(id, "failed" if problem else "ok", problem or good.format_map(facts), remedy)


def refusal(envelope: typing.Any) -> str:
    """What the identity provider says instead of Success, or ""."""
    codes = [code.get("Value", "") for code in envelope.iterfind("samlp:Status//samlp:StatusCode", NAMES)]
    if codes[:1] == [SUCCESS]:
        return ""
    message = envelope.findtext("samlp:Status/samlp:StatusMessage", "", NAMES)
    return f"Okta signed nobody in: {', '.join(filter(None, [*codes, message])) or 'there is no status'}."


def claims(assertion: typing.Any) -> dict:
    """What an assertion says, to be called on what verify() returned."""
    confirmations = assertion.iterfind("saml:Subject/saml:SubjectConfirmation", NAMES)
    bearer = next((one for one in confirmations if one.get("Method") == BEARER), None)
    data = bearer.find("saml:SubjectConfirmationData", NAMES) if bearer is not None else None
    limits = [node for node in (assertion.find("saml:Conditions", NAMES), data) if node is not None]
    restrictions = assertion.findall("saml:Conditions/saml:AudienceRestriction", NAMES)
    audiences = [{_text(node) for node in one.iterfind("saml:Audience", NAMES)} for one in restrictions]
    name_id = assertion.find("saml:Subject/saml:NameID", NAMES)
    attributes: dict[str, list[str]] = {}
    for node in assertion.iterfind("saml:AttributeStatement/saml:Attribute", NAMES):
        attributes.setdefault(node.get("Name", ""), []).extend(map(_text, node.iterfind("saml:AttributeValue", NAMES)))
    return {
        "issuer": _text(assertion.find("saml:Issuer", NAMES)),
        "name_id": _text(name_id),
        "name_id_format": name_id.get("Format") if name_id is not None else None,
        "audiences": sorted(set.intersection(*audiences)) if audiences else [],
        "recipient": data.get("Recipient") if data is not None else None,
        # Of one form and in UTC, they sort as strings.
        "not_before": max(filter(None, (node.get("NotBefore") for node in limits)), default=None),
        "not_on_or_after": min(filter(None, (node.get("NotOnOrAfter") for node in limits)), default=None),
        "attributes": attributes,
    }


def objections(said: dict, envelope: typing.Any, entity_id: str, p: dict, now: datetime.datetime | None = None) -> dict:
    """What Claude would object to, by check; "" being nothing; without those for which p does not say what to expect."""
    name_id, emails = said["name_id"], said["attributes"].get("email")
    issuer = envelope.findtext("saml:Issuer", entity_id, NAMES)
    email = p["email"] or (name_id if ADDRESS.fullmatch(name_id) else "an email address")
    destination = envelope.get("Destination") or p["acs_url"]
    others = ", ".join(said["attributes"]) or "none at all"
    found = {
        "saml_issuer": _differs("issuer", said["issuer"], entity_id) or _differs("issuer outside", issuer, entity_id),
        "saml_time": _untimely(said, p["tolerance"], now or datetime.datetime.now(datetime.timezone.utc)),
        "saml_name_id": _differs("name ID format", said["name_id_format"], EMAIL_ADDRESS)
        or _differs("name ID", name_id, email),
        "saml_email": _differs("attribute email", emails, name_id)
        if emails
        else f"There is no attribute email; the attributes are: {others}.",
    }
    if p["audience"]:
        found["saml_audience"] = _differs("audience", said["audiences"], p["audience"])
    if p["acs_url"]:
        found["saml_recipient"] = _differs("recipient", said["recipient"], p["acs_url"]) or _differs(
            "destination", destination, p["acs_url"]
        )
    return found


def _differs(what: str, seen: str | list[str] | None, wanted: str) -> str:
    """Compared as exact strings, as Claude does; of an audience one suffices, of an email there may be no other."""
    found = seen if isinstance(seen, list) else [seen or ""]
    if wanted in found and (what == "audience" or set(found) == {wanted}):
        return ""
    near = [text for text in found if text.casefold().rstrip("/") == wanted.casefold().rstrip("/")]
    hint = " They differ in capitals or in a slash at the end only." if near and near != [wanted] else ""
    return f"The {what} is {' and '.join(found) or 'missing'}, and should be {wanted}.{hint}"


def _untimely(said: dict, tolerance: int, now: datetime.datetime) -> str:
    try:
        begins, ends = _instant(said["not_before"] or "0001-01-01T00:00:00Z"), _instant(said["not_on_or_after"] or "")
    except ValueError:
        return f"The assertion is valid from {said['not_before']} until {said['not_on_or_after']}, which is no span of time."
    at = f"it is {now:%Y-%m-%dT%H:%M:%SZ}, and {tolerance} seconds are tolerated."
    if (now - ends).total_seconds() >= tolerance:
        return f"The assertion expired at {said['not_on_or_after']}: {at}"
    if (begins - now).total_seconds() > tolerance:
        return f"The assertion is not valid before {said['not_before']}: {at}"
    return ""


def _instant(text: str) -> datetime.datetime:
    """A time as SAML writes it, in UTC (core, section 1.3.3); what is none is a ValueError."""
    return datetime.datetime.strptime(re.sub(r"(\.\d+)?Z$", " UTC", text), "%Y-%m-%dT%H:%M:%S UTC").replace(
        tzinfo=datetime.timezone.utc
    )


def _text(node: typing.Any) -> str:
    return "" if node is None else "".join(node.itertext())
