# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Give ansible-test the pip that it wants, from the package index.

Its own way, `ansible-test --venv`, is a script from a site of its own, which many networks do not let through.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import ansible_test._internal as internal

BOOTSTRAP = """\
import pathlib, runpy, sys
sys.path.insert(0, str(next(pathlib.Path(__file__).parent.glob("pip-{version}-*.whl"))))
sys.argv = ["pip", "install", *(arg for arg in sys.argv[1:] if arg not in ("--no-setuptools", "--no-wheel"))]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


def main() -> None:
    source = Path(internal.__file__).with_name("python_requirements.py").read_text(encoding="utf-8")
    found = re.search(r"\bpip='([0-9.]+)'", source)
    if not found:
        sys.exit("ansible-test does not say any more which pip it wants")
    version = found.group(1)
    cache = Path("~/.ansible/test/cache").expanduser()
    cache.mkdir(parents=True, exist_ok=True)
    if not list(cache.glob(f"pip-{version}-*.whl")):
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", cache, f"pip=={version}"]
        subprocess.run(command, check=True)
    bootstrap = cache / f"get_pip_{version.replace('.', '_')}.py"
    bootstrap.write_text(BOOTSTRAP.format(version=version), encoding="utf-8")


if __name__ == "__main__":
    main()
