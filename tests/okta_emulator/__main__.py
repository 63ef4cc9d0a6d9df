# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Start the emulator on its own: python -m tests.okta_emulator."""

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

It behaves as Okta does, down to its quirks, holds everything in memory, and talks to nobody but you.
Its one line of output has the addresses and the secrets; GET /_control lists what else it can be told."""


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    emulator = Emulator(port=given.port)
    if given.seed:
        demo.seed(emulator.org, demo.SEED if given.seed == "demo" else json.loads(Path(given.seed).read_text("utf-8")))
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_given: ended.set())
    with emulator:
        if given.port_file:
            Path(given.port_file).write_text(emulator.url.rpartition(":")[2])
        print(
            f"url={emulator.url} token={emulator.token} scim_url={emulator.scim_url} "
            f"scim_token={emulator.scim_token} admin_api_key={emulator.admin_api_key}",
            flush=True,
        )
        while not (ended.wait(0.1) or emulator.stopped.is_set()):
            if given.idle and emulator.idle > given.idle:
                break
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.okta_emulator", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=0, help="port to listen on; default: a free one")
    parser.add_argument("--port-file", metavar="FILE", help="write the port here once it listens")
    parser.add_argument(
        "--seed", metavar="demo|FILE", help="fill the org: a demo, or a JSON file in the form of a seed"
    )
    parser.add_argument(
        "--idle", type=float, default=600, metavar="SECONDS", help="end after this long without a request; 0: never"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
