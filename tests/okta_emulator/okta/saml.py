# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""SAML metadata of an app, and the signed response when a person signs in.

The XML is written in the form of exclusive canonicalization, so it is hashed as it is sent.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from datetime import timedelta
from xml.sax.saxutils import escape, quoteattr

from ..http.errors import not_found, not_permitted
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
    """The metadata of an app for one of its keys; the header has charset ISO-8859-1 although the XML is UTF-8."""
    if app["signOnMode"] != "SAML_2_0":
        raise not_found(app["id"], "AppInstance")
    key = certificates.find_key(org, app, kid or app["credentials"]["signing"]["kid"])
    settings = app["settings"].get("signOn") or {}
    base = f"{org.url}/app/{app['name']}/{org.external_keys[app['id']]}"
    has_logout = (settings.get("slo") or {}).get("enabled")
    single_logout = _service_elements("Logout", f"{base}/slo/saml") if has_logout else ""
    names = _name_id_formats(settings.get("subjectNameIdFormat", _EMAIL))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<md:EntityDescriptor entityID="{entity_id(org, app)}" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">'
        f'<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="{_PROTOCOL}">'
        f'<md:KeyDescriptor use="signing">{_key_info(key)}</md:KeyDescriptor>'
        f"{single_logout}{names}{_service_elements('SignOn', f'{base}/sso/saml')}"
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )
    return Answer(200, text, {"Content-Type": "application/xml;charset=ISO-8859-1"})


def _service_elements(kind: str, address: str) -> str:
    return "".join(
        f'<md:Single{kind}Service Binding="urn:oasis:names:tc:SAML:2.0:bindings:{binding}" Location="{address}"/>'
        for binding in ("HTTP-POST", "HTTP-Redirect")
    )


def _name_id_formats(own: str) -> str:
    """The name ID format of the app, and always that of an email address."""
    formats = [own, _EMAIL] if own.endswith(":unspecified") else [_EMAIL, own]
    return "".join(f"<md:NameIDFormat>{escape(name)}</md:NameIDFormat>" for name in dict.fromkeys(formats))


def public_metadata(org, external_key: str) -> Answer:
    """The metadata at /app/exk…, which needs no token, for service providers that fetch it themselves."""
    for app_id, known in org.external_keys.items():
        if known == external_key and org.apps[app_id]["status"] == "ACTIVE":
            return metadata(org, org.apps[app_id], None)
    raise not_found(external_key, "AppInstance")


def _key_info(key: certificates.SigningKey) -> str:
    lines = "\n".join(re.findall(".{1,76}", key.base64_der))
    return (
        f'<ds:KeyInfo xmlns:ds="{_SIGNATURE}"><ds:X509Data><ds:X509Certificate>{lines}'
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
    )


def sign_in(org, app: dict, user: dict) -> dict:
    """Sign a person in to an app: the response in base64 for SAML, the claims for OIDC, and an event in the log."""
    app_user = org.app_users[app["id"]].get(user["id"])
    actor = log.user_target(user)
    if not app_user or app["status"] != "ACTIVE" or user["status"] in ("SUSPENDED", "DEPROVISIONED", "STAGED"):
        reason = "User is not assigned to this app"
        log.write(org, "app.generic.unauth_app_access_attempt", [log.app_target(app)], reason, actor)
        raise not_permitted()
    if app["signOnMode"] == "SAML_2_0":
        xml, email = _response(org, app, user, app_user)
        answer = {"response": base64.b64encode(xml.encode()).decode(), "email": email}
    else:
        email = mappings.claim_value(org, app, user, "email") or ""
        is_custom = app["settings"]["oauthClient"]["issuer_mode"] == "CUSTOM_URL"
        issuer = (is_custom and org.settings.custom_domain) or org.url
        answer = {"claims": {"sub": user["id"], "email": email, "iss": issuer, "aud": app["id"]}, "email": email}
    user["lastLogin"] = org.touch(user)["lastUpdated"]
    target = log.app_user_target(user["id"], app_user["credentials"]["userName"], actor["displayName"])
    log.write(org, "user.authentication.sso", [log.app_target(app), target], actor=actor)
    return answer


def _response(org, app: dict, user: dict, app_user: dict) -> tuple[str, str]:
    """The response document, and the email that the service provider reads from it."""
    sign_on = app["settings"]["signOn"]
    settings = {**_DEFAULTS, **sign_on}
    custom = app["settings"]["app"]
    address = sign_on.get("ssoAcsUrl") or sign_on.get("ssoAcsUrlOverride") or custom.get("acsUrl") or ""
    settings["destination"] = sign_on.get("destination") or address
    settings["recipient"] = sign_on.get("recipient") or address
    settings["audience"] = sign_on.get("audience") or sign_on.get("audienceOverride") or custom.get("audienceUri") or ""
    profile = {**user["profile"], "userName": app_user["credentials"]["userName"]}
    key = certificates.find_key(org, app, app["credentials"]["signing"]["kid"])
    name_id = expressions.render(settings["subjectNameIdTemplate"], profile)
    attributes = [(item, _values(org, item, user, profile)) for item in settings["attributeStatements"]]
    issuer = f'<saml2:Issuer xmlns:saml2="{_ASSERTION}">{escape(entity_id(org, app))}</saml2:Issuer>'
    assertion = _assertion(settings, issuer, name_id, attributes)
    if settings["assertionSigned"]:
        assertion = _sign_element(assertion, issuer, settings, key)
    xml = _response_element(settings, issuer, assertion)
    if settings["responseSigned"]:
        xml = _sign_element(xml, issuer, settings, key)
    emails = [values[0] for item, values in attributes if item["name"] == "email" and values]
    return xml, emails[0] if emails else name_id


def _timestamp(minutes: int = 0) -> str:
    return (now() + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.") + "000Z"


def _response_element(settings: dict, issuer: str, assertion: str) -> str:
    # Canonical form: namespaces first, then attributes in the order of their names.
    return (
        f'<saml2p:Response xmlns:saml2p="{_PROTOCOL}" Destination={quoteattr(settings["destination"])} '
        f'ID="{_new_id()}" IssueInstant="{_timestamp()}" Version="2.0">{issuer}'
        f'<saml2p:Status><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></saml2p:StatusCode>'
        f"</saml2p:Status>{assertion}</saml2p:Response>"
    )


def _assertion(settings: dict, issuer: str, name_id: str, attributes: list) -> str:
    inner = issuer.replace(f' xmlns:saml2="{_ASSERTION}"', "")
    until = _timestamp(5)
    return (
        f'<saml2:Assertion xmlns:saml2="{_ASSERTION}" ID="{_new_id()}" IssueInstant="{_timestamp()}" Version="2.0">'
        f"{inner}<saml2:Subject><saml2:NameID Format={quoteattr(settings['subjectNameIdFormat'])}>{escape(name_id)}"
        f'</saml2:NameID><saml2:SubjectConfirmation Method="{_BEARER}"><saml2:SubjectConfirmationData '
        f'NotOnOrAfter="{until}" Recipient={quoteattr(settings["recipient"])}></saml2:SubjectConfirmationData>'
        f'</saml2:SubjectConfirmation></saml2:Subject><saml2:Conditions NotBefore="{_timestamp(-5)}" '
        f'NotOnOrAfter="{until}"><saml2:AudienceRestriction><saml2:Audience>{escape(settings["audience"])}'
        f"</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>"
        f'<saml2:AuthnStatement AuthnInstant="{_timestamp()}" SessionIndex="{_new_id()}"><saml2:AuthnContext>'
        f"<saml2:AuthnContextClassRef>{escape(settings['authnContextClassRef'])}</saml2:AuthnContextClassRef>"
        f"</saml2:AuthnContext></saml2:AuthnStatement>{_attribute_statement(attributes)}</saml2:Assertion>"
    )


def _attribute_statement(attributes: list) -> str:
    text = ""
    for statement, values in attributes:
        if values:
            name, name_format = quoteattr(statement["name"]), quoteattr(statement["namespace"])
            text += f"<saml2:Attribute Name={name} NameFormat={name_format}>"
            text += "".join(f"<saml2:AttributeValue>{escape(value)}</saml2:AttributeValue>" for value in values)
            text += "</saml2:Attribute>"
    return f"<saml2:AttributeStatement>{text}</saml2:AttributeStatement>" if text else ""


def _values(org, statement: dict, user: dict, profile: dict) -> list[str]:
    """The values of one attribute: expressions over the profile, or names of the person's groups."""
    if statement["type"] != "GROUP":
        values = [_render_or_literal(text, profile) for text in statement.get("values") or []]
        return [value for value in values if value]
    names = [group["profile"]["name"] for group in org.groups.values() if user["id"] in org.members[group["id"]]]
    pattern = statement.get("filterValue") or ""
    matches = {
        "STARTS_WITH": lambda name: name.startswith(pattern),
        "EQUALS": lambda name: name == pattern,
        "CONTAINS": lambda name: pattern in name,
        "REGEX": lambda name: re.fullmatch(pattern, name) is not None,
    }[statement.get("filterType") or "STARTS_WITH"]
    return [name for name in names if matches(name)]


def _render_or_literal(text: str, profile: dict) -> str:
    """The value of an expression; text that is not an expression is a literal."""
    try:
        return expressions.render(text, profile)
    except expressions.BadExpression:
        return text


def _new_id() -> str:
    return f"id{secrets.randbelow(10**24):024d}"


def _sign_element(xml: str, issuer: str, settings: dict, key: certificates.SigningKey) -> str:
    """The element with an enveloped signature after its issuer."""
    digest_name, digest_method = _DIGESTS[settings["digestAlgorithm"]]
    name, method = _METHODS[settings["signatureAlgorithm"]]
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
    # SignedInfo is signed with its namespace declaration, which inside of Signature it inherits.
    signed_info = f'<ds:SignedInfo xmlns:ds="{_SIGNATURE}">{info}'
    signature = base64.b64encode(certificates.sign(signed_info.encode(), name)).decode()
    key_info = _key_info(key).replace(f' xmlns:ds="{_SIGNATURE}"', "")
    element = (
        f'<ds:Signature xmlns:ds="{_SIGNATURE}"><ds:SignedInfo>{info}'
        f"<ds:SignatureValue>{signature}</ds:SignatureValue>{key_info}</ds:Signature>"
    )
    inner = issuer if issuer in xml else issuer.replace(f' xmlns:saml2="{_ASSERTION}"', "")
    return xml.replace(inner, inner + element, 1)
