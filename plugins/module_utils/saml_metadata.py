# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""SAML metadata of an identity provider, and the parser for all XML that comes from outside."""

from __future__ import annotations

import base64
import datetime
import hashlib
import typing

from ansible_collections.idops.okta.plugins.module_utils.errors import Failure, import_library

MAX_XML_BYTES = 1_000_000  # Okta's metadata has 3 kB, a response 10 kB
NAMESPACES = {
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
POST_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"


def parse_xml(xml: bytes, name: str) -> typing.Any:
    """The root of a document, parsed without DTD, entities and network, and with a limit of its size.

    name: what the document is, for sentences. Raises Failure on everything else.
    """
    etree = import_library("lxml.etree", "lxml")
    if len(xml) > MAX_XML_BYTES:
        raise Failure(f"{name} is refused: it has {len(xml):,} bytes, and the limit is {MAX_XML_BYTES:,}.")
    if b"<!DOCTYPE" in xml:  # before the parser could expand anything
        raise _doctype_refused(name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise Failure(f"{name} is not XML: {error}.") from error
    if root.getroottree().docinfo.doctype:  # in another encoding than the search above expects
        raise _doctype_refused(name)
    return root


def qualified_name(name: str) -> str:
    """The name of an element as lxml writes it: that of "saml:Assertion" is {urn:...:assertion}Assertion."""
    prefix, _colon, local_name = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local_name}"


def parse_metadata(xml: bytes, name: str = "metadata", now: datetime.datetime | None = None) -> dict:
    """The part of the metadata that a service provider reads, as modules return it.

    name: what the document is, for sentences. Raises Failure if it is not the metadata of an identity provider.
    """
    provider = _find_identity_provider(xml, name)
    try:
        document = xml.decode("utf-8")  # Okta's header claims ISO-8859-1, but the document is UTF-8
    except ValueError as error:
        raise Failure(f"{name} is not UTF-8: {error}.") from error
    return {
        "xml": document,
        "entity_id": provider.getparent().get("entityID", ""),
        "sso_url": _find_sso_url(provider),
        "name_id_format": provider.findtext("md:NameIDFormat", None, NAMESPACES),
        "certificates": [describe_certificate(text, now) for text in _find_certificate_texts(provider)],
    }


def signing_certificates(xml: bytes) -> list:
    """The certificates of the metadata that verify signatures, as x509.Certificate. During a rotation there are two."""
    provider = _find_identity_provider(xml, "metadata")
    return [_load_certificate(text)[1] for text in _find_certificate_texts(provider)]


def describe_certificate(text: str, now: datetime.datetime | None = None) -> dict:
    """The end of validity and the fingerprint of a certificate, which is the base64 of its DER."""
    der, certificate = _load_certificate(text)
    not_after = certificate.not_valid_after_utc
    remaining = not_after - (now or datetime.datetime.now(datetime.timezone.utc))
    return {
        "not_after": not_after.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sha256": hashlib.sha256(der).hexdigest(),
        "days_left": remaining.days,
    }


def _doctype_refused(name: str) -> Failure:
    return Failure(f"{name} is refused: it has a DOCTYPE, and SAML has none.")


def _find_identity_provider(xml: bytes, name: str) -> typing.Any:
    """The IDPSSODescriptor, of one entity or of the first entity of a federation."""
    root = parse_xml(xml, name)
    entity = root
    if root.tag != qualified_name("md:EntityDescriptor"):
        entity = root.find("md:EntityDescriptor", NAMESPACES)
    provider = None
    if entity is not None:
        provider = entity.find("md:IDPSSODescriptor", NAMESPACES)
    if provider is None:
        raise Failure(f"{name} is not that of a SAML identity provider: it has no IDPSSODescriptor.")
    return provider


def _find_sso_url(provider: typing.Any) -> str | None:
    """The address of the POST binding, or of the first binding that there is."""
    locations = {}
    for service in provider.findall("md:SingleSignOnService", NAMESPACES):
        locations[service.get("Binding")] = service.get("Location")
    return locations.get(POST_BINDING) or next(iter(locations.values()), None)


def _find_certificate_texts(provider: typing.Any) -> list[str]:
    texts = []
    for descriptor in provider.findall("md:KeyDescriptor", NAMESPACES):
        # A key without a use serves for signing and encryption (SAML metadata, section 2.4.1.1).
        if descriptor.get("use", "signing") == "signing":
            texts += [node.text or "" for node in descriptor.iterfind(".//ds:X509Certificate", NAMESPACES)]
    return texts


def _load_certificate(text: str) -> tuple[bytes, typing.Any]:
    """The certificate as DER and as x509.Certificate."""
    x509 = import_library("cryptography.x509", "cryptography")
    try:
        der = base64.b64decode("".join(text.split()), validate=True)
        return der, x509.load_der_x509_certificate(der)
    except (ValueError, x509.InvalidVersion) as error:
        raise Failure(f"A certificate in metadata cannot be read: {error}.") from error
