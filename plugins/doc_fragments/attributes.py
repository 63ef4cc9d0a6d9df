# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description:
      - Can run in check mode and predict the change without sending anything that changes the org. The result then has
        C(preview=true).
    support: full
  diff_mode:
    description: Returns what differs, secrets masked.
    support: full
  platform:
    description: Runs anywhere that reaches the Okta org; no managed host is needed.
    platforms: all
    support: full
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Only reads, in check mode as well.
    support: full
  diff_mode:
    description: Changes nothing, so there is nothing to show.
    support: N/A
  platform:
    description: Runs anywhere that reaches the Okta org; no managed host is needed.
    platforms: all
    support: full
"""
