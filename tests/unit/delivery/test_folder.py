"""A folder of reports elsewhere, with an index of what lies there."""

from __future__ import annotations

import pytest

from slo.delivery.delivery import Sending
from slo.delivery.folder import Folder
from slo.errors import DeliveryError
from slo.model.span import Week
from slo.report.runs import lock
from slo.report.runs.lock import only_one
from tests.published_report import SHARED, WEEK, files_below, publish, publish_cost


@pytest.fixture
def there(tmp_path):
    return tmp_path / "mounted" / "reports"


@pytest.fixture
def reports(tmp_path):
    return tmp_path / "reports"


def put(parcel, there):
    return Folder(there).send(Sending("folder", parcel))


def test_a_report_lies_there_as_here_with_what_its_page_asks_for(reports, there):
    said = put(publish(reports), there)
    assert said == f"copied to {there}/shop/2026-W46"
    found = files_below(there)
    index = found.pop("index.html").decode()
    assert 'href="shop/2026-W46/weekly-slo.html"' in index
    assert found == files_below(reports)
    assert SHARED in found


def test_the_index_lists_what_lies_there_and_nothing_else(reports, there):
    publish(reports, week=Week(2026, 45))
    put(publish(reports), there)
    put(publish_cost(reports), there)
    index = (there / "index.html").read_text()
    assert "shop/cost/2026-W46/weekly-cost.html" in index
    assert "2026-W45" not in index


def test_it_takes_the_place_of_the_one_before(reports, there):
    parcel = publish(reports)
    put(parcel, there)
    (there / parcel.place / "stale.txt").write_text("of the one before")
    (parcel.folder / "report.md").write_text("made anew")
    put(parcel, there)
    found = files_below(there / parcel.place)
    assert found == files_below(parcel.folder)
    assert sorted(path.name for path in (there / "shop").iterdir()) == ["2026-W46"]


def test_a_file_that_never_changes_is_copied_once(reports, there):
    parcel = publish(reports)
    put(parcel, there)
    before = (there / SHARED).stat().st_mtime_ns
    put(parcel, there)
    assert (there / SHARED).stat().st_mtime_ns == before
    (there / SHARED).write_text("half a f")
    put(parcel, there)
    assert (there / SHARED).read_bytes() == (reports / SHARED).read_bytes()


@pytest.mark.parametrize("place", [".", "shop", "..", "elsewhere/../shop"])
def test_the_folder_of_reports_is_not_delivered_into_itself(reports, place):
    parcel = publish(reports)
    before = files_below(reports)
    with pytest.raises(DeliveryError, match="holds the folder of reports or lies in it"):
        put(parcel, reports / place)
    assert files_below(reports) == before


def test_a_folder_that_cannot_be_written_says_why(reports, tmp_path):
    parcel = publish(reports)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(DeliveryError, match="file cannot be written: ") as caught:
        put(parcel, tmp_path / "file")
    assert not caught.value.again
    with pytest.raises(DeliveryError, match="file cannot be written: "):
        Folder(tmp_path / "file").test("a test")


def test_two_projects_that_deliver_the_same_week_take_turns(reports, there, monkeypatch):
    monkeypatch.setattr(lock, "_PATIENCE", 0.0)
    (there / "shop").mkdir(parents=True)
    with (
        only_one(there / "shop" / f".{WEEK}.lock", "another"),
        pytest.raises(DeliveryError) as caught,
    ):
        put(publish(reports), there)
    assert caught.value.again


def test_trying_out_leaves_nothing(there):
    assert "removed it" in Folder(there).test("a test")
    assert list(there.iterdir()) == []
