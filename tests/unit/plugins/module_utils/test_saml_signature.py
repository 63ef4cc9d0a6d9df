# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import copy

import pytest
from ansible_collections.idops.okta.plugins.module_utils.saml_signature import find_structure_problem, verify_signatures
from ansible_collections.idops.okta.tests.support.saml_signing import (
    NAMESPACES,
    make_assertion,
    make_key,
    make_response,
    sign_element,
)


def verify(root):
    assert find_structure_problem(root) == ""
    return verify_signatures(root, [make_key().certificate])


def test_only_signed_content_is_handed_on():
    """It is a copy: later changes of the document, and what is beside the signed element, are not in it."""
    root = make_response(sign_element(make_assertion()))
    verification = verify(root)
    assert list(verification.elements) == ["assertion"]
    assert verification.assertion is not root[-1] and verification.assertion.getparent() is None
    root[-1].find(".//a:NameID", NAMESPACES).text = "mallory@example.com"
    assert verification.assertion.findtext(".//a:NameID", None, NAMESPACES) == "ada@example.com"


def test_the_assertion_of_a_signed_response_comes_from_the_signed_content():
    verification = verify(sign_element(make_response(make_assertion())))
    assert verification.assertion.getparent() is verification.elements["response"]
    assert verification.algorithms == {"rsa-sha256", "sha256"}


def test_an_invalid_signature_refuses_the_assertion_although_another_is_valid():
    verification = verify(sign_element(make_response(sign_element(make_assertion(), make_key("mallory")))))
    assert list(verification.elements) == ["response"] and len(verification.problems) == 1
    assert verification.assertion is None


def test_a_structure_problem_is_found_without_verifying_signatures():
    root = make_response(sign_element(make_assertion()), sign_element(make_assertion()))
    assert "2 assertions" in find_structure_problem(root)


def test_verification_by_itself_refuses_a_signature_of_another_element():
    """find_structure_problem finds it first, and verify_signatures does not rely on that."""
    assertion = make_assertion()
    root = make_response(copy.deepcopy(assertion))
    root.insert(1, sign_element(assertion).find("ds:Signature", NAMESPACES))
    assert find_structure_problem(root)
    verification = verify_signatures(root, [make_key().certificate])
    assert verification.elements == {} and verification.assertion is None
    assert verification.problems == ["Signature wrapping: the signature of the response covers another element."]


@pytest.mark.parametrize("name", ["SignedInfo", "SignatureMethod", "CanonicalizationMethod", "Reference", "Transforms"])
def test_an_incomplete_signature_is_a_problem(name):
    root = make_response(sign_element(make_assertion()))
    node = root.find(f".//ds:{name}", NAMESPACES)
    node.getparent().remove(node)
    assert find_structure_problem(root) or verify(root).problems
