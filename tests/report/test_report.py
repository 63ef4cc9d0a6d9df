# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The report in a browser: it fetches nothing, hides nothing, and is accessible."""

import operator

import pytest
from ansible_collections.idops.okta.plugins.module_utils.checks import ARTICLE_URL, GUIDE_ARTICLE
from conftest import PHONE
from runs import HOSTILE, RUNS, WRITTEN
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

WIDE = [{"scheme": "light"}, {"scheme": "dark"}]
READERS = WIDE + [{**reader, "width": PHONE} for reader in WIDE]
CONTROLS = "a[href], button:not([hidden]), input, summary"
VISIBLE = "return [...document.querySelectorAll(arguments[0])].filter((one) => one.checkVisibility())"
ROWS = "return [...document.querySelectorAll('#people tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))"

every_host = pytest.mark.parametrize("host", WRITTEN)
every_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: "-".join(map(str, reader.values())))


def find_violations(browser, axe):
    """What axe-core finds, each with the element it is about."""
    browser.execute_script("for (const one of document.querySelectorAll('details')) one.open = true;")
    browser.execute_script(axe)
    found = browser.execute_async_script("axe.run().then(arguments[0])")
    return [(one["id"], node["target"], node["failureSummary"]) for one in found["violations"] for node in one["nodes"]]


def rows(browser):
    return browser.execute_script(ROWS)


@every_reader
@pytest.mark.parametrize("page", [*(f"{host}/report.html" for host in WRITTEN), "index.html"])
def test_a_page_fetches_nothing_logs_nothing_fits_the_screen_and_is_accessible(browser, reports, axe, page, reader):
    path = reports.folder / page
    browser.open_page(path, **reader)
    assert browser.list_requests() == {path.as_uri()}
    assert browser.get_log("browser") == []
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    assert find_violations(browser, axe) == []


def test_the_overview_names_every_host(browser, reports):
    browser.open_page(reports.folder / "index.html")
    assert browser.list_texts("h2") == [*RUNS, "broken"]
    broken, preview = browser.list_texts(".hosts > li")[-1], browser.list_texts(".hosts > li")[-2]
    assert "failed before its report was written" in broken and "has no report yet" in preview
    assert browser.list_properties("a", "href") == [reports.file(host).as_uri() for host in WRITTEN]


@pytest.mark.parametrize("host", ["green", "amber", "red", "team", "oidc", "removed"])
def test_it_shows_what_the_data_say(open_report, reports, host):
    browser, data = open_report(host), reports.data(host)
    text = browser.list_texts("main")[0]
    assert browser.list_texts(".verdict p") == data["in_short"]
    items = data["left_to_do"]
    assert browser.list_texts(".items > li h3") == [item["title"] for item in items]
    assert browser.list_properties(".items .button", "href") == [item["where"] for item in items if item["where"]]
    for sentence in (sentence for item in items for sentence in [*item["what"], f"For {item['who']}"]):
        assert sentence in text
    assert [step for step in data["next_in_claude"] if step not in text] == []
    stages = data["chain"] if host != "removed" else []
    assert browser.list_texts(".chain li") == [f"{stage['title']}{stage['short']}" for stage in stages]
    assert browser.list_properties(".chain svg", "ariaLabel") == [stage["state"] for stage in stages]
    assert browser.list_texts(".review dt") == list(data["review"])
    assert sorted(browser.list_texts(".rows h3")) == sorted(check["title"] for check in data["checks"])
    assert sorted(browser.list_texts(".rows .pill")) == sorted(check["state"] for check in data["checks"])
    assert [group["name"] for group in data["groups"] if group["name"] not in text] == []
    for app in data["apps"]:
        if app["url"]:
            assert browser.list_texts(f"a[href='{app['url']}']") == [app["label"]]


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("green", ["Created the SAML app Claude", "Service app with DPoP", "Ansible collection idops.okta"]),
        ("red", ["set the audience to https://auth.workos.com/EXAMPLE (is https", "December 24, 2026 at 12:39 UTC"]),
        ("team", ["Values for the setup flow in Claude", "API token: every right", "Ada signed in on November 20"]),
        ("oidc", ["authorization code, with PKCE", "Read the client secret"]),
        ("removed", ["Removed the SCIM app Claude SCIM", "Set the provisioning mode in Claude to manual"]),
    ],
)
def test_each_kind_of_run_has_its_words(open_report, host, words):
    text = open_report(host).list_texts("main")[0]
    assert [word for word in words if word not in text] == []


def test_the_guide_is_linked_wherever_it_is_mentioned(open_report):
    browser = open_report("red")
    links = browser.list_properties(f"a[href='{ARTICLE_URL}{GUIDE_ARTICLE}']", "textContent")
    assert links == ["the guide"] * browser.list_texts("body")[0].count("the guide")


def test_only_what_is_open_is_unfolded(open_report):
    browser = open_report("red")
    assert browser.list_texts("summary")[0].endswith("checks not passed")
    assert {one.text for one in browser.execute_script(VISIBLE, ".rows .pill")} == {"failed"}


def test_only_values_have_a_copy_button(open_report):
    for host, names in (
        ("amber", ["SCIM base URL", "Metadata URL", "Identity provider entity ID", "Single sign-on URL"]),
        ("oidc", ["Client ID", "Discovery URL", "Issuer"]),
    ):
        assert open_report(host).list_properties(".copy", "ariaLabel") == [f"Copy {name}" for name in names]


@every_host
def test_it_lists_everybody(open_report, reports, host):
    browser, people = open_report(host), reports.data(host)["people"]
    if not people:
        assert browser.list_texts("#people") == []
        return
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    columns = operator.itemgetter("login", "email", "state", "detail")
    expected = [[person["name"] or "no name", *columns(person)] for person in people]
    assert rows(browser) == expected
    browser.execute_script("dispatchEvent(new Event('afterprint'))")
    assert rows(browser) == expected[:50]


def test_search_and_states_narrow_the_table(open_report, reports):
    browser, people = open_report("red"), reports.data("red")["people"]
    browser.find_one("#search").send_keys("muller  MAREN")
    assert [row[0] for row in rows(browser)] == ["Maren Müller"]
    assert browser.find_one("#found").text == "1 of 241 people"
    browser.find_one("#search").clear()
    for state in ("failed", "leftover", "ready"):
        browser.find_one(f".states button[value='{state}']").click()
        expected = [person["email"] for person in people if person["state"] == state]
        assert [row[2] for row in rows(browser)] == expected[:50]
    assert browser.find_one("#found").text == "The first 50 of 227 people"
    browser.find_one("#more").click()
    assert len(rows(browser)) == 100
    browser.find_one("#search").send_keys("nobody of this name")
    assert rows(browser) == [] and browser.find_one("#found").text == "0 of 241 people"


@pytest.mark.parametrize("clipboard", [True, False], ids=["clipboard", "no clipboard"])
def test_a_button_copies_its_value(open_report, reports, clipboard):
    browser = open_report("amber")
    if not clipboard:
        browser.execute_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    for name, value in reports.data("amber")["hand_over"].items():
        button = browser.find_one(f"[aria-label='Copy {name}']")
        button.click()
        WebDriverWait(browser, 3, 0.05).until(lambda _browser, button=button: button.text == "Copied")
        assert browser.list_texts("#announcement") == [f"Copy {name}: copied"]
        search = browser.find_one("#search")
        search.clear()
        search.send_keys(Keys.CONTROL, "v")
        assert search.get_property("value") == value


def test_a_value_that_cannot_be_copied_is_selected(open_report):
    browser = open_report("amber")
    browser.execute_script("Object.defineProperty(navigator, 'clipboard', {value: 0})")
    browser.execute_script("document.execCommand = () => false")
    browser.find_one(".copy").click()
    assert browser.find_one(".copy").text == "Press Ctrl+C"
    assert browser.execute_script("return String(getSelection())") == "https://api.workos.com/scim/v2.0/EXAMPLE"


def test_the_keyboard_reaches_everything(open_report):
    browser = open_report("red")
    controls = browser.execute_script(VISIBLE, CONTROLS)
    reached = []
    for _control in controls:
        ActionChains(browser).send_keys(Keys.TAB).perform()
        reached.append(browser.switch_to.active_element)
        assert browser.execute_script("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reached == controls
    browser.execute_script("document.querySelector('.states [value=blocked]').focus()")
    ActionChains(browser).send_keys(Keys.SPACE).perform()
    assert len(rows(browser)) == 1


def test_it_prints_everything_in_light_colors(open_report):
    browser = open_report("red", scheme="dark")
    browser.find_one("#search").send_keys("ada")
    assert browser.print_page().startswith(b"%PDF-")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert len(browser.execute_script(VISIBLE, ".rows > li")) == len(browser.list_texts(".rows > li"))
    assert not browser.find_one(".copy").is_displayed() and browser.find_one("#people").is_displayed()


def test_names_with_markup_stay_text(open_report):
    browser = open_report("many")
    assert browser.execute_script("return typeof hacked") == "undefined"
    assert browser.execute_script("return document.querySelectorAll('main img, main x, main i').length") == 0
    browser.find_one("#search").send_keys("<img src=x onerror=hacked=1>@example.com")
    assert [row[0] for row in rows(browser)] == [HOSTILE[0]]
    assert {link.split(":")[0] for link in browser.list_properties("a", "href")} == {"https", "file"}
    hosts = {link.split("/")[2] for link in browser.list_properties("a", "href")}
    assert hosts == {"", "example.okta.com", "example-admin.okta.com", "support.claude.com", "claude.ai"}


def test_without_scripts_it_says_where_everybody_is(open_report, browser):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        open_report("red")
        assert "report.json lists everybody" in browser.find_one("noscript p").text
        assert not browser.find_one("#people").is_displayed() and not browser.find_one(".copy").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_ten_thousand_people_fit(reports):
    assert len(reports.data("many")["people"]) == 10_000
    assert reports.file("many").stat().st_size < 1_300_000
