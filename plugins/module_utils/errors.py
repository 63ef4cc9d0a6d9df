# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What can go wrong.

Failure               ends a module with one sentence for a person
├── OrgUnavailable    the Okta org does not answer, or does not accept the credentials: nothing can be read
├── MissingLibrary    a Python library is not installed
├── ApiError          the service answered, and refused
│   └── MissingScopes the service app lacks scopes, so that it gets no token
├── UnexpectedAnswer  the service answered with something that its contract does not describe
├── Unreachable       the request was never sent
└── ResponseLost      the request was sent and no usable answer came: it may have taken effect
"""

from __future__ import annotations

import importlib
import sys
import types
import typing


class Failure(Exception):
    """Ends a module: the message is for a person, the facts go into the result beside it.

    The fact options names the options of the module that are the cause.
    """

    def __init__(self, message: str, **facts: typing.Any) -> None:
        super().__init__(message)
        self.facts = facts
        self.result: dict = {}  # of what was done all the same


class OrgUnavailable(Failure):
    """Nothing can be read in this org, so a plan ends here as well."""


class MissingLibrary(Failure):
    """A Python library is not installed. Fact library: its name for pip."""


class ApiError(Failure):
    """A refusal. Facts: status, and for Okta code and error_id."""


class MissingScopes(ApiError):
    """The same for every request, and for no option of the module in particular."""


class UnexpectedAnswer(Failure):
    """Not what the contract of the service describes: another service, a gateway, or a newer version."""


class Unreachable(Failure):
    """Nothing was sent, so nothing can have changed."""


class ResponseLost(Failure):
    """Sent without a usable answer: read the object again before repeating the request."""


def raise_all(failures: list[Failure], result: dict | None = None) -> None:
    """Raise one Failure for all of them, if any, with the fact problems: message and facts of each.

    result: of what was done all the same.
    """
    if not failures:
        return
    failure = failures[0]
    if len(failures) > 1:
        problems = [{"msg": str(failure), **failure.facts} for failure in failures]
        failure = Failure(" ".join(map(str, failures)), problems=problems)
    failure.result = result or {}
    raise failure


def import_library(name: str, package: str | None = None) -> types.ModuleType:
    """Import a third-party library where it is used.

    Raises Failure with the install command if it is missing. package: its name for pip, if that is another.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingLibrary(
            f"The Python library {package or name} is missing in {sys.executable} ({error}). "
            f"Install it with: {sys.executable} -m pip install {package or name}",
            library=package or name,
        ) from error
