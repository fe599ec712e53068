"""Stores by fsspec: in memory, in files, and one that fails as it is told."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from slo.delivery.delivery import Sending
from slo.delivery.object_store import ObjectStore
from slo.errors import ConfigError, DeliveryError
from slo.model.span import Week
from tests.published_report import SHARED, files_below, publish, publish_cost


@pytest.fixture(autouse=True)
def memory() -> Iterator[MemoryFileSystem]:
    store = MemoryFileSystem()
    yield store
    store.store.clear()
    store.pseudo_dirs[:] = [""]


class Failing(MemoryFileSystem):
    """A store that raises what a test wants, with what it was opened with."""

    protocol = "failing"
    error: type[Exception] = OSError

    def __init__(self, secret="", **options) -> None:
        super().__init__(**options)
        self.secret = secret

    def put_file(self, lpath, rpath, **options) -> None:
        raise self.error(f"refused {self.secret} for {rpath}")


class Ordered(MemoryFileSystem):
    """A store that remembers in which order it was written."""

    protocol = "ordered"
    journal: ClassVar[list[str]] = []

    def put_file(self, lpath, rpath, **options) -> None:
        self.journal.append(rpath.partition("/bucket/")[2])
        super().put_file(lpath, rpath, **options)


@pytest.fixture(scope="module", autouse=True)
def registered():
    for one in (Failing, Ordered):
        fsspec.register_implementation(one.protocol, one, clobber=True)


@pytest.fixture
def reports(tmp_path):
    return tmp_path / "reports"


def put(parcel, url="memory://bucket/reports", **options):
    return ObjectStore(url, tuple(options.items())).send(Sending("store", parcel))


def held(store, root="/bucket/reports"):
    return {path.removeprefix(f"{root}/"): store.cat_file(path) for path in store.find(root)}


@pytest.mark.parametrize("url", ["memory://bucket/reports", "memory://bucket/reports/"])
def test_a_report_lies_there_as_here_with_what_its_page_asks_for(reports, memory, url):
    assert put(publish(reports), url) == "uploaded to memory://bucket/reports/shop/2026-W46"
    found = held(memory)
    index = found.pop("index.html").decode()
    assert 'href="shop/2026-W46/weekly-slo.html"' in index
    assert found == files_below(reports)


def test_a_bucket_without_a_prefix_holds_it_too(reports, memory):
    put(publish(reports), "memory://bucket")
    found = held(memory, "/bucket")
    found.pop("index.html")
    assert found == files_below(reports)


def test_files_are_a_store_too(reports, tmp_path):
    put(publish(reports), f"file://{tmp_path}/bucket")
    found = files_below(tmp_path / "bucket")
    found.pop("index.html")
    assert found == files_below(reports)


def test_pages_come_after_what_they_ask_for_and_the_index_at_the_end(reports):
    Ordered.journal.clear()
    put(publish(reports), "ordered://bucket")
    order = Ordered.journal
    assert order[0] == SHARED
    assert order[-2:] == ["shop/2026-W46/weekly-slo.html", "index.html"]


def test_what_the_report_no_longer_has_goes(reports, memory):
    parcel = publish(reports)
    put(parcel)
    put(publish_cost(reports))
    (parcel.folder / "report.md").unlink()
    put(parcel)
    found = held(memory)
    assert "shop/2026-W46/report.md" not in found
    assert "shop/cost/2026-W46/report.md" in found


def test_the_index_knows_reports_that_lie_in_the_store_alone(reports, memory):
    old = publish(reports, week=Week(2026, 45))
    put(old)
    for path in sorted(old.folder.iterdir()):
        path.unlink()
    put(publish(reports))
    index = held(memory)["index.html"].decode()
    assert index.count("/weekly-slo.html") >= 2
    assert "shop/2026-W45/weekly-slo.html" in index
    publish(reports, week=Week(2026, 44))
    put(publish_cost(reports))
    assert "2026-W44" not in held(memory)["index.html"].decode()


def test_options_come_from_the_environment(reports, monkeypatch):
    monkeypatch.setenv("STORE_SECRET", "correct-horse")
    with pytest.raises(DeliveryError, match=r"^failing://bucket: OSError: refused correct-horse"):
        put(publish(reports), "failing://bucket", secret="STORE_SECRET")
    monkeypatch.delenv("STORE_SECRET")
    with pytest.raises(ConfigError, match="environment variable STORE_SECRET: found nothing"):
        put(publish(reports, "search"), "failing://bucket", secret="STORE_SECRET")


@pytest.mark.parametrize(
    ("error", "again"),
    [(OSError, True), (ConnectionError, True), (RuntimeError, True), (PermissionError, False)],
)
def test_what_may_pass_is_told_from_what_lasts(reports, monkeypatch, error, again):
    monkeypatch.setattr(Failing, "error", error)
    with pytest.raises(DeliveryError) as caught:
        put(publish(reports), "failing://bucket")
    assert caught.value.again is again


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("s3://bucket", "s3:// needs a library that is not installed: Install s3fs"),
        ("nowhere://bucket", "nowhere://bucket: ValueError: Protocol not known: nowhere"),
    ],
)
def test_a_store_that_nobody_knows_says_what_to_do(reports, url, said):
    with pytest.raises(DeliveryError) as caught:
        put(publish(reports), url)
    assert said in str(caught.value)
    assert not caught.value.again


def test_without_fsspec_the_extra_is_named(reports, monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(DeliveryError, match=r"pip install 'slobook\[delivery\]'"):
        put(publish(reports))


def test_trying_out_writes_reads_and_leaves_nothing(memory, monkeypatch):
    assert "removed it" in ObjectStore("memory://bucket/reports").test("a test")
    assert held(memory) == {}
    monkeypatch.setattr(MemoryFileSystem, "cat_file", lambda *_: b"another's")
    with pytest.raises(DeliveryError, match="gives back something else"):
        ObjectStore("memory://bucket/reports").test("a test")


def test_results_that_are_broken_in_the_store_do_not_stop_a_report(reports, memory):
    put(publish(reports, week=Week(2026, 45)))
    memory.pipe_file("/bucket/reports/shop/2026-W44/weekly-slo.html", b"")
    memory.pipe_file("/bucket/reports/shop/2026-W44/result.json", b"{")
    put(publish(reports))
    assert json.loads(Path(reports, "shop/2026-W46/result.json").read_text())
    assert "2026-W44" not in held(memory)["index.html"].decode()
