"""``slo preview`` on a snapshot: through a Prometheus of its own, and looked at in a browser.

What the page says is compared with another Prometheus, which holds every sample of the history.
"""

import re
import struct
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from slo.cli import app
from slo.errors import ConfigError
from slo.history.snapshot import write_snapshot
from slo.model.duration import HOUR, MINUTE
from tests.integration.browser import visit
from tests.preview_dashboards import BY_CODE, RULES, shop, write
from tests.shop import SPAN, history, stretch

pytestmark = pytest.mark.integration

OUTAGE = stretch(6.85, 1)
DESKTOP, PHONE = (1400, 1100), (390, 3000)


@pytest.fixture(scope="module")
def past():
    return history((OUTAGE, 0.5))


@pytest.fixture(scope="module")
def project(past, tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for name in ("specs", "generated/dashboards", "generated/rules", "history"):
        (folder / name).mkdir(parents=True)
    (folder / "slobook.toml").write_text(
        '[project]\nspecs = ["specs"]\n[history]\nsnapshot = "history/shop.parquet"\n'
    )
    write(folder / "generated/dashboards", shop())
    (folder / "generated/rules/shop.yml").write_text(RULES)
    write_snapshot(past, folder / "history/shop.parquet")
    return folder


@dataclass(frozen=True)
class Run:
    """What the command said, and the page that it wrote."""

    exit_code: int
    said: str
    page: Path

    @property
    def html(self) -> str:
        return self.page.read_text()


def run(project, *arguments) -> Run:
    page = project / "out" / f"{len(arguments)}.html"
    config = ["--config", str(project / "slobook.toml"), "--out", str(page)]
    done = CliRunner().invoke(app, ["preview", *config, *arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Run(done.exit_code, done.output, page)


@pytest.fixture(scope="module")
def made(project):
    return run(project)


def values(html: str, title: str) -> list[float]:
    start = html.index(f'data-panel="{title}"')
    return [
        float(text)
        for text in re.findall(
            r'data-value="([^"]+)"', html[start : html.index("</article>", start)]
        )
    ]


def test_the_command_says_what_has_no_data(made):
    assert made.exit_code == 1
    assert "12 panels: 9 with data, 1 without data, 1 with an error, 1 not shown here." in made.said
    assert "The shop, Missing: No data" in made.said
    assert "The shop, Broken: A: 1:17: parse error: unclosed left parenthesis" in made.said
    assert f"Open {made.page}" in made.said


def test_numbers_are_those_of_a_server_that_holds_every_sample(made, past, serve_history):
    server = serve_history(past)
    end = SPAN.end
    errors = 'sum(rate(requests_total{code="500"}[30m])) / sum(rate(requests_total[30m])) / 0.01'
    asked = {
        "Requests": "sum(rate(requests_total[4m]))",
        "Budget spent": errors,
        "Bar": BY_CODE.replace("$code", ".*"),
    }
    for title, expr in asked.items():
        assert values(made.html, title) == pytest.approx(server.query(expr, end), rel=1e-3), title
    hour = sorted(server.query(asked["Bar"], end), reverse=True)
    cells = values(made.html, "By code")
    assert cells == pytest.approx([v for one in hour for v in (one, 60 * one)], rel=1e-3)


def test_alerts_fire_in_the_preview_as_their_rules_say(made):
    # Half of the requests fail for an hour, in the last six: the alert on a tenth of them fires.
    assert OUTAGE.start > SPAN.end - 6 * HOUR
    assert values(made.html, "Firing") == [1.0]


def test_a_value_can_be_chosen(project):
    found = run(project, "shop-001", "--var", "code=500", "--hours", "1")
    assert len(values(found.html, "Bar")) == 1
    assert "Code <b>500</b>" in found.html
    with pytest.raises(ConfigError, match="--var code: found 404, expected 200, 500"):
        run(project, "shop-001", "--var", "code=404")


def test_a_running_prometheus_is_asked_as_it_is(project, past, serve_history):
    server = serve_history(past)
    found = run(project, "--prometheus", server.url)
    # It holds the past: of the present there is nothing.
    assert found.exit_code == 1
    assert f"From Prometheus at {server.url}" in found.said
    (without,) = [line for line in found.said.splitlines() if line.endswith(": No data")]
    assert without.startswith("The shop, Requests, Budget spent, ")


@pytest.fixture(scope="module", params=[(DESKTOP, False), (PHONE, True)], ids=["desktop", "phone"])
def visited(made, request, tmp_path_factory):
    size, dark = request.param
    return size, visit(made.page, size, tmp_path_factory.mktemp("visit"), dark=dark)


def test_the_page_asks_nobody_and_has_nothing_to_complain_about(visited):
    _, seen = visited
    assert seen.requests == ()
    assert seen.console == ""


def test_axe_finds_nothing(visited):
    _, seen = visited
    assert seen.violations == ()


def test_every_plot_is_drawn_and_fits_the_window(visited):
    (width, height), seen = visited
    assert 'data-drawn="3"' in seen.dom
    assert seen.dom.count('class="canvas js-plotly-plot"') == 3
    drawn = [
        float(w) for w in re.findall(r'<svg class="main-svg"[^>]*? width="([\d.]+)"', seen.dom)
    ]
    assert len(drawn) >= 3
    assert all(150 < one < width for one in drawn)
    assert struct.unpack(">II", seen.picture[16:24]) == (width, height)


def test_lines_and_bars_are_where_the_numbers_say(visited):
    _, seen = visited
    start = seen.dom.index('id="plot-shop-001-5"')
    plot = seen.dom[start : seen.dom.index("</article>", start)]
    assert plot.count('class="js-line"') == 2
    assert re.search(r'class="y2tick"><text[^>]*>[^<]*req/s', plot)
    # The outage lifts the line by half of all requests.
    path = re.findall(r'class="js-line" d="M([^"]+)"', plot)[0]
    heights = [float(place.split(",")[1]) for place in re.findall(r"[\d.]+,-?[\d.]+", path)]
    ticks = re.findall(r'class="ytick"><text[^>]*translate\([^,]+,([\d.]+)\)[^>]*>([\d.]+)%', plot)
    (low_at, low), *_, (high_at, high) = [(float(at), float(text)) for at, text in ticks]
    a_percent = (low_at - high_at) / (high - low)
    assert (max(heights) - min(heights)) / a_percent == pytest.approx(50, abs=1)
    start = seen.dom.index('id="plot-shop-001-6"')
    bars = seen.dom[start : seen.dom.index("</article>", start)]
    assert bars.count('class="point"') >= 2 * 6 * HOUR // (60 * MINUTE)
