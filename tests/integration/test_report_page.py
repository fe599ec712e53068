"""The report's page in a real browser, opened from disk."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from slo.model.duration import MINUTE
from slo.report.files import write_weekly_slo
from slo.report.weekly_slo import weekly_slo
from tests.shop import WEEK, WEEKS, availability, history, incident, stretch

pytestmark = pytest.mark.integration

OUTAGE, LAST = stretch(2, 2), stretch(1, 1, WEEKS[2])
CHROMIUMS_OWN = re.compile(r"google(apis)?\.com|gvt1\.com|gstatic\.com")


@pytest.fixture(scope="module")
def report():
    past = history((OUTAGE, 0.5), (LAST, 0.5))
    labelled = (replace(incident(OUTAGE), notes="half of all requests failed"),)
    slos = (availability(), availability(name="strict", ratio="0.999"))
    return weekly_slo(slos, past, labelled, WEEK, MINUTE)


@dataclass(frozen=True)
class Visit:
    """What a browser made of a page.

    Attributes:
        dom: The page as HTML when its scripts had run.
        console: What it complained about.
        requests: What it asked of any host.

    """

    dom: str
    console: str
    requests: tuple[str, ...]

    def element(self, name: str) -> str:
        """The HTML from an element to the next figure."""
        start = self.dom.index(f'id="{name}"')
        return self.dom[start : self.dom.find("<figcaption", start)]


@pytest.fixture(scope="module")
def visit(report, tmp_path_factory):
    page = write_weekly_slo(report, tmp_path_factory.mktemp("page"))
    asked: list[str] = []

    class Recorder(BaseHTTPRequestHandler):
        """A proxy that writes down who is asked for, and knows nobody."""

        def refuse(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_GET = do_POST = do_HEAD = do_CONNECT = refuse  # noqa: N815  http.server's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "this test needs chromium; 'make programs' installs it"
    try:
        done = subprocess.run(
            [
                chromium,
                *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
                *("--no-first-run", "--disable-background-networking", "--disable-sync"),
                *("--disable-component-update", "--enable-logging=stderr"),
                f"--proxy-server=127.0.0.1:{proxy.server_port}",
                "--proxy-bypass-list=<-loopback>",
                f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
                *("--window-size=1200,900", "--virtual-time-budget=20000", "--dump-dom"),
                page.as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    finally:
        proxy.shutdown()
        proxy.server_close()
    console = "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)
    return Visit(done.stdout, console, tuple(asked))


def test_the_page_asks_nobody_for_anything(visit):
    assert [url for url in visit.requests if not CHROMIUMS_OWN.search(url)] == []


def test_the_browser_has_nothing_to_complain_about(visit):
    assert visit.console == ""


def test_every_figure_is_drawn(visit, report):
    for one in report.slos:
        for kind in ("burn-down", "burn-rates", "episodes"):
            assert 'class="main-svg"' in visit.element(f"{kind}-{one.slo.name}")
    assert visit.dom.count('class="plot js-plotly-plot"') == 6


def test_the_table_holds_the_reports_numbers(visit, report):
    def cells(name: str) -> list[float]:
        return [float(text) for text in re.findall(rf'data-{name}="([^"]+)"', visit.dom)]

    assert cells("remaining") == [one.budget.remaining for one in report.slos]
    assert cells("achieved") == [one.achieved for one in report.slos]
    assert cells("change") == [one.change for one in report.slos]
    assert f'id="verdict">{report.verdict}<' in visit.dom
    assert f'id="pages">{report.pages}<' in visit.dom


def test_a_line_ends_where_its_number_is(visit, report):
    for one in report.slos:
        figure = visit.element(f"burn-down-{one.slo.name}")
        (path,) = re.findall(r'class="js-line" d="M([^"]+)"', figure)[:1]
        heights = [float(place.split(",")[1]) for place in re.findall(r"[\d.]+,-?[\d.]+", path)]
        ticks = {
            int(text.replace("−", "-")): float(y)  # noqa: RUF001  plotly's minus sign
            for y, text in re.findall(
                r'class="ytick"><text[^>]*translate\([^,]+,([\d.]+)\)[^>]*>([−\d]+)%',  # noqa: RUF001
                figure,
            )
        }
        (low, low_at), *_, (high, high_at) = sorted(ticks.items())
        share = 100 * (low_at - high_at) / (high - low)
        assert (heights[-1] - heights[0]) / share == pytest.approx(
            1 - one.budget.remaining, abs=0.01 * abs(one.budget.remaining) + 0.01
        )


def test_thresholds_and_episodes_are_named(visit):
    rates = visit.element("burn-rates-availability")
    assert "page-1h" in rates
    assert "fires above 14.4x over 1h and 5m" in rates
    timeline = visit.element("episodes-availability")
    assert "incidents" in timeline
    assert "ticket-1d" in timeline
