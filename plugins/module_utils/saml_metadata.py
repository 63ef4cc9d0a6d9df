# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""SAML metadata: parsed, never trusted."""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import typing

from ansible_collections.idops.okta.plugins.module_utils.errors import Failure, library

MAX_BYTES = 1_000_000  # Okta's metadata has 3 kB, a response 10 kB
DOCTYPE = "An XML document with a DOCTYPE is refused: SAML has none."
NAMES = {
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
POST_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"


def parse(xml: bytes) -> typing.Any:
    """The root of a document: no DTD, no entities, no network, no huge input."""
    etree = library("lxml.etree", "lxml")
    if len(xml) > MAX_BYTES:
        raise Failure(f"An XML document of {len(xml)} bytes is refused: {MAX_BYTES} are the most.")
    if b"<!DOCTYPE" in xml:  # before anything is expanded
        raise Failure(DOCTYPE)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise Failure(f"This is not XML: {error}.") from error
    if root.getroottree().docinfo.doctype:
        raise Failure(DOCTYPE)
    return root


def tag(name: str) -> str:
    """The name of an element as lxml says it: tag("saml:Assertion")."""
    prefix, _colon, local = name.partition(":")
    return f"{{{NAMES[prefix]}}}{local}"


def metadata(xml: bytes, now: datetime.datetime | None = None) -> dict:
    """What a service provider reads in an identity provider's metadata."""
    provider = _provider(xml)
    services = {node.get("Binding"): node.get("Location") for node in provider.findall("md:SingleSignOnService", NAMES)}
    return {
        "xml": xml.decode("utf-8"),  # Okta's header says ISO-8859-1, the document is UTF-8
        "entity_id": provider.getparent().get("entityID", ""),
        "sso_url": services.get(POST_BINDING) or next(iter(services.values()), None),
        "name_id_format": provider.findtext("md:NameIDFormat", None, NAMES),
        "certificates": [certificate(text, now) for text in _signing(provider)],
    }


def keys(xml: bytes) -> list:
    """The certificates in the metadata that may have signed, as cryptography knows them; two during a rotation."""
    return [_loaded(text)[1] for text in _signing(_provider(xml))]


def certificate(text: str, now: datetime.datetime | None = None) -> dict:
    """Until when a certificate (base64 of DER) is valid, and its fingerprint."""
    der, loaded = _loaded(text)
    ends = loaded.not_valid_after_utc
    left = ends - (now or datetime.datetime.now(datetime.timezone.utc))
    return {
        "not_after": ends.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sha256": hashlib.sha256(der).hexdigest(),
        "days_left": left.days,
    }


def _provider(xml: bytes) -> typing.Any:
    root = parse(xml)
    entity = root if root.tag == tag("md:EntityDescriptor") else root.find("md:EntityDescriptor", NAMES)
    provider = entity.find("md:IDPSSODescriptor", NAMES) if entity is not None else None
    if provider is None:
        raise Failure("This is not the metadata of a SAML identity provider: there is no IDPSSODescriptor in it.")
    return provider


def _signing(provider: typing.Any) -> list[str]:
    # A key without a use serves both purposes (SAML metadata, section 2.4.1.1).
    descriptors = [key for key in provider.findall("md:KeyDescriptor", NAMES) if key.get("use", "signing") == "signing"]
    return [node.text or "" for key in descriptors for node in key.iterfind(".//ds:X509Certificate", NAMES)]


def _loaded(text: str) -> tuple[bytes, typing.Any]:
    x509 = library("cryptography.x509", "cryptography")
    try:
        der = base64.b64decode("".join(text.split()), validate=True)
        return der, x509.load_der_x509_certificate(der)
    except (binascii.Error, ValueError) as error:
        raise Failure(f"A certificate in the metadata cannot be read: {error}.") from error
