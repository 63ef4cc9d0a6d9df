#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_saml
short_description: SAML 2.0 app integration in Okta
version_added: 0.1.0
description:
  - Creates, changes and removes a custom SAML 2.0 app, as the App Integration Wizard creates it.
  - Reads first and writes only what differs. Settings for which no option is set stay as they are in Okta.
  - Response and assertion of a new app are signed with SHA-256.
author: Contributors to idops.okta (@idops)
options:
  acs_url:
    description:
      - Single sign-on URL (Assertion Consumer Service) of the service, also set as recipient and destination.
      - Required to create an app.
    type: str
  audience:
    description:
      - Audience URI (entity ID) of the service, exactly as the service shows it.
      - Required to create an app.
    type: str
  name_id_format:
    description: Format of the name ID. If not set, a new app has V(email_address).
    type: str
    choices: [email_address, persistent, transient, unspecified]
  attributes:
    description:
      - Attribute statements, merged with those of the app by name. Statements with other names stay.
      - An empty list removes every statement, group statements included.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the attribute in the assertion.
        type: str
        required: true
      values:
        description: Expressions in Okta's expression language, such as V(user.email).
        type: list
        elements: str
        required: true
      namespace:
        description: Name format. If not set, a new statement has V(unspecified).
        type: str
        choices: [unspecified, uri, basic]
  group_attributes:
    description: Group attribute statements, merged with those of the app by name. Statements with other names stay.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the attribute in the assertion.
        type: str
        required: true
      filter_type:
        description: How the name of a group is compared with O(group_attributes[].filter_value).
        type: str
        choices: [starts_with, equals, contains, regex]
        required: true
      filter_value:
        description: What the name of a group is compared with.
        type: str
        required: true
  signature_algorithm:
    description: Signature algorithm of response and assertion. If not set, a new app has V(RSA_SHA256).
    type: str
    choices: [RSA_SHA256, RSA_SHA1]
  digest_algorithm:
    description: Digest algorithm of response and assertion. If not set, a new app has V(SHA256).
    type: str
    choices: [SHA256, SHA1]
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app
  - idops.okta.attributes
seealso:
  - module: idops.okta.app_info
  - module: idops.okta.app_metadata_info
"""

EXAMPLES = r"""
- name: Create or update the sign-on app with the settings of the guide
  idops.okta.app_saml:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    label: Claude
    acs_url: https://auth.example.com/sso/saml/acs/abc
    audience: https://auth.example.com/abc
    name_id_format: email_address
    application_username: email
    attributes:
      - name: email
        values: [user.email]

- name: Also send the groups whose name begins with Claude
  idops.okta.app_saml:
    id: 0oa1a2b3c4d5e6f7g8h9
    group_attributes:
      - name: groups
        filter_type: starts_with
        filter_value: Claude
"""

RETURN = r"""
app:
  description: The app as Okta returns it, in snake_case. In check mode, an app that would be created has the id V(PLANNED).
  returned: always, V(null) if it was removed
  type: dict
  sample:
    id: 0oa1a2b3c4d5e6f7g8h9
    label: Claude
    name: example_claude_1
    sign_on_mode: SAML_2_0
    status: ACTIVE
id:
  description: Id of the app.
  returned: always, V(null) if it was removed
  type: str
  sample: 0oa1a2b3c4d5e6f7g8h9
checks:
  description:
    - Whether the name ID is the application username, if that option is set, and whether response or assertion is signed.
    - The guide leaves both as the wizard fills them in, and this module sets them only in a new app.
    - Where the app carries SCIM and its settings are written, whether SCIM is still on.
  returned: always
  type: list
  elements: dict
  sample:
    - id: saml_settings
      state: ok
      detail: App 'Claude' takes the name ID from the application username and signs its responses.
      remedy: null
"""

from ansible_collections.idops.okta.plugins.module_utils import apps
from ansible_collections.idops.okta.plugins.module_utils.app_settings import SAML_RULES, find_problems, settings_check
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.http import checked_url
from ansible_collections.idops.okta.plugins.module_utils.module import run

NAME_ID_FORMATS = {
    "email_address": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "unspecified": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "persistent": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "transient": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
}
NAMESPACE_PREFIX = "urn:oasis:names:tc:SAML:2.0:attrname-format:"

OPTIONS = dict(
    apps.APP_OPTIONS,
    acs_url=dict(),
    audience=dict(),
    name_id_format=dict(choices=["email_address", "persistent", "transient", "unspecified"]),
    attributes=dict(
        type="list",
        elements="dict",
        options=dict(
            name=dict(required=True),
            values=dict(type="list", elements="str", required=True),
            namespace=dict(choices=["unspecified", "uri", "basic"]),
        ),
    ),
    group_attributes=dict(
        type="list",
        elements="dict",
        options=dict(
            name=dict(required=True),
            filter_type=dict(choices=["starts_with", "equals", "contains", "regex"], required=True),
            filter_value=dict(required=True),
        ),
    ),
    signature_algorithm=dict(choices=["RSA_SHA256", "RSA_SHA1"]),
    digest_algorithm=dict(choices=["SHA256", "SHA1"]),
)

# A new app starts from what the App Integration Wizard fills in.
SAML = apps.AppKind(
    "custom SAML 2.0 app",
    apps.is_custom_saml,
    {
        "signOnMode": "SAML_2_0",
        "settings": {
            "signOn": {
                "subjectNameIdTemplate": "${user.userName}",
                "subjectNameIdFormat": NAME_ID_FORMATS["email_address"],
                "allowMultipleAcsEndpoints": False,
                "requestCompressed": False,
                "responseSigned": True,
                "assertionSigned": True,
                "signatureAlgorithm": "RSA_SHA256",
                "digestAlgorithm": "SHA256",
                "honorForceAuthn": True,
                "authnContextClassRef": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
            }
        },
    },
    required=("acs_url", "audience"),
)


def desired_settings(params):
    acs_url = stripped(params["acs_url"])
    if acs_url is not None:
        checked_url(acs_url, "acs_url", allow_query=True)
    sign_on = {
        "ssoAcsUrl": acs_url,
        "recipient": acs_url,
        "destination": acs_url,
        "audience": stripped(params["audience"]),
        "subjectNameIdFormat": NAME_ID_FORMATS.get(params["name_id_format"]),
        "attributeStatements": attribute_statements(params["attributes"], params["group_attributes"]),
        "signatureAlgorithm": params["signature_algorithm"],
        "digestAlgorithm": params["digest_algorithm"],
    }
    return dict(apps.common_settings(params), settings={"signOn": sign_on})


def stripped(value):
    """The service compares these values exactly, and nobody sees a line break at the end of one in an inventory."""
    return value and value.strip()


def attribute_statements(attributes, group_attributes):
    """Okta keeps both kinds in one list; None if neither is specified."""
    if attributes is None and group_attributes is None:
        return None
    statements = []
    for attribute in attributes or []:
        namespace = attribute["namespace"] and NAMESPACE_PREFIX + attribute["namespace"]
        statement = {"name": attribute["name"], "namespace": namespace, "values": attribute["values"]}
        statements.append({"type": "EXPRESSION", **statement})
    for attribute in group_attributes or []:
        filters = {"filterType": attribute["filter_type"].upper(), "filterValue": attribute["filter_value"]}
        statements.append({"type": "GROUP", "name": attribute["name"], **filters})
    names = [statement["name"] for statement in statements]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise Failure(
            f"attributes and group_attributes contain several statements with one name: {', '.join(repeated)}.",
            options=["attributes", "group_attributes"],
        )
    return statements


def body(task):
    params = task.params
    change = apps.reconcile(task, desired_settings(params), SAML)
    app = change.result
    if app is None:
        return task.result("app", change, checks=[])
    acs_url_before = apps.setting_of(change.before, "settings", "signOn", "ssoAcsUrl")
    acs_url = stripped(params["acs_url"])
    if acs_url_before and acs_url not in (None, acs_url_before):
        task.warn(
            f"App '{app['label']}' ({app.get('id')}) signed people in to {acs_url_before}, and now to {acs_url}. "
            "If the former belongs to another organization, give this one an app with its own label."
        )
    return task.result("app", change, checks=[unmanaged_settings_check(params, app), *apps.scim_checks(task, change)])


def unmanaged_settings_check(params, app):
    """What the guide leaves as the wizard fills it in is named and not changed: another name ID is another account."""
    problems, cures = find_problems(app, SAML_RULES)
    field, name_id = params["application_username"], apps.setting_of(app, "settings", "signOn", "subjectNameIdTemplate")
    if field and name_id not in ("${user.userName}", f"${{user.{field}}}"):
        problems.append(f"the name ID is made from {name_id} and not from the application username")
        cures.append("SAML Settings, name ID: the application username")
    return settings_check("saml_settings", app, problems, cures)


def main():
    run(body, OPTIONS, scopes=["apps"], **apps.APP_RULES)


if __name__ == "__main__":
    main()
