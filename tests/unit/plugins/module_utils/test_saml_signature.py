# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import copy

import pytest
from ansible_collections.idops.okta.plugins.module_utils import saml_signature
from ansible_collections.idops.okta.tests.unit.signing import NAMES, assertion, envelope, key, sign


def looked_at(root):
    assert saml_signature.fault(root) == ""
    return saml_signature.verified(root, [key().certificate])


def test_only_what_is_signed_is_handed_on():
    """What verify() returns is a copy: what is done to the document afterwards, or stands beside, is not in it."""
    root = envelope(sign(assertion()))
    found = looked_at(root)
    assert list(found.covered) == ["assertion"]
    assert found.assertion is not root[-1] and found.assertion.getparent() is None
    root[-1].find(".//a:NameID", NAMES).text = "mallory@example.com"
    assert found.assertion.findtext(".//a:NameID", None, NAMES) == "ada@example.com"


def test_the_assertion_of_a_signed_response_is_that_in_what_was_signed():
    found = looked_at(sign(envelope(assertion())))
    assert found.assertion.getparent() is found.covered["response"]
    assert found.methods == {"rsa-sha256", "sha256"}


def test_a_bad_signature_spoils_the_good_one_beside_it():
    found = looked_at(sign(envelope(sign(assertion(), key("mallory")))))
    assert list(found.covered) == ["response"] and len(found.faults) == 1
    assert found.assertion is None


def test_a_fault_is_found_before_any_signature_is_looked_at():
    root = envelope(sign(assertion()), sign(assertion()))
    assert "2 assertions" in saml_signature.fault(root)


def test_a_signature_that_covers_another_element_is_good_for_nothing():
    """fault() finds it first; verified() does not rely on that."""
    said = assertion()
    root = envelope(copy.deepcopy(said))
    root.insert(1, sign(said).find("ds:Signature", NAMES))
    assert saml_signature.fault(root)
    found = saml_signature.verified(root, [key().certificate])
    assert found.covered == {} and found.assertion is None
    assert "Signature wrapping: the signature of the response covers something else" in found.faults[0]


@pytest.mark.parametrize("name", ["SignedInfo", "SignatureMethod", "CanonicalizationMethod", "Reference", "Transforms"])
def test_a_signature_that_is_cut_short(name):
    root = envelope(sign(assertion()))
    node = root.find(f".//ds:{name}", NAMES)
    node.getparent().remove(node)
    fault = saml_signature.fault(root)
    assert fault or looked_at(root).faults
