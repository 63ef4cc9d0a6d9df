# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reports of invented runs, written by the role's own task file, and a browser to open them in."""

from __future__ import annotations

import base64
import importlib.util
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ansible_collections.idops.okta.tests.support.playbook_runner import run_ansible
from runs import RUNS
from selenium import webdriver
from selenium.webdriver.common.by import By

ROOT = Path(__file__).resolve().parents[2]
PHONE = 360


class Reports:
    """The folder that a play writes its reports to."""

    def __init__(self, work: Path) -> None:
        self.work, self.folder = work, work / "reports"
        self.output = ""
        for name, run in RUNS.items():
            (work / f"{name}.json").write_text(json.dumps(run()), encoding="utf-8")

    def write(self, *arguments: str, hosts: tuple[str, ...] = tuple(RUNS), callback: str = "default") -> dict[str, int]:
        """Run the playbook. Returns what its recap counts."""
        variables: dict[str, object] = {
            "ansible_python_interpreter": sys.executable,
            "claude_junit": True,
            "claude_report_dir": f"{self.folder}/{{{{ inventory_hostname }}}}",
            "claude_runs": str(self.work),
            "claude_strict": False,
            "claude_verify_strict": False,
        }
        environment = {
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache/collections"),
            "ANSIBLE_STDOUT_CALLBACK": callback,
            "ANSIBLE_CALLBACK_PLUGINS": str(self.work),
            "LC_ALL": "C.UTF-8",
        }
        playbook = ROOT / "tests/report/playbook.yml"
        ran = run_ansible(playbook, dict.fromkeys(hosts, variables), self.work, *arguments, **environment)
        self.output = ran.stdout + ran.stderr
        counts: dict[str, int] = {}
        for word, count in re.findall(r" (ok|changed|failed|unreachable)=(\d+)", self.output):
            counts[word] = counts.get(word, 0) + int(count)
        return counts

    def file(self, host: str, name: str = "report.html") -> Path:
        return self.folder / host / name

    def data(self, host: str) -> dict:
        return json.loads(self.file(host, "report.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Reports:
    written = Reports(tmp_path_factory.mktemp("runs"))
    written.counts = written.write(hosts=(*RUNS, "broken"))
    return written


class Browser(webdriver.Chrome):
    def open_page(self, page: Path, scheme: str = "light", width: int = 1100) -> None:
        """Open a page as a reader of this kind has it."""
        self.get("about:blank")
        self.get_log("browser")
        self.get_log("performance")
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width == PHONE}
        self.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.get(page.as_uri())

    def list_properties(self, selector: str, name: str) -> list[str]:
        """A property of each element, visible or not."""
        script = "return [...document.querySelectorAll(arguments[0])].map((one) => one[arguments[1]])"
        return self.execute_script(script, selector, name)

    def list_texts(self, selector: str) -> list[str]:
        return [" ".join(text.split()) for text in self.list_properties(selector, "textContent")]

    def find_one(self, selector: str) -> webdriver.remote.webelement.WebElement:
        return self.find_element(By.CSS_SELECTOR, selector)

    def list_requests(self) -> set[str]:
        """Every address that was requested since the page was opened."""
        entries = (json.loads(entry["message"])["message"] for entry in self.get_log("performance"))
        requests = (entry for entry in entries if entry["method"] == "Network.requestWillBeSent")
        return {entry["params"]["request"]["url"] for entry in requests}

    def print_page(self) -> bytes:
        return base64.b64decode(self.execute_cdp_cmd("Page.printToPDF", {})["data"])


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.skip("Chromium is not installed: on Debian, apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (
        "headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-component-update "
        f"disable-sync user-data-dir={tmp_path_factory.mktemp('profile')}"
    ).split():
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = Browser(options=options, service=webdriver.ChromeService(driver))
    yield started
    started.quit()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    package = importlib.util.find_spec("axe_playwright_python")
    if not package:
        pytest.skip("axe-core is not installed: make report does it")
    return Path(package.submodule_search_locations[0], "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def open_report(reports: Reports, browser: Browser) -> Callable[..., Browser]:
    def open_host(host: str, **reader: object) -> Browser:
        browser.open_page(reports.file(host), **reader)
        return browser

    return open_host
