# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The report in a browser: it fetches nothing, hides nothing, and is accessible."""

from __future__ import annotations

import time

import pytest
from conftest import PHONE
from results import HOSTILE, RUNS
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

READERS = (
    {"scheme": "light"},
    {"scheme": "dark"},
    {"scheme": "light", "width": PHONE},
    {"scheme": "dark", "width": PHONE},
)
CONTROLS = "a[href], button:not([hidden]), input"

every_host = pytest.mark.parametrize("host", RUNS)
every_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: "-".join(map(str, reader.values())))


def problems(browser, axe):
    """What axe-core finds, each with the element it is about."""
    browser.execute_script(axe)
    found = browser.execute_async_script("axe.run().then(arguments[0])")
    return [(one["id"], node["target"], node["failureSummary"]) for one in found["violations"] for node in one["nodes"]]


def rows(browser):
    return browser.execute_script(
        "return [...document.querySelectorAll('#people tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))"
    )


def choose(browser, listed, state):
    browser.one(f".choices[data-list={listed}] button[value='{state}']").click()


@every_reader
@every_host
def test_asks_nobody_and_complains_of_nothing(opened, reports, host, reader):
    browser = opened(host, **reader)
    assert browser.requested() == {reports.file(host).as_uri()}
    assert browser.get_log("browser") == []
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")


@every_reader
@every_host
def test_is_accessible(opened, axe, host, reader):
    assert problems(opened(host, **reader), axe) == []


@every_reader
def test_the_overview_names_every_host(browser, reports, axe, reader):
    page = reports.folder / "index.html"
    browser.look(page, **reader)
    assert browser.requested() == {page.as_uri()} and browser.get_log("browser") == []
    assert problems(browser, axe) == []
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.texts("h2") == [*RUNS, "broken"]
    assert "failed before its report was written" in browser.texts(".hosts > li")[-1]
    assert browser.each("a", "href") == [reports.file(host).as_uri() for host in RUNS]


@every_host
def test_shows_what_the_data_say(opened, host):
    browser, data = opened(host), RUNS[host]()
    assert browser.texts(".first") == [data["summary"][0]]
    assert browser.texts(".chain h3") == [link["title"] for link in data["chain"]]
    assert browser.texts(".chain p") == [link["detail"] for link in data["chain"]]
    assert browser.each(".chain svg", "ariaLabel") == [link["state"] for link in data["chain"]]
    steps = data["manual_steps"]
    pasted = [data["hand_over"], *(step["values"] for step in steps)]
    assert browser.texts("dt") == [name for values in pasted for name in values]
    assert browser.texts("dd code") == [value for values in pasted for value in values.values()]
    assert browser.texts(".steps p") == [step[key] for step in steps for key in ("what", "why", "where")]
    checks = sorted(data["checks"], key=lambda check: ("failed", "manual", "ok", "skipped").index(check["state"]))
    assert browser.texts(".checks .pill") == [check["state"] for check in checks]
    remedies = [f"What to do: {one['remedy']}\n" if one["state"] != "ok" and one["remedy"] else "" for one in checks]
    wanted = [f"{check['id']}{check['detail']}\n{remedy}" for check, remedy in zip(checks, remedies, strict=True)]
    assert browser.texts(".checks > li > div") == wanted
    days = [f"{one['days_left']:,} days left" for one in data["metadata"].get("certificates", [])]
    assert [text.split(", ")[1] for text in browser.texts("[aria-labelledby=h-certificates] p:first-child")] == days


@every_host
def test_lists_everybody(opened, host):
    browser, people = opened(host), RUNS[host]()["people"]
    if not people:
        assert browser.texts("#people") == []
        return
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    wanted = [[person["name"] or "no name", *list(person.values())[1:]] for person in people]
    assert rows(browser) == wanted
    browser.execute_script("dispatchEvent(new Event('afterprint'))")
    assert rows(browser) == wanted[:50]


def test_search_and_states_narrow_the_table(opened):
    browser, people = opened("red"), RUNS["red"]()["people"]
    browser.one("#search").send_keys("muller  MAREN")
    assert [row[0] for row in rows(browser)] == ["Maren Müller"]
    assert browser.one("#found").text == "1 of 241 people"
    browser.one("#search").clear()
    for state in ("failed", "leftover", "ready"):
        choose(browser, "people", state)
        wanted = [person["email"] for person in people if person["state"] == state]
        assert [row[2] for row in rows(browser)] == wanted[:50]
    assert browser.one("#found").text == "The first 50 of 227 people"
    browser.one("#more").click()
    assert len(rows(browser)) == 100
    browser.one("#search").send_keys("nobody of this name")
    assert rows(browser) == [] and browser.one("#found").text == "0 of 241 people"


def test_states_narrow_the_checks(opened):
    browser = opened("red")
    seen = "return [...document.querySelectorAll('.checks > li')].filter((one) => one.offsetHeight).map((one) => one.dataset.state)"
    choose(browser, "checks", "failed")
    assert browser.execute_script(seen) == ["failed"] * 3
    assert browser.each("[aria-pressed=true]", "value") == ["failed", ""]
    choose(browser, "checks", "")
    assert len(browser.execute_script(seen)) == len(RUNS["red"]()["checks"])


@pytest.mark.parametrize("clipboard", [True, False], ids=["clipboard", "no clipboard"])
def test_copies_a_value(opened, clipboard):
    browser = opened("amber")
    if not clipboard:
        browser.execute_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    for name, value in RUNS["amber"]()["hand_over"].items():
        button = browser.one(f"[aria-label='Copy {name}']")
        button.click()
        for _try in range(50):
            if button.text == "Copied":
                break
            time.sleep(0.05)
        assert browser.texts("#announcement") == [f"Copy {name}: copied"]
        search = browser.one("#search")
        search.clear()
        search.send_keys(Keys.CONTROL, "v")
        assert search.get_property("value") == value


def test_says_when_nothing_can_be_copied(opened):
    browser = opened("amber")
    browser.execute_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined}); document.execCommand = () => false"
    )
    browser.one(".copy").click()
    assert browser.one(".copy").text == "Press Ctrl+C"
    assert browser.execute_script("return String(getSelection())") == next(iter(RUNS["amber"]()["hand_over"].values()))


def test_the_keyboard_reaches_everything(opened):
    browser = opened("red")
    wanted = browser.execute_script(f"return [...document.querySelectorAll('{CONTROLS}')]")
    reached = []
    for _control in wanted:
        ActionChains(browser).send_keys(Keys.TAB).perform()
        reached.append(browser.switch_to.active_element)
        assert browser.execute_script("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reached == wanted
    browser.execute_script("document.querySelector('.choices[data-list=people] [value=blocked]').focus()")
    ActionChains(browser).send_keys(Keys.SPACE).perform()
    assert len(rows(browser)) == 1


def test_prints(opened):
    browser = opened("red", scheme="dark")
    browser.one("#search").send_keys("ada")
    choose(browser, "checks", "failed")
    assert browser.paper().startswith(b"%PDF-")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert browser.execute_script(
        "return [...document.querySelectorAll('.checks > li')].every((one) => one.offsetHeight)"
    )
    assert not browser.one(".copy").is_displayed() and browser.one("#people").is_displayed()


def test_names_with_markup_stay_text(opened):
    browser = opened("many")
    assert browser.execute_script("return typeof hacked") == "undefined"
    assert browser.execute_script("return document.querySelectorAll('main img, main x, main i').length") == 0
    browser.one("#search").send_keys("<img")
    assert [row[0] for row in rows(browser)] == [HOSTILE[0]]
    assert {link.split(":")[0] for link in browser.each("a", "href")} == {"https", "file"}
    assert "https://a.example/?x=1&y=" in browser.each("a", "href")


def test_without_scripts_it_says_where_everybody_is(opened, browser):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        opened("red")
        assert "report.json lists everybody" in browser.one("noscript p").text
        assert not browser.one("#people").is_displayed() and not browser.one(".copy").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_ten_thousand_people_fit(reports):
    assert len(RUNS["many"]()["people"]) == 10_000
    assert reports.file("many").stat().st_size < 3_000_000
