"""``slo lab`` as a person has it: JupyterLab in a real browser, on a project on the disk."""

from __future__ import annotations

import json
import re
import signal
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from slo.history.incidents import write_incidents
from slo.history.snapshot import write_snapshot
from slo.lab.notebooks import in_order
from slo.model.incident import Incident
from slo.model.span import Span
from tests.integration.jupyter_lab import browsing, opened, run_all, running, wait_until_idle
from tests.integration.shop_project import LAST, SPEC, WEEKS, gone, wait_for, write_shop
from tests.shop import history, stretch

pytestmark = pytest.mark.integration
expect.set_options(timeout=30_000)

NAMES = [path.stem for path in Path("notebooks").glob("*.ipynb")]
OUTAGES = (stretch(1.5, 2, LAST), stretch(3.2, 1, LAST.previous))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Three weeks in which half of all requests failed twice, without a notebook."""
    shop = write_shop(tmp_path_factory.mktemp("shop"))
    past = history(*((one, 0.5) for one in OUTAGES), span=Span(WEEKS[0].span.start, LAST.span.end))
    write_snapshot(past, shop.root / "history" / "snapshot.parquet")
    # Where the evidence for a choice is written, there must be lines.
    spec = shop.root / "specs" / "shop.yaml"
    spec.write_text(
        SPEC.replace("metadata: {name: availability}", "metadata:\n  name: availability")
    )
    had = [Incident(f"inc-{n}", one, "outage", "shop") for n, one in enumerate(OUTAGES)]
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


@pytest.fixture
def page(lab):
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
    expect(shown.locator("table").first).to_contain_text("1 service, 1 objective")
    expect(shown.locator("table").first).to_contain_text("2 incidents labelled")
    expect(shown.locator(".js-plotly-plot").first).to_be_attached()
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
    # First what would change, then, when somebody says so, the file.
    bench.locator(".slobook-save").click()
    expect(bench.locator(".slobook-diff")).to_contain_text("+  objectives: [{target: 0.993}]")
    assert spec.read_text() == before
    bench.locator(".slobook-write").click()
    expect(bench.locator(".slobook-diff")).to_contain_text("Written")
    assert "target: 0.993" in spec.read_text()


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
