# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An identity provider of the tests: signs with keys of its own what the stand-in org never would say."""

from __future__ import annotations

import base64
import datetime
import functools
import hashlib
import hmac
import typing

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from lxml import etree

ENTITY = "http://www.okta.com/exktests0000000000000"
ACS = "https://auth.example.com/sso/saml/acs/abc"
AUDIENCE = "https://auth.example.com/abc"
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
NAMES = {
    "a": "urn:oasis:names:tc:SAML:2.0:assertion",
    "p": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
METHODS = {
    "rsa-sha1": NAMES["ds"] + "rsa-sha1",
    **{name: MORE + name for name in ("rsa-sha256", "rsa-sha512", "ecdsa-sha256", "hmac-sha256")},
}
DIGESTS = {
    "md5": MORE + "md5",
    "sha1": NAMES["ds"] + "sha1",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
}


class Key(typing.NamedTuple):
    private: typing.Any
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def text(self) -> str:
        return base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()


@functools.cache
def key(name: str = "current", kind: str = "rsa", days: int = 3650) -> Key:
    """A key of this name, the same for the whole run; its certificate is valid for so many days, or no more."""
    private = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    builder = x509.CertificateBuilder(subject, subject, private.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(ends - datetime.timedelta(days=4000)).not_valid_after(ends)
    return Key(private, builder.sign(private, hashes.SHA256()))


def metadata(*keys: Key, entity: str = ENTITY) -> str:
    """Metadata with the certificates of these keys."""
    signing = "".join(
        f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{NAMES["ds"]}"><ds:X509Data><ds:X509Certificate>{one.text}'
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        for one in keys or (key(),)
    )
    return (
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity}">'
        f'<md:IDPSSODescriptor protocolSupportEnumeration="{NAMES["p"]}">{signing}'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )


def at(seconds: float) -> str:
    """So many seconds from now, as SAML writes it."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def assertion(**says: typing.Any) -> etree._Element:
    """An assertion as Okta writes it, its types included; says: what is different."""
    held: dict[str, typing.Any] = {
        "issuer": ENTITY, "name_id": "ada@example.com", "format": EMAIL, "audience": AUDIENCE, "recipient": ACS,
        "email": "ada@example.com", "attribute": "email", "begins": at(-300), "ends": at(300), **says,
    }  # fmt: skip
    return etree.fromstring(
        f'<a:Assertion xmlns:a="{NAMES["a"]}" xmlns:xs="http://www.w3.org/2001/XMLSchema" ID="id1" Version="2.0" '
        f'IssueInstant="{at(0)}"><a:Issuer>{held["issuer"]}</a:Issuer><a:Subject>'
        f'<a:NameID Format="{held["format"]}">{held["name_id"]}</a:NameID>'
        f'<a:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><a:SubjectConfirmationData '
        f'NotOnOrAfter="{held["ends"]}" Recipient="{held["recipient"]}"/></a:SubjectConfirmation></a:Subject>'
        f'<a:Conditions NotBefore="{held["begins"]}" NotOnOrAfter="{held["ends"]}"><a:AudienceRestriction>'
        f"<a:Audience>{held['audience']}</a:Audience></a:AudienceRestriction></a:Conditions><a:AttributeStatement>"
        f'<a:Attribute Name="{held["attribute"]}"><a:AttributeValue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:type="xs:string">{held["email"]}</a:AttributeValue></a:Attribute></a:AttributeStatement></a:Assertion>'
    )


def sign(
    element: etree._Element, by: Key | None = None, method: str = "rsa-sha256", digest: str = "sha256", **named: str
) -> etree._Element:
    """The element with a signature behind its issuer, of the form of Okta's. named: uri, another reference than its own."""
    by = by or key()
    # The prefix of xsi:type="xs:string" is listed, since canonicalisation does not see it in a value.
    listed = f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="xs"/>'
    hashed = hashlib.new(digest, etree.tostring(element, method="c14n", exclusive=True, inclusive_ns_prefixes=["xs"]))
    signature = etree.fromstring(
        f'<ds:Signature xmlns:ds="{NAMES["ds"]}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
        f'<ds:SignatureMethod Algorithm="{METHODS[method]}"/>'
        f'<ds:Reference URI="{named.get("uri", "#" + element.get("ID", ""))}"><ds:Transforms>'
        f'<ds:Transform Algorithm="{NAMES["ds"]}enveloped-signature"/><ds:Transform Algorithm="{EXCLUSIVE}">{listed}'
        f'</ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="{DIGESTS[digest]}"/><ds:DigestValue>'
        f"{base64.b64encode(hashed.digest()).decode()}</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue/>"
        f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{by.text}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        "</ds:Signature>"
    )
    element.insert(1, signature)
    info = etree.tostring(signature[0], method="c14n", exclusive=True)
    signature[1].text = base64.b64encode(_value(by, method, info)).decode()
    return element


def _value(by: Key, method: str, info: bytes) -> bytes:
    kind, _dash, name = method.partition("-")
    if kind == "hmac":  # with what everybody has: the certificate
        return hmac.digest(by.certificate.public_bytes(serialization.Encoding.PEM), info, name)
    algorithm = getattr(hashes, name.upper())()
    if kind == "rsa":
        return by.private.sign(info, padding.PKCS1v15(), algorithm)
    numbers = utils.decode_dss_signature(by.private.sign(info, ec.ECDSA(algorithm)))
    return b"".join(number.to_bytes(32, "big") for number in numbers)


def envelope(
    *assertions: etree._Element, status: str = SUCCESS, destination: str = ACS, issuer: str = ENTITY
) -> etree._Element:
    """A response around assertions."""
    root = etree.fromstring(
        f'<p:Response xmlns:p="{NAMES["p"]}" ID="id0" Version="2.0" Destination="{destination}" IssueInstant="{at(0)}">'
        f'<a:Issuer xmlns:a="{NAMES["a"]}">{issuer}</a:Issuer><p:Status><p:StatusCode Value="{status}"/></p:Status>'
        "</p:Response>"
    )
    root.extend(assertions)
    return root


def packed(root: etree._Element | bytes) -> str:
    """As a browser carries it."""
    return base64.b64encode(root if isinstance(root, bytes) else etree.tostring(root)).decode()


def unpacked(text: str) -> etree._Element:
    return etree.fromstring(base64.b64decode(text))
