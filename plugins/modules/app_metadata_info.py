#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_metadata_info
short_description: SAML metadata and signing certificates of an app
version_added: 0.1.0
description:
  - Reads the identity provider metadata of a SAML app, which the service asks for in its setup flow.
  - The XML is parsed without entities, DTDs and network access.
author: Contributors to idops.okta (@idops)
options:
  key_id:
    description: Key ID (C(kid)) of the signing key whose metadata is returned. If it is not set, that of the active key.
    type: str
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app.parent
  - idops.okta.attributes.info
requirements:
  - lxml
  - cryptography
seealso:
  - module: idops.okta.app_saml
"""

EXAMPLES = r"""
- name: Get the metadata for the setup flow
  idops.okta.app_metadata_info:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    app_label: Claude
  register: app

- name: Save it to a file
  ansible.builtin.copy:
    content: "{{ app.metadata.xml }}"
    dest: claude-metadata.xml
    mode: "0644"
"""

RETURN = r"""
metadata:
  description:
    - Content of the metadata. In a preview, the values of an app that does not exist yet are V(PLANNED).
  returned: always
  type: dict
  contains:
    xml:
      description: The document as Okta sent it.
      type: str
    entity_id:
      description: Entity ID of Okta for this app.
      type: str
    sso_url:
      description: URL to which the service sends people to sign in.
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
          description: Whole days until the end of validity.
          type: int
  sample:
    entity_id: http://www.okta.com/exk1a2b3c4d5e6f7g8h9
    sso_url: https://example.okta.com/app/example_claude_1/exk1a2b3c4d5e6f7g8h9/sso/saml
url:
  description: Public URL of the metadata, for a setup flow that accepts a URL.
  returned: always
  type: str
  sample: https://example.okta.com/app/exk1a2b3c4d5e6f7g8h9/sso/saml/metadata
checks:
  description: For each certificate, the check C(certificate), which fails if the certificate is valid for less than 30 days.
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.idops.okta.plugins.module_utils import apps
from ansible_collections.idops.okta.plugins.module_utils.checks import check
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.module import run
from ansible_collections.idops.okta.plugins.module_utils.saml_metadata import parse_metadata

OPTIONS = dict(apps.PARENT_APP_OPTIONS, key_id=dict())
MIN_DAYS_LEFT = 30


def check_certificate(certificate):
    wording = "ok"
    if certificate["days_left"] < MIN_DAYS_LEFT:
        wording = "failed"
    if certificate["days_left"] < 0:
        wording = "expired"
    state = "ok" if wording == "ok" else "failed"
    return check("certificate", state, wording, not_after=certificate["not_after"])


def body(task):
    app = apps.parent_app(task)
    if app["id"] == PLANNED:
        metadata = dict.fromkeys(("xml", "entity_id", "sso_url", "name_id_format"), PLANNED)
        return {"metadata": {**metadata, "certificates": []}, "url": PLANNED, "checks": []}
    path = apps.app_path(app, "sso/saml/metadata")
    # Okta answers 400 to any other Accept header.
    xml = task.client.get(path, accept="application/xml", kid=task.params["key_id"])
    if xml is None:
        app = apps.read_app(task.client, app)  # raises if there is no such app
        raise Failure(
            f"App '{app['label']}' ({app['id']}) has no SAML metadata: its sign-on mode is {app.get('signOnMode')}."
        )
    metadata = parse_metadata(xml, f"The answer to GET {path}")
    external_id = metadata["entity_id"].rpartition("/")[2]
    return {
        "metadata": metadata,
        "url": f"{task.client.org_url}/app/{external_id}/sso/saml/metadata",
        "checks": [check_certificate(certificate) for certificate in metadata["certificates"]],
    }


def main():
    run(body, OPTIONS, scopes=["apps"], writes=False, **apps.PARENT_APP_RULES)


if __name__ == "__main__":
    main()
