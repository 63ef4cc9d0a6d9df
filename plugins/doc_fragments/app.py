# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations


class ModuleDocFragment:
    # Of APP_OPTIONS in module_utils/apps.py.
    DOCUMENTATION = r"""
options:
  label:
    description:
      - Label of the app, compared exactly. Labels are not unique in Okta; two apps with the same label and of the same kind are an
        error that names both.
      - Required to create an app. Together with O(id) it is neither compared nor used to rename the app.
    type: str
  id:
    description: Id of an existing app (C(0oa...)), to pin it. If the app is of another kind, this is an error.
    type: str
  state:
    description:
      - Whether the app should exist.
      - Everybody assigned loses the app when it is removed; a warning says how many people that is.
    type: str
    choices: [present, absent]
    default: present
  status:
    description:
      - Whether the app should be active. If not set, a new app is active and an existing one stays as it is.
      - Okta refuses changes to an inactive app, so V(active) is applied before other changes, and changes to an app that stays
        inactive are an error.
    type: str
    choices: [active, inactive]
  application_username:
    description:
      - Application username that people get when they are assigned.
      - The name of a field of the Okta profile, such as V(email) or V(login), or an Okta expression, such as
        V(user.workEmail) or V(${fn:toLowerCase(source.email)}).
      - Okta sets the application username at the assignment. A later change of this option does not affect people who are already
        assigned; see O(idops.okta.app_assignment#module:usernames).
    type: str
  hidden:
    description: Whether the app is hidden from the dashboards of people, in browsers and in the Okta apps.
    type: bool
"""

    # Of PARENT_APP_OPTIONS in module_utils/apps.py.
    PARENT = r"""
options:
  app_id:
    description:
      - Id of the app. In check mode, V(PLANNED) is accepted as the id of an app that a preview would create.
      - One of O(app_id) and O(app_label) is required.
    type: str
  app_label:
    description:
      - Label of the app, compared exactly, if O(app_id) is not set.
      - Together with O(app_id) it is what messages call the app, and saves a request.
    type: str
"""
