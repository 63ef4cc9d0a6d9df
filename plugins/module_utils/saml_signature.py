# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Signatures of a SAML response: what they cover, and nothing else, may be believed.

Sources: XML Signature, SAML 2.0 core (section 5), "On Breaking SAML: Be Whoever You Want to Be" (USENIX Security 2012).
"""

from __future__ import annotations

import base64
import dataclasses
import typing

from ansible_collections.idops.okta.plugins.module_utils.errors import library
from ansible_collections.idops.okta.plugins.module_utils.saml import NAMES, tag

WRAPPED = "Signature wrapping:"
# SHA-1 is let through to be reported. HMAC never is: its key would be the certificate, which everybody has.
HASHES = ("SHA1", "SHA256", "SHA384", "SHA512")


def fault(root: typing.Any) -> str:
    """What is wrong with the build of a response, or "": two readers must not see two different people in it."""
    etree = library("lxml.etree", "lxml")
    encrypted = ("saml:EncryptedAssertion", "saml:EncryptedID", "saml:EncryptedAttribute", "xenc:EncryptedData")
    if any(True for _node in root.iter(*map(tag, encrypted))):
        return (
            "The response is encrypted: nobody but Claude could read it, and Claude's set-up does not use encryption."
        )
    for node in root.iter(etree.Comment, etree.ProcessingInstruction):
        return f"There is a comment inside {_name(node.getparent())}: no signature covers it, and it can cut a value in two."
    assertions = list(root.iter(tag("saml:Assertion")))
    if len(assertions) > 1:
        return f"{WRAPPED} {len(assertions)} assertions are in the response, where exactly one belongs."
    if assertions and assertions[0].getparent() is not root:
        return f"{WRAPPED} the assertion is hidden inside {_name(assertions[0].getparent())}."
    ids = [held for node in root.iter() for name, held in node.items() if name.rpartition("}")[2].lower() == "id"]
    if len(ids) != len(set(ids)):
        return f"{WRAPPED} two elements have the same ID, so a signature of one could be taken for the other's."
    return _misplaced(root, [root, *assertions])


def _misplaced(root: typing.Any, owners: list) -> str:
    """A signature covers the element in which it stands, as a whole, and nothing else (core, section 5.4.2)."""
    for signature in root.iter(tag("ds:Signature")):
        owner = signature.getparent()
        if owner not in owners:
            return f"{WRAPPED} there is a signature inside {_name(owner)}, or a second one."
        owners.remove(owner)
        covers = [node.get("URI") for node in signature.iterfind("ds:SignedInfo/ds:Reference", NAMES)]
        if covers != [f"#{owner.get('ID')}"]:
            return f"{WRAPPED} the signature inside {_name(owner)} covers another element than the one it stands in."
    return ""


@dataclasses.dataclass
class Verified:
    """What good signatures cover, as verify() of signxml returned it, by "response" and "assertion"; methods; faults."""

    covered: dict[str, typing.Any] = dataclasses.field(default_factory=dict)
    methods: set[str] = dataclasses.field(default_factory=set)
    faults: list[str] = dataclasses.field(default_factory=list)

    @property
    def assertion(self) -> typing.Any:
        """The assertion that may be believed, or None: one bad signature beside a good one spoils both."""
        whole = self.covered.get("response")
        inner = self.covered.get("assertion") if whole is None else whole.find("saml:Assertion", NAMES)
        return None if self.faults else inner


def verified(root: typing.Any, keys: list) -> Verified:
    """Every signature of a response without fault, tried with every certificate of the metadata."""
    found = Verified()
    places = {
        "response": (root, "./"),
        "assertion": (root.find("saml:Assertion", NAMES), f"./{tag('saml:Assertion')}/"),
    }
    for name, (owner, place) in places.items():
        if owner is not None and owner.find("ds:Signature", NAMES) is not None:
            _verify(found, name, owner, place, keys)
    if places["assertion"][0] is not None and not (found.covered or found.faults):
        found.faults.append("Neither the response nor the assertion is signed: anybody could have written it.")
    return found


def _verify(found: Verified, name: str, owner: typing.Any, place: str, keys: list) -> None:
    signxml = library("signxml")
    config = signxml.SignatureConfiguration(
        location=place,
        signature_methods=frozenset(
            signxml.SignatureMethod[f"{kind}_{size}"] for kind in ("RSA", "ECDSA") for size in HASHES
        ),
        digest_algorithms=frozenset(signxml.DigestAlgorithm[size] for size in HASHES),
        ignore_ambiguous_key_info=True,  # the key is the metadata's, whatever the signature says of itself
    )
    refusals: list[Exception] = []
    for key in keys:
        try:
            result = signxml.XMLVerifier().verify(owner.getroottree().getroot(), x509_cert=key, expect_config=config)
        except _refusals(signxml) as error:
            refusals.append(error)
            continue
        signed = result.signed_xml
        if signed is None or (signed.tag, signed.get("ID")) != (owner.tag, owner.get("ID")):
            found.faults.append(f"{WRAPPED} the signature of the {name} covers something else.")
            return
        found.covered[name] = signed
        info = result.signature_xml.find("ds:SignedInfo", NAMES)
        methods = info.iter(tag("ds:SignatureMethod"), tag("ds:DigestMethod"))
        found.methods |= {node.get("Algorithm").rpartition("#")[2] for node in methods}
        return
    found.faults.append(f"The signature of the {name} {_refused(signxml, refusals, owner, keys)}")


def _refusals(signxml: typing.Any) -> tuple[type[Exception], ...]:
    """What signxml, lxml and cryptography raise on bad and on broken signatures."""
    errors = (library("lxml.etree", "lxml").LxmlError, library("cryptography.exceptions").UnsupportedAlgorithm)
    return (signxml.exceptions.SignXMLException, *errors, ValueError, TypeError, KeyError, AttributeError)


def _refused(signxml: typing.Any, refusals: list[Exception], owner: typing.Any, keys: list) -> str:
    """Why no certificate of the metadata accepts a signature; signxml looks at the signature first, then at the digest."""
    errors = signxml.exceptions
    if not keys:
        return "cannot be checked: there is no signing certificate in the metadata."
    if any(isinstance(error, errors.InvalidDigest) for error in refusals):
        return "was made with the metadata's key, but what it covers was altered afterwards."
    der = library("cryptography.hazmat.primitives.serialization").Encoding.DER
    named = "".join(owner.findtext("ds:Signature/ds:KeyInfo//ds:X509Certificate", "", NAMES).split())
    known = [base64.b64encode(key.public_bytes(der)).decode() for key in keys]
    if named and named not in known:
        return "was made with another key than that of the metadata."
    place = known.index(named) if named else 0
    if isinstance(refusals[place], errors.InvalidCertificate):
        return f"was made with a certificate that is valid until {keys[place].not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}."
    if not isinstance(refusals[place], errors.InvalidSignature):
        return f"cannot be checked: {refusals[place]}."
    return f"{'' if named else 'names no certificate and '}does not fit the metadata's: it was altered or forged."


def _name(node: typing.Any) -> str:
    return "the document" if node is None else str(node.tag).rpartition("}")[2]
