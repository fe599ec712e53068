"""The file of plotly.js that pages share."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from slo.errors import WriteError
from slo.figures.javascript import plotly_javascript
from slo.webpage.plotly_file import PLOTLY, shared_plotly


@pytest.fixture(scope="module")
def text():
    return plotly_javascript().encode()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("folder", "address"),
    [
        ("shop/2026-W46", f"../../{PLOTLY}"),
        ("shop/.2026-W46-abcd1234", f"../../{PLOTLY}"),
        ("shop/cost/2026-W46", f"../../../{PLOTLY}"),
        ("draft", f"../{PLOTLY}"),
        (".", PLOTLY),
    ],
)
def test_pages_below_the_reports_share_the_file_there(tmp_path, text, folder, address):
    reports, page = tmp_path / "reports", tmp_path / "reports" / folder
    assert shared_plotly(page, reports) == address
    assert names(reports) == [PLOTLY]
    page.mkdir(parents=True, exist_ok=True)
    assert (page / address).read_bytes() == text


@pytest.mark.parametrize("reports", [None, "reports"])
def test_a_page_elsewhere_has_the_file_beside_it(tmp_path, text, reports):
    page = tmp_path / "desk" / "draft"
    assert shared_plotly(page, tmp_path / reports if reports else None) == PLOTLY
    assert (page / PLOTLY).read_bytes() == text
    assert names(tmp_path) == ["desk"]


def test_a_reports_folder_that_is_a_link_is_the_same_folder(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "reports").symlink_to(tmp_path / "disk")
    assert shared_plotly(tmp_path / "disk/shop/week", tmp_path / "reports") == f"../../{PLOTLY}"
    assert names(tmp_path / "disk") == [PLOTLY]


def test_a_service_that_lies_on_another_disk_has_a_file_of_its_own(tmp_path, text):
    (tmp_path / "reports").mkdir()
    (tmp_path / "disk").mkdir()
    (tmp_path / "reports/shop").symlink_to(tmp_path / "disk")
    assert shared_plotly(tmp_path / "reports/shop/week", tmp_path / "reports") == PLOTLY
    assert (tmp_path / "reports/shop/week" / PLOTLY).read_bytes() == text


def test_a_file_that_is_whole_stays(tmp_path):
    shared_plotly(tmp_path)
    before = (tmp_path / PLOTLY).stat()
    shared_plotly(tmp_path)
    after = (tmp_path / PLOTLY).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize("damage", [lambda text: text[:-9], lambda text: b"x" + text[1:]])
def test_a_damaged_file_is_written_anew(tmp_path, text, damage):
    (tmp_path / PLOTLY).write_bytes(damage(text))
    shared_plotly(tmp_path)
    assert (tmp_path / PLOTLY).read_bytes() == text


def test_the_file_of_an_older_version_stays_for_older_pages(tmp_path):
    older = tmp_path / "plotly-6.0.0.min.js"
    older.write_text("older")
    shared_plotly(tmp_path)
    assert older.read_text() == "older"
    assert names(tmp_path) == sorted([older.name, PLOTLY])


def test_many_at_once_leave_one_whole_file(tmp_path, text):
    with ThreadPoolExecutor(8) as pool:
        addresses = list(pool.map(lambda _: shared_plotly(tmp_path / "a/b", tmp_path), range(8)))
    assert set(addresses) == {f"../../{PLOTLY}"}
    assert names(tmp_path) == [PLOTLY]
    assert (tmp_path / PLOTLY).read_bytes() == text


def test_what_a_killed_run_left_goes_after_a_while(tmp_path):
    old, new = (tmp_path / f".{PLOTLY}.{letters}" for letters in ("abcd1234", "efgh5678"))
    for path in (old, new):
        path.write_text("half")
    os.utime(old, (0, 0))
    shared_plotly(tmp_path)
    assert names(tmp_path) == [new.name, PLOTLY]


def test_a_disk_that_refuses_is_named(tmp_path):
    (tmp_path / PLOTLY).mkdir()
    with pytest.raises(WriteError, match="cannot be written"):
        shared_plotly(tmp_path)
    assert names(tmp_path) == [PLOTLY]
