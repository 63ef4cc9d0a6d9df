# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime

import pytest
from ansible_collections.idops.okta.plugins.module_utils import saml_response
from ansible_collections.idops.okta.tests.unit import signing
from lxml import etree

BEGINS, ENDS = "2026-11-24T12:00:00.000Z", "2026-11-24T12:05:00Z"
NOON = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize(
    ("seconds", "tolerance", "said"),
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
def test_the_window_of_time(seconds, tolerance, said):
    now = NOON + datetime.timedelta(seconds=seconds)
    expected = {"audience": None, "acs_url": None, "email": None, "tolerance": tolerance}
    said_in = saml_response.claims(signing.assertion(begins=BEGINS, ends=ENDS))
    found = saml_response.objections(said_in, signing.envelope(), signing.ENTITY, expected, now)
    assert said in found["saml_time"] and bool(said) == bool(found["saml_time"])
    assert [id for id, problem in found.items() if problem] == (["saml_time"] if said else [])


def test_the_narrower_window_counts():
    element = signing.assertion(begins=BEGINS, ends=ENDS)
    element.find("a:Conditions", signing.NAMES).set("NotOnOrAfter", "2026-11-24T12:02:00Z")
    assert saml_response.claims(element)["not_on_or_after"] == "2026-11-24T12:02:00Z"


def test_an_assertion_that_says_nothing():
    empty = etree.fromstring(f'<a:Assertion xmlns:a="{signing.NAMES["a"]}"/>')
    said = saml_response.claims(empty)
    assert said == {
        "issuer": "", "name_id": "", "name_id_format": None, "audiences": [], "recipient": None,
        "not_before": None, "not_on_or_after": None, "attributes": {},
    }  # fmt: skip
    expected = {"audience": "x", "acs_url": "https://x", "email": None, "tolerance": 0}
    found = saml_response.objections(said, etree.fromstring("<empty/>"), signing.ENTITY, expected)
    assert all(found.values()) and set(found) <= set(saml_response.CHECKS)


def test_another_confirmation_than_bearer_names_no_recipient():
    element = signing.assertion()
    element.find(".//a:SubjectConfirmation", signing.NAMES).set(
        "Method", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"
    )
    assert saml_response.claims(element)["recipient"] is None
