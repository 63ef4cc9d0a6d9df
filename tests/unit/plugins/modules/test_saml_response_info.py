# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Attacks and mistakes, each named by its own check and no other."""

from __future__ import annotations

import base64
import copy
import random
import re
import urllib.parse

import pytest
import signxml
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.saml import MAX_BYTES
from ansible_collections.idops.okta.tests.support.examples import signed_in
from ansible_collections.idops.okta.tests.support.module_runner import run_module
from ansible_collections.idops.okta.tests.unit import signing
from ansible_collections.idops.okta.tests.unit.signing import NAMES, assertion, at, envelope, key, packed, sign
from lxml import etree

MODULE = "saml_response_info"
IDS = [
    "saml_structure", "saml_signature", "saml_algorithm", "saml_status", "saml_issuer",
    "saml_audience", "saml_recipient", "saml_time", "saml_name_id", "saml_email",
]  # fmt: skip


def looked_at(response, **options):
    expected = {"metadata": signing.metadata(), "audience": signing.AUDIENCE, "acs_url": signing.ACS}
    text = response if isinstance(response, str) else packed(response)
    return run_module(MODULE, {"response": text, **expected, **options})


def states(outcome):
    assert not outcome.failed, outcome["msg"]
    return {check["id"]: check["state"] for check in outcome["checks"]}


def failed(outcome):
    """The failed checks, by id."""
    assert [check["id"] for check in outcome["checks"]] == IDS
    return {check["id"]: check["detail"] for check in outcome["checks"] if check["state"] == "failed"}


def whole(**says):
    """A response as Okta sends it: the assertion signed, and the response as well."""
    return sign(envelope(sign(assertion(**says))))


def inner(**says):
    """Only the assertion is signed."""
    return envelope(sign(assertion(**says)))


# What is as it should be.


def test_a_response_of_the_org(okta):
    options = signed_in(okta)
    outcome = run_module(MODULE, options)
    assert states(outcome) == dict.fromkeys(IDS, "ok")
    said = outcome["assertion"]
    assert said["name_id"] == "ada@example.com" and said["attributes"] == {"email": ["ada@example.com"]}
    assert said["name_id_format"].endswith(":emailAddress") and said["signed"] == ["assertion", "response"]
    assert said["audiences"] == ["https://auth.example.com/abc"]
    assert said["recipient"] == "https://auth.example.com/sso/saml/acs/abc"
    assert said["not_before"] < said["not_on_or_after"]
    assert outcome.changed is False
    assert options["response"] not in outcome.text


@pytest.mark.parametrize(
    ("build", "signed"),
    [
        (whole, ["assertion", "response"]),
        (inner, ["assertion"]),
        (lambda: sign(envelope(assertion())), ["response"]),
        (lambda: envelope(sign(assertion(), key("curve", "ec"), "ecdsa-sha256")), ["assertion"]),
        (lambda: envelope(sign(assertion(), method="rsa-sha512", digest="sha512")), ["assertion"]),
    ],
    ids=["both", "assertion", "response", "ecdsa", "sha512"],
)
def test_response_or_assertion_signed(build, signed):
    outcome = looked_at(build(), metadata=signing.metadata(key(), key("curve", "ec")))
    assert failed(outcome) == {}
    assert outcome["assertion"]["signed"] == signed


def test_a_signature_of_another_library():
    element = assertion()
    element.insert(1, etree.Element(f"{{{NAMES['ds']}}}Signature", Id="placeholder", nsmap={"ds": NAMES["ds"]}))
    signer = signxml.XMLSigner(c14n_algorithm=signing.EXCLUSIVE)
    signed = signer.sign(element, key=key().pem, cert=[key().certificate], reference_uri="#id1")
    assert failed(looked_at(envelope(signed))) == {}


@pytest.mark.parametrize("order", [0, 1])
def test_every_certificate_is_tried_in_a_rotation(order):
    certificates = [key("next"), key()] if order else [key(), key("next")]
    assert failed(looked_at(whole(), metadata=signing.metadata(*certificates))) == {}
    assert failed(looked_at(inner(), metadata=signing.metadata(key("next"), key("curve", "ec")))).keys() == {
        "saml_signature"
    }


@pytest.mark.parametrize(
    "wrap",
    [
        lambda text: "\n".join(text[start : start + 64] for start in range(0, len(text), 64)) + "\r\n",
        lambda text: f"  {text}  ",
        lambda text: urllib.parse.quote(text, safe=""),
        lambda text: "SAMLResponse=" + urllib.parse.quote(text, safe=""),
        lambda text: urllib.parse.urlencode({"RelayState": "https://x/?a=b", "SAMLResponse": text}),
        lambda text: urllib.parse.urlencode({"SAMLResponse": text, "RelayState": "https://x/?a=b"}),
        lambda text: f"SAMLResponse: {text}\n",
        lambda text: f"SAMLResponse={text}&RelayState=",
    ],
    ids=["lines", "blanks", "encoded", "form", "form-last", "form-first", "header", "form-not-encoded"],
)
def test_as_developer_tools_show_it(wrap):
    assert failed(looked_at(wrap(packed(whole())))) == {}


def test_what_is_not_said_is_not_compared():
    outcome = run_module(MODULE, {"response": packed(whole()), "metadata": signing.metadata(), "audience": ""})
    skipped = {check["id"]: check["detail"] for check in outcome["checks"] if check["state"] == "skipped"}
    assert skipped.keys() == {"saml_audience", "saml_recipient"}
    assert "what to expect is not set" in skipped["saml_audience"]
    assert failed(outcome) == {}


def test_an_app_that_a_preview_would_make():
    outcome = looked_at("anything", metadata=PLANNED)
    assert states(outcome) == dict.fromkeys(IDS, "skipped")


def test_the_same_person_with_other_white_space_in_the_markup():
    """Canonicalisation forgives what is between attributes; no check complains."""
    xml = etree.tostring(inner()).replace(b' Version="2.0"', b'\n  Version="2.0"')
    assert failed(looked_at(packed(xml))) == {}


# Attacks.


def forged():
    return assertion(name_id="mallory@example.com", email="mallory@example.com")


def evil_of(signed, new_id="id9"):
    """The same without its signature, for somebody else."""
    evil = copy.deepcopy(signed)
    for signature in evil.findall(".//ds:Signature", NAMES):
        signature.getparent().remove(signature)
    for node in evil.iter(f"{{{NAMES['a']}}}NameID", f"{{{NAMES['a']}}}AttributeValue"):
        node.text = "mallory@example.com"
    evil.set("ID", new_id)
    return evil


def xsw_response(before):
    """1 and 2: a forged response as root, the signed one kept inside the signature, or before it."""
    original = sign(envelope(assertion()))
    evil = evil_of(original)
    signature = original.find("ds:Signature", NAMES)
    original.remove(signature)
    evil.insert(1, signature)
    if before:
        evil.insert(1, original)
    else:
        signature.append(original)
    return evil


def xsw_sibling():
    """3: a forged assertion in front of the signed one."""
    root = inner()
    root.insert(2, evil_of(root[-1]))
    return root


def xsw_parent():
    """4: the signed assertion inside a forged one."""
    root = inner()
    original = root[-1]
    evil = evil_of(original)
    root.replace(original, evil)
    evil.append(original)
    return root


def xsw_moved_signature(inside):
    """5 and 6: the forged assertion has the signature, the signed one stands behind it, or inside the signature."""
    root = inner()
    original = root[-1]
    evil = evil_of(original)
    signature = original.find("ds:Signature", NAMES)
    original.remove(signature)
    evil.insert(1, signature)
    root.insert(2, evil)
    if inside:
        signature.append(original)
    return root


def xsw_extensions():
    """7: the forged assertion inside Extensions, in front of the signed one."""
    root = inner()
    extensions = etree.Element(f"{{{NAMES['p']}}}Extensions")
    extensions.append(evil_of(root[-1], "id1"))
    root.insert(1, extensions)
    return root


def xsw_object():
    """8: the forged assertion has the signature, and an Object in it the signed one."""
    root = inner()
    original = root[-1]
    evil = evil_of(original)
    signature = original.find("ds:Signature", NAMES)
    original.remove(signature)
    evil.insert(1, signature)
    root.replace(original, evil)
    etree.SubElement(signature, f"{{{NAMES['ds']}}}Object").append(original)
    return root


def hidden():
    """The one assertion that there is stands where nobody should look."""
    root = inner()
    extensions = etree.Element(f"{{{NAMES['p']}}}Extensions")
    extensions.append(root[-1])
    root.insert(1, extensions)
    return root


def response_in_response():
    root = envelope()
    within = whole()
    within.set("ID", "id5")
    root.append(within)
    return root


def same_id(attribute):
    """Something else answers to the ID that was signed."""
    root = inner()
    node = etree.SubElement(root.find("p:Status", NAMES), f"{{{NAMES['p']}}}StatusDetail")
    etree.SubElement(node, "anything").set(attribute, "id1")
    return root


def signature_for_the_other():
    """The response's signature covers the assertion alone: around it anything may be said."""
    root = envelope(assertion())
    moved = sign(assertion()).find("ds:Signature", NAMES)
    root.insert(1, moved)
    return root


def second_signature():
    root = inner()
    root[-1].insert(2, copy.deepcopy(root[-1].find("ds:Signature", NAMES)))
    return root


def stray_signature():
    root = inner()
    root.find("p:Status", NAMES).append(copy.deepcopy(root[-1].find("ds:Signature", NAMES)))
    return root


def second_assertion():
    other = assertion(name_id="mallory@example.com")
    other.set("ID", "id2")
    return envelope(sign(assertion()), sign(other))


def encrypted(name):
    root = envelope()
    prefix, _colon, local = name.partition(":")
    namespace = {**NAMES, "xenc": "http://www.w3.org/2001/04/xmlenc#"}[prefix]
    etree.SubElement(root, f"{{{namespace}}}{local}")
    return sign(root)


def split_name(node):
    """ada@example.com.evil.example, of which a careless reader sees what stands before the comment."""
    root = inner(name_id="ada@example.com.evil.example", email="ada@example.com.evil.example")
    name_id = root.find(".//a:NameID", NAMES)
    name_id.text = "ada@example.com"
    node.tail = ".evil.example"
    name_id.append(node)
    return root


STRUCTURE = {
    "xsw1": (lambda: xsw_response(before=False), "2 assertions"),
    "xsw2": (lambda: xsw_response(before=True), "2 assertions"),
    "xsw3": (xsw_sibling, "2 assertions"),
    "xsw4": (xsw_parent, "2 assertions"),
    "xsw5": (lambda: xsw_moved_signature(inside=False), "2 assertions"),
    "xsw6": (lambda: xsw_moved_signature(inside=True), "2 assertions"),
    "xsw7": (xsw_extensions, "2 assertions"),
    "xsw8": (xsw_object, "2 assertions"),
    "two-signed-assertions": (second_assertion, "2 assertions"),
    "hidden-assertion": (hidden, "hidden inside Extensions"),
    "response-in-response": (response_in_response, "hidden inside Response"),
    "same-ID": (lambda: same_id("ID"), "the same ID"),
    "same-Id": (lambda: same_id("Id"), "the same ID"),
    "same-xml-id": (lambda: same_id("{http://www.w3.org/XML/1998/namespace}id"), "the same ID"),
    "signature-of-another-element": (signature_for_the_other, "inside Response covers another element"),
    "reference-to-the-document": (lambda: envelope(sign(assertion(), uri="")), "inside Assertion covers another"),
    "reference-outside": (lambda: envelope(sign(assertion(), uri="https://evil.example/")), "covers another element"),
    "second-signature": (second_signature, "a signature inside Assertion, or a second one"),
    "stray-signature": (stray_signature, "a signature inside Status, or a second one"),
    "comment-in-name-id": (lambda: split_name(etree.Comment("")), "a comment inside NameID"),
    "instruction-in-name-id": (lambda: split_name(etree.ProcessingInstruction("x")), "a comment inside NameID"),
    "encrypted-assertion": (lambda: encrypted("a:EncryptedAssertion"), "does not use encryption"),
    "encrypted-data": (lambda: encrypted("xenc:EncryptedData"), "does not use encryption"),
    "no-assertion": (lambda: sign(envelope()), "no assertion in the response"),
    "no-assertion-unsigned": (envelope, "no assertion in the response"),
}


def altered(root, path, text):
    root.find(path, NAMES).text = text
    return root


def without_key_info(root):
    for signature in root.iterfind(".//ds:Signature", NAMES):
        signature.remove(signature.find("ds:KeyInfo", NAMES))
    return root


def other_value(root):
    """Another signature of the same length."""
    value = root.find(".//ds:SignatureValue", NAMES)
    value.text = base64.b64encode(bytes(reversed(base64.b64decode(value.text)))).decode()
    return root


def pretending():
    """Signed with one key, and the metadata's certificate beside it."""
    root = envelope(sign(assertion(), key("mallory")))
    root.find(".//ds:X509Certificate", NAMES).text = key().text
    return root


def one_of_two():
    """A good signature of the assertion beside a bad one of the response."""
    return sign(envelope(sign(assertion())), key("mallory"))


def emptied(name):
    root = inner()
    node = root.find(f".//ds:{name}", NAMES)
    node.clear()
    return root


SIGNATURE = {
    "unsigned": (lambda: envelope(forged()), "Neither the response nor the assertion is signed"),
    "altered-name-id": (lambda: altered(inner(), ".//a:NameID", "mallory@example.com"), "altered afterwards"),
    "altered-attribute": (lambda: altered(whole(), ".//a:AttributeValue", "mallory@example.com"), "altered afterwards"),
    "altered-in-signed-response": (
        lambda: altered(sign(envelope(assertion())), ".//a:NameID", "mallory@example.com"),
        "The signature of the response was made with the metadata's key, but",
    ),
    "altered-digest": (lambda: altered(inner(), ".//ds:DigestValue", "AAAA"), "does not fit the metadata's"),
    "altered-signature": (lambda: other_value(inner()), "does not fit the metadata's: it was altered or forged"),
    "altered-signature-without-key": (
        lambda: other_value(without_key_info(inner())),
        "names no certificate and does not fit",
    ),
    "another-key": (lambda: envelope(sign(assertion(), key("mallory"))), "another key than that of the metadata"),
    "another-key-pretending": (pretending, "does not fit the metadata's: it was altered or forged"),
    "another-kind-of-key": (
        lambda: envelope(sign(assertion(), key("curve", "ec"), "ecdsa-sha256")),
        "another key than that of the metadata",
    ),
    "one-of-two": (one_of_two, "The signature of the response was made with another key"),
    "hmac": (lambda: envelope(sign(assertion(), method="hmac-sha256")), "HMAC_SHA256 forbidden"),
    "md5": (lambda: envelope(sign(assertion(), digest="md5")), "Unrecognized DigestAlgorithm"),
    "no-signature-value": (lambda: emptied("SignatureValue"), "The signature of the assertion"),
    "no-digest-value": (lambda: emptied("DigestValue"), "The signature of the assertion"),
}


@pytest.mark.parametrize("name", STRUCTURE)
def test_structure(name):
    build, said = STRUCTURE[name]
    outcome = looked_at(build())
    assert failed(outcome).keys() == {"saml_structure"}
    assert said in failed(outcome)["saml_structure"]
    assert ("wrapping" in failed(outcome)["saml_structure"]) == (
        not re.search("comment|instruction|encrypted|no-assertion", name)
    )
    assert outcome["assertion"] is None


@pytest.mark.parametrize("name", SIGNATURE)
def test_signature(name):
    build, said = SIGNATURE[name]
    outcome = looked_at(build())
    assert failed(outcome).keys() == {"saml_signature"}
    assert said in failed(outcome)["saml_signature"]
    assert outcome["assertion"] is None
    assert "mallory" not in outcome.text
    assert {state for id, state in states(outcome).items() if id not in ("saml_structure", "saml_signature")} <= {
        "skipped",
        "ok",
    }


def test_a_certificate_that_has_expired():
    old = key("old", days=-3)
    outcome = looked_at(inner_by(old), metadata=signing.metadata(old, key()))
    assert "was made with a certificate that is valid until" in failed(outcome)["saml_signature"]


def inner_by(one):
    return envelope(sign(assertion(), one))


def test_metadata_without_a_certificate():
    metadata = re.sub("<md:KeyDescriptor.*</md:KeyDescriptor>", "", signing.metadata())
    assert "no signing certificate" in failed(looked_at(whole(), metadata=metadata))["saml_signature"]


def test_metadata_whose_key_only_encrypts():
    metadata = signing.metadata().replace('use="signing"', 'use="encryption"')
    assert "no signing certificate" in failed(looked_at(whole(), metadata=metadata))["saml_signature"]


@pytest.mark.parametrize(
    ("method", "digest", "said"),
    [("rsa-sha1", "sha256", "rsa-sha1"), ("rsa-sha256", "sha1", "sha1"), ("rsa-sha1", "sha1", "rsa-sha1 and sha1")],
)
def test_sha_1_is_reported_and_the_rest_looked_at(method, digest, said):
    outcome = looked_at(envelope(sign(assertion(), method=method, digest=digest)))
    assert failed(outcome) == {"saml_algorithm": failed(outcome)["saml_algorithm"]}
    assert f"Signed by {said}, which" in failed(outcome)["saml_algorithm"]
    assert outcome["assertion"]["name_id"] == "ada@example.com"


def test_sha_1_of_the_org(okta):
    options = signed_in(okta, signatureAlgorithm="RSA_SHA1", digestAlgorithm="SHA1")
    assert failed(run_module(MODULE, options)).keys() == {"saml_algorithm"}


# What it says.

OTHER = "https://other.example.com/"
SAYS = {
    "issuer": ("saml_issuer", {"issuer": OTHER}, f"issuer is {OTHER}, and should be {signing.ENTITY}"),
    "audience": ("saml_audience", {"audience": OTHER}, f"audience is {OTHER}, and should be"),
    "audience-slash": ("saml_audience", {"audience": signing.AUDIENCE + "/"}, "a slash at the end only"),
    "no-audience": ("saml_audience", {"audience": ""}, "audience is missing"),
    "recipient": ("saml_recipient", {"recipient": OTHER}, f"recipient is {OTHER}"),
    "expired": ("saml_time", {"begins": at(-900), "ends": at(-130)}, "The assertion expired at"),
    "not-yet-valid": ("saml_time", {"begins": at(190), "ends": at(900)}, "is not valid before"),
    "no-time": ("saml_time", {"begins": "yesterday"}, "which is no span of time"),
    "local-time": ("saml_time", {"ends": "2031-01-01T00:00:00+01:00"}, "which is no span of time"),
    "empty-time": ("saml_time", {"ends": ""}, "which is no span of time"),
    "format": ("saml_name_id", {"format": signing.EMAIL.replace("emailAddress", "unspecified")}, "name ID format is"),
    "login": ("saml_name_id", {"name_id": "ada", "email": "ada"}, "should be an email address"),
    "white-space": ("saml_name_id", {"name_id": " a@x.y", "email": " a@x.y"}, "should be an email address"),
    "no-name-id": ("saml_name_id", {"name_id": "", "email": ""}, "name ID is missing"),
    "email": ("saml_email", {"email": "ada@corp.example.com"}, "should be ada@example.com"),
    "email-capitals": ("saml_email", {"email": "Ada@example.com"}, "differ in capitals"),
    "no-email": ("saml_email", {"attribute": "Email"}, "There is no attribute email; the attributes are: Email."),
}


@pytest.mark.parametrize("build", [whole, inner], ids=["both", "assertion"])
@pytest.mark.parametrize("name", SAYS)
def test_what_it_says(name, build):
    id, says, said = SAYS[name]
    outcome = looked_at(build(**says))
    assert failed(outcome).keys() == {id}
    assert said in failed(outcome)[id]
    assert outcome["assertion"]["signed"]


@pytest.mark.parametrize(
    ("expected", "said"), [("grace@example.com", "should be grace@"), ("Ada@Example.com", "capitals")]
)
def test_another_person_than_expected(expected, said):
    found = failed(looked_at(whole(), email=expected))
    assert found.keys() == {"saml_name_id"} and said in found["saml_name_id"]


@pytest.mark.parametrize("name", ["destination", "issuer"])
def test_the_envelope(name):
    id = {"destination": "saml_recipient", "issuer": "saml_issuer"}[name]
    for root in (sign(envelope(sign(assertion()), **{name: OTHER})), envelope(sign(assertion()), **{name: OTHER})):
        found = failed(looked_at(root))
        assert found.keys() == {id} and f"is {OTHER}, and should be" in found[id]


@pytest.mark.parametrize("sealed", [sign, lambda root: root], ids=["signed", "unsigned"])
def test_okta_says_no(sealed):
    found = failed(looked_at(sealed(envelope(status="urn:oasis:names:tc:SAML:2.0:status:Responder"))))
    assert found == {"saml_status": "Okta signed nobody in: urn:oasis:names:tc:SAML:2.0:status:Responder."}


def test_a_status_that_is_not_signed_is_said_to_be_so():
    details = {check["id"]: check["detail"] for check in looked_at(inner())["checks"]}
    assert "which is not signed itself" in details["saml_status"]
    details = {check["id"]: check["detail"] for check in looked_at(whole())["checks"]}
    assert details["saml_status"] == "Okta signed the person in."


def test_several_emails():
    element = assertion()
    statement = element.find(".//a:Attribute", NAMES)
    statement.append(copy.deepcopy(statement[0]))
    assert failed(looked_at(envelope(sign(copy.deepcopy(element))))) == {}
    statement[1].text = "mallory@example.com"
    found = failed(looked_at(envelope(sign(element))))
    assert "ada@example.com and mallory@example.com" in found["saml_email"]


def test_every_restriction_has_to_name_the_audience():
    element = assertion()
    conditions = element.find("a:Conditions", NAMES)
    conditions.append(copy.deepcopy(conditions[0]))
    conditions[1][0].text = OTHER
    assert failed(looked_at(envelope(sign(element)))).keys() == {"saml_audience"}


def test_the_tolerance_is_seconds():
    late = whole(begins=at(-900), ends=at(-130))
    assert failed(looked_at(late, tolerance=140)) == {}
    assert failed(looked_at(late, tolerance=120)).keys() == {"saml_time"}
    early = whole(begins=at(130), ends=at(900))
    assert failed(looked_at(early, tolerance=140)) == {}
    assert failed(looked_at(early, tolerance=0)).keys() == {"saml_time"}
    assert failed(looked_at(late, tolerance=10**15)) == {}


def test_a_person_with_markup_in_the_name_stays_text():
    name = "&lt;script&gt;{name_id}@example.com"
    assert looked_at(whole(name_id=name, email=name))["assertion"]["name_id"] == "<script>{name_id}@example.com"
    assert failed(looked_at(whole(name_id=name, email=name))) == {}


# What is no response.

BOMB = (
    b"<!DOCTYPE b [<!ENTITY a '" + b"a" * 100 + b"'><!ENTITY b '" + b"&a;" * 100 + b"'>]><b>" + b"&b;" * 100 + b"</b>"
)


@pytest.mark.parametrize(
    ("response", "said"),
    [
        ("", "not XML"),
        ("not base64!", "response is not base64"),
        ("é", "response is not base64"),
        (packed(b"<x/>")[:-1], "response is not base64"),
        (packed(b"<x/>") + "!", "response is not base64"),
        (packed(b"plain text"), "This is not XML"),
        (packed(whole())[: 4 * 300], "This is not XML"),
        (packed(b"<html/>"), "not a SAML response but html"),
        (packed(b'<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol"/>'), "not a SAML response but"),
        ("<samlp:Response/>", "response is XML. Give it in base64"),
        (packed(BOMB), "DOCTYPE is refused"),
        (packed(b'<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><b>&a;</b>'), "DOCTYPE is refused"),
        (packed(b"<x>" + b" " * MAX_BYTES + b"</x>"), "bytes is refused"),
        (packed(b"<a>" * 300 + b"</a>" * 300), "This is not XML"),
        (packed(b"\x00\x01\xff"), "This is not XML"),
    ],
    ids=[
        "empty", "no-base64", "not-ascii", "cut-base64", "more-than-base64", "text", "cut-xml", "html", "request", "xml",
        "bomb", "file",
        "huge", "deep", "bytes",
    ],
)  # fmt: skip
def test_what_is_no_response_is_a_sentence(response, said):
    outcome = looked_at(response)
    assert said in outcome.msg
    assert "Traceback" not in outcome.text and "root:" not in outcome.text


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ("", "This is not XML"),
        ("https://example.okta.com/app/exk1/sso/saml/metadata", "This is not XML"),
        ("<x/>", "not the metadata of a SAML identity provider"),
        (signing.metadata().replace(key().text, "AAAA"), "certificate in the metadata cannot be read"),
    ],
    ids=["empty", "address", "else", "certificate"],
)
def test_what_is_no_metadata_is_a_sentence(metadata, said):
    assert said in looked_at(whole(), metadata=metadata).msg


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_changed_nobody_else_comes_of_it(seed):
    """A hundred responses with a few bytes changed, cut or doubled: a sentence, a failed check, or the same person."""
    chance = random.Random(seed)
    original = etree.tostring(whole())
    said = looked_at(packed(original))["assertion"]
    refused = 0
    for _round in range(100):
        xml = bytearray(original)
        for _change in range(chance.randint(1, 3)):
            start = chance.randrange(len(xml))
            end = start + chance.choice((0, 1, 1, 30))
            xml[start:end] = chance.choice((b"", b"x", b"/", b"<!---->", bytes(xml[start : start + 60])))
        outcome = looked_at(packed(bytes(xml)))
        assert "Traceback" not in outcome.text
        if outcome.failed or failed(outcome):
            refused += 1
        # Who cuts away the signature of the response leaves that of the assertion.
        assert outcome.failed or (outcome["assertion"] or said) | {"signed": said["signed"]} == said
    assert refused > 80
