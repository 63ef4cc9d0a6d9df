# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What can go wrong.

Failure               ends a module with one sentence for a person
├── OrgUnavailable    the Okta org does not answer, or does not accept the credentials: nothing can be read
├── MissingLibrary    a Python library is not installed, or too old
├── ApiError          the service answered, and refused
│   └── MissingScopes the service app lacks scopes, so that it gets no token
├── UnexpectedAnswer  the service answered with something that its contract does not describe
├── Unreachable       the request was never sent
└── ResponseLost      the request was sent and no usable answer came: it may have taken effect
"""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import re
import sys
import types
import typing

# The first versions that work, by name for pip, as in requirements.txt.
LOWEST_VERSIONS = {
    "cryptography": "45.0.1",
    "lxml": "5.2.1",
    "PyJWT": "2.7.0",
    "requests": "2.30.0",
    "signxml": "5.1.0",
    "urllib3": "2.0.2",
}


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
    """A Python library is not installed, or too old. Fact library: its name for pip."""


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

    Raises Failure with the install command if it is missing or too old. package: its name for pip, if that is another.
    """
    package = package or name.partition(".")[0]
    quoted = f"'{package}'" if "[" in package else package
    install = f"Install it with: {sys.executable} -m pip install -U {quoted}"
    try:
        library = importlib.import_module(name)
    except ImportError as error:
        raise MissingLibrary(
            f"The Python library {package} is missing in {sys.executable} ({error}). {install}",
            library=package,
        ) from error
    old_version = find_old_version(package)
    if old_version:
        raise MissingLibrary(
            f"The Python library {package} {old_version} in {sys.executable} is too old (>={lowest_version(package)} is needed). "
            f"{install}",
            library=package,
        )
    return library


def lowest_version(package: str) -> str:
    """The first version of a library that works. package: its name for pip, also with an extra: PyJWT[crypto]."""
    return LOWEST_VERSIONS.get(package.partition("[")[0], "0")


@functools.cache
def find_old_version(package: str) -> str:
    """The version of a library that is installed, if it is too old; else ""."""
    try:
        version = importlib.metadata.version(package.partition("[")[0]) or ""
    except importlib.metadata.PackageNotFoundError:  # not every package of a Linux distribution has its metadata
        return ""
    return version if _release(version) < _release(lowest_version(package)) else ""


def _release(version: str) -> tuple[int, ...]:
    """The first three numbers of a version, to compare."""
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    return tuple([*numbers, 0, 0][:3])
