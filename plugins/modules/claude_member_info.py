#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: claude_member_info
short_description: Members and open invitations of a Claude organization
version_added: 0.1.0
description:
  - Reads with Claude's Admin API who really is a member of the organization, with which role and since when, and who is invited and
    has not answered yet. Nothing else can say whether a person who was assigned in Okta really landed in Claude.
  - Emails are compared as Claude does, as exact strings. A difference in capitals only is told apart from being somebody else.
  - A wrong key, a refusal, a rate limit, a redirect and anything that is not the Admin API end the module with one sentence each.
    Redirects are not followed, so the key goes nowhere else. Without a key the module asks nobody, and says what it would need.
  - It does not talk to Okta; of the connection options only O(timeout) and O(ca_path) count. The others are accepted so that one
    C(module_defaults) serves the whole collection.
author: Contributors to idops.okta (@idops)
options:
  admin_api_key:
    description:
      - Admin API key of the organization (C(sk-ant-admin...)), made by an administrator. It can do what that administrator can do.
      - If not set or empty, nothing is asked, and the only check is V(members) as V(skipped).
    type: str
  emails:
    description:
      - Emails that should be members, compared exactly. An empty list means nobody.
      - If not set, members are listed and not compared with anything.
    type: list
    elements: str
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
    description: How to make a key, and what it can do.
    link: https://platform.claude.com/docs/en/api/administration-api
"""

EXAMPLES = r"""
- name: Who is a member?
  idops.okta.claude_member_info:
    admin_api_key: "{{ claude_admin_api_key }}"
  register: claude

- name: Is everybody a member, and nobody besides?
  idops.okta.claude_member_info:
    admin_api_key: "{{ claude_admin_api_key }}"
    emails: [ada@example.com, grace@example.com]
  register: claude

- name: Who is still to be removed
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
  description: Its members, by email.
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
      description: Since when, in UTC.
      type: str
  sample:
    - id: user_01A2b3C4d5E6f7G8h9J0kLmN
      email: ada@example.com
      name: Ada Lovelace
      role: user
      added_at: "2026-11-24T12:00:00Z"
missing:
  description: Emails of O(emails) of which no member has exactly this one; empty without O(emails).
  returned: always
  type: list
  elements: str
leftover:
  description: Members whose email is not in O(emails), not even with other capitals; empty without O(emails).
  returned: always
  type: list
  elements: dict
different:
  description: Members whose email is one of O(emails) but for capitals, which Claude takes for another person.
  returned: always
  type: list
  elements: dict
  contains:
    email:
      description: Email of the member.
      type: str
    expected:
      description: Email of O(emails).
      type: str
invitations:
  description: Invitations that are neither answered nor expired.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id in Claude.
      type: str
    email:
      description: Who is invited.
      type: str
    role:
      description: With which role.
      type: str
    invited_at:
      description: Since when, in UTC.
      type: str
    expires_at:
      description: Until when, in UTC.
      type: str
checks:
  description:
    - V(members), whether all of O(emails) are members; V(skipped) without a key.
    - V(leftover_members), whether nobody is a member besides, and V(member_email), whether no email differs in capitals; only with
      O(emails).
    - V(invitations), V(manual) while there are open ones.
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.idops.okta.plugins.module_utils.claude import Claude, compared
from ansible_collections.idops.okta.plugins.module_utils.findings import check, some
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(
    admin_api_key=dict(no_log=True),
    emails=dict(type="list", elements="str"),
    base_url=dict(default="https://api.anthropic.com"),
)
NO_KEY = "Who really is a member only Claude's Admin API can say, and there is no key for it."
GIVE_KEY = (
    "Make an Admin API key in Claude's organization settings and give it as admin_api_key (claude_admin_api_key)."
)

BAD = {
    "members": (
        "people are not members of the organization",
        "Whoever is provisioned becomes a member at the first sign-in: have them sign in, and look at the provisioning errors.",
    ),
    "leftover_members": (
        "members are not assigned in Okta",
        "Assign them in Okta if they should stay, or remove them in Claude: people provisioned just in time stay until then.",
    ),
    "member_email": (
        "members have the email of Okta but for capitals, which Claude takes for somebody else",
        "Let SAML and SCIM send the email as Okta writes it, and then push all profiles again.",
    ),
    "invitations": ("invitations are open", "Remind the people, or withdraw the invitations in Claude."),
}


def body(task):
    p = task.params
    key, emails = (p["admin_api_key"] or "").strip(), p["emails"]
    found = {"organization": None, "members": [], "missing": [], "leftover": [], "different": [], "invitations": []}
    if not key:
        return {**found, "checks": [check("members", "skipped", NO_KEY, GIVE_KEY)]}
    claude = Claude(task.http, p["base_url"], key)
    found.update(organization=claude.organization(), members=claude.members(), invitations=claude.invitations())
    if emails is not None:
        found.update(compared(found["members"], set(emails)))
    return {**found, "checks": findings(found, emails)}


def findings(found, emails):
    members, waiting = found["members"], [one["email"] for one in found["invitations"]]
    different = [f"{one['email']} should be {one['expected']}" for one in found["different"]]
    absent = sorted(set(found["missing"]) - {one["expected"] for one in found["different"]})
    leftover = [f"{one['email']} ({one['role']})" for one in found["leftover"]]
    said = [finding("members", absent, f"{len(members)} people are members of {found['organization']['name']}")]
    if emails is not None:
        said.append(finding("leftover_members", leftover, "Nobody is a member who is not assigned in Okta"))
        said.append(finding("member_email", different, "No member's email differs from the one in Okta"))
    return [*said, finding("invitations", waiting, "No invitation is open", "manual")]


def finding(id, names, good, state="failed"):
    bad, remedy = BAD[id]
    return check(id, state if names else "ok", f"{len(names)} {bad}: {some(names)}." if names else f"{good}.", remedy)


def main():
    run(body, OPTIONS, writes=False)


if __name__ == "__main__":
    main()
