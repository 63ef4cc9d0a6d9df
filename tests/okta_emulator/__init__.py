# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An emulated Okta org on loopback, with Claude's SCIM directory and Admin API, for tests and demos."""

from __future__ import annotations

from .emulator import Emulator

__all__ = ["Emulator"]
