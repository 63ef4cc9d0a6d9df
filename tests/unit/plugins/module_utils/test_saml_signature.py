# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import copy

import pytest
from ansible_collections.idops.okta.plugins.module_utils.saml_signature import find_structure_problem, verify_signatures
from ansible_collections.idops.okta.tests.support import saml_signing as idp
from ansible_collections.idops.okta.tests.support.saml_signing import NAMESPACES


def verify(root):
    assert find_structure_problem(root) == ""
    return verify_signatures(root, [idp.make_key().certificate])


def test_only_signed_content_is_handed_on():
    """It is a copy: later changes of the document, and what is beside the signed element, are not in it."""
    root = idp.make_response(idp.sign_element(idp.make_assertion()))
    verification = verify(root)
    assert list(verification.elements) == ["assertion"]
    assert verification.assertion is not root[-1] and verification.assertion.getparent() is None
    root[-1].find(".//a:NameID", NAMESPACES).text = "mallory@example.com"
    assert verification.assertion.findtext(".//a:NameID", None, NAMESPACES) == "ada@example.com"


def test_the_assertion_of_a_signed_response_comes_from_the_signed_content():
    verification = verify(idp.sign_element(idp.make_response(idp.make_assertion())))
    assert verification.assertion.getparent() is verification.elements["response"]
    assert verification.algorithms == {"rsa-sha256", "sha256"}


def test_verification_by_itself_refuses_a_signature_of_another_element():
    """find_structure_problem finds it first, and verify_signatures does not rely on that."""
    assertion = idp.make_assertion()
    root = idp.make_response(copy.deepcopy(assertion))
    root.insert(1, idp.sign_element(assertion).find("ds:Signature", NAMESPACES))
    assert find_structure_problem(root)
    verification = verify_signatures(root, [idp.make_key().certificate])
    assert verification.elements == {} and verification.assertion is None
    assert verification.problems == ["Signature wrapping: the signature of the response covers another element."]


@pytest.mark.parametrize("name", ["SignedInfo", "SignatureMethod", "CanonicalizationMethod", "Reference", "Transforms"])
def test_an_incomplete_signature_is_a_problem(name):
    root = idp.make_response(idp.sign_element(idp.make_assertion()))
    node = root.find(f".//ds:{name}", NAMESPACES)
    node.getparent().remove(node)
    assert find_structure_problem(root) or verify(root).problems
