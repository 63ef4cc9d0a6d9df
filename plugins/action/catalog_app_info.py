# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.idops.okta.plugins.plugin_utils.in_process import ActionModule

__all__ = ["ActionModule"]
