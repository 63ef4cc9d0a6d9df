#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: claude_member_info
short_description: Members and open invitations of a Claude organization
version_added: 0.1.0
description:
  - Reads with Claude's Admin API who is a member of the organization, with which role and since when, and which invitations are
    open. No other source tells whether a person who was assigned in Okta has become a member in Claude.
  - Emails are compared as Claude does, as exact strings. A member whose email differs only in case is listed separately.
  - A wrong key, a refusal, a redirect, and an answer that is not from the Admin API each end the module with one sentence.
    Redirects are not followed, so the key is sent nowhere else. Without a key no request is sent, and the only check is skipped.
  - It does not connect to Okta. Of the connection options, only O(timeout), O(max_wait) and O(ca_path) are used. The others are
    accepted so that one C(module_defaults) serves the whole collection.
author: Contributors to idops.okta (@idops)
options:
  admin_api_key:
    description:
      - Admin API key of the organization (C(sk-ant-admin...)). It can do what the administrator who created it can do.
      - If not set or empty, no request is sent, and the only check is V(members), which is V(skipped).
    type: str
  emails:
    description:
      - Emails of the people who should be members, compared exactly. An empty list means nobody.
      - If not set, members are listed and not compared.
    type: list
    elements: str
  allowed:
    description: Emails of members who may stay without being in O(emails), such as a break-glass owner, ignoring case.
    type: list
    elements: str
    default: []
  base_url:
    description: Address of the Admin API, without C(/v1). Plain http is accepted for a loopback address only.
    type: str
    default: https://api.anthropic.com
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.attributes.info
seealso:
  - module: idops.okta.scim_info
  - name: Admin API
    description: How to create a key, and what it can do.
    link: https://platform.claude.com/docs/en/api/administration-api
"""

EXAMPLES = r"""
- name: List the members
  idops.okta.claude_member_info:
    admin_api_key: "{{ admin_api_key }}"
  register: claude

- name: Check that Ada and Grace are members, and nobody else
  idops.okta.claude_member_info:
    admin_api_key: "{{ admin_api_key }}"
    emails: [ada@example.com, grace@example.com]
  register: claude

- name: Show the members who should be removed
  ansible.builtin.debug:
    var: claude.leftover
"""

RETURN = r"""
organization:
  description: The organization to which the key belongs. Null without a key.
  returned: always
  type: dict
  contains:
    id:
      description: Id in Claude.
      type: str
    name:
      description: Name in Claude.
      type: str
  sample:
    id: 12345678-9abc-4def-8123-456789abcdef
    name: Example
members:
  description: The members, sorted by email.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id in Claude.
      type: str
    email:
      description: Email of the account.
      type: str
    name:
      description: Name of the person.
      type: str
    role:
      description:
        - Role in the organization, such as V(user), V(developer), V(billing), V(admin) and V(claude_code_user) in Console, and
          V(user), V(owner), V(primary_owner), V(membership_admin) and V(managed) in Enterprise.
      type: str
    added_at:
      description: When the person became a member, in UTC.
      type: str
  sample:
    - id: user_01A2b3C4d5E6f7G8h9J0kLmN
      email: ada@example.com
      name: Ada Lovelace
      role: user
      added_at: "2026-11-24T12:00:00Z"
missing:
  description: Emails in O(emails) that no member has exactly. Empty without O(emails).
  returned: always
  type: list
  elements: str
leftover:
  description:
    - Members whose email is not in O(emails), not even in another case, nor in O(allowed). Empty without O(emails).
    - The primary owner is none of them, because Claude never removes that account.
  returned: always
  type: list
  elements: dict
different:
  description: Members whose email differs from one in O(emails) only in case. Claude treats it as the email of another person.
  returned: always
  type: list
  elements: dict
  contains:
    email:
      description: Email of the member.
      type: str
    expected:
      description: Email in O(emails).
      type: str
invitations:
  description: Invitations that are open, which means neither accepted, withdrawn nor expired.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id in Claude.
      type: str
    email:
      description: Email of the person who is invited.
      type: str
    role:
      description: Role that the person will have.
      type: str
    invited_at:
      description: When the invitation was sent, in UTC.
      type: str
    expires_at:
      description: When the invitation expires, in UTC.
      type: str
checks:
  description:
    - V(members), whether everybody in O(emails) is a member. V(skipped) without a key.
    - V(leftover_members), whether anybody else is a member, and V(member_email), whether an email differs in case. Only with
      O(emails).
    - V(invitations), which is V(manual) while invitations are open.
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.idops.okta.plugins.module_utils.checks import check, check_names, pluralize
from ansible_collections.idops.okta.plugins.module_utils.claude_api import AdminApi, compare_members
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(
    admin_api_key=dict(no_log=True),
    emails=dict(type="list", elements="str"),
    allowed=dict(type="list", elements="str", default=[]),
    base_url=dict(default="https://api.anthropic.com"),
)


def body(task):
    params = task.params
    key = (params["admin_api_key"] or "").strip()
    result = {"organization": None, "members": [], "missing": [], "leftover": [], "different": [], "invitations": []}
    if not key:
        return {**result, "checks": [check("members", "skipped")]}
    api = AdminApi(task.http, params["base_url"], key)
    result["organization"] = api.read_organization()
    result["members"] = api.list_members()
    result["invitations"] = api.list_invitations()
    checks = []
    if params["emails"] is not None:
        result.update(compare_members(result["members"], set(params["emails"]), params["allowed"]))
        checks = check_emails(result)
    return {**result, "checks": [check_members(result), *checks, check_invitations(result["invitations"])]}


def check_members(result):
    """Whether anybody is missing. Members whose email differs in case are reported by another check."""
    members = pluralize(len(result["members"]), "member")
    different = {entry["expected"] for entry in result["different"]}
    missing = sorted(set(result["missing"]) - different)
    return check_names("members", missing, organization=result["organization"]["name"], members=members)


def check_emails(result):
    leftover = [f"{member['email']} ({member['role']})" for member in result["leftover"]]
    different = [f"{entry['email']} should be {entry['expected']}" for entry in result["different"]]
    return [check_names("leftover_members", leftover), check_names("member_email", different)]


def check_invitations(invitations):
    emails = [invitation["email"] for invitation in invitations]
    return check_names("invitations", emails, state="manual")


def main():
    run(body, OPTIONS, writes=False)


if __name__ == "__main__":
    main()
