#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_metadata_info
short_description: SAML metadata and certificates of an app
version_added: 0.1.0
description:
  - Reads the identity provider metadata of a SAML app, which the service asks for in its set-up flow.
  - The XML is parsed without entities, DTDs or network.
author: Contributors to idops.okta (@idops)
options:
  key_id:
    description: Key id (C(kid)) of another signing key of the app than the active one.
    type: str
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app.owner
  - idops.okta.attributes.info
requirements:
  - lxml
  - cryptography
seealso:
  - module: idops.okta.app_saml
"""

EXAMPLES = r"""
- name: Metadata for the set-up flow
  idops.okta.app_metadata_info:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    app_label: Claude
  register: found

- name: As a file
  ansible.builtin.copy:
    content: "{{ found.metadata.xml }}"
    dest: claude-metadata.xml
    mode: "0644"
"""

RETURN = r"""
metadata:
  description:
    - What the metadata says. For an app that a preview would create, V(PLANNED) stands for its values.
  returned: always
  type: dict
  contains:
    xml:
      description: The document as Okta sent it.
      type: str
    entity_id:
      description: Entity id of Okta for this app.
      type: str
    sso_url:
      description: Where the service sends people to sign in.
      type: str
    name_id_format:
      description: Format of the name ID.
      type: str
    certificates:
      description: Signing certificates.
      type: list
      elements: dict
      contains:
        not_after:
          description: End of validity, in UTC.
          type: str
        sha256:
          description: SHA-256 fingerprint of the certificate.
          type: str
        days_left:
          description: Whole days until then.
          type: int
  sample:
    entity_id: http://www.okta.com/exk1a2b3c4d5e6f7g8h9
    sso_url: https://example.okta.com/app/example_claude_1/exk1a2b3c4d5e6f7g8h9/sso/saml
url:
  description: Public address of the metadata, for a set-up flow that takes one.
  returned: always
  type: str
  sample: https://example.okta.com/app/exk1a2b3c4d5e6f7g8h9/sso/saml/metadata
checks:
  description: Whether the certificates are valid for another 30 days.
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.idops.okta.plugins.module_utils import apps, saml
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.findings import check
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(apps.OWNER, key_id=dict())
MIN_DAYS = 30


def body(task):
    app = apps.owner(task)
    if app["id"] == PLANNED:
        planned = dict.fromkeys(("xml", "entity_id", "sso_url", "name_id_format"), PLANNED)
        return {"metadata": {**planned, "certificates": []}, "url": PLANNED, "checks": []}
    # Okta answers 400 to any other Accept header.
    xml = task.client.get(apps.path(app, "sso/saml/metadata"), accept="application/xml", kid=task.params["key_id"])
    if xml is None:
        raise Failure(
            f"App '{app['label']}' ({app['id']}) has no SAML metadata: its sign-on mode is {app['signOnMode']}."
        )
    metadata = saml.metadata(xml)
    external_id = metadata["entity_id"].rpartition("/")[2]
    return {
        "metadata": metadata,
        "url": f"{task.client.org_url}/app/{external_id}/sso/saml/metadata",
        "checks": [expiry(certificate) for certificate in metadata["certificates"]],
    }


def expiry(certificate):
    ends, left = certificate["not_after"], certificate["days_left"]
    return check(
        "certificate",
        "ok" if left >= MIN_DAYS else "failed",
        f"The signing certificate is valid until {ends}."
        if left >= 0
        else f"The signing certificate expired on {ends}.",
        "Make a new signing key, upload the new metadata to Claude, and only then activate the key.",
    )


def main():
    run(body, OPTIONS, scopes=["apps"], writes=False, **apps.OWNER_RULES)


if __name__ == "__main__":
    main()
