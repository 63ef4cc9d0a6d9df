# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Signatures of a SAML response. Only what a valid signature covers is handed on.

Sources: XML Signature, SAML 2.0 core (section 5), "On Breaking SAML: Be Whoever You Want to Be" (USENIX Security 2012).
"""

from __future__ import annotations

import base64
import dataclasses
import typing

from ansible_collections.idops.okta.plugins.module_utils.errors import import_library
from ansible_collections.idops.okta.plugins.module_utils.saml_metadata import NAMESPACES, qualified_name

WRAPPING = "Signature wrapping:"
ENCRYPTED_ELEMENTS = ("saml:EncryptedAssertion", "saml:EncryptedID", "saml:EncryptedAttribute", "xenc:EncryptedData")
# SHA-1 is accepted here, so that it can be reported. HMAC is not: its key would be the certificate, which is public.
HASHES = ("SHA1", "SHA256", "SHA384", "SHA512")


@dataclasses.dataclass
class Verification:
    """The result of verify_signatures.

    elements: what valid signatures cover, as signxml returns it, by "response" and "assertion"; algorithms: the names
    of signature and digest methods of the valid signatures; problems: one sentence for each signature that is not.
    """

    elements: dict[str, typing.Any] = dataclasses.field(default_factory=dict)
    algorithms: set[str] = dataclasses.field(default_factory=set)
    problems: list[str] = dataclasses.field(default_factory=list)

    @property
    def assertion(self) -> typing.Any:
        """The assertion that is covered by a signature, or None. One invalid signature is enough to refuse it."""
        if self.problems:
            return None
        response = self.elements.get("response")
        if response is None:
            return self.elements.get("assertion")
        return response.find("saml:Assertion", NAMESPACES)


def find_structure_problem(root: typing.Any) -> str:
    """What is wrong with the structure of a response, or "". Two readers must not see two different people in it."""
    return (
        _find_encrypted_element(root)
        or _find_comment(root)
        or _find_assertion_problem(root)
        or _find_duplicate_id(root)
        or _find_misplaced_signature(root)
    )


def verify_signatures(root: typing.Any, certificates: list) -> Verification:
    """Verify the signatures of a response that has no structure problem, each with every certificate."""
    verification = Verification()
    _verify_element(verification, "response", root, "./", certificates)
    assertion = root.find("saml:Assertion", NAMESPACES)
    if assertion is not None:
        location = f"./{qualified_name('saml:Assertion')}/"
        _verify_element(verification, "assertion", assertion, location, certificates)
        if not verification.elements and not verification.problems:
            verification.problems.append(
                "Neither the response nor the assertion is signed: anybody could have written it."
            )
    return verification


def _find_encrypted_element(root: typing.Any) -> str:
    for _element in root.iter(*map(qualified_name, ENCRYPTED_ELEMENTS)):
        return (
            "The response is encrypted. Only Claude can decrypt it, and the setup for Claude does not use encryption."
        )
    return ""


def _find_comment(root: typing.Any) -> str:
    etree = import_library("lxml.etree", "lxml")
    for node in root.iter(etree.Comment, etree.ProcessingInstruction):
        parent = _local_name(node.getparent())
        return f"There is a comment inside {parent}: no signature covers it, and it can cut a value in two."
    return ""


def _find_assertion_problem(root: typing.Any) -> str:
    assertions = list(root.iter(qualified_name("saml:Assertion")))
    if len(assertions) > 1:
        return f"{WRAPPING} the response contains {len(assertions)} assertions instead of one."
    if assertions and assertions[0].getparent() is not root:
        parent = _local_name(assertions[0].getparent())
        return f"{WRAPPING} the assertion is hidden inside {parent}."
    return ""


def _find_duplicate_id(root: typing.Any) -> str:
    ids = set()
    for element in root.iter():
        for name, value in element.items():
            if name.rpartition("}")[2].lower() != "id":  # ID, Id and xml:id
                continue
            if value in ids:
                return f"{WRAPPING} two elements have the same ID, so one could be taken for the signed one."
            ids.add(value)
    return ""


def _find_misplaced_signature(root: typing.Any) -> str:
    """A signature must cover the element that it is in, all of it and nothing else (core, section 5.4.2)."""
    places = [root, *root.iter(qualified_name("saml:Assertion"))]  # each may have one signature
    for signature in root.iter(qualified_name("ds:Signature")):
        parent = signature.getparent()
        if parent not in places:
            return f"{WRAPPING} there is a misplaced or second signature inside {_local_name(parent)}."
        places.remove(parent)
        references = [node.get("URI") for node in signature.iterfind("ds:SignedInfo/ds:Reference", NAMESPACES)]
        if references != [f"#{parent.get('ID')}"]:
            return f"{WRAPPING} the signature inside {_local_name(parent)} covers another element."
    return ""


def _verify_element(
    verification: Verification, name: str, element: typing.Any, location: str, certificates: list
) -> None:
    """Verify the signature of an element, if it has one. location: where signxml should look for the signature."""
    if element.find("ds:Signature", NAMESPACES) is None:
        return
    result, errors = _try_certificates(element, location, certificates)
    if result is None:
        reason = _explain_errors(element, certificates, errors)
        verification.problems.append(f"The signature of the {name} {reason}")
        return
    signed = result.signed_xml
    if signed is None or (signed.tag, signed.get("ID")) != (element.tag, element.get("ID")):
        verification.problems.append(f"{WRAPPING} the signature of the {name} covers another element.")
        return
    verification.elements[name] = signed
    verification.algorithms |= _read_algorithms(result.signature_xml)


def _try_certificates(element: typing.Any, location: str, certificates: list) -> tuple[typing.Any, list[Exception]]:
    """What signxml returns for the first certificate that fits. If none does, None and one error for each."""
    signxml = import_library("signxml")
    config = _make_configuration(signxml, location)
    root = element.getroottree().getroot()
    errors: list[Exception] = []
    for certificate in certificates:
        try:
            return signxml.XMLVerifier().verify(root, x509_cert=certificate, expect_config=config), []
        except _verification_errors(signxml) as error:
            errors.append(error)
    return None, errors


def _make_configuration(signxml: typing.Any, location: str) -> typing.Any:
    signature_methods = [signxml.SignatureMethod[f"{key}_{hash}"] for key in ("RSA", "ECDSA") for hash in HASHES]
    digest_algorithms = [signxml.DigestAlgorithm[hash] for hash in HASHES]
    return signxml.SignatureConfiguration(
        location=location,
        signature_methods=frozenset(signature_methods),
        digest_algorithms=frozenset(digest_algorithms),
        ignore_ambiguous_key_info=True,  # the key is that of the metadata, whatever key the signature names
    )


def _verification_errors(signxml: typing.Any) -> tuple[type[Exception], ...]:
    """What signxml, lxml and cryptography raise on signatures that are invalid or incomplete."""
    errors = (
        import_library("lxml.etree", "lxml").LxmlError,
        import_library("cryptography.exceptions").UnsupportedAlgorithm,
    )
    return (signxml.exceptions.SignXMLException, *errors, ValueError, TypeError, KeyError, AttributeError)


def _explain_errors(element: typing.Any, certificates: list, errors: list[Exception]) -> str:
    """Why no certificate fits the signature of an element. signxml verifies the signature first, then the digest."""
    if not certificates:
        return "cannot be checked: metadata contains no signing certificate."
    if any(isinstance(error, import_library("signxml").exceptions.InvalidDigest) for error in errors):
        return "was made with the key of the metadata, but the signed content was altered afterwards."
    der = import_library("cryptography.hazmat.primitives.serialization").Encoding.DER
    known = [base64.b64encode(certificate.public_bytes(der)).decode() for certificate in certificates]
    named = "".join(element.findtext("ds:Signature/ds:KeyInfo//ds:X509Certificate", "", NAMESPACES).split())
    if not named:
        return _explain_error(certificates[0], errors[0]) + " It names no certificate."
    if named not in known:
        return "was made with a key that is not in the metadata."
    index = known.index(named)
    return _explain_error(certificates[index], errors[index])


def _explain_error(certificate: typing.Any, error: Exception) -> str:
    """Why a certificate does not fit a signature that names it, or that names none."""
    kinds = import_library("signxml").exceptions
    if isinstance(error, kinds.InvalidCertificate):
        return f"was made with a certificate that is valid until {certificate.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}."
    if isinstance(error, kinds.InvalidSignature):
        return "does not match the certificate of the metadata: it was altered or forged."
    return f"cannot be checked: {error}."


def _read_algorithms(signature: typing.Any) -> set[str]:
    """The names of signature and digest methods, such as rsa-sha256 and sha256."""
    methods = signature.find("ds:SignedInfo", NAMESPACES).iter(
        qualified_name("ds:SignatureMethod"), qualified_name("ds:DigestMethod")
    )
    return {method.get("Algorithm").rpartition("#")[2] for method in methods}


def _local_name(element: typing.Any) -> str:
    if element is None:
        return "the document"
    return str(element.tag).rpartition("}")[2]
