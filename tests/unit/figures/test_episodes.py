import pytest

import slo
from slo.figures.episodes import INCIDENTS, computed
from slo.model.span import Span
from tests.shop import SPAN, WEEK, availability, history, incident, stretch

OUTAGE = stretch(2, 2)


@pytest.fixture(scope="module")
def result():
    return slo.backtest(availability(), history((OUTAGE, 0.5)), [incident(OUTAGE)])


def test_incidents_come_first_then_a_row_for_each_alert(result):
    found = computed(result)
    assert [row.name for row in found.rows] == [INCIDENTS, "page-1h", "ticket-1d"]
    assert [bar.span for bar in found.rows[0].bars] == [OUTAGE]
    assert found.rows[0].bars[0].text == "outage (outage)"
    for row in found.rows[1:]:
        episodes = [e for e in result.episodes if e.alert == row.name]
        assert [(b.span.start, b.span.end) for b in row.bars] == [
            (e.start, e.end) for e in episodes
        ]
        assert row.bars


def test_bars_are_cut_to_what_is_shown(result):
    shown = Span(OUTAGE.start + 60_000, OUTAGE.start + 120_000)
    assert computed(result, shown).rows[0].bars[0].span == shown
    assert [row.bars for row in computed(result, slo.Week.parse("2026-W44").span).rows] == [
        (),
        (),
        (),
    ]


def test_an_episode_that_never_ended_ends_with_the_backtest():
    late = stretch(6.95, 10)
    found = computed(slo.backtest(availability(), history((late, 1.0)), []), WEEK.span)
    assert found.rows[1].bars[-1].span.end == SPAN.end


def test_the_figure_keeps_rows_without_bars(result):
    made = slo.figures.episodes(result, slo.Week.parse("2026-W44").span)
    assert [trace.y[0] for trace in made.data] == [INCIDENTS, "page-1h", "ticket-1d"]
    assert made.layout.yaxis.categoryarray == ("ticket-1d", "page-1h", INCIDENTS)


def test_the_figure_draws_bars_from_their_beginning(result):
    made = slo.figures.episodes(result)
    assert made.data[0].base[0].timestamp() * 1000 == OUTAGE.start
    assert made.data[0].x[0] == OUTAGE.length
    # The shortest episode must be wide enough to see.
    assert made.data[0].marker.line.width == 2
