# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Python libraries that a run needs and that are missing or too old: found out before anything is written."""

from __future__ import annotations

import importlib.util
import sys
import typing

from ansible_collections.idops.okta.plugins.module_utils.errors import find_old_version, lowest_version
from ansible_collections.idops.okta.plugins.plugin_utils.planning.variables import Reason

# Names for import and for pip, by the condition that needs the library: it is imported only then, so without this a missing
# one would be found in the middle of a run.
LIBRARIES = {
    "always": {"requests": "requests", "urllib3": "urllib3"},
    "saml": {"lxml": "lxml", "cryptography": "cryptography"},
    "service app": {"jwt": "PyJWT[crypto]", "cryptography": "cryptography"},
    "saml response": {"signxml": "signxml"},
}


def find_library_problems(values: typing.Mapping[str, typing.Any]) -> list[Reason]:
    """One sentence with one command for all libraries that this run needs. values: the variables of the role."""
    problems, packages = [], []
    for name, package in needed_libraries(values).items():
        problem = find_problem(name, package)
        if problem:
            problems.append(problem)
            packages.append(f"'{package}'" if "[" in package else package)
    if not problems:
        return []
    command = f"{sys.executable} -m pip install -U {' '.join(packages)}"
    text = f"Python libraries are missing or too old: {', '.join(problems)}. Install them with: {command}"
    return [Reason(text, libraries=tuple(package.strip("'") for package in packages))]


def find_problem(name: str, package: str) -> str:
    """What is wrong with a library, or ""."""
    if importlib.util.find_spec(name) is None:
        return package
    version = find_old_version(package)
    return f"{package} {version} (>={lowest_version(package)} is needed)" if version else ""


def needed_libraries(values: typing.Mapping[str, typing.Any]) -> dict[str, str]:
    """By their names for import, those for pip."""
    libraries = dict(LIBRARIES["always"])
    if values.get("claude_sso_protocol") != "oidc":
        libraries.update(LIBRARIES["saml"])
    if values.get("claude_okta_client_id"):
        libraries.update(LIBRARIES["service app"])
    if values.get("claude_saml_response"):
        libraries.update(LIBRARIES["saml response"])
    return libraries
