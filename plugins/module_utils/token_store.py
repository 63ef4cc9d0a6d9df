# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The access token of a service app, shared by the tasks of one run of Ansible.

The files are in Ansible's own temporary folder of the run, which only the user can read. They are encrypted, because that
folder is left behind when Ansible is killed, with a key that exists only in the memory of the run.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import pathlib
import tempfile
import typing

from ansible_collections.idops.okta.plugins.module_utils.errors import import_library

# The store of the run, set by the action that runs a module in Ansible's worker; None where a module runs by itself.
shared: TokenStore | None = None


class TokenStore:
    """Saved tokens by name. What cannot be read is None, and what cannot be written is not saved: it is fetched again."""

    def __init__(self, folder: str, key: bytes) -> None:
        """key: 32 random bytes."""
        self.folder = pathlib.Path(folder)
        self.key = key

    def load(self, name: str) -> dict | None:
        fernet = import_library("cryptography.fernet", "cryptography")
        try:
            return json.loads(self._cipher().decrypt(self._path(name).read_bytes()))
        except (OSError, ValueError, fernet.InvalidToken):
            return None

    def save(self, name: str, token: dict) -> None:
        """Replace the file at once, so that another task never reads half of it."""
        content = self._cipher().encrypt(json.dumps(token).encode())
        with contextlib.suppress(OSError):
            descriptor, temporary = tempfile.mkstemp(dir=self.folder)  # readable by this user alone
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            pathlib.Path(temporary).replace(self._path(name))

    def _cipher(self) -> typing.Any:
        fernet = import_library("cryptography.fernet", "cryptography")
        return fernet.Fernet(base64.urlsafe_b64encode(self.key))

    def _path(self, name: str) -> pathlib.Path:
        return self.folder / f"idops-okta-{hashlib.sha256(name.encode()).hexdigest()[:32]}"
