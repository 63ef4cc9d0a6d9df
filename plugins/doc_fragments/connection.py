# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations


class ModuleDocFragment:
    # The twin of CONNECTION in module_utils/module.py.
    DOCUMENTATION = r"""
options:
  org_url:
    description:
      - Address of the Okta org, such as V(https://example.okta.com); never the V(-admin) address.
      - Plain http is accepted for a loopback address only.
      - If not set, E(OKTA_CLIENT_ORGURL) is used, or E(OKTA_ORG_NAME) together with E(OKTA_BASE_URL).
    type: str
  api_token:
    description:
      - API token of an administrator (Admin Console, Security, API, Tokens). It can do what that administrator can do.
      - If no option says who signs in, E(OKTA_CLIENT_TOKEN) or E(OKTA_API_TOKEN) is used.
    type: str
  access_token:
    description: An OAuth 2.0 access token that was fetched elsewhere, sent as Bearer.
    type: str
  client_id:
    description:
      - Client id of a service app (API Services) with O(private_key); preferred to an API token, since it has scopes.
      - If no option says who signs in, or only O(private_key) does, E(OKTA_CLIENT_CLIENTID) is used.
    type: str
  private_key:
    description:
      - Private key of the service app, as unencrypted PEM or as JWK, RSA or P-256.
      - If no option says who signs in, or only O(client_id) does, E(OKTA_CLIENT_PRIVATEKEY) is used.
    type: str
  private_key_id:
    description: Key id (C(kid)) of O(private_key), needed when the service app has several keys. A JWK may carry its own.
    type: str
  dpop:
    description: Whether the service app requires Demonstrating Proof of Possession.
    type: bool
    default: false
  scopes:
    description:
      - OAuth scopes to ask for with O(client_id).
      - If not set, each module asks for the least that it needs, C(.read) in check mode and in an C(_info) module, C(.manage) else.
    type: list
    elements: str
  timeout:
    description: Seconds that one request may take.
    type: int
    default: 30
  max_wait:
    description: Seconds that a module may wait for Okta's rate limits, all waits together. Okta's windows are of 60 seconds.
    type: int
    default: 180
  ca_path:
    description: PEM file or folder of certificate authorities to trust, such as that of a proxy which inspects TLS.
    type: path
requirements:
  - requests
  - PyJWT[crypto] (only with O(client_id))
"""
