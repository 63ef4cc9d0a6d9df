# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What can go wrong.

Failure            ends a module with one sentence for a person
├── ApiError       the other side answered, and the answer is no
├── Unreachable    the request was never sent
└── Lost           the request was sent and no answer came: it may have taken effect
"""

from __future__ import annotations

import importlib
import sys
import types
import typing


class Failure(Exception):
    """Ends a module: msg is for a person, facts go into the result beside it."""

    def __init__(self, msg: str, **facts: typing.Any) -> None:
        super().__init__(msg)
        self.facts = facts


class ApiError(Failure):
    """An answer that refuses: facts hold status, code and error_id as far as they are known."""


class Unreachable(Failure):
    """Nothing was sent, so nothing can have changed."""


class Lost(Failure):
    """Sent, no usable answer: whoever asked has to look before asking again."""


def library(name: str, package: str | None = None) -> types.ModuleType:
    """Import a third-party library where it is used; a missing one is a sentence with its install command."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Failure(
            f"The Python library {package or name} is needed and missing in {sys.executable} ({error}). "
            f"Install it with: {sys.executable} -m pip install {package or name}"
        ) from error
