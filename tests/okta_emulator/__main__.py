# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Run the emulator as a program: python -m tests.okta_emulator."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from .control import demo
from .emulator import Emulator

_ABOUT = """\
An Okta org on loopback, with Claude's SCIM directory and Claude's Admin API behind it.

State is kept in memory. The program prints one line with its addresses and secrets; GET /_control lists
the control API. tests/okta_emulator/README.md describes it."""


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    emulator = Emulator(port=options.port)
    if options.seed:
        demo.seed(
            emulator.org, demo.SEED if options.seed == "demo" else json.loads(Path(options.seed).read_text("utf-8"))
        )
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_arguments: stopping.set())
    with emulator:
        if options.port_file:
            Path(options.port_file).write_text(emulator.url.rpartition(":")[2])
        print(
            f"url={emulator.url} token={emulator.token} scim_url={emulator.scim_url} "
            f"scim_token={emulator.scim_token} admin_api_key={emulator.admin_api_key}",
            flush=True,
        )
        while not (stopping.wait(0.1) or emulator.stopped.is_set()):
            if options.idle and emulator.idle > options.idle:
                break
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.okta_emulator", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free port)")
    parser.add_argument("--port-file", metavar="FILE", help="write the port to this file once the emulator listens")
    parser.add_argument("--seed", metavar="demo|FILE", help="fill the org with the demo data, or from a JSON file")
    parser.add_argument("--idle", type=float, default=600, metavar="SECONDS", help="end after this idle time; 0: never")
    return parser


if __name__ == "__main__":
    sys.exit(main())
