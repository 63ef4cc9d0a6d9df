# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An Okta org on loopback, with Claude's SCIM directory and Admin API behind it, to test and rehearse against."""

from __future__ import annotations

from .emulator import Emulator

__all__ = ["Emulator"]
