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

MAX_BYTES = 1_000_000  # Okta's metadata has 3 kB
NAMES = {"md": "urn:oasis:names:tc:SAML:2.0:metadata", "ds": "http://www.w3.org/2000/09/xmldsig#"}
POST_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"


def parse(xml: bytes) -> typing.Any:
    """The root of a document: no DTD, no entities, no network, no huge input."""
    etree = library("lxml.etree", "lxml")
    if len(xml) > MAX_BYTES:
        raise Failure(f"An XML document of {len(xml)} bytes is refused: {MAX_BYTES} are the most.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise Failure(f"This is not XML: {error}.") from error
    if root.getroottree().docinfo.doctype:
        raise Failure("An XML document with a DOCTYPE is refused: SAML has none.")
    return root


def metadata(xml: bytes, now: datetime.datetime | None = None) -> dict:
    """What a service provider reads in an identity provider's metadata."""
    root = parse(xml)
    entity = root if root.tag == f"{{{NAMES['md']}}}EntityDescriptor" else root.find("md:EntityDescriptor", NAMES)
    provider = entity.find("md:IDPSSODescriptor", NAMES) if entity is not None else None
    if provider is None:
        raise Failure("This is not the metadata of a SAML identity provider: there is no IDPSSODescriptor in it.")
    services = {node.get("Binding"): node.get("Location") for node in provider.findall("md:SingleSignOnService", NAMES)}
    keys = provider.findall("md:KeyDescriptor", NAMES)
    signing = [key for key in keys if key.get("use", "signing") == "signing"]
    return {
        "xml": xml.decode("utf-8"),  # Okta's header says ISO-8859-1, the document is UTF-8
        "entity_id": entity.get("entityID"),
        "sso_url": services.get(POST_BINDING) or next(iter(services.values()), None),
        "name_id_format": provider.findtext("md:NameIDFormat", None, NAMES),
        "certificates": [
            certificate(node.text or "", now)
            for key in signing
            for node in key.iterfind(".//ds:X509Certificate", NAMES)
        ],
    }


def certificate(text: str, now: datetime.datetime | None = None) -> dict:
    """Until when a certificate (base64 of DER) is valid, and its fingerprint."""
    x509 = library("cryptography.x509", "cryptography")
    try:
        der = base64.b64decode("".join(text.split()), validate=True)
        ends = x509.load_der_x509_certificate(der).not_valid_after_utc
    except (binascii.Error, ValueError) as error:
        raise Failure(f"A certificate in the metadata cannot be read: {error}.") from error
    left = ends - (now or datetime.datetime.now(datetime.timezone.utc))
    return {
        "not_after": ends.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sha256": hashlib.sha256(der).hexdigest(),
        "days_left": left.days,
    }
