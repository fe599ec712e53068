"""Cards: HTML and text from the same rows, nothing in either that is not meant."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.card import (
    MOST_ROWS,
    WIDTH,
    Card,
    Folded,
    Listed,
    Notes,
    Sentence,
    Table,
    Verbatim,
    listing,
    percent,
)

HOSTILE = '<script>alert(1)</script> & "quoted" \x1b[2J\u202eevil'
TABLE = Table(("name", "count"), (("one", "1"), ("two", "20")), "Things", ("count",))


class Cells(HTMLParser):
    """Texts of table cells, and every tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells, self.tags, self._in = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag in ("td", "th"):
            self._in = True
            self.cells.append("")

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._in = False

    def handle_data(self, data):
        if self._in:
            self.cells[-1] += data


@pytest.mark.parametrize(
    "part",
    [
        Table((HOSTILE,), ((HOSTILE,),), HOSTILE),
        Table((), (), HOSTILE),
        Sentence(HOSTILE),
        Notes((HOSTILE,)),
        Verbatim(HOSTILE),
        Folded(HOSTILE, HOSTILE),
    ],
)
def test_nothing_is_markup_and_nothing_moves_a_terminal(part):
    card = Card(HOSTILE, HOSTILE, (part,))
    assert "script" not in Cells(card.html).tags
    for shown in (card.html, card.text):
        assert "\x1b" not in shown
        assert "\u202e" not in shown


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=8)] * 2),
        min_size=1,
        max_size=MOST_ROWS,
    )
)
def test_html_and_text_have_the_same_cells(rows):
    table = Table(("first", "second"), tuple(rows))
    assert Cells(table.html).cells == ["first", "second", *(cell for row in rows for cell in row)]
    lines = [line.split() for line in table.text.splitlines()[2:]]
    assert lines == [list(filter(None, row)) for row in rows if any(row)]


def test_text_stands_in_columns_with_numbers_to_the_right():
    assert TABLE.text.splitlines() == [
        "Things",
        "name   count",
        "────────────",
        "one        1",
        "two       20",
    ]


def test_heads_can_be_announced():
    assert TABLE.html.count('<th scope="col"') == 2
    assert TABLE.html.count('<th scope="row"') == 2
    assert "<caption>Things</caption>" in TABLE.html


def test_a_long_table_is_cut_and_says_so():
    table = Table(("n",), tuple((f"row{n}",) for n in range(MOST_ROWS + 5)))
    for shown in (table.html, table.text):
        assert "... and 5 more" in shown
        assert f"row{MOST_ROWS - 1}" in shown
        assert f"row{MOST_ROWS}" not in shown


def test_no_line_of_text_is_longer_than_a_screen():
    long = Table(("name", "what"), (("short", "word " * 60),))
    card = Card("title", "said " * 60, (long, Notes(("note " * 60,))))
    assert max(map(len, card.text.splitlines())) <= WIDTH


def test_a_table_without_rows_says_so():
    assert Table((), (), "Alerts").text == "Alerts: none"
    assert "Alerts: none" in Table((), (), "Alerts").html


def test_what_is_folded_is_in_html_alone():
    card = Card("title", "", (Folded("More", "the rest"),))
    assert "<details><summary>More</summary>" in card.html
    assert "the rest" not in card.text


@dataclass(frozen=True)
class Thing(Listed):
    name: str
    kind: str = "same"
    note: str = ""

    @property
    def card(self):
        return Card(f"Thing {self.name}", "is here.")

    @property
    def row(self):
        return {"thing": self.name, "kind": self.kind, "note": self.note}


def test_what_many_rows_say_alike_is_said_once():
    table = listing([Thing("a"), Thing("b"), Thing("c")], "Things")
    assert table.head == ("thing",)
    assert table.caption == "Things (kind: same)"
    assert listing([Thing("a"), Thing("b")]).head == ("thing", "kind")
    assert listing([Thing("a"), Thing("b", note="x")]).head == ("thing", "kind", "note")


def test_print_shows_the_card_and_a_list_shows_names():
    from IPython.lib.pretty import pretty

    assert str(Thing("a")) == pretty(Thing("a")) == "Thing a: is here."
    assert pretty([Thing("a")]) == "[<Thing Thing a>]"
    assert repr(Thing("a")) == "Thing(name='a', kind='same', note='')"


def test_shares_as_words():
    assert percent(float("nan")) == "-"
    assert percent(0.9995, 2) == "99.95 %"
