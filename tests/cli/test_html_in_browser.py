"""The pages in a real Chromium: read aloud without a barrier, nothing fetched, fit for a phone and for paper."""

from __future__ import annotations

import base64
import csv
import json
import os
import re
import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import ActionChains, Chrome, ChromeOptions, Keys
from selenium.webdriver.chrome.service import Service
from test_door import AS_AT, run

EXPORT = Path(__file__).parents[2] / "examples" / "three-forces" / "export.csv"
COMMANDS = {
    "count": ("count", EXPORT),
    "groups": ("count", EXPORT, "--by", "force", "--as-at", "2023-12-31"),
    "quarters": ("count", EXPORT, "--year", "quarter"),
    "one-year": ("count", EXPORT, "--period", "2022/23", "--basis", "all"),
    "check": ("check", EXPORT),
    "labels": ("check", EXPORT, "--list", "labels"),
    "compare": (
        "compare",
        *(EXPORT.parents[1] / "west-midlands-two-tables" / f"by-{of}.csv" for of in ("type", "month")),
    ),
    "pack": ("pack", EXPORT),
}
RELEASES = {"report": ("--by", "force"), "report-of-one-year": ("--years-back", "0")}
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
DESKTOP, PHONE = 1280, 390
PORTRAIT, LANDSCAPE = 718, 1047  # A4 in CSS pixels, less Chromium's own margins of 1 cm each
POLICY = re.compile(r"<meta http-equiv=.*?>")

every_page = pytest.mark.parametrize("name", [*COMMANDS, *RELEASES])


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write every page once."""
    folder = tmp_path_factory.mktemp("pages")
    for name, args in COMMANDS.items():
        command, *rest = args
        assert run(command, *AS_AT, *rest, "-f", "html", "-o", folder / f"{name}.html").code == 3
    pages = {name: folder / f"{name}.html" for name in COMMANDS}
    for name, args in RELEASES.items():
        assert run("return", EXPORT, *AS_AT, "--period", "2023/24", *args, "-o", folder / name).code == 3
        (pages[name],) = (folder / name).glob("*.html")
    return pages


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        reason = "Chromium and its driver are needed: apt-get install chromium chromium-driver"
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail(reason)
        pytest.skip(reason)
    options = ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    with Chrome(options=options, service=Service(driver)) as chrome:
        yield chrome


def show(browser: Chrome, page: Path, *, width: int = DESKTOP, media: str = "screen") -> None:
    """Open a page at a width."""
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width == PHONE}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media})
    browser.get(page.as_uri())


def ask(browser: Chrome, expression: str) -> Any:
    return browser.execute_script(f"return {expression}")


def violations(browser: Chrome) -> list[str]:
    """Give what axe-core has against the page, the rule on contrasts of 7 to 1 included."""
    browser.execute_script((resources.files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = browser.execute_async_script(
        "axe.run({rules: {'color-contrast-enhanced': {enabled: true}}}).then(arguments[0])"
    )
    ran = {rule["id"] for rule in found["passes"]}
    assert {"color-contrast-enhanced", "html-has-lang", "region"} <= ran | {rule["id"] for rule in found["violations"]}
    return [f"{rule['id']}: {node['html']}" for rule in found["violations"] for node in rule["nodes"]]


def requests(browser: Chrome) -> list[str]:
    """Give the addresses that were asked for since this was called last, those that the policy stopped left out."""
    log = browser.get_log("performance")  # type: ignore[no-untyped-call]
    events = [json.loads(entry["message"])["message"] for entry in log]
    of = {
        name: [event["params"] for event in events if event["method"] == f"Network.{name}"]
        for name in ("requestWillBeSent", "loadingFailed")
    }
    stopped = {failed["requestId"] for failed in of["loadingFailed"] if failed.get("blockedReason") == "csp"}
    return [sent["request"]["url"] for sent in of["requestWillBeSent"] if sent["requestId"] not in stopped]


@every_page
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_page_has_no_barrier(browser: Chrome, pages: dict[str, Path], name: str, width: int) -> None:
    show(browser, pages[name], width=width)
    assert violations(browser) == []


def test_a_barrier_would_be_found(browser: Chrome, pages: dict[str, Path], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    text = pages["count"].read_text(encoding="utf-8")
    page.write_text(text.replace(' lang="en-GB"', "").replace("color: #444", "color: #767676"), encoding="utf-8")
    show(browser, page)
    assert {found.partition(":")[0] for found in violations(browser)} == {"html-has-lang", "color-contrast-enhanced"}


@every_page
def test_a_page_asks_for_nothing_but_itself(browser: Chrome, pages: dict[str, Path], name: str) -> None:
    requests(browser)
    show(browser, pages[name])
    assert requests(browser) == [pages[name].as_uri()]


@pytest.mark.parametrize("has_policy", [True, False])
def test_what_is_smuggled_into_a_page_neither_runs_nor_asks(
    browser: Chrome, pages: dict[str, Path], tmp_path: Path, *, has_policy: bool
) -> None:
    smuggled = "<script>document.title = 'it ran'</script><img alt='' src='http://127.0.0.1:9/it-asked'>"
    text = pages["check"].read_text(encoding="utf-8").replace("</main>", f"{smuggled}</main>")
    page = tmp_path / "page.html"
    page.write_text(text if has_policy else POLICY.sub("", text), encoding="utf-8")
    requests(browser)
    show(browser, page)
    assert (browser.title != "it ran") is has_policy
    assert (requests(browser) == [page.as_uri()]) is has_policy


def test_the_figures_shown_are_those_of_the_csv(browser: Chrome, pages: dict[str, Path]) -> None:
    wide = run("count", EXPORT, *AS_AT, "-f", "csv", "--layout", "wide").out
    show(browser, pages["count"])
    shown = ask(browser, "[...document.querySelectorAll('tbody tr')].map(row => [...row.cells].map(c => c.innerText))")
    assert [[cell.replace(",", "") for cell in row[1:-1]] for row in shown] == [
        row[2:] for row in list(csv.reader(wide.splitlines()))[1:]
    ]


@every_page
def test_a_phone_scrolls_a_table_and_never_the_page(browser: Chrome, pages: dict[str, Path], name: str) -> None:
    show(browser, pages[name], width=PHONE)
    assert ask(browser, "document.documentElement.scrollWidth") == PHONE


def test_a_wide_table_scrolls_by_keyboard_and_keeps_its_categories_in_view(
    browser: Chrome, pages: dict[str, Path]
) -> None:
    show(browser, pages["quarters"], width=PHONE)
    ActionChains(browser).send_keys(Keys.TAB).send_keys(Keys.ARROW_RIGHT * 5).pause(1).perform()
    assert ask(browser, "document.activeElement.getAttribute('role')") == "region"
    assert ask(browser, "document.activeElement.scrollLeft") > 50
    left = "document.querySelector('tbody th').getBoundingClientRect().left"
    assert ask(browser, left) == ask(browser, "document.activeElement.getBoundingClientRect().left")


def test_a_chart_on_a_phone_is_as_wide_as_the_page_and_its_text_can_be_read(
    browser: Chrome, pages: dict[str, Path]
) -> None:
    show(browser, pages["report"], width=PHONE)
    box = "document.querySelector('figure svg').getBoundingClientRect()"
    assert PHONE * 0.8 < ask(browser, f"{box}.width") < PHONE
    height = "Math.min(...[...document.querySelectorAll('figure text')].map(t => t.getBoundingClientRect().height))"
    assert ask(browser, height) >= 11
    inside = "[...document.querySelectorAll('figure text')].every(t => t.getBoundingClientRect().right <= innerWidth)"
    assert ask(browser, inside) is True


def test_every_chart_has_a_name_a_description_and_the_same_figures_in_a_table(
    browser: Chrome, pages: dict[str, Path]
) -> None:
    show(browser, pages["report"])
    told = "['title', 'desc'].map(name => picture.querySelector(name).textContent)"
    charts = ask(browser, f"[...document.querySelectorAll('figure svg')].map(picture => {told})")
    assert len(charts) == 3
    assert all(title and "The table below holds every figure." in about for title, about in charts)
    cells = ask(browser, "[...document.querySelectorAll('td')].map(c => c.innerText)")
    figures = ask(browser, "[...document.querySelectorAll('figure text')].map(t => t.textContent)")
    assert {text for text in figures if re.fullmatch(r"-?[\d,.]+|\[c\]", text)} <= set(cells)


@pytest.mark.parametrize(
    ("name", "paper"),
    [
        pytest.param("report", PORTRAIT, id="report"),
        pytest.param("groups", PORTRAIT, id="years"),
        pytest.param("quarters", LANDSCAPE, id="quarters"),
    ],
)
def test_paper_holds_every_column(browser: Chrome, pages: dict[str, Path], name: str, paper: int) -> None:
    show(browser, pages[name], width=paper, media="print")
    assert ask(browser, "document.documentElement.scrollWidth") <= paper
    # Else every page would end in the total, wherever the table is cut.
    assert ask(browser, "getComputedStyle(document.querySelector('tfoot')).display") == "table-row-group"
    pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {})["data"])
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert {float(width) > float(height) for width, height in boxes} == {paper == LANDSCAPE}
