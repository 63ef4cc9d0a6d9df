# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A pytest plugin: one room of the stand-in org is loaded with a passage of its source replaced, as KINDER says."""

from __future__ import annotations

import importlib.machinery
import json
import os
import sys

ROOM, WAS, IS = json.loads(os.environ["KINDER"])


class Bent(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        source = self.get_source(fullname)
        if source.count(WAS) != 1:
            raise ImportError(f"{source.count(WAS)} times in {self.path} instead of once: {WAS}")
        return compile(source.replace(WAS, IS), self.path, "exec")


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != f"ansible_collections.idops.okta.tests.emulator.{ROOM}":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        spec.loader = Bent(name, spec.origin)
        return spec


sys.meta_path.insert(0, Finder)
