# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An identity provider for tests: it signs, with its own keys, responses that neither Okta nor the emulator would send."""

from __future__ import annotations

import base64
import datetime
import functools
import hashlib
import hmac
import typing

from ansible_collections.idops.okta.tests.support.app_bodies import ACS, AUDIENCE, EMAIL_FORMAT
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from lxml import etree

ENTITY_ID = "http://www.okta.com/exktests0000000000000"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
NAMESPACES = {
    "a": "urn:oasis:names:tc:SAML:2.0:assertion",
    "p": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
MORE_METHODS = "http://www.w3.org/2001/04/xmldsig-more#"
METHODS = {name: MORE_METHODS + name for name in ("rsa-sha256", "rsa-sha512", "ecdsa-sha256", "hmac-sha256")}
METHODS["rsa-sha1"] = NAMESPACES["ds"] + "rsa-sha1"
DIGESTS = {
    "md5": MORE_METHODS + "md5",
    "sha1": NAMESPACES["ds"] + "sha1",
    "sha256": NAMESPACES["xenc"] + "sha256",
    "sha512": NAMESPACES["xenc"] + "sha512",
}


class SigningKey(typing.NamedTuple):
    private: typing.Any
    certificate: x509.Certificate

    @property
    def certificate_text(self) -> str:
        """The certificate as XML documents hold it: base64 of its DER."""
        return base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()


@functools.cache
def make_key(name: str = "current", kind: str = "rsa", days_left: int = 3650) -> SigningKey:
    """A key with a certificate. The same call gives the same key during one run."""
    private = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    not_after = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days_left)
    not_before = not_after - datetime.timedelta(days=4000)
    builder = x509.CertificateBuilder(subject, subject, private.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(not_before).not_valid_after(not_after)
    return SigningKey(private, builder.sign(private, hashes.SHA256()))


def make_metadata(*keys: SigningKey, entity_id: str = ENTITY_ID) -> str:
    """Metadata with the certificates of these keys; without keys, that of the current key."""
    descriptors = ""
    for key in keys or (make_key(),):
        descriptors += (
            f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{NAMESPACES["ds"]}"><ds:X509Data><ds:X509Certificate>'
            f"{key.certificate_text}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        )
    return (
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity_id}">'
        f'<md:IDPSSODescriptor protocolSupportEnumeration="{NAMESPACES["p"]}">{descriptors}'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )


def seconds_from_now(seconds: float) -> str:
    """A time as SAML writes it."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def make_assertion(**changes: str) -> etree._Element:
    """An assertion as Okta writes it, with its types. changes: values that differ from a good one."""
    values = {
        "issuer": ENTITY_ID, "name_id": "ada@example.com", "format": EMAIL_FORMAT, "audience": AUDIENCE,
        "recipient": ACS, "attribute": "email", "email": "ada@example.com", "not_before": seconds_from_now(-300),
        "not_on_or_after": seconds_from_now(300), **changes,
    }  # fmt: skip
    return etree.fromstring(
        f'<a:Assertion xmlns:a="{NAMESPACES["a"]}" xmlns:xs="http://www.w3.org/2001/XMLSchema" ID="id1" Version="2.0" '
        f'IssueInstant="{seconds_from_now(0)}"><a:Issuer>{values["issuer"]}</a:Issuer><a:Subject>'
        f'<a:NameID Format="{values["format"]}">{values["name_id"]}</a:NameID>'
        '<a:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><a:SubjectConfirmationData '
        f'NotOnOrAfter="{values["not_on_or_after"]}" Recipient="{values["recipient"]}"/></a:SubjectConfirmation>'
        f'</a:Subject><a:Conditions NotBefore="{values["not_before"]}" NotOnOrAfter="{values["not_on_or_after"]}">'
        f"<a:AudienceRestriction><a:Audience>{values['audience']}</a:Audience></a:AudienceRestriction></a:Conditions>"
        f'<a:AttributeStatement><a:Attribute Name="{values["attribute"]}">'
        '<a:AttributeValue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:type="xs:string">{values["email"]}</a:AttributeValue></a:Attribute></a:AttributeStatement></a:Assertion>'
    )


def make_response(
    *assertions: etree._Element, status: str = SUCCESS, destination: str = ACS, issuer: str = ENTITY_ID
) -> etree._Element:
    """A response around these assertions."""
    root = etree.fromstring(
        f'<p:Response xmlns:p="{NAMESPACES["p"]}" ID="id0" Version="2.0" Destination="{destination}" '
        f'IssueInstant="{seconds_from_now(0)}"><a:Issuer xmlns:a="{NAMESPACES["a"]}">{issuer}</a:Issuer>'
        f'<p:Status><p:StatusCode Value="{status}"/></p:Status></p:Response>'
    )
    root.extend(assertions)
    return root


def sign_element(
    element: etree._Element,
    key: SigningKey | None = None,
    method: str = "rsa-sha256",
    digest: str = "sha256",
    uri: str | None = None,
) -> etree._Element:
    """The element with a signature after its issuer, in the form of Okta's.

    uri: the reference of the signature, by default that of the element.
    """
    key = key or make_key()
    uri = f"#{element.get('ID')}" if uri is None else uri
    # The prefix of xsi:type="xs:string" is listed, since canonicalization does not see it in a value.
    prefixes = f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE_C14N}" PrefixList="xs"/>'
    content = etree.tostring(element, method="c14n", exclusive=True, inclusive_ns_prefixes=["xs"])
    digest_value = base64.b64encode(hashlib.new(digest, content).digest()).decode()
    signature = etree.fromstring(
        f'<ds:Signature xmlns:ds="{NAMESPACES["ds"]}"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE_C14N}"/><ds:SignatureMethod Algorithm="{METHODS[method]}"/>'
        f'<ds:Reference URI="{uri}"><ds:Transforms><ds:Transform Algorithm="{NAMESPACES["ds"]}enveloped-signature"/>'
        f'<ds:Transform Algorithm="{EXCLUSIVE_C14N}">{prefixes}</ds:Transform></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{DIGESTS[digest]}"/><ds:DigestValue>{digest_value}</ds:DigestValue></ds:Reference>'
        "</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data><ds:X509Certificate>"
        f"{key.certificate_text}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
    )
    element.insert(1, signature)
    signed_info = etree.tostring(signature[0], method="c14n", exclusive=True)
    signature[1].text = base64.b64encode(_signature_value(key, method, signed_info)).decode()
    return element


def encode_response(root: etree._Element | bytes) -> str:
    """A response as a browser carries it."""
    return base64.b64encode(root if isinstance(root, bytes) else etree.tostring(root)).decode()


def _signature_value(key: SigningKey, method: str, signed_info: bytes) -> bytes:
    kind, _dash, hash_name = method.partition("-")
    if kind == "hmac":  # its key is the certificate, which is public
        return hmac.digest(key.certificate.public_bytes(serialization.Encoding.PEM), signed_info, hash_name)
    algorithm = getattr(hashes, hash_name.upper())()
    if kind == "rsa":
        return key.private.sign(signed_info, padding.PKCS1v15(), algorithm)
    numbers = utils.decode_dss_signature(key.private.sign(signed_info, ec.ECDSA(algorithm)))
    return b"".join(number.to_bytes(32, "big") for number in numbers)
