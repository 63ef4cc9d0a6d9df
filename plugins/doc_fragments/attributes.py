# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description:
      - Predicts the change in check mode without sending a request that changes the org. The result then has C(preview=true).
    support: full
  diff_mode:
    description: Returns what differs, with secrets masked.
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
    description: This module only reads.
    support: full
  diff_mode:
    description: This module changes nothing.
    support: N/A
  platform:
    description: Runs anywhere that reaches the Okta org; no managed host is needed.
    platforms: all
    support: full
"""
