# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations


class ModuleDocFragment:
    # Of CONNECTION_OPTIONS in module_utils/connection.py.
    DOCUMENTATION = r"""
options:
  org_url:
    description:
      - Address of the Okta org, such as V(https://example.okta.com), and not the C(-admin) address of the Admin Console.
      - Plain http is accepted only for a loopback address.
      - If not set, E(OKTA_CLIENT_ORGURL) is used, or E(OKTA_ORG_NAME) together with E(OKTA_BASE_URL).
    type: str
  api_token:
    description:
      - API token of an administrator (Admin Console, Security, API, Tokens). It can do what that administrator can do.
      - If no option gives credentials, E(OKTA_CLIENT_TOKEN) or E(OKTA_API_TOKEN) is used.
    type: str
  access_token:
    description: OAuth 2.0 access token that was requested elsewhere, sent as a Bearer token.
    type: str
  client_id:
    description:
      - Client id of a service app (API Services), together with O(private_key). Preferable to an API token, because it has scopes.
      - If no option gives credentials, or only O(private_key) is set, E(OKTA_CLIENT_CLIENTID) is used.
    type: str
  private_key:
    description:
      - Private key of the service app, RSA or P-256, as unencrypted PEM or as JWK.
      - If no option gives credentials, or only O(client_id) is set, E(OKTA_CLIENT_PRIVATEKEY) is used.
    type: str
  private_key_id:
    description: Key id (C(kid)) of O(private_key), needed if the service app has several keys. A JWK may contain its own.
    type: str
  dpop:
    description: Whether the service app requires Demonstrating Proof of Possession (DPoP).
    type: bool
    default: false
  scopes:
    description:
      - OAuth scopes to request with O(client_id).
      - If not set, each module requests the least that it needs, C(.read) in check mode and in C(_info) modules, otherwise
        C(.manage).
    type: list
    elements: str
  timeout:
    description: Timeout of one request in seconds.
    type: int
    default: 30
  max_wait:
    description: Seconds that a module may wait for rate limits in total. The windows of Okta's limits last 60 seconds.
    type: int
    default: 180
  ca_path:
    description: PEM file or folder with the certificate authorities to trust, such as that of a proxy that inspects TLS.
    type: path
  plan:
    description:
      - Only reads, and returns what the module would do. A change is announced by C(would_change) and C(differences), and is not a
        change of the task, except in check mode.
      - A refusal is returned as C(refused), with the id V(REFUSED), and does not fail the task; so that a role can collect every
        reason not to begin. Wrong credentials and an org that does not answer still fail it.
    type: bool
    default: false
requirements:
  - requests
  - PyJWT[crypto] (only with O(client_id))
"""
