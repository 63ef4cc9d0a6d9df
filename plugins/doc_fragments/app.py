# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations


class ModuleDocFragment:
    # The twin of APP in module_utils/apps.py.
    DOCUMENTATION = r"""
options:
  label:
    description:
      - Label of the app, compared exactly. Okta's labels are not unique; two apps of the same label and kind are an error that
        names both.
      - Required to create an app. Beside O(id) it is not compared, and never renames.
    type: str
  id:
    description: Id that pins an existing app (C(0oa...)). An app of another kind under this id is an error.
    type: str
  state:
    description:
      - Whether the app shall exist.
      - Removing it takes it away from everybody assigned; a warning says how many people that are.
    type: str
    choices: [present, absent]
    default: present
  status:
    description:
      - Whether the app shall be active. A new one is active, and an existing one stays as it is, unless this is set.
      - Okta refuses changes to an inactive app, so V(active) is carried out before other changes, and changes to an app that
        stays inactive are an error.
    type: str
    choices: [active, inactive]
  application_username:
    description:
      - What becomes a person's user name in the app when it is assigned.
      - The name of a field of the Okta profile, such as V(email) or V(login), or a template written out, such as
        V(${fn:toLowerCase(source.email)}) or V(user.workEmail).
      - Okta fixes the user name at the assignment. A later change of this does not touch people assigned before.
    type: str
  hidden:
    description: Whether the app is hidden from people's dashboards, in browsers and in Okta's own apps.
    type: bool
"""

    # The twin of OWNER in module_utils/apps.py.
    OWNER = r"""
options:
  app_id:
    description:
      - Id of the app. V(PLANNED), as returned by a preview that would create the app, is accepted in check mode.
      - One of O(app_id) and O(app_label) is required.
    type: str
  app_label:
    description: Label of the app, compared exactly; used when O(app_id) is not set.
    type: str
"""
