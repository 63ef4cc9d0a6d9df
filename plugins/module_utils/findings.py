# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The shape of what a person is told: a check, and a step that only a person can do."""

from __future__ import annotations


def check(id: str, state: str, detail: str, remedy: str | None = None) -> dict:
    """One line of the report. id: stable name; state: ok, failed, manual or skipped; detail: what was seen; remedy: what to do."""
    return {"id": id, "state": state, "detail": detail, "remedy": None if state == "ok" else remedy}


def manual_step(id: str, what: str, why: str, where: str, values: dict[str, str]) -> dict:
    """A click that the public API does not offer. where: a deep link; values: what to enter, a secret only named."""
    return {"id": id, "what": what, "why": why, "where": where, "values": values}


def some(names: list[str], most: int = 10) -> str:
    """The names in one line, cut after the first few."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
