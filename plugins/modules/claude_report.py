#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: claude_report
short_description: Report of a run of the role claude
version_added: 0.1.0
description:
  - Makes the result of a run from what its steps returned, writes the report, and shows the summary. It is an action of the role
    P(idops.okta.claude#role), which ends with it; an inventory does not need it.
  - Writes C(report.html), C(report.json), C(metadata.xml), C(metadata-next.xml) and C(junit.xml) into O(folder), as far as the run
    has them, and removes those of an earlier run that this one does not have. If several hosts of the play report into one parent
    folder, it also has C(index.html) over all of them.
  - A file is replaced as a whole. Files with people in them can be read by their owner only.
  - A folder that cannot be written is a warning. The files are a record of the run, so that they never count as a change.
author: Contributors to idops.okta (@idops)
options:
  steps:
    description: Registered results by the name of the step. A step that was skipped has an empty one.
    type: dict
    required: true
  plan:
    description: Claude plan.
    type: str
    choices: [team, enterprise, console]
    required: true
  protocol:
    description: How people sign in.
    type: str
    choices: [saml, oidc]
    default: saml
  mode:
    description:
      - What a change means. With V(set_up) and V(remove) it was made. With V(preview) it would be made, and no file is written.
        With V(verify) it is drift and a failed check.
    type: str
    choices: [set_up, preview, verify, remove]
    default: set_up
  reasons:
    description:
      - Why a setup could not begin. Each is a failed check.
      - A dict of C(variables) (names of variables), C(text), C(remedy) and C(step). With C(step), the check of that step fails, and
        otherwise the check C(prerequisites).
    type: list
    elements: dict
    default: []
  folder:
    description: Absolute path of the folder of the report.
    type: path
    required: true
  junit:
    description: Whether to write the checks as JUnit XML, too.
    type: bool
    default: false
  connection:
    description:
      - Connection options of the modules. The report names the org, the kind of credential and the scopes, and never a secret.
    type: dict
    default: {}
attributes:
  action:
    description: It runs on the control node only.
    support: full
  check_mode:
    description: Writes no file in check mode.
    support: full
  diff_mode:
    description: The report is not a change.
    support: N/A
  platform:
    description: Runs on the control node.
    platforms: all
    support: full
"""

EXAMPLES = r"""
- name: Write the report
  idops.okta.claude_report:
    steps: "{{ steps }}"
    plan: enterprise
    folder: "{{ playbook_dir }}/claude-report/{{ inventory_hostname }}"
  register: claude_result
"""

RETURN = r"""
ready:
  description: Whether somebody could sign in and would be there. Never after a removal.
  returned: always
  type: bool
summary:
  description: The lines that are shown at the end of the run.
  returned: always
  type: list
  elements: str
  sample:
    - "Ready: 8 people can sign in to Claude through the Okta app 'Claude' and are provisioned by 'Claude SCIM'."
    - This run changed nothing.
    - "Report:"
    - /srv/claude-report/claude-enterprise/report.html
in_short:
  description: Three sentences about the state, the people and this run.
  returned: always
  type: list
  elements: str
left_to_do:
  description:
    - What is left to do, with C(id) of the check, C(title), C(state), C(who) does it, C(what) and C(why) in sentences, C(where) and
      C(where_title) of the page, C(values) to enter, C(changes) that a setup would make, C(guide_step) and C(article).
  returned: always
  type: list
  elements: dict
next_in_claude:
  description: What an owner of the Claude organization does after a setup. Empty once a sign-in of the test user is proven.
  returned: always
  type: list
  elements: str
changes:
  description: What the run changed; in a preview and a verification, what a setup would change.
  returned: always
  type: list
  elements: str
  sample: [Created the SAML app Claude, Added group Engineering (5 people)]
checks:
  description: The checks, with C(id), C(title), C(state) (ok, failed, manual, skipped), C(detail) and C(remedy).
  returned: always
  type: list
  elements: dict
chain:
  description: The stages from Okta to Claude, with C(id), C(title), C(state), C(detail), and C(short), which is a few words.
  returned: always
  type: list
  elements: dict
manual_steps:
  description: Steps that Okta's public API does not offer, as the modules returned them.
  returned: always
  type: list
  elements: dict
people:
  description: Everybody who should have Claude, has it, or still has it, with C(name), C(login), C(email), C(state) and C(detail).
  returned: always
  type: list
  elements: dict
losing:
  description: Of a removal and its preview, everybody who had Claude through one of the apps, each once. Empty otherwise.
  returned: always
  type: list
  elements: dict
deactivates:
  description: Whether the removal deactivates people in Claude's directory before it removes the apps.
  returned: always
  type: bool
people_states:
  description: How many people are in which state.
  returned: always
  type: dict
apps:
  description: The apps, with C(purpose) (sign_on, scim), C(label), C(id) and C(url) in the Admin Console, if it is known.
  returned: always
  type: list
  elements: dict
groups:
  description: The groups that may use Claude, with C(id), C(name) and how many C(people) they have.
  returned: always
  type: list
  elements: dict
review:
  description: Facts for a security review by their title. Empty if there is no app.
  returned: always
  type: dict
metadata:
  description: Entity ID, sign-on URL, certificates and public URL of the SAML metadata. Empty without SAML.
  returned: always
  type: dict
oidc:
  description: Client ID, issuer, discovery URL and the page that shows the secret. Empty without OpenID Connect.
  returned: always
  type: dict
hand_over:
  description: The values for the setup flow in Claude, by their names there.
  returned: always
  type: dict
sign_on_app_id:
  description: Id of the sign-on app.
  returned: always
  type: str
scim_app_id:
  description: Id of the app that carries SCIM, or V(null).
  returned: always
  type: str
connection:
  description: C(org_url), C(credential), which is its kind, and C(scopes).
  returned: always
  type: dict
report:
  description: Path of C(report.html), or V(null) if none was written.
  returned: always
  type: str
files:
  description: Paths of the files that were written.
  returned: always
  type: list
  elements: str
host:
  description: Host of the inventory.
  returned: always
  type: str
time:
  description: Time of the report, in UTC.
  returned: always
  type: str
"""
