"""The documentation as a site: built strictly, complete, and asking nobody for anything."""

import json
import os
import posixpath
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

import slo
from slo import cli
from tests.integration.browser import DESKTOP, PHONE, static_server, visit
from tests.site_pages import dead, from_outside, read

NEUTRAL = "fill: rgb(118, 118, 118)"
ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site):
    return read(site)


def test_every_link_leads_to_a_page_and_every_anchor_to_a_place(site, pages):
    assert len(pages) > 30
    assert sum(len(page.links) for page in pages.values()) > 1000
    assert dead(site, pages) == []


def test_no_page_loads_anything_from_elsewhere(site, pages):
    assert from_outside(pages) == []
    styles = [path.read_text() for path in site.rglob("*.css")]
    assert styles
    assert [
        one for text in styles for one in re.findall(r"url\(\s*['\"]?(https?:[^)]*)", text)
    ] == []


def test_every_document_is_a_page(pages):
    written = {path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")}
    assert {path.with_suffix(".html").as_posix() for path in written} <= set(pages)
    notebooks = {f"notebooks/{path.stem}.html" for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert notebooks
    assert notebooks <= set(pages)


def test_the_reference_has_every_verb_and_every_name(pages):
    verbs = get_command(cli.app).commands
    assert {f"slo-{verb}" for verb in verbs} <= pages["reference/command.html"].ids
    anchors = {name.rpartition(".")[2] for name in pages["reference/python.html"].ids}
    assert set(slo.__all__) - {"__version__", "figures", "workbench"} <= anchors
    assert {"slo", "costmodel", "thresholdalert"} <= pages["reference/specs.html"].ids


def test_the_index_for_searching_holds_words_and_no_figures(site):
    index = json.loads((site / "search" / "search_index.json").read_text())
    assert len(index["docs"]) > 200
    assert max(len(one["text"]) for one in index["docs"]) < 30_000


def test_every_notebook_and_concept_shows_what_it_computes(site, pages):
    for name in pages:
        if name.startswith("concepts/"):
            assert "data-draws=" in (site / name).read_text(), name
        if name.startswith("notebooks/"):
            assert re.search(r'data-draws=|class="output"', (site / name).read_text()), name


VISITED = [
    *("index.html", "first-hour.html", "concepts/windows.html", "notebooks/design_slo.html"),
    *("reference/specs.html", "reference/python.html", "exporter.html"),
    *("notebooks/start_here.html", "how-to/weekly-reports.html"),
]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["light-desktop", "dark-phone"])
@pytest.mark.parametrize("name", VISITED)
def test_a_browser_shows_it_to_everybody_without_complaint_or_outside_help(
    site, tmp_path, name, size
):
    with static_server(site) as address:
        seen = visit(f"{address}/{name}", size, tmp_path, dark=size == PHONE)
        assert [one for one in seen.requests if not one.startswith(address)] == []
    assert seen.console == ""
    assert seen.violations == ()
    assert seen.width <= size[0]
    if "data-draws" in seen.dom:
        assert seen.dom.count('class="main-svg"') >= seen.dom.count("data-draws")
        # In the ink of the page, not the one that is readable on any ground.
        assert 'class="legendtext"' not in seen.dom or NEUTRAL not in seen.dom


def test_every_page_is_one_of_the_menu(pages):
    named = {posixpath.normpath(link) for link in pages["first-hour.html"].links}
    assert set(pages) - {"404.html", "first-hour.html"} <= named


def test_the_page_of_dead_links_has_a_named_search(site):
    assert 'role="dialog" aria-label="Search"' in (site / "404.html").read_text()


def test_pages_open_from_disk(site, tmp_path):
    seen = visit(site / "concepts" / "burn-rate.html", DESKTOP, tmp_path)
    assert 'class="main-svg"' in seen.dom
    assert [one for one in seen.requests if not one.startswith("file:")] == []
