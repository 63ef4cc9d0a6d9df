# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Every request that the modules send agrees with Okta's published contract."""

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.unit import contract
from ansible_collections.idops.okta.tests.unit.examples import EXAMPLES

# Where the contract and Okta's recorded behaviour part ways: path and a part of the fault.
EXPLAINED = [
    # Listed as required on the request; recorded requests, and the example in Okta's reference, leave them out.
    ("/mappings/", "'expression' is a required property"),
    ("/mappings/", "'pushStatus' is a required property"),
    # The field names of a mapping are described as if they were keys of one property.
    ("/mappings/", "properties: Additional properties are not allowed ('email' was unexpected)"),
    # Okta answers with both and takes them back; the description of a SAML app knows neither.
    ("/api/v1/apps", "settings: Additional properties are not allowed ('app', 'manualProvisioning' were unexpected)"),
    # Okta answers with it for a custom SAML app, and takes it back.
    (
        "/api/v1/apps",
        "settings.signOn: Additional properties are not allowed ('samlSignedRequestEnabled' was unexpected)",
    ),
    # Required of a custom SAML app; a catalogue app has none of them.
    *(
        ("PUT /api/v1/apps", f"settings.signOn: '{key}' is a required property")
        for key in (
            "allowMultipleAcsEndpoints",
            "assertionSigned",
            "honorForceAuthn",
            "requestCompressed",
            "responseSigned",
        )
    ),
    # Read-only for a custom SAML app; it is the key of a catalogue app, whose description is the same.
    ("/api/v1/apps", "False schema does not allow 'scim2testapp'"),
]

pytestmark = pytest.mark.skipif(
    contract.place() is None, reason="Okta's OpenAPI description is not beside the checkout"
)


@pytest.fixture(scope="module")
def openapi():
    return contract.Contract(contract.place())


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_requests_agree_with_the_contract(okta, run, openapi, example):
    options = example.prepare(okta)
    begun = len(okta.journal)
    run(example.module, check=True, **options)
    run(example.module, **options)
    faults = [
        fault
        for entry in okta.journal[begun:]
        for fault in openapi.faults_of_request(entry.method, entry.path, entry.query, entry.body)
    ]
    assert [fault for fault in faults if not explained(fault)] == []


def test_the_check_can_fail(openapi):
    path, wrong = "/api/v1/apps", {"label": "Claude", "signOnMode": "SAML_2_0", "settings": {"signOn": {"acs": "x"}}}
    assert openapi.faults_of_request("POST", path, {}, wrong)
    assert openapi.faults_of_request("POST", path, {}, {"label": "Claude"})
    assert openapi.faults_of_request("POST", path, {"active": "true"}, None)
    assert openapi.faults_of_request("GET", path, {"limit": "500"}, None)
    assert openapi.faults_of_request("POST", path, {}, {"label": "Claude", "signOnMode": "SAML_2_0", "id": "0oa1"})
    assert openapi.faults_of_request("GET", "/api/v1/nowhere", {}, None)


def explained(fault):
    return any(path in fault and part in fault for path, part in EXPLAINED)
