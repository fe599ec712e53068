"""Tables in terminals of any width: nothing that people read is broken within a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.cli.columns import GAP, Column, side_by_side

WORD = st.text("abcdefg0123456789.", min_size=1, max_size=12)
CELL = st.lists(WORD, min_size=1, max_size=5).map(" ".join)


@st.composite
def tables(draw) -> list[Column]:
    rows = draw(st.integers(1, 3))
    count = draw(st.integers(1, 9))
    cells = st.lists(CELL, min_size=rows, max_size=rows).map(tuple)
    return [Column(draw(CELL), draw(cells), text=index < 1) for index in range(count)]


def width_of(part: list[Column]) -> int:
    widths = [max(map(len, "\n".join((one.heading, *one.cells)).split("\n"))) for one in part]
    return sum(widths) + GAP * (len(widths) - 1) + 2


@given(tables(), st.integers(40, 200))
def test_every_cell_is_there_with_its_words_whole(table, width):
    parts = side_by_side(table, width)
    shown = [parts[0][0], *(one for part in parts for one in part[1:])]
    assert [" ".join(one.heading.split()) for one in shown] == [one.heading for one in table]
    assert [tuple(" ".join(cell.split()) for cell in one.cells) for one in shown] == [
        one.cells for one in table
    ]


@given(tables(), st.integers(40, 200))
def test_a_part_is_wider_than_the_terminal_only_where_two_columns_are(table, width):
    for part in side_by_side(table, width):
        assert width_of(part) <= width or len(part) <= 2


def test_a_table_with_room_stays_as_it_is():
    table = [Column("alert", ("page-1h",), text=True), Column("spent", ("3.9 %",), text=False)]
    assert side_by_side(table, 80) == [table]


def test_a_number_keeps_its_unit_where_the_cell_is_broken():
    table = [
        Column("out of sample", ("share seen",), text=True),
        Column("present", ("100.0 % (5.0 % to 100.0 %)",), text=False),
    ]
    ((_, numbers),) = side_by_side(table, 33)
    assert numbers.cells[0].split("\n") == ["100.0 % (5.0 %", "to 100.0 %)"]


@pytest.mark.parametrize("width", [30, 80, 100])
def test_each_part_begins_with_the_names(width):
    numbers = [Column(f"number {n}", ("1,000,000",), text=False) for n in range(14)]
    parts = side_by_side([Column("alert", ("page-1h",), text=True), *numbers], width)
    assert len(parts) > 1
    assert {part[0].heading for part in parts} == {"alert"}
    assert all("\n" not in cell for part in parts for one in part for cell in one.cells)


def test_a_long_name_is_broken_behind_its_hyphens():
    table = [
        Column("alert", ("llm-call-success-anthropic",), text=True),
        *(Column(name, ("1,000",), text=False) for name in ("episodes", "a week")),
    ]
    ((names, *_),) = side_by_side(table, 44)
    assert names.cells == ("llm-call-success-\nanthropic",)


def test_a_number_stays_with_the_number_that_it_is_of():
    table = [
        Column("objective", ("response-latency-slowest",), text=True),
        Column("incidents that were seen", ("13 of 13",), text=False),
    ]
    ((_, seen),) = side_by_side(table, 30)
    assert seen.cells == ("13 of 13",)


def test_texts_give_way_before_numbers():
    table = [
        Column("alert", ("response-latency-slowest",), text=True),
        Column("pages a week", ("0.2",), text=False),
    ]
    ((names, numbers),) = side_by_side(table, 35)
    assert names.cells == ("response-latency-\nslowest",)
    assert numbers.heading == "pages a week"
