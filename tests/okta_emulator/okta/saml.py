# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The SAML side of an app: its metadata, and the signed response that a person's sign-in makes.

The XML is written in the form that exclusive canonicalisation would give it, so what is hashed is what is sent.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from datetime import timedelta
from xml.sax.saxutils import escape, quoteattr

from ..http.errors import OktaError, not_found
from ..http.ids import now
from ..http.web import Answer
from . import certificates, expressions, log, mappings

_PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
_ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_METHODS = {
    "RSA_SHA256": ("sha256", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
    "RSA_SHA1": ("sha1", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
}
_DIGESTS = {
    "SHA256": ("sha256", "http://www.w3.org/2001/04/xmlenc#sha256"),
    "SHA1": ("sha1", "http://www.w3.org/2000/09/xmldsig#sha1"),
}
_BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
_EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
_DEFAULTS = {
    "subjectNameIdTemplate": "${user.userName}",
    "subjectNameIdFormat": _EMAIL,
    "responseSigned": True,
    "assertionSigned": True,
    "signatureAlgorithm": "RSA_SHA256",
    "digestAlgorithm": "SHA256",
    "authnContextClassRef": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
}


def entity_id(org, app: dict) -> str:
    return f"http://www.okta.com/{org.external_keys[app['id']]}"


def metadata(org, app: dict, kid: str | None) -> Answer:
    """The metadata of an app and a key of it; the header claims ISO-8859-1 although the XML is UTF-8."""
    if app["signOnMode"] != "SAML_2_0":
        raise not_found(app["id"], "AppInstance")
    key = certificates.find(org, app, kid or app["credentials"]["signing"]["kid"])
    says = app["settings"].get("signOn") or {}
    base = f"{org.url}/app/{app['name']}/{org.external_keys[app['id']]}"
    single_logout = _services("Logout", f"{base}/slo/saml") if (says.get("slo") or {}).get("enabled") else ""
    names = _formats(says.get("subjectNameIdFormat", _EMAIL))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<md:EntityDescriptor entityID="{entity_id(org, app)}" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">'
        f'<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="{_PROTOCOL}">'
        f'<md:KeyDescriptor use="signing">{_key_info(key)}</md:KeyDescriptor>'
        f"{single_logout}{names}{_services('SignOn', f'{base}/sso/saml')}"
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )
    return Answer(200, text, {"Content-Type": "application/xml;charset=ISO-8859-1"})


def _services(kind: str, where: str) -> str:
    return "".join(
        f'<md:Single{kind}Service Binding="urn:oasis:names:tc:SAML:2.0:bindings:{binding}" Location="{where}"/>'
        for binding in ("HTTP-POST", "HTTP-Redirect")
    )


def _formats(own: str) -> str:
    """The format of the names that the app sends, and that of an email address in any case."""
    before = own.endswith(":unspecified")
    formats = [own, _EMAIL] if before else [_EMAIL, own]
    return "".join(f"<md:NameIDFormat>{escape(one)}</md:NameIDFormat>" for one in dict.fromkeys(formats))


def public_metadata(org, external_key: str) -> Answer:
    """The address below /app/exk… that needs no token, for set-up flows that fetch the metadata themselves."""
    for app_id, known in org.external_keys.items():
        if known == external_key and org.apps[app_id]["status"] == "ACTIVE":
            return metadata(org, org.apps[app_id], None)
    raise not_found(external_key, "AppInstance")


def _key_info(key: certificates.Key) -> str:
    lines = "\n".join(re.findall(".{1,76}", key.text))
    return (
        f'<ds:KeyInfo xmlns:ds="{_SIGNATURE}"><ds:X509Data><ds:X509Certificate>{lines}'
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
    )


def sign_in(org, app: dict, user: dict) -> dict:
    """Sign a person in to an app: the response in base64 for SAML, the claims for OIDC, and an event in the log."""
    assigned = org.app_users[app["id"]].get(user["id"])
    actor = log.person(user)
    if not assigned or app["status"] != "ACTIVE" or user["status"] in ("SUSPENDED", "DEPROVISIONED", "STAGED"):
        log.write(
            org, "app.generic.unauth_app_access_attempt", [log.instance(app)], "User is not assigned to this app", actor
        )
        raise OktaError(403, "E0000006", "You do not have permission to perform the requested action")
    if app["signOnMode"] == "SAML_2_0":
        xml, email = _response(org, app, user, assigned)
        answer = {"response": base64.b64encode(xml.encode()).decode(), "email": email}
    else:
        email = mappings.claim(org, app, user, "email") or ""
        answer = {"claims": {"sub": user["id"], "email": email, "iss": org.url, "aud": app["id"]}, "email": email}
    user["lastLogin"] = org.touch(user)["lastUpdated"]
    who = log.app_user(user["id"], assigned["credentials"]["userName"], actor["displayName"])
    log.write(org, "user.authentication.sso", [log.instance(app), who], actor=actor)
    return answer


def _response(org, app: dict, user: dict, assigned: dict) -> tuple[str, str]:
    """The response document, and the email that the other side will read from it."""
    held = app["settings"]["signOn"]
    says = {**_DEFAULTS, **held}
    custom = app["settings"]["app"]
    where = held.get("ssoAcsUrl") or held.get("ssoAcsUrlOverride") or custom.get("acsUrl") or ""
    says["destination"] = held.get("destination") or where
    says["recipient"] = held.get("recipient") or where
    says["audience"] = held.get("audience") or held.get("audienceOverride") or custom.get("audienceUri") or ""
    profile = {**user["profile"], "userName": assigned["credentials"]["userName"]}
    key = certificates.find(org, app, app["credentials"]["signing"]["kid"])
    name_id = expressions.render(says["subjectNameIdTemplate"], profile)
    attributes = [(one, _values(org, one, user, profile)) for one in says["attributeStatements"]]
    issuer = f'<saml2:Issuer xmlns:saml2="{_ASSERTION}">{escape(entity_id(org, app))}</saml2:Issuer>'
    assertion = _assertion(says, issuer, name_id, attributes)
    if says["assertionSigned"]:
        assertion = _signed(assertion, issuer, says, key)
    xml = _wrapped(says, issuer, assertion)
    if says["responseSigned"]:
        xml = _signed(xml, issuer, says, key)
    emails = [values[0] for one, values in attributes if one["name"] == "email" and values]
    return xml, emails[0] if emails else name_id


def _instant(minutes: int = 0) -> str:
    return (now() + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.") + "000Z"


def _wrapped(says: dict, issuer: str, assertion: str) -> str:
    # Canonical form: namespaces first, then attributes in the order of their names.
    return (
        f'<saml2p:Response xmlns:saml2p="{_PROTOCOL}" Destination={quoteattr(says["destination"])} '
        f'ID="{_new_id()}" IssueInstant="{_instant()}" Version="2.0">{issuer}'
        f'<saml2p:Status><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></saml2p:StatusCode>'
        f"</saml2p:Status>{assertion}</saml2p:Response>"
    )


def _assertion(says: dict, issuer: str, name_id: str, attributes: list) -> str:
    inner = issuer.replace(f' xmlns:saml2="{_ASSERTION}"', "")
    until = _instant(5)
    return (
        f'<saml2:Assertion xmlns:saml2="{_ASSERTION}" ID="{_new_id()}" IssueInstant="{_instant()}" Version="2.0">'
        f"{inner}<saml2:Subject><saml2:NameID Format={quoteattr(says['subjectNameIdFormat'])}>{escape(name_id)}"
        f'</saml2:NameID><saml2:SubjectConfirmation Method="{_BEARER}"><saml2:SubjectConfirmationData '
        f'NotOnOrAfter="{until}" Recipient={quoteattr(says["recipient"])}></saml2:SubjectConfirmationData>'
        f'</saml2:SubjectConfirmation></saml2:Subject><saml2:Conditions NotBefore="{_instant(-5)}" '
        f'NotOnOrAfter="{until}"><saml2:AudienceRestriction><saml2:Audience>{escape(says["audience"])}'
        f"</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>"
        f'<saml2:AuthnStatement AuthnInstant="{_instant()}" SessionIndex="{_new_id()}"><saml2:AuthnContext>'
        f"<saml2:AuthnContextClassRef>{escape(says['authnContextClassRef'])}</saml2:AuthnContextClassRef>"
        f"</saml2:AuthnContext></saml2:AuthnStatement>{_statement(attributes)}</saml2:Assertion>"
    )


def _statement(attributes: list) -> str:
    shown = "".join(
        f"<saml2:Attribute Name={quoteattr(one['name'])} NameFormat={quoteattr(one.get('namespace') or _BASIC)}>"
        + "".join(f"<saml2:AttributeValue>{escape(value)}</saml2:AttributeValue>" for value in values)
        + "</saml2:Attribute>"
        for one, values in attributes
        if values
    )
    return f"<saml2:AttributeStatement>{shown}</saml2:AttributeStatement>" if shown else ""


def _values(org, statement: dict, user: dict, profile: dict) -> list[str]:
    """The values of one attribute: expressions of the person, or names of the person's groups."""
    if statement["type"] != "GROUP":
        values = [_lenient(text, profile) for text in statement.get("values") or []]
        return [value for value in values if value]
    names = [held["profile"]["name"] for group, held in org.groups.items() if user["id"] in org.members[group]]
    wanted = statement.get("filterValue") or ""
    matches = {
        "STARTS_WITH": lambda name: name.startswith(wanted),
        "EQUALS": lambda name: name == wanted,
        "CONTAINS": lambda name: wanted in name,
        "REGEX": lambda name: re.fullmatch(wanted, name) is not None,
    }[statement.get("filterType") or "STARTS_WITH"]
    return [name for name in names if matches(name)]


def _lenient(text: str, profile: dict) -> str:
    """What is no expression is said as it stands."""
    try:
        return expressions.render(text, profile)
    except expressions.BadExpression:
        return text


def _new_id() -> str:
    return f"id{secrets.randbelow(10**24):024d}"


def _signed(xml: str, issuer: str, says: dict, key: certificates.Key) -> str:
    """The element with an enveloped signature behind its issuer."""
    digest_name, digest_method = _DIGESTS[says["digestAlgorithm"]]
    name, method = _METHODS[says["signatureAlgorithm"]]
    reference = re.search(r' ID="([^"]+)"', xml).group(1)
    digest = base64.b64encode(hashlib.new(digest_name, xml.encode()).digest()).decode()
    info = (
        f'<ds:CanonicalizationMethod Algorithm="{_EXCLUSIVE}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{method}"></ds:SignatureMethod><ds:Reference URI="#{reference}">'
        '<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature">'
        f'</ds:Transform><ds:Transform Algorithm="{_EXCLUSIVE}"></ds:Transform></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{digest_method}"></ds:DigestMethod>'
        f"<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    )
    # On its own the element names its namespace, inside the signature it inherits it.
    signature = base64.b64encode(
        certificates.sign(f'<ds:SignedInfo xmlns:ds="{_SIGNATURE}">{info}'.encode(), name)
    ).decode()
    key_info = _key_info(key).replace(f' xmlns:ds="{_SIGNATURE}"', "")
    whole = (
        f'<ds:Signature xmlns:ds="{_SIGNATURE}"><ds:SignedInfo>{info}'
        f"<ds:SignatureValue>{signature}</ds:SignatureValue>{key_info}</ds:Signature>"
    )
    inner = issuer if issuer in xml else issuer.replace(f' xmlns:saml2="{_ASSERTION}"', "")
    return xml.replace(inner, inner + whole, 1)
