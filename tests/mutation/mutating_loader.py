# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A pytest plugin that loads one module of the emulator with a passage of its source replaced, as MUTATION specifies."""

from __future__ import annotations

import importlib.machinery
import json
import os
import sys

MODULE, ORIGINAL, REPLACEMENT = json.loads(os.environ["MUTATION"])


class MutatingLoader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        source = self.get_source(fullname)
        if source.count(ORIGINAL) != 1:
            raise ImportError(f"{source.count(ORIGINAL)} times in {self.path} instead of once: {ORIGINAL}")
        return compile(source.replace(ORIGINAL, REPLACEMENT), self.path, "exec")


class MutatingFinder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != f"ansible_collections.idops.okta.tests.okta_emulator.{MODULE}":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        spec.loader = MutatingLoader(name, spec.origin)
        return spec


sys.meta_path.insert(0, MutatingFinder)
