from __future__ import annotations

import json
import os

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slo.errors import HistoryError, WriteError
from slo.history import snapshot
from slo.history.snapshot import read_snapshot, write_snapshot
from slo.model.samples import STALE_BITS, History, Series, series_of
from slo.model.selector import Matcher, Selector
from slo.model.span import Span

SPAN = Span(0, 60_000)
BITS = st.one_of(
    st.integers(0, 2**64 - 1),
    st.sampled_from([STALE_BITS, 1 << 63, 0x7FF8000000000001, 0x7FF0 << 48, 0xFFF0 << 48]),
    st.integers(-(2**54), 2**54).map(lambda whole: int(np.float64(whole).view(np.uint64))),
)


def floats(bits):
    return np.array(bits, dtype=np.uint64).view(np.float64)


def named(name):
    return Selector((Matcher("__name__", "=", name),))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("snapshots")


@st.composite
def histories(draw):
    arrays = draw(
        st.lists(
            st.lists(st.integers(-(2**62), 2**62), unique=True, max_size=30).map(sorted),
            min_size=1,
            max_size=3,
        )
    )
    times = [np.array(array, dtype=np.int64) for array in arrays]
    series = []
    for number in range(draw(st.integers(0, 6))):
        chosen = times[draw(st.integers(0, len(times) - 1))]
        bits = draw(st.lists(BITS, min_size=chosen.size, max_size=chosen.size))
        text = draw(st.text(st.characters(codec="utf-8"), max_size=5))
        labels = (("__name__", f"m{number}"), ("text", text))
        series.append(Series(labels, chosen, floats(bits)))
    version, source = draw(st.text(max_size=4)), draw(st.text(max_size=4))
    return History(tuple(series), Span(-5, draw(st.integers(-5, 2**62))), version, source)


@settings(max_examples=60, deadline=None)
@given(histories())
def test_what_is_read_is_what_was_written_to_the_bit(folder, history):
    path = folder / "any.parquet"
    write_snapshot(history, path)
    read = read_snapshot(path)
    assert (read.span, read.server_version, read.source) == (
        history.span,
        history.server_version,
        history.source,
    )
    assert [series.labels for series in read.series] == [s.labels for s in history.series]
    for found, written in zip(read.series, history.series, strict=True):
        assert found.times.tolist() == written.times.tolist()
        assert found.values.view(np.uint64).tolist() == written.values.view(np.uint64).tolist(), (
            found
        )


@pytest.mark.parametrize(
    ("values", "whole"),
    [
        ([0.0, 1.0, 2.0**53], True),
        ([-3.0, 7.0, 5.0], True),
        ([0.0, -0.0], False),
        ([1.0, 1.5], False),
        ([1.0, 2.0**53 + 2], False),
        ([1.0, np.inf], False),
        (floats([STALE_BITS, 0]), False),
    ],
)
def test_only_whole_numbers_that_come_back_are_stored_as_integers(tmp_path, values, whole):
    path = tmp_path / "one.parquet"
    times = range(len(values))
    write_snapshot(History((series_of({"__name__": "m"}, times, values),), SPAN), path)
    column = pq.ParquetFile(path).read_row_group(1)["whole" if whole else "real"]
    assert column.null_count == 0


@pytest.fixture
def two_targets(tmp_path):
    first, second = np.arange(0, 60_000, 1000), np.arange(7, 60_000, 1000)
    series = [
        series_of({"__name__": name, "pod": pod}, times.copy(), times // 1000)
        for name in ("a_total", "b_total")
        for pod, times in (("0", first), ("1", second))
    ]
    path = tmp_path / "two.parquet"
    write_snapshot(History(tuple(series), SPAN, "2.42.0", "simulation"), path)
    return path


def test_series_of_a_target_share_their_times_again(two_targets):
    read = read_snapshot(two_targets)
    arrays = {id(series.times) for series in read.series}
    assert len(read.series) == 4
    assert len(arrays) == 2
    assert pq.read_metadata(two_targets).num_row_groups == 2 + 4


def test_arrays_can_be_written_to_as_those_of_any_history(two_targets):
    for series in read_snapshot(two_targets).series:
        assert series.times.flags.writeable
        assert series.values.flags.writeable


def test_only_what_is_selected_is_read(two_targets, monkeypatch):
    read_groups = []
    original = pq.ParquetFile.read_row_group

    def counted(self, group, **options):
        read_groups.append(group)
        return original(self, group, **options)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", counted)
    chosen = named("b_total").where(Matcher("pod", "=", "1"))
    read = read_snapshot(two_targets, [chosen, named("absent")])
    assert [str(series) for series in read.series] == ['b_total{pod="1"}']
    assert read.series[0].times[:2].tolist() == [7, 1007]
    assert len(read_groups) == 2


def test_no_selectors_read_what_the_index_says_and_no_series(two_targets):
    read = read_snapshot(two_targets, ())
    assert (read.series, read.span, read.source) == ((), SPAN, "simulation")
    assert read.server_version == "2.42.0"


def test_counters_take_less_than_a_byte_a_sample(tmp_path):
    rng = np.random.default_rng(1)
    times = np.arange(40_000) * 30_000
    counters = [
        series_of({"__name__": "m_total", "n": str(n)}, times, rng.poisson(3, 40_000).cumsum())
        for n in range(10)
    ]
    path = tmp_path / "counters.parquet"
    write_snapshot(History(tuple(counters), Span(0, 40_000 * 30_000)), path)
    assert path.stat().st_size < 400_000


def test_the_same_history_gives_the_same_bytes(two_targets, tmp_path):
    again = tmp_path / "again.parquet"
    write_snapshot(read_snapshot(two_targets), again)
    assert again.read_bytes() == two_targets.read_bytes()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(HistoryError, match=r"gone\.parquet: found no such file, expected a snap"):
        read_snapshot(tmp_path / "gone.parquet")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(HistoryError, match="expected a snapshot"):
        read_snapshot(tmp_path)


def test_a_file_that_is_no_parquet_is_refused(tmp_path):
    path = tmp_path / "notes.parquet"
    path.write_text("some notes\n" * 10)
    with pytest.raises(HistoryError, match=r"notes\.parquet: found no Parquet, or damage \(.+\)"):
        read_snapshot(path)


def test_parquet_of_somebody_else_is_refused(tmp_path):
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"time": [1], "value": [2.0]}), path)
    with pytest.raises(HistoryError, match="found Parquet without slobook's index, expected a"):
        read_snapshot(path)


def test_a_newer_format_is_refused(two_targets, monkeypatch):
    monkeypatch.setattr(snapshot, "FORMAT", 2)
    write_snapshot(History((), SPAN), two_targets)
    monkeypatch.undo()
    with pytest.raises(HistoryError, match=r"found format 2, .*\(this one reads format 1\)"):
        read_snapshot(two_targets)


def test_a_changed_index_is_refused(two_targets):
    content = two_targets.read_bytes()
    two_targets.write_bytes(content.replace(b'"a_total"', b'"z_total"'))
    with pytest.raises(HistoryError, match="found a damaged index"):
        read_snapshot(two_targets)


def test_a_damaged_snapshot_never_passes_for_another(two_targets, tmp_path):
    content = two_targets.read_bytes()
    damaged = tmp_path / "damaged.parquet"
    whole = json.dumps(contents(two_targets))
    refused = 0
    for place in range(4, len(content), max(1, len(content) // 150)):
        damaged.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :])
        try:
            read = json.dumps(contents(damaged))
        except HistoryError as error:
            assert str(damaged) in str(error)  # noqa: PT017  some bits mean nothing
            refused += 1
        else:
            assert read == whole
    assert refused > 50


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_cut_off_snapshot_is_refused(two_targets, share):
    os.truncate(two_targets, int(two_targets.stat().st_size * share))
    with pytest.raises(HistoryError, match=r"two\.parquet: "):
        read_snapshot(two_targets)


def test_a_failed_writing_leaves_the_old_snapshot(two_targets, monkeypatch):
    before = two_targets.read_bytes()

    def broken(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot, "_write_row_group", broken)
    with pytest.raises(WriteError, match="cannot be written: No space left on device"):
        write_snapshot(History((series_of({"__name__": "m"}, [1], [1]),), SPAN), two_targets)
    assert two_targets.read_bytes() == before
    assert [path.name for path in two_targets.parent.iterdir()] == ["two.parquet"]


def test_a_folder_that_is_missing_is_named(tmp_path):
    path = tmp_path / "nowhere" / "h.parquet"
    with pytest.raises(WriteError, match=r"h\.parquet cannot be written: No such file"):
        write_snapshot(History((), SPAN), path)


def contents(path):
    read = read_snapshot(path)
    return [[s.labels, s.times.tolist(), s.values.tolist()] for s in read.series]
