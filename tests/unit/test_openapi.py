# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Every request that the modules send agrees with Okta's published API description."""

import pytest
from ansible_collections.idops.okta.tests.support import openapi
from ansible_collections.idops.okta.tests.support.examples import EXAMPLES

UNDOCUMENTED = ("/api/v1/catalog/apps",)
# Where Okta's recorded answers differ from the description: path, and a part of the problem.
EXPLAINED = [
    # Listed as required on the request; recorded requests, and the example in Okta's reference, leave them out.
    ("/mappings/", "'expression' is a required property"),
    ("/mappings/", "'pushStatus' is a required property"),
    # The field names of a mapping are described as if they were keys of one property.
    ("/mappings/", "properties: Additional properties are not allowed ('email' was unexpected)"),
    # Okta answers with them and takes them back; the description of a SAML app knows none of them.
    ("/api/v1/apps", "settings: Additional properties are not allowed ('app', 'manualProvisioning' were unexpected)"),
    ("/api/v1/apps", "signOn: Additional properties are not allowed ('samlSignedRequestEnabled' was unexpected)"),
    # Required of a custom SAML app; a catalog app has none of them.
    ("PUT /api/v1/apps", "settings.signOn: 'allowMultipleAcsEndpoints' is a required property"),
    ("PUT /api/v1/apps", "settings.signOn: 'assertionSigned' is a required property"),
    ("PUT /api/v1/apps", "settings.signOn: 'honorForceAuthn' is a required property"),
    ("PUT /api/v1/apps", "settings.signOn: 'requestCompressed' is a required property"),
    ("PUT /api/v1/apps", "settings.signOn: 'responseSigned' is a required property"),
    # Read-only for a custom SAML app; it is the key of a catalog app, whose description is the same.
    ("/api/v1/apps", "False schema does not allow 'scim2testapp'"),
]

FILE = openapi.find_description()  # before a fixture hides the environment
pytestmark = pytest.mark.skipif(FILE is None, reason="Okta's OpenAPI description is not beside the checkout")


@pytest.fixture(scope="module")
def description():
    return openapi.OpenApi(FILE)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_requests_agree_with_the_description(okta, run, description, example):
    options = example.prepare(okta)
    start = len(okta.journal)
    run(example.module, check=True, **options)
    run(example.module, **options)
    for entry in okta.journal[start:]:
        if entry.path in UNDOCUMENTED:
            continue
        problems = description.request_problems(entry.method, entry.path, entry.query, entry.body)
        assert [problem for problem in problems if not is_explained(problem)] == []


def test_wrong_requests_are_found(description):
    path, wrong = "/api/v1/apps", {"label": "Claude", "signOnMode": "SAML_2_0", "settings": {"signOn": {"acs": "x"}}}
    assert description.request_problems("POST", path, {}, wrong)
    assert description.request_problems("POST", path, {}, {"label": "Claude"})
    assert description.request_problems("POST", path, {"active": "true"}, None)
    assert description.request_problems("GET", path, {"limit": "500"}, None)
    assert description.request_problems("POST", path, {}, {"label": "Claude", "signOnMode": "SAML_2_0", "id": "0oa1"})
    assert description.request_problems("GET", "/api/v1/nowhere", {}, None)


def is_explained(problem):
    return any(path in problem and part in problem for path, part in EXPLAINED)
