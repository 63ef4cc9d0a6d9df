# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The report and the overview as HTML: one file each that loads nothing.

Plain Jinja with autoescape, so that whatever stands in a name of the org stays text.
"""

from __future__ import annotations

import functools
import json
import pathlib
import re
import secrets
import typing

import jinja2
from ansible_collections.idops.okta.plugins.module_utils.checks import (
    ARTICLE_URL,
    EMAIL_ARTICLE,
    GUIDE_ARTICLE,
    PROVISIONING_ARTICLE,
    pluralize,
)
from ansible_collections.idops.okta.plugins.plugin_utils.report.role_text import ARTICLE_TITLES, CLAUDE_PAGES
from ansible_collections.idops.okta.plugins.plugin_utils.report.summary import people_line
from ansible_collections.idops.okta.plugins.plugin_utils.report.wording import (
    capitalize_first,
    display_date,
    display_time,
    with_readable_times,
)
from markupsafe import Markup, escape

TEMPLATES = pathlib.Path(__file__).parents[3] / "roles" / "claude" / "templates"
GUIDE_URL = f"{ARTICLE_URL}{GUIDE_ARTICLE}"
# What becomes more than text in a sentence: addresses of Claude's own pages, the guide, variables and playbooks.
RICH_TEXT = re.compile(
    r"(?P<url>https://(?:support\.claude\.com|claude\.ai|platform\.claude\.com)/[\w/.-]*[\w/])"
    r"|(?P<guide>\bthe guide\b)"
    r"|(?P<code>\bclaude_\w+(?:: [a-z]+\b)?|\bidops\.okta\.\w+|\bmetadata(?:-next)?\.xml\b)"
)
HELP_ARTICLES = (PROVISIONING_ARTICLE, EMAIL_ARTICLE)
PROTOCOLS = {"saml": "SAML 2.0", "oidc": "OpenID Connect"}
MODES = {"set_up": "set up", "preview": "previewed", "verify": "verified", "remove": "removed"}
PEOPLE_COLUMNS = ("name", "login", "email")


def render_report(result: dict) -> str:
    """result: claude_result."""
    template = make_environment().get_template("report.html.j2")
    return template.render(
        result=result,
        nonce=secrets.token_hex(16),
        tone=find_tone(result),
        people_line=people_line(result),
        subtitle=f"{PROTOCOLS[result['protocol']]}, {MODES[result['mode']]} on {display_time(result['time'])}",
        articles={number: ARTICLE_TITLES[number] for number in HELP_ARTICLES},
        article_url=ARTICLE_URL,
        setup_page=CLAUDE_PAGES[result["plan"]],
        people_data=to_script_data(pack_people(result["people"])),
    )


def render_overview(entries: list[dict], time: str) -> str:
    """entries: host and, if it has a report, what summarize_entry returns, by host; reason otherwise."""
    template = make_environment().get_template("overview.html.j2")
    return template.render(entries=entries, nonce=secrets.token_hex(16), time=time)


def find_tone(result: dict) -> str:
    """The worst state of the report: ok, manual or failed."""
    if result["ready"]:
        return "ok"
    states = {check["state"] for check in result["checks"]}
    return "failed" if "failed" in states else "manual"


def pack_people(people: list[dict]) -> dict[str, list]:
    """Everybody, column by column. An email like the login is 0, and states are numbers of a list of what they can be."""
    columns: dict[str, list] = {name: [person[name] for person in people] for name in PEOPLE_COLUMNS}
    columns["email"] = [0 if person["email"] == person["login"] else person["email"] for person in people]
    states: dict[tuple[str, str], int] = {}
    for person in people:
        states.setdefault((person["state"], person["detail"]), len(states))
    columns["states"] = list(map(list, states))
    columns["state"] = [states[person["state"], person["detail"]] for person in people]
    return columns


def to_script_data(value: typing.Any) -> Markup:
    """JSON for a script element, which no name can end: it has no <."""
    return Markup(json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"))  # noqa: S704


def rich_text(text: str | None) -> Markup:
    """Escaped text in which some words are links or code, and times are as people write them."""
    return Markup(RICH_TEXT.sub(_mark_up, str(escape(with_readable_times(text or "")))))  # noqa: S704


def _mark_up(found: re.Match) -> str:
    text = found[0]
    if found["url"]:
        return f'<a href="{text}" target="_blank">{text}</a>'
    if found["guide"]:
        return f'<a href="{GUIDE_URL}" target="_blank">{text}</a>'
    return f"<code>{text}</code>"


def is_link(address: str | None) -> bool:
    """Whether a browser may open it: what came from an org can be anything."""
    return re.match(r"https?://[^\s<>\"]+$", address or "") is not None


def is_copyable(text: str) -> bool:
    """Whether it is a value to paste, and not a sentence about one."""
    return re.search(r"\s", text) is None


@functools.lru_cache(maxsize=1)
def make_environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        date=display_date, time=display_time, rich=rich_text, pluralize=pluralize, capitalize_first=capitalize_first
    )
    environment.tests.update(link=is_link, copyable=is_copyable)
    return environment
