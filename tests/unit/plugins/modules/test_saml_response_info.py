# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Attacks and mistakes. Each fails its own check, and no other."""

import base64
import copy
import random
import re
import urllib.parse

import pytest
import signxml
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.saml_metadata import MAX_XML_BYTES
from ansible_collections.idops.okta.tests.support import saml_signing as idp
from ansible_collections.idops.okta.tests.support.app_bodies import ACS, AUDIENCE, EMAIL_FORMAT
from ansible_collections.idops.okta.tests.support.examples import signed_in
from ansible_collections.idops.okta.tests.support.module_runner import run_module
from ansible_collections.idops.okta.tests.support.saml_signing import NAMESPACES
from lxml import etree

MODULE = "saml_response_info"
IDS = [
    "saml_structure", "saml_signature", "saml_algorithm", "saml_status", "saml_issuer",
    "saml_audience", "saml_recipient", "saml_time", "saml_name_id", "saml_email",
]  # fmt: skip
EXPECTED = {"metadata": idp.make_metadata(), "audience": AUDIENCE, "acs_url": ACS}
OTHER_URL = "https://other.example.com/"
MALLORY = "mallory@example.com"


def check_response(response, **options):
    """The outcome of the module for a response of the test identity provider."""
    text = response if isinstance(response, str) else idp.encode_response(response)
    return run_module(MODULE, {"response": text, **EXPECTED, **options})


def details(outcome, state):
    """The details of the checks in this state, by id."""
    assert not outcome.failed, outcome["msg"]
    assert [check["id"] for check in outcome["checks"]] == IDS
    return {check["id"]: check["detail"] for check in outcome["checks"] if check["state"] == state}


def failed(outcome):
    return details(outcome, "failed")


def fully_signed(**changes):
    """A response as Okta sends it: the assertion is signed, and the response as well."""
    return idp.sign_element(assertion_signed(**changes))


def assertion_signed(key=None, method="rsa-sha256", digest="sha256", uri=None, **changes):
    """Only the assertion is signed. changes: of its values."""
    return idp.make_response(idp.sign_element(idp.make_assertion(**changes), key, method, digest, uri))


def response_signed(id="id0"):
    root = idp.make_response(idp.make_assertion())
    root.set("ID", id)
    return idp.sign_element(root)


# Good responses

ELLIPTIC = idp.make_key("elliptic", "ec")


def test_a_response_of_okta_passes_every_check(okta):
    options = signed_in(okta)
    outcome = run_module(MODULE, options)
    assert list(details(outcome, "ok")) == IDS
    assertion = outcome["assertion"]
    assert assertion["name_id"] == "ada@example.com" and assertion["attributes"] == {"email": ["ada@example.com"]}
    assert assertion["name_id_format"].endswith(":emailAddress") and assertion["signed"] == ["assertion", "response"]
    assert assertion["audiences"] == [AUDIENCE] and assertion["recipient"] == ACS
    assert assertion["not_before"] < assertion["not_on_or_after"]
    assert options["response"] not in outcome.text


@pytest.mark.parametrize(
    ("build", "signed"),
    [
        (fully_signed, ["assertion", "response"]),
        (assertion_signed, ["assertion"]),
        (response_signed, ["response"]),
        (lambda: assertion_signed(ELLIPTIC, "ecdsa-sha256"), ["assertion"]),
        (lambda: assertion_signed(method="rsa-sha512", digest="sha512"), ["assertion"]),
    ],
    ids=["both", "assertion", "response", "ecdsa", "sha512"],
)
def test_response_or_assertion_may_be_signed(build, signed):
    outcome = check_response(build(), metadata=idp.make_metadata(idp.make_key(), ELLIPTIC))
    assert failed(outcome) == {}
    assert outcome["assertion"]["signed"] == signed


def test_a_signature_of_another_library_and_white_space_in_the_markup_are_accepted():
    assertion = idp.make_assertion()
    placeholder = etree.Element(f"{{{NAMESPACES['ds']}}}Signature", Id="placeholder", nsmap={"ds": NAMESPACES["ds"]})
    assertion.insert(1, placeholder)
    signer = signxml.XMLSigner(c14n_algorithm=idp.EXCLUSIVE_C14N)
    signed = signer.sign(assertion, key=idp.make_key().private, cert=[idp.make_key().certificate], reference_uri="#id1")
    xml = etree.tostring(idp.make_response(signed)).replace(b' Version="2.0"', b'\n  Version="2.0"')
    assert failed(check_response(xml)) == {}


def test_during_a_rotation_every_certificate_is_tried():
    for keys in ((idp.make_key(), idp.make_key("next")), (idp.make_key("next"), idp.make_key())):
        assert failed(check_response(fully_signed(), metadata=idp.make_metadata(*keys))) == {}


CAPTURES = {
    "lines": lambda text: re.sub("(.{64})", r"\1\n", text) + "\r\n",
    "blanks": lambda text: f"  {text}  ",
    "URL encoding": lambda text: urllib.parse.quote(text, safe=""),
    "form": lambda text: "SAMLResponse=" + urllib.parse.quote(text, safe=""),
    "last field": lambda text: urllib.parse.urlencode({"RelayState": "https://x/?a=b", "SAMLResponse": text}),
    "first field": lambda text: urllib.parse.urlencode({"SAMLResponse": text, "RelayState": "https://x/?a=b"}),
    "name and value": lambda text: f"SAMLResponse: {text}\n",
    "form without encoding": lambda text: f"SAMLResponse={text}&RelayState=",
}


@pytest.mark.parametrize("name", CAPTURES)
def test_a_response_is_accepted_as_developer_tools_show_it(name):
    assert failed(check_response(CAPTURES[name](idp.encode_response(fully_signed())))) == {}


def test_checks_without_an_expected_value_are_skipped():
    outcome = check_response(fully_signed(), audience="", acs_url=None)
    audience, recipient = "Not checked: audience is not set.", "Not checked: acs_url is not set."
    assert details(outcome, "skipped") == {"saml_audience": audience, "saml_recipient": recipient}
    assert failed(outcome) == {}


def test_the_metadata_of_a_planned_app_skips_every_check():
    outcome = check_response("anything", metadata=PLANNED)
    assert details(outcome, "skipped") == dict.fromkeys(IDS, "Not checked: the app does not exist yet.")


# Attacks on the structure. XSW is signature wrapping, with the numbers of "On Breaking SAML".


def forge(signed):
    """A copy without signatures, for somebody else."""
    forged = copy.deepcopy(signed)
    for signature in forged.findall(".//ds:Signature", NAMESPACES):
        signature.getparent().remove(signature)
    for node in forged.iter(f"{{{NAMESPACES['a']}}}NameID", f"{{{NAMESPACES['a']}}}AttributeValue"):
        node.text = MALLORY
    forged.set("ID", "id9")
    return forged


def wrap_response(hide_in):
    """The forged response is the root, with the signature of the signed one, which is hidden."""
    original = response_signed()
    forged, signature = forge(original), original.find("ds:Signature", NAMESPACES)
    forged.insert(1, signature)
    if hide_in == "signature":
        signature.append(original)
    else:
        forged.insert(1, original)
    return forged


def wrap_assertion(hide_in=None, *, take_signature=False):
    """The forged assertion is in front of the signed one, or hides it. take_signature: it has the signature."""
    root = assertion_signed()
    original = root[-1]
    forged, signature = forge(original), original.find("ds:Signature", NAMESPACES)
    root.insert(2, forged)
    if take_signature:
        forged.insert(1, signature)
    if hide_in == "object":
        etree.SubElement(signature, f"{{{NAMESPACES['ds']}}}Object").append(original)
    elif hide_in:
        {"signature": signature, "assertion": forged}[hide_in].append(original)
    return root


def move_into_extensions(root, index):
    """Move a child of the response to a place where nobody should look."""
    extensions = etree.Element(f"{{{NAMESPACES['p']}}}Extensions")
    root[index].set("ID", "id1")
    extensions.append(root[index])
    root.insert(1, extensions)
    return root


def same_id(attribute):
    """Another element has the ID of the signed one."""
    root = assertion_signed()
    detail = etree.SubElement(root.find("p:Status", NAMESPACES), f"{{{NAMESPACES['p']}}}StatusDetail")
    etree.SubElement(detail, "anything").set(attribute, "id1")
    return root


def add_signature(root, path):
    """A copy of the signature of the assertion, elsewhere."""
    signature = idp.sign_element(idp.make_assertion()).find("ds:Signature", NAMESPACES)
    root.find(path, NAMESPACES).insert(1, signature)
    return root


def two_signed_assertions():
    other = idp.make_assertion(name_id=MALLORY)
    other.set("ID", "id2")
    return idp.make_response(idp.sign_element(idp.make_assertion()), idp.sign_element(other))


def signed_response_with(prefix, name):
    root = idp.make_response()
    etree.SubElement(root, f"{{{NAMESPACES[prefix]}}}{name}")
    return idp.sign_element(root)


def split_name_id(node):
    """Of ada@example.com.evil.example, a careless reader sees what is before the comment."""
    root = assertion_signed(name_id="ada@example.com.evil.example", email="ada@example.com.evil.example")
    name_id = root.find(".//a:NameID", NAMESPACES)
    name_id.text = "ada@example.com"
    node.tail = ".evil.example"
    name_id.append(node)
    return root


WRAPPING = {
    "XSW 1": (lambda: wrap_response("signature"), "2 assertions"),
    "XSW 2": (lambda: wrap_response("response"), "2 assertions"),
    "XSW 3": (wrap_assertion, "2 assertions"),
    "XSW 4": (lambda: wrap_assertion("assertion"), "2 assertions"),
    "XSW 5": (lambda: wrap_assertion(take_signature=True), "2 assertions"),
    "XSW 6": (lambda: wrap_assertion("signature", take_signature=True), "2 assertions"),
    "XSW 7": (lambda: move_into_extensions(wrap_assertion(), 2), "2 assertions"),
    "XSW 8": (lambda: wrap_assertion("object", take_signature=True), "2 assertions"),
    "two signed assertions": (two_signed_assertions, "2 assertions"),
    "hidden assertion": (lambda: move_into_extensions(assertion_signed(), -1), "hidden inside Extensions"),
    "response in response": (lambda: idp.make_response(response_signed(id="id5")), "hidden inside Response"),
    "same ID": (lambda: same_id("ID"), "the same ID"),
    "same Id": (lambda: same_id("Id"), "the same ID"),
    "same xml:id": (lambda: same_id("{http://www.w3.org/XML/1998/namespace}id"), "the same ID"),
    "other element": (lambda: add_signature(idp.make_response(idp.make_assertion()), "."), "Response covers another"),
    "whole document": (lambda: assertion_signed(uri=""), "inside Assertion covers another element"),
    "other document": (lambda: assertion_signed(uri=OTHER_URL), "inside Assertion covers another element"),
    "second signature": (lambda: add_signature(assertion_signed(), "a:Assertion"), "second signature inside Assertion"),
    "stray signature": (lambda: add_signature(assertion_signed(), "p:Status"), "second signature inside Status"),
}
STRUCTURE = {
    "comment in name ID": (lambda: split_name_id(etree.Comment("")), "a comment inside NameID"),
    "instruction in name ID": (lambda: split_name_id(etree.ProcessingInstruction("x")), "a comment inside NameID"),
    "encrypted assertion": (lambda: signed_response_with("a", "EncryptedAssertion"), "does not use encryption"),
    "encrypted data": (lambda: signed_response_with("xenc", "EncryptedData"), "does not use encryption"),
    "no assertion": (lambda: idp.sign_element(idp.make_response()), "contains no assertion"),
    "no assertion, unsigned": (idp.make_response, "contains no assertion"),
}


@pytest.mark.parametrize("name", [*WRAPPING, *STRUCTURE])
def test_a_wrong_structure_fails_the_structure_check_only(name):
    build, message = {**WRAPPING, **STRUCTURE}[name]
    outcome = check_response(build())
    assert failed(outcome).keys() == {"saml_structure"}
    assert message in failed(outcome)["saml_structure"]
    assert failed(outcome)["saml_structure"].startswith("Signature wrapping:") == (name in WRAPPING)
    assert outcome["assertion"] is None


# Attacks on the signature


def replace_text(root, path, text):
    root.find(f".//{path}", NAMESPACES).text = text
    return root


def remove(root, path):
    node = root.find(f".//{path}", NAMESPACES)
    node.getparent().remove(node)
    return root


def clear(root, path):
    root.find(f".//{path}", NAMESPACES).clear()
    return root


OTHER_SIGNATURE = base64.b64encode(bytes(256)).decode()  # as long as that of an RSA key
ALTERED, FORGED, OTHER_KEY = "altered afterwards", "it was altered or forged", "a key that is not in the metadata"
OTHER, CERTIFICATE = idp.make_key("mallory"), ("ds:X509Certificate", idp.make_key().certificate_text)
SIGNATURE = {
    "unsigned": (lambda: idp.make_response(idp.make_assertion(name_id=MALLORY)), "Neither the response nor the asser"),
    "altered name ID": (lambda: replace_text(assertion_signed(), "a:NameID", MALLORY), ALTERED),
    "altered attribute": (lambda: replace_text(fully_signed(), "a:AttributeValue", MALLORY), ALTERED),
    "altered in signed response": (lambda: replace_text(response_signed(), "a:NameID", MALLORY), ALTERED),
    "altered digest": (lambda: replace_text(assertion_signed(), "ds:DigestValue", "AAAA"), FORGED),
    "altered signature": (lambda: replace_text(assertion_signed(), "ds:SignatureValue", OTHER_SIGNATURE), FORGED),
    "no certificate": (lambda: remove(assertion_signed(OTHER), "ds:KeyInfo"), "forged. It names no certificate."),
    "other key": (lambda: assertion_signed(OTHER), OTHER_KEY),
    "other key, certificate of the metadata": (lambda: replace_text(assertion_signed(OTHER), *CERTIFICATE), FORGED),
    "other kind of key": (lambda: assertion_signed(ELLIPTIC, "ecdsa-sha256"), OTHER_KEY),
    "one of two": (lambda: idp.sign_element(assertion_signed(), OTHER), f"response was made with {OTHER_KEY}"),
    "hmac": (lambda: assertion_signed(method="hmac-sha256"), "HMAC_SHA256 forbidden"),
    "md5": (lambda: assertion_signed(digest="md5"), "Unrecognized DigestAlgorithm"),
    "no signature value": (lambda: clear(assertion_signed(), "ds:SignatureValue"), "The signature of the assertion"),
    "no digest value": (lambda: clear(assertion_signed(), "ds:DigestValue"), "The signature of the assertion"),
}
METADATA = {
    "other keys": (idp.make_metadata(idp.make_key("next"), ELLIPTIC), OTHER_KEY),
    "no key": (re.sub("<md:KeyD.*KeyDescriptor>", "", idp.make_metadata()), "contains no signing certificate"),
    "only encryption": (idp.make_metadata().replace('"signing"', '"encryption"'), "contains no signing certificate"),
}


@pytest.mark.parametrize(("build", "message"), SIGNATURE.values(), ids=SIGNATURE)
def test_an_invalid_signature_fails_the_signature_check_only(build, message):
    outcome = check_response(build())
    assert failed(outcome).keys() == {"saml_signature"}
    assert message in failed(outcome)["saml_signature"]
    assert outcome["assertion"] is None
    assert "mallory" not in outcome.text


@pytest.mark.parametrize(("metadata", "message"), METADATA.values(), ids=METADATA)
def test_metadata_without_the_key_fails_the_signature_check_only(metadata, message):
    outcome = check_response(assertion_signed(), metadata=metadata)
    assert failed(outcome).keys() == {"saml_signature"} and message in failed(outcome)["saml_signature"]


def test_an_expired_certificate_fails_the_signature_check():
    expired = idp.make_key("expired", days_left=-3)
    outcome = check_response(assertion_signed(expired), metadata=idp.make_metadata(expired, idp.make_key()))
    assert "was made with a certificate that is valid until" in failed(outcome)["saml_signature"]


@pytest.mark.parametrize(
    ("method", "digest", "message"),
    [("rsa-sha1", "sha256", "rsa-sha1"), ("rsa-sha256", "sha1", "sha1"), ("rsa-sha1", "sha1", "rsa-sha1 and sha1")],
)
def test_sha_1_is_reported_and_the_content_still_checked(method, digest, message):
    outcome = check_response(assertion_signed(method=method, digest=digest))
    assert failed(outcome).keys() == {"saml_algorithm"}
    assert f"Signed with {message}. SHA-1 is broken" in failed(outcome)["saml_algorithm"]
    assert outcome["assertion"]["name_id"] == "ada@example.com"


# Wrong content

PAST = {"not_before": idp.seconds_from_now(-9000), "not_on_or_after": idp.seconds_from_now(-130)}
FUTURE = {"not_before": idp.seconds_from_now(7200), "not_on_or_after": idp.seconds_from_now(9000)}
UNSPECIFIED = EMAIL_FORMAT.replace("emailAddress", "unspecified")
CONTENT = {
    "issuer": ({"issuer": OTHER_URL}, "saml_issuer", f"is {OTHER_URL}, and should be {idp.ENTITY_ID}"),
    "audience": ({"audience": OTHER_URL}, "saml_audience", f"audience is {OTHER_URL}, and should be"),
    "audience with slash": ({"audience": AUDIENCE + "/"}, "saml_audience", "only in case or in a trailing slash"),
    "no audience": ({"audience": ""}, "saml_audience", "audience is missing"),
    "recipient": ({"recipient": OTHER_URL}, "saml_recipient", f"recipient is {OTHER_URL}"),
    "expired": (PAST, "saml_time", "The assertion expired at"),
    "not yet valid": (FUTURE, "saml_time", "is not valid before"),
    "no time": ({"not_before": "yesterday"}, "saml_time", "invalid validity period: NotBefore is yesterday"),
    "local time": ({"not_on_or_after": "2031-01-01T00:00:00+01:00"}, "saml_time", "invalid validity period"),
    "empty time": ({"not_on_or_after": ""}, "saml_time", "NotOnOrAfter is missing"),
    "format": ({"format": UNSPECIFIED}, "saml_name_id", "name ID format is"),
    "login": ({"name_id": "ada", "email": "ada"}, "saml_name_id", "should be an email address"),
    "white space": ({"name_id": " a@x.y", "email": " a@x.y"}, "saml_name_id", "should be an email address"),
    "no name ID": ({"name_id": "", "email": ""}, "saml_name_id", "name ID is missing"),
    "email": ({"email": "ada@corp.example.com"}, "saml_email", "should be ada@example.com"),
    "email with capital": ({"email": "Ada@example.com"}, "saml_email", "differ only in case"),
    "no email": ({"attribute": "Email"}, "saml_email", "There is no attribute email. The attributes are: Email."),
}
unsigned_or_signed = pytest.mark.parametrize("finish", [lambda root: root, idp.sign_element])


@pytest.mark.parametrize("build", [fully_signed, assertion_signed], ids=["both signed", "assertion signed"])
@pytest.mark.parametrize(("changes", "id", "message"), CONTENT.values(), ids=CONTENT)
def test_wrong_content_fails_one_check(changes, id, message, build):
    outcome = check_response(build(**changes))
    assert failed(outcome).keys() == {id}
    assert message in failed(outcome)[id]
    assert outcome["assertion"]["signed"]


@pytest.mark.parametrize("email", ["grace@example.com", "Ada@Example.com"])
def test_another_person_than_expected_fails_the_name_id(email):
    found = failed(check_response(fully_signed(), email=email))
    hint = " They differ only in case or in a trailing slash." if email.startswith("Ada") else ""
    assert found == {"saml_name_id": f"The name ID is ada@example.com, and should be {email}.{hint}"}


@unsigned_or_signed
@pytest.mark.parametrize(("name", "id"), [("destination", "saml_recipient"), ("issuer", "saml_issuer")])
def test_destination_and_issuer_of_the_response_are_compared(name, id, finish):
    root = idp.make_response(idp.sign_element(idp.make_assertion()), **{name: OTHER_URL})
    found = failed(check_response(finish(root)))
    assert found.keys() == {id} and f"is {OTHER_URL}, and should be" in found[id]


@unsigned_or_signed
def test_a_refusal_of_okta_fails_the_status(finish):
    status = "urn:oasis:names:tc:SAML:2.0:status:Responder"
    outcome = check_response(finish(idp.make_response(status=status)))
    assert failed(outcome) == {"saml_status": f"Okta did not sign the person in: {status}."}


def test_a_status_that_is_not_signed_is_marked():
    assert details(check_response(fully_signed()), "ok")["saml_status"] == "Okta signed the person in."
    assert "which is not signed itself" in details(check_response(assertion_signed()), "ok")["saml_status"]


def test_several_emails_must_be_equal():
    assertion = idp.make_assertion()
    attribute = assertion.find(".//a:Attribute", NAMESPACES)
    attribute.append(copy.deepcopy(attribute[0]))
    assert failed(check_response(idp.make_response(idp.sign_element(copy.deepcopy(assertion))))) == {}
    attribute[1].text = MALLORY
    found = failed(check_response(idp.make_response(idp.sign_element(assertion))))
    assert f"ada@example.com and {MALLORY}" in found["saml_email"]


def test_the_audience_must_be_in_every_restriction():
    assertion = idp.make_assertion()
    conditions = assertion.find("a:Conditions", NAMESPACES)
    conditions.append(copy.deepcopy(conditions[0]))
    conditions[1][0].text = OTHER_URL
    assert failed(check_response(idp.make_response(idp.sign_element(assertion)))).keys() == {"saml_audience"}


@pytest.mark.parametrize(("tolerance", "checks"), [(120, ["saml_time"]), (140, []), (10**15, [])])
def test_tolerance_is_in_seconds(tolerance, checks):
    expired = fully_signed(not_before=idp.seconds_from_now(-900), not_on_or_after=idp.seconds_from_now(-130))
    assert list(failed(check_response(expired, tolerance=tolerance))) == checks


def test_markup_in_a_name_is_text():
    name = "&lt;script&gt;{name_id}@example.com"
    outcome = check_response(fully_signed(name_id=name, email=name))
    assert outcome["assertion"]["name_id"] == "<script>{name_id}@example.com"
    assert failed(outcome) == {}


# Input that is not a response or not metadata

BOMB = b"<!DOCTYPE b [<!ENTITY a '%b'><!ENTITY b '%b'>]><b>%b</b>" % (b"a" * 100, b"&a;" * 100, b"&b;" * 100)
REQUEST = b'<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol"/>'
NO_RESPONSE = {
    "empty": ("", "response is not XML"),
    "no base64": ("not base64!", "response is not base64"),
    "not ASCII": ("é", "response is not base64"),
    "cut base64": (idp.encode_response(b"<x/>")[:-1], "response is not base64"),
    "more than base64": (idp.encode_response(b"<x/>") + "!", "response is not base64"),
    "text": (b"plain text", "response is not XML"),
    "cut XML": (idp.encode_response(fully_signed())[: 4 * 300], "response is not XML"),
    "HTML": (b"<html/>", "not a SAML response but html"),
    "request": (REQUEST, "not a SAML response but"),
    "XML": ("<samlp:Response/>", "response is XML. Give it in base64"),
    "bomb": (BOMB, "response is refused: it has a DOCTYPE"),
    "huge": (b"<x>" + b" " * MAX_XML_BYTES + b"</x>", "response is refused: it has 1,000,007 bytes"),
    "deep": (b"<a>" * 300 + b"</a>" * 300, "response is not XML"),
    "bytes": (b"\x00\x01\xff", "response is not XML"),
}


@pytest.mark.parametrize(("response", "message"), NO_RESPONSE.values(), ids=NO_RESPONSE)
def test_what_is_not_a_response_is_refused_with_one_sentence(response, message):
    outcome = check_response(response)
    assert message in outcome.msg
    assert "Traceback" not in outcome.text and "root:" not in outcome.text


def test_the_address_of_metadata_is_refused_with_one_sentence():
    address = "https://example.okta.com/app/exk1/sso/saml/metadata"
    assert "metadata is not XML" in check_response(fully_signed(), metadata=address).msg


@pytest.mark.parametrize("seed", range(4))
def test_no_alteration_makes_it_the_response_of_somebody_else(seed):
    """100 responses with a few bytes changed, removed or repeated: a refusal, a failed check, or the same person."""
    randomness = random.Random(seed)
    original = etree.tostring(fully_signed())
    assertion = check_response(original)["assertion"]
    refused = 0
    for _round in range(100):
        xml = bytearray(original)
        for _change in range(randomness.randint(1, 3)):
            start = randomness.randrange(len(xml))
            end = start + randomness.choice((0, 1, 1, 30))
            xml[start:end] = randomness.choice((b"", b"x", b"/", b"<!---->", bytes(xml[start : start + 60])))
        outcome = check_response(bytes(xml))
        assert "Traceback" not in outcome.text
        refused += bool(outcome.failed or failed(outcome))
        # If the signature of the response is removed, that of the assertion is left.
        assert outcome.failed or (outcome["assertion"] or assertion) | {"signed": assertion["signed"]} == assertion
    assert refused > 80
