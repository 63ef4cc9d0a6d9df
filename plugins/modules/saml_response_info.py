#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: saml_response_info
short_description: Captured SAML response, checked as Claude would
version_added: 0.1.0
description:
  - Checks a SAML response that a browser carried from Okta to Claude, and says of each thing that Claude looks at whether it is as
    it has to be. A sign-in that fails without a reason on the screen gets one.
  - Signatures are verified with the certificates of the app's metadata, each of them, as there are two during a rotation. What is
    not signed is not believed, so that without a good signature there is no RV(assertion), and the checks of it are V(skipped).
  - A signature with SHA-1 is verified and reported as too weak. Other algorithms than RSA and ECDSA with SHA-1, SHA-256, SHA-384
    or SHA-512 are refused.
  - Text that is not a SAML response at all ends the module with one sentence; a response that Claude would refuse does not.
  - It does not talk to Okta nor to Claude; the connection options are accepted so that one C(module_defaults) serves the whole
    collection.
author: Contributors to idops.okta (@idops)
options:
  response:
    description:
      - The response in base64, as a browser's developer tools or a SAML tracer show the field C(SAMLResponse) that is posted to
        O(acs_url). White space, percent signs of a form (C(SAMLResponse=...&RelayState=...)) and the name of the field before it do
        no harm.
      - It is a credential for the few minutes of its validity, and is not logged. At most 1 MB of XML.
    type: str
    required: true
  metadata:
    description:
      - The app's metadata, as XML text. RV(idops.okta.app_metadata_info#module:metadata.xml) has them.
      - V(PLANNED), as returned by a preview that would create the app, skips every check.
    type: str
    required: true
  audience:
    description: The audience that Claude expects, which the set-up flow shows. If not set, it is not checked.
    type: str
  acs_url:
    description:
      - The assertion consumer service URL of Claude, which the set-up flow shows, to compare recipient and destination with. If not
        set, they are not checked.
    type: str
  email:
    description: The email that the person has in Claude. If not set, any email will do.
    type: str
  tolerance:
    description:
      - Seconds by which the clocks of Okta, Claude and this machine may differ.
      - Okta's responses are valid for five minutes. To look at one that was captured some time ago, say how long ago that may be.
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
- name: Metadata of the app
  idops.okta.app_metadata_info:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    app_label: Claude
  register: app

- name: Would Claude let Ada in?
  idops.okta.saml_response_info:
    response: "{{ lookup('ansible.builtin.file', 'saml-response.txt') }}"
    metadata: "{{ app.metadata.xml }}"
    audience: "{{ claude_audience }}"
    acs_url: "{{ claude_acs_url }}"
    email: ada@example.com
  register: captured

- name: What is wrong
  ansible.builtin.debug:
    msg: "{{ captured.checks | selectattr('state', 'eq', 'failed') | map(attribute='detail') }}"
"""

RETURN = r"""
assertion:
  description:
    - What the signed assertion says. Null when there is none that may be believed.
  returned: always
  type: dict
  contains:
    issuer:
      description: Entity id of who made it.
      type: str
    name_id:
      description: Name ID of the person, which has to be the email.
      type: str
    name_id_format:
      description: Format of the name ID, a URN. Null when it is not said.
      type: str
    audiences:
      description: For whom it is. With several restrictions, who is in each of them.
      type: list
      elements: str
    recipient:
      description: To which address it may be delivered.
      type: str
    not_before:
      description: Start of its validity, in UTC. Null when it is not said.
      type: str
    not_on_or_after:
      description: End of its validity, in UTC; of several the first.
      type: str
    attributes:
      description: Values by name of the attribute.
      type: dict
    signed:
      description: What is signed, V(response), V(assertion) or both.
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
    - One entry for each thing that Claude looks at, in the order of the ids below; V(skipped) when there is nothing to look at.
    - V(saml_structure), one plain assertion where it belongs. Encrypted, hidden, second and commented ones are named here.
    - V(saml_signature), signed with the metadata's key and not altered since.
    - V(saml_algorithm), no SHA-1.
    - V(saml_status), V(saml_issuer), V(saml_audience), V(saml_recipient), V(saml_time), V(saml_name_id) and V(saml_email), what the
      response says.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Stable name.
      type: str
    state:
      description: One of V(ok), V(failed) or V(skipped).
      type: str
    detail:
      description: What was seen.
      type: str
    remedy:
      description: What to do about it.
      type: str
"""

from ansible_collections.idops.okta.plugins.module_utils import saml, saml_response
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.findings import check
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(
    response=dict(required=True, no_log=True),
    metadata=dict(required=True),
    audience=dict(),
    acs_url=dict(),
    email=dict(),
    tolerance=dict(type="int", default=120),
)


def body(task):
    p = task.params
    if p["metadata"] == PLANNED:
        reason = "Not looked at: the app does not exist yet."
        return {"assertion": None, "checks": [check(id, "skipped", reason) for id in saml_response.CHECKS]}
    xml, root = p["metadata"].encode(), saml_response.response(p["response"])
    assertion, checks = saml_response.checks(root, saml.metadata(xml)["entity_id"], saml.keys(xml), p)
    return {"assertion": assertion, "checks": checks}


def main():
    run(body, OPTIONS, writes=False)


if __name__ == "__main__":
    main()
