"""``slo lab`` as a person has it: JupyterLab in a real browser, on a project on the disk."""

from __future__ import annotations

import json
import re
import signal
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

from slo.figures.incident_course import around
from slo.history.incidents import write_incidents
from slo.history.snapshot import write_snapshot
from slo.lab.notebooks import in_order
from slo.model.duration import MINUTE
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.project import open_project
from tests.integration.jupyter_lab import (
    WINDOW,
    browsing,
    opened,
    run_all,
    running,
    violations,
    wait_until_idle,
)
from tests.integration.shop_project import LAST, SPEC, WEEKS, gone, wait_for, write_shop
from tests.shop import history, incident, stretch
from tests.unit.workbench.test_threshold import SPEC as QUEUE

pytestmark = pytest.mark.integration
expect.set_options(timeout=30_000)

NAMES = [path.stem for path in Path("notebooks").glob("*.ipynb")]
MONTH = (WEEKS[0].previous, *WEEKS)
OUTAGES = tuple(stretch(day, 1, week) for week in MONTH for day in (1, 4))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Four weeks in which requests failed twice a week and work queued up, without a notebook."""
    shop = write_shop(tmp_path_factory.mktemp("shop"))
    span = Span(MONTH[0].span.start, LAST.span.end)
    requests = history(*((one, 0.4) for one in OUTAGES), span=span)
    times = requests.series[0].times
    depth = 10.0 + np.arange(times.size) % 7
    for one in OUTAGES:
        depth[(times >= one.start) & (times < one.end)] = 90.0
    queue = series_of({"__name__": "queue_depth"}, times, depth)
    past = History((*requests.series, queue), span, source="a test")
    write_snapshot(past, shop.root / "history" / "snapshot.parquet")
    # Where the evidence for a choice is written, there must be lines.
    spec = shop.root / "specs" / "shop.yaml"
    spec.write_text(
        SPEC.replace("metadata: {name: availability}", "metadata:\n  name: availability")
    )
    (shop.root / "specs" / "queue.yaml").write_text(QUEUE)
    had = [incident(one, f"inc-{n}") for n, one in enumerate(OUTAGES)]
    write_incidents(had, shop.root / "history" / "incidents.csv")
    return shop.root


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The home of somebody who has another kernel of the same name, and unsafe habits."""
    folder = tmp_path_factory.mktemp("home")
    kernel = folder / ".local" / "share" / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["false"], "display_name": "Another", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    (folder / ".jupyter").mkdir()
    (folder / ".jupyter" / "jupyter_server_config.py").write_text(
        "c.IdentityProvider.token = ''\n"
        "c.PasswordIdentityProvider.hashed_password = ''\n"
        "c.ServerApp.ip = '0.0.0.0'\n"
        "c.ServerApp.allow_remote_access = True\n"
        "c.ServerApp.disable_check_xsrf = True\n"
    )
    return folder


@pytest.fixture(scope="module")
def lab(project, home):
    with running(project, home) as started:
        yield started


@pytest.fixture(scope="module")
def page(lab):
    """One page for all: a browser that starts costs as much as a notebook that runs."""
    with browsing(lab.address) as opened_page:
        yield opened_page


def token_of(lab):
    (token,) = parse_qs(urlsplit(lab.address).query)["token"]
    return token


def ask(lab, path, method="GET", **headers):
    where = urlsplit(lab.address)
    connection = HTTPConnection(where.hostname, where.port, timeout=30)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    told = answer.status, answer.read().decode()
    connection.close()
    return told


def test_it_says_what_it_made_and_where_to_go(lab, project):
    made = {path.stem for path in (project / "notebooks").glob("*.ipynb")}
    assert made == set(NAMES)
    assert lab.said[0].startswith("Made in notebooks: start_here.ipynb, design_slo.ipynb, ")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/lab\?token=\w{48}", lab.address)


def test_only_this_machine_with_the_token_is_answered(lab):
    where = urlsplit(lab.address)
    token = token_of(lab)
    assert ask(lab, "/api/contents")[0] == 403
    assert ask(lab, "/api/contents?token=guessed")[0] == 403
    assert ask(lab, "/api/contents", Authorization=f"token {token}")[0] == 200
    # A page of another host that resolves to the loopback gets nothing, token or not.
    other = {"Authorization": f"token {token}", "Host": "evil.example.com"}
    assert ask(lab, "/api/contents", **other)[0] == 403
    listening = Path("/proc/net/tcp").read_text().splitlines()[1:]
    states = [line.split()[1:4:2] for line in listening]
    ports = {place.partition(":")[0] for place, state in states
             if state == "0A" and place.endswith(f":{where.port:04X}")}  # fmt: skip
    assert ports == {"0100007F"}


def test_the_only_kernel_is_this_interpreter(lab):
    _, text = ask(lab, "/api/kernelspecs", Authorization=f"token {token_of(lab)}")
    found = json.loads(text)["kernelspecs"]
    assert found.keys() == {"python3"}
    assert found["python3"]["spec"]["argv"][0] == sys.executable


def test_the_start_page_is_open_beside_the_notebooks_in_the_order_of_the_work(page, project):
    expect(page.locator(".jp-NotebookPanel:visible h1")).to_contain_text("Start here")
    work = page.locator(".slobook-work button")
    ours = [path.stem for path in in_order(project / "notebooks")]
    assert ours[:2] == ["start_here", "design_slo"]
    assert work.locator("small").all_text_contents() == ours
    expect(page.locator(".slobook-work button[aria-current=page]")).to_contain_text("Start here")
    page.get_by_role("tab", name=re.compile("File Browser")).click()
    listed = page.locator("#filebrowser .jp-DirListing-itemName")
    expect(listed).to_have_count(len(NAMES))
    assert {name.removesuffix(".ipynb") for name in listed.all_text_contents()} == set(NAMES)
    page.get_by_role("tab", name="The work, in order").click()


def test_the_start_page_runs_and_shows_what_there_is(page):
    wait_until_idle(page)
    run_all(page)
    shown = page.locator(".jp-NotebookPanel:visible")
    expect(shown.locator("table").first).to_contain_text("1 service, 1 objective, 1 alert")
    expect(shown.locator("table").first).to_contain_text("8 incidents labelled")
    figure = shown.locator(".js-plotly-plot").first
    figure.scroll_into_view_if_needed()
    expect(figure).to_be_visible()
    height = figure.bounding_box()["height"]
    assert height > 200
    # A window that is resized leaves figures as high as they were.
    page.set_viewport_size({"width": 1300, "height": 900})
    wait_for(lambda: figure.locator(".main-svg").first.bounding_box()["width"] < 900)
    assert figure.bounding_box()["height"] == height
    page.set_viewport_size({"width": WINDOW[0], "height": WINDOW[1]})
    assert violations(page) == []
    assert shown.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    # Nobody is asked for news, and nothing pops up.
    assert page.locator(".Toastify__toast").count() == 0


def test_a_slider_moves_the_figure_and_the_numbers_and_saves_the_specification(page, project):
    spec = project / "specs" / "shop.yaml"
    before = spec.read_text()
    assert "target: 0.99}" in before
    shown = opened(page, "design_slo")
    run_all(page)
    bench = shown.locator(".slobook-workbench:has(> .slobook-objective)")
    numbers, figure = bench.locator(".slobook-numbers"), bench.locator(".js-plotly-plot").first
    handle = bench.locator(".slobook-objective .noUi-handle")
    handle.scroll_into_view_if_needed()
    expect(figure).to_be_attached()
    numbers_at_first, drawn_at_first = numbers.inner_text(), drawing(figure)
    dates_at_first = ticks(figure)
    handle.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(bench.locator(".slobook-objective")).to_contain_text("99.3 %")
    expect(numbers).not_to_have_text(numbers_at_first, use_inner_text=True)
    wait_for(lambda: drawing(figure) != drawn_at_first)
    # The same weeks are on the screen, and there is a line in them.
    assert ticks(figure) == dates_at_first
    assert max(len(one) for one in lines(figure)) > 100
    assert violations(page) == []
    # First what would change, then, when somebody says so, the file.
    bench.locator(".slobook-save").click()
    expect(bench.locator(".slobook-diff")).to_contain_text("+  objectives: [{target: 0.993}]")
    assert spec.read_text() == before
    bench.locator(".slobook-write").click()
    expect(bench.locator(".slobook-diff")).to_contain_text("Written")
    assert "target: 0.993" in spec.read_text()


def test_a_point_of_the_front_is_clicked_and_its_alerts_are_saved(page, project):
    spec = project / "specs" / "shop.yaml"
    before = spec.read_text()
    assert "alertPolicies" not in before
    shown = opened(page, "tune_alerts")
    run_all(page)
    bench = shown.locator(".slobook-workbench")
    front = bench.locator(".js-plotly-plot").first
    front.scroll_into_view_if_needed()
    policy, numbers = bench.locator(".slobook-policy"), bench.locator(".slobook-numbers")
    expect(numbers).to_contain_text("as specified.")
    at_first = policy.inner_text()
    click(page, front.locator(".scatterlayer .trace .points path").first)
    expect(bench.locator(".slobook-choice select option:checked")).to_contain_text("candidate 1")
    expect(policy).not_to_have_text(at_first, use_inner_text=True)
    expect(numbers).to_contain_text("what is tried beside what is specified.")
    assert violations(page) == []
    bench.locator(".slobook-save").click()
    expect(bench.locator(".slobook-diff")).to_contain_text("+  alertPolicies:")
    assert spec.read_text() == before
    bench.locator(".slobook-write").click()
    expect(bench.locator(".slobook-diff")).to_contain_text("Written")
    assert "alertPolicies" in spec.read_text()
    assert "set by hand; over " in spec.read_text()
    chosen = open_project(project / "slobook.toml")["availability"].policy
    assert all(f"{alert.factor:g}x" in policy.inner_text() for alert in chosen.alerts)
    expect(numbers).to_contain_text("as specified.")


def test_a_threshold_is_dragged_and_saved_and_sliders_can_be_read_aloud(page, project):
    spec = project / "specs" / "queue.yaml"
    assert "threshold: 50  # a guess" in spec.read_text()
    shown = opened(page, "tune_thresholds")
    run_all(page)
    bench = shown.locator(".slobook-workbench")
    numbers, figure = bench.locator(".slobook-numbers"), bench.locator(".js-plotly-plot").first
    handle = bench.get_by_role("slider", name="fires at >: the threshold")
    handle.scroll_into_view_if_needed()
    expect(handle).to_have_attribute("aria-valuetext", "50")
    line = figure.locator(".shapelayer path").first
    lay_at_first = line.get_attribute("d")
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(numbers).to_contain_text("what is tried beside what is specified.")
    wait_for(lambda: line.get_attribute("d") != lay_at_first)
    level = bench.locator(".slobook-threshold .widget-readout").inner_text()
    assert float(level) > 50
    expect(handle).to_have_attribute("aria-valuetext", level)
    for name in (r"^for: how long", r"^keeps firing for: how long"):
        expect(bench.get_by_role("slider", name=re.compile(name))).to_have_count(1)
    for dark in (False, True):
        page.emulate_media(color_scheme="dark" if dark else "light")
        theme = page.locator(f"body[data-jp-theme-light={str(not dark).lower()}]")
        expect(theme).to_be_attached()
        assert violations(page) == []
    page.emulate_media(color_scheme="light")
    bench.locator(".slobook-save").click()
    expect(bench.locator(".slobook-diff")).to_contain_text(f"+  threshold: {level}  # a guess")
    bench.locator(".slobook-write").click()
    expect(bench.locator(".slobook-diff")).to_contain_text("Written")
    assert f"threshold: {level}  # a guess" in spec.read_text()


def test_an_incident_is_clicked_and_looked_at_with_every_point(page):
    shown = opened(page, "explore_incident")
    run_all(page)
    figure = shown.locator(".slobook-workbench .js-plotly-plot").first
    figure.scroll_into_view_if_needed()
    last, before = OUTAGES[-1], OUTAGES[-2]
    assert points(figure)[0] >= around(last).start
    # From the incident outwards, until the one before it is on the screen, three days away.
    figure.hover()
    for _ in range(6):
        figure.locator("[data-title='Zoom out']").click()
    wait_for(lambda: points(figure)[0] < before.start)
    coarse = np.diff(points(figure)).max()
    assert coarse > MINUTE
    bars = figure.locator(".barlayer .trace").first.locator(".point path")
    click(page, bars.nth(bars.count() - 2))
    wait_for(lambda: np.diff(points(figure)).max() == MINUTE)
    seen = points(figure)
    assert around(before).start <= seen[0]
    assert seen[-1] <= around(before).end
    shown.locator(".slobook-whole").click()
    wait_for(lambda: points(figure)[0] >= around(last).start)
    assert violations(page) == []


def click(page, mark):
    """Click on a mark of a figure: its layer for the mouse lies above it."""
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y, steps=3)
    page.wait_for_timeout(200)  # plotly notices what is below the mouse ten times a second
    page.mouse.click(x, y)


def points(figure) -> np.ndarray:
    """The instants of the line of burn rates over the long window that the browser has."""
    found = figure.evaluate(
        """(one) => Array.from(one.data.filter((trace) => trace.name?.startsWith('burn rate'))
            .at(-1).x, (x) => Date.parse(x.endsWith('Z') ? x : x.replace(' ', 'T') + 'Z'))"""
    )
    return np.array(found)


def drawing(figure) -> str:
    """The traces as they are drawn."""
    return figure.locator(".cartesianlayer").first.inner_html()


def ticks(figure) -> list[str]:
    """What is written along the axis of time."""
    return figure.locator(".xtick text").all_text_contents()


def lines(figure) -> list[str]:
    """The lines' ways over the screen."""
    drawn = figure.locator(".js-line")
    return [drawn.nth(n).get_attribute("d") or "" for n in range(drawn.count())]


def test_a_page_is_shown_within_the_notebook_and_reaches_neither_it_nor_the_server(page, project):
    shown = opened(page, "review_dashboards")
    run_all(page)
    frame = shown.locator("iframe")
    frame.scroll_into_view_if_needed()
    inside = shown.frame_locator("iframe")
    expect(inside.locator("body")).to_have_attribute("data-drawn", re.compile(r"[1-9]\d*"))
    expect(inside.locator("h1").first).to_be_visible()
    (framed,) = [one for one in page.frames if "/files/" in one.url]
    reached = framed.evaluate(
        "() => { try { return window.parent.document.title } catch { return 'nothing' } }"
    )
    assert reached == "nothing"
    assert shown.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    expect(shown).to_contain_text("Nothing was written: apply is False.")
    assert not (project / "generated").exists()


def test_what_a_project_lacks_is_one_box_with_the_traceback_folded(page):
    shown = opened(page, "weekly_cost_report")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    box = shown.locator(".slobook-card.bad")
    expect(box).to_contain_text("the project has no budget of money: write a CostBudget")
    expect(box).to_contain_text("What to do: ")
    expect(box.locator("details pre")).to_be_hidden()
    below = shown.locator("[data-mime-type='application/vnd.jupyter.stderr']")
    expect(below).to_have_text("ConfigError: see the box above")
    assert violations(page) == []


def test_ctrl_c_ends_it_and_its_kernels(lab):
    headers = {"Authorization": f"token {token_of(lab)}"}
    assert ask(lab, "/api/kernels", "POST", **headers)[0] == 201
    pid = lab.process.pid
    kernels = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    assert kernels
    assert not any(gone(int(kernel)) for kernel in kernels)
    assert lab.end(signal.SIGINT) == 0
    assert all(gone(int(kernel)) for kernel in kernels)
    assert lab.said[-1] == "JupyterLab and its kernels have ended."
    # A kernel that was left behind would say so, and end itself.
    assert "Parent appears to have exited" not in "\n".join(lab.said)
