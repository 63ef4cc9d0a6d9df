# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import datetime

import pytest
from ansible_collections.idops.okta.plugins.module_utils.saml_response import (
    CHECKS,
    Expected,
    find_problems,
    read_claims,
)
from ansible_collections.idops.okta.tests.support import saml_signing as idp
from ansible_collections.idops.okta.tests.support.saml_signing import NAMESPACES
from lxml import etree

NOON = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.timezone.utc)
FIVE_MINUTES = {"not_before": "2026-11-24T12:00:00.000Z", "not_on_or_after": "2026-11-24T12:05:00Z"}


@pytest.mark.parametrize(
    ("seconds", "tolerance", "message"),
    [
        (0, 0, ""),
        (-1, 0, "not valid before"),
        (-1, 1, ""),
        (-121, 120, "not valid before"),
        (299, 0, ""),
        (300, 0, "expired at"),
        (300, 1, ""),
        (420, 120, "expired at"),
        (419, 120, ""),
    ],
)
def test_the_validity_period_is_exact_and_tolerance_extends_it(seconds, tolerance, message):
    now = NOON + datetime.timedelta(seconds=seconds)
    claims = read_claims(idp.make_assertion(**FIVE_MINUTES))
    problems = find_problems(claims, idp.make_response(), Expected(idp.ENTITY_ID, tolerance=tolerance), now)
    time_problem = problems.pop("saml_time")
    assert message in time_problem and bool(message) == bool(time_problem)
    assert not any(problems.values())


def test_the_earlier_of_two_ends_counts():
    assertion = idp.make_assertion(**FIVE_MINUTES)
    assertion.find("a:Conditions", NAMESPACES).set("NotOnOrAfter", "2026-11-24T12:02:00Z")
    assert read_claims(assertion)["not_on_or_after"] == "2026-11-24T12:02:00Z"


def test_an_empty_assertion_fails_every_comparison():
    claims = read_claims(etree.fromstring(f'<a:Assertion xmlns:a="{NAMESPACES["a"]}"/>'))
    assert claims == {
        "issuer": "", "name_id": "", "name_id_format": None, "audiences": [], "recipient": None,
        "not_before": None, "not_on_or_after": None, "attributes": {},
    }  # fmt: skip
    problems = find_problems(claims, etree.fromstring("<empty/>"), Expected(idp.ENTITY_ID, "x", "https://x"))
    assert all(problems.values()) and set(problems) <= set(CHECKS)


def test_only_a_bearer_confirmation_has_a_recipient():
    assertion = idp.make_assertion()
    confirmation = assertion.find(".//a:SubjectConfirmation", NAMESPACES)
    confirmation.set("Method", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key")
    assert read_claims(assertion)["recipient"] is None
