#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: saml_response_info
short_description: Check a captured SAML response as Claude would
version_added: 0.1.0
description:
  - Checks a SAML response that a browser carried from Okta to Claude, and returns one check for each thing that Claude verifies. It
    explains sign-ins that fail without a reason on the screen.
  - Signatures are verified with the certificates of the app's metadata. During a rotation there are two, and each is tried.
  - Only signed content is trusted. Without a valid signature, RV(assertion) is null and the checks of its content are V(skipped).
  - Signatures with SHA-1 are verified and reported as too weak. Accepted algorithms are RSA and ECDSA with SHA-1, SHA-256, SHA-384
    or SHA-512.
  - The module fails if O(response) is not a SAML response at all. It does not fail if Claude would refuse the response.
  - The module contacts neither Okta nor Claude. It accepts the connection options so that one C(module_defaults) can serve the
    whole collection.
author: Contributors to idops.okta (@idops)
options:
  response:
    description:
      - The response in base64. A browser's developer tools or a SAML tracer show it as the form field C(SAMLResponse), which is
        posted to O(acs_url). White space, URL encoding, the name of the field and other fields of the form
        (C(SAMLResponse=...&RelayState=...)) are accepted.
      - The response is a credential for the few minutes of its validity, and is not logged. The limit is 1 MB of XML.
    type: str
    required: true
  metadata:
    description:
      - The app's metadata as XML, such as RV(idops.okta.app_metadata_info#module:metadata.xml).
      - V(PLANNED), which a preview returns for an app that does not exist yet, skips every check.
    type: str
    required: true
  audience:
    description: The audience that Claude expects, from its setup flow. If it is not set, the audience is not checked.
    type: str
  acs_url:
    description:
      - Assertion consumer service URL of Claude, from its setup flow. If it is not set, recipient and destination are not checked.
    type: str
  email:
    description: Email of the person in Claude. If it is not set, any email is accepted.
    type: str
  tolerance:
    description:
      - Seconds by which the clocks of Okta, Claude and this machine may differ.
      - Okta's responses are valid for five minutes. To check an older one, set this to its age.
    type: int
    default: 120
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.attributes.info
requirements:
  - lxml
  - cryptography
  - signxml >= 5.1
seealso:
  - module: idops.okta.app_metadata_info
  - module: idops.okta.app_saml
"""

EXAMPLES = r"""
- name: Get the metadata of the app
  idops.okta.app_metadata_info:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    app_label: Claude
  register: app

- name: Check a captured response
  idops.okta.saml_response_info:
    response: "{{ lookup('ansible.builtin.file', 'saml-response.txt') }}"
    metadata: "{{ app.metadata.xml }}"
    audience: "{{ claude_audience }}"
    acs_url: "{{ claude_acs_url }}"
    email: ada@example.com
  register: captured

- name: Show the failed checks
  ansible.builtin.debug:
    msg: "{{ captured.checks | selectattr('state', 'eq', 'failed') | map(attribute='detail') }}"
"""

RETURN = r"""
assertion:
  description:
    - Content of the signed assertion. Null if there is no assertion with a valid signature.
  returned: always
  type: dict
  contains:
    issuer:
      description: Entity ID of the issuer.
      type: str
    name_id:
      description: Name ID of the person, which must be the email.
      type: str
    name_id_format:
      description: Format of the name ID, a URN. Null if the assertion has none.
      type: str
    audiences:
      description: Audiences of the assertion. If it has several audience restrictions, those that are in all of them.
      type: list
      elements: str
    recipient:
      description: URL to which the assertion may be delivered.
      type: str
    not_before:
      description: Start of validity, in UTC. Null if the assertion has none.
      type: str
    not_on_or_after:
      description: End of validity, in UTC. If there are several, the earliest.
      type: str
    attributes:
      description: Values by name of the attribute.
      type: dict
    signed:
      description: Which elements are signed, V(response), V(assertion) or both.
      type: list
      elements: str
  sample:
    issuer: http://www.okta.com/exk1a2b3c4d5e6f7g8h9
    name_id: ada@example.com
    name_id_format: urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress
    audiences: [https://auth.example.com/abc]
    recipient: https://auth.example.com/sso/saml/acs/abc
    not_before: "2026-11-24T11:55:00.000Z"
    not_on_or_after: "2026-11-24T12:05:00.000Z"
    attributes:
      email: [ada@example.com]
    signed: [assertion, response]
checks:
  description:
    - One check for each thing that Claude verifies, in this order. A check is V(skipped) if there is nothing to verify.
    - V(saml_structure), one plain assertion in the right place. Fails on encryption, comments, and hidden or additional assertions.
    - V(saml_signature), signed with the key of the metadata and unaltered.
    - V(saml_algorithm), no SHA-1.
    - V(saml_status), V(saml_issuer), V(saml_audience), V(saml_recipient), V(saml_time), V(saml_name_id) and V(saml_email), the
      content of the response.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Stable name of the check.
      type: str
    state:
      description: One of V(ok), V(failed) or V(skipped).
      type: str
    detail:
      description: What was found.
      type: str
    remedy:
      description: What to do about it. Null if the check is V(ok).
      type: str
"""

from ansible_collections.idops.okta.plugins.module_utils.checks import check
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.module import run
from ansible_collections.idops.okta.plugins.module_utils.saml_metadata import parse_metadata, signing_certificates
from ansible_collections.idops.okta.plugins.module_utils.saml_response import (
    CHECKS,
    Expected,
    check_response,
    parse_response,
)

OPTIONS = dict(
    response=dict(required=True, no_log=True),
    metadata=dict(required=True),
    audience=dict(),
    acs_url=dict(),
    email=dict(),
    tolerance=dict(type="int", default=120),
)


def body(task):
    params = task.params
    if params["metadata"] == PLANNED:
        return {"assertion": None, "checks": [check(id, "skipped", "no_app") for id in CHECKS]}
    response = parse_response(params["response"])
    metadata = params["metadata"].encode()
    expected = Expected(
        entity_id=parse_metadata(metadata)["entity_id"],
        audience=params["audience"],
        acs_url=params["acs_url"],
        email=params["email"],
        tolerance=params["tolerance"],
    )
    assertion, checks = check_response(response, signing_certificates(metadata), expected)
    return {"assertion": assertion, "checks": checks}


def main():
    run(body, OPTIONS, writes=False)


if __name__ == "__main__":
    main()
