"""The chapter "Alerting on SLOs" of the SRE workbook, number by number.

https://sre.google/workbook/alerting-on-slos/, for 99.9 % over 30 days. Beside what the book
prints stands what its formulas give, and what a backtest of steady traffic finds.
"""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from slo.backtest import backtest
from slo.model.alert import AlertPolicy, BurnRateAlert, workbook_policy
from slo.model.duration import DAY, HOUR, MINUTE, SECOND
from slo.model.incident import Incident
from slo.model.objective import Objective, RollingPeriod
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.tune.closed_form import (
    budget_at_detection,
    burn_rate,
    detection_time,
    reset_time,
    time_to_exhaustion,
)
from slo.tune.presets import (
    LONGER_DURATION,
    LONGER_WINDOW,
    MULTIPLE_BURN_RATES,
    OWN,
    SINGLE_BURN_RATE,
    TARGET_ERROR_RATE,
    WORKBOOK,
    presets,
)
from tests import shop

OBJECTIVE = Objective(Decimal("0.999"))
MONTH = RollingPeriod(30 * DAY)
START = 1_790_000_000_000 // DAY * DAY
APPROACHES = presets(shop.availability(ratio="0.999", period=MONTH))
SIX = tuple(approach for approach in APPROACHES if approach != OWN)


def only(approach: str, name: str = "") -> BurnRateAlert:
    alerts = APPROACHES[approach].alerts
    return next(alert for alert in alerts if not name or alert.name == name)


# What the chapter prints, and how finely, beside what its formulas give: seconds until detection,
# and the share of the budget that is gone by then. Empty where the chapter prints nothing.
CHAPTER = [
    # approach, alert, error ratio, printed seconds, exact, printed share, exact
    (TARGET_ERROR_RATE, "page-10m", 1.0, (0.6, 0.05), 0.6, (0.0002, 0.00005), 0.0002315),
    (LONGER_WINDOW, "page-36h", 1.0, (130, 1), 129.6, (0.05, 0), 0.05),
    (LONGER_DURATION, "page-1m", 1.0, (3600, 60), 3600.06, (1.4, 0.05), 1.388912),
    (LONGER_DURATION, "page-1m", 0.002, (3600, 60), 3630.0, (), 0.0028009),
    (SINGLE_BURN_RATE, "page-1h", 1.0, (), 129.6, (0.05, 0), 0.05),
    (MULTIPLE_BURN_RATES, "page-1h", 1.0, (), 51.84, (0.02, 0), 0.02),
    (MULTIPLE_BURN_RATES, "page-6h", 1.0, (), 129.6, (0.05, 0), 0.05),
    (MULTIPLE_BURN_RATES, "ticket-3d", 0.002, (), 36 * 3600, (0.1, 0), 0.1),
    (WORKBOOK, "page-1h", 1.0, (), 51.84, (0.02, 0), 0.02),
    # Figure 5-6: the long window crosses "after 5 minutes"
    (WORKBOOK, "page-1h", 0.15, (300, 60), 345.6, (0.02, 0), 0.02),
    (WORKBOOK, "page-6h", 1.0, (), 129.6, (0.05, 0), 0.05),
    (WORKBOOK, "page-6h", 0.01, (), 3.6 * 3600, (0.05, 0), 0.05),
    (WORKBOOK, "ticket-1d", 1.0, (), 259.2, (0.1, 0), 0.1),
    (WORKBOOK, "ticket-3d", 1.0, (), 259.2, (0.1, 0), 0.1),
    (WORKBOOK, "ticket-3d", 0.002, (), 36 * 3600, (0.1, 0), 0.1),
]


@pytest.mark.parametrize("line", CHAPTER)
def test_reproduces_the_chapters_published_detection_times_and_budget_shares(line):
    approach, name, ratio, printed_seconds, seconds, printed_share, share = line
    alert = only(approach, name)
    detection = detection_time(alert, OBJECTIVE, ratio) / SECOND
    spent = budget_at_detection(alert, OBJECTIVE, MONTH, ratio)
    assert detection == pytest.approx(seconds, rel=1e-9)
    assert spent == pytest.approx(share, rel=1e-4)
    if printed_seconds:
        assert abs(detection - printed_seconds[0]) <= printed_seconds[1]
    if printed_share:
        assert abs(spent - printed_share[0]) <= printed_share[1] + 1e-12


def test_the_target_error_rate_calls_up_to_144_times_a_day_and_spends_nothing_of_note():
    # An alert every ten minutes, all day, by an error ratio that keeps the objective.
    alert = only(TARGET_ERROR_RATE)
    assert DAY / alert.long == 144


@pytest.mark.parametrize(
    ("approach", "name", "ratio", "text"),
    [
        # The book: it fires for the next 36 hours
        (LONGER_WINDOW, "", 1.0, "35h57m50.4s"),
        # "58 minutes" until a single burn rate resets
        (SINGLE_BURN_RATE, "", 1.0, "57m50.4s"),
        # figure 5-6: the short window stops the alert after about five minutes, the long one alone
        # would go on for most of an hour
        (WORKBOOK, "page-1h", 0.15, "4m31.2s"),
        (MULTIPLE_BURN_RATES, "page-1h", 0.15, "54m14.4s"),
        # the finding of docs/workbook.md: the page as a whole resets with its slower half
        (WORKBOOK, "page-6h", 1.0, "29m49.2s"),
        (WORKBOOK, "ticket-3d", 1.0, "5h59m38.4s"),
    ],
)
def test_the_chapters_reset_times(approach, name, ratio, text):
    def seconds(written: str) -> float:
        total, number = 0.0, ""
        for character in written:
            if character in "hms":
                total += float(number) * {"h": 3600, "m": 60, "s": 1}[character]
                number = ""
            else:
                number += character
        return total

    found = reset_time(only(approach, name), OBJECTIVE, ratio) / SECOND
    assert found == pytest.approx(seconds(text), abs=0.05)


@pytest.mark.parametrize(
    ("burn", "time"), [(1, 30 * DAY), (2, 15 * DAY), (10, 3 * DAY), (1000, 43.2 * MINUTE)]
)
def test_table_5_4_burn_rates_and_time_to_exhaustion(burn, time):
    assert time_to_exhaustion(MONTH, burn) == pytest.approx(time)


def test_a_burn_rate_of_35_never_alerts_on_36_and_the_budget_is_gone_in_20_5_hours():
    alert = only(SINGLE_BURN_RATE)
    assert detection_time(alert, OBJECTIVE, 0.035) == float("inf")
    assert time_to_exhaustion(MONTH, 35) / HOUR == pytest.approx(20.57, abs=0.01)


def test_the_low_traffic_passage_says_1000_where_its_arithmetic_gives_100():
    # Ten requests an hour, one of which fails.
    ratio = 1 / 10
    assert burn_rate(OBJECTIVE, ratio) == pytest.approx(100)
    assert burn_rate(OBJECTIVE, ratio) * HOUR / MONTH.length == pytest.approx(0.1389, abs=1e-4)
    assert 10 * 24 * 30 * float(OBJECTIVE.error_budget) == pytest.approx(7.2)


def test_at_90_percent_the_page_on_2_percent_can_never_fire():
    lenient = Objective(Decimal("0.9"))
    assert burn_rate(lenient, 1.0) * HOUR / MONTH.length == pytest.approx(0.01389, abs=1e-5)
    policy = workbook_policy(lenient, MONTH)
    assert "page-1h" not in [alert.name for alert in policy.alerts]


def test_five_nines_are_exhausted_in_26_seconds():
    strict = Objective(Decimal("0.99999"))
    assert time_to_exhaustion(MONTH, burn_rate(strict, 1.0)) / SECOND == pytest.approx(
        25.9, abs=0.1
    )
    slow = time_to_exhaustion(MONTH, burn_rate(strict, 0.01))
    assert slow / MINUTE == pytest.approx(43.2)


def steady(outage: Span, ratio: float, days: int) -> History:
    """A thousand requests a second, of which a share fails during an outage; every 5 seconds."""
    step = 5 * SECOND
    times = np.arange(START, START + days * DAY, step, dtype=np.int64)
    failing = np.where((times > outage.start) & (times <= outage.end), ratio * 5000, 0.0)
    bad = np.cumsum(failing)
    total = np.arange(times.size) * 5000.0
    return History(
        (
            series_of({"__name__": "requests_total", "code": "200"}, times, total - bad),
            series_of({"__name__": "requests_total", "code": "500"}, times, bad),
        ),
        Span(START, START + days * DAY),
    )


@pytest.mark.parametrize("ratio", [1.0, 0.1, 0.01])
@pytest.mark.parametrize(
    ("approach", "name"),
    [(approach, alert.name) for approach in SIX for alert in APPROACHES[approach].alerts],
)
def test_a_backtest_of_steady_traffic_finds_the_closed_form_to_one_evaluation(
    approach, name, ratio
):
    alert = only(approach, name)
    exact = detection_time(alert, OBJECTIVE, ratio)
    one = shop.availability(ratio="0.999", period=MONTH).with_policy(AlertPolicy((alert,)))
    interval = 15 * SECOND
    # Three days before, so that the longest window is full, and three in which it empties.
    start = START + 3 * DAY
    lasts = 2 * HOUR if exact == float("inf") else int(exact) // MINUTE * MINUTE + 5 * MINUTE
    outage = Span(start, start + lasts)
    incidents = [Incident("outage", outage, "outage")]
    result = backtest(one, steady(outage, ratio, 8), incidents, interval)
    detection = result.outcomes[0].detection(alert.name)
    if exact == float("inf"):
        assert detection is None
        return
    assert detection is not None
    assert 0 <= detection.delay - exact <= interval
    assert detection.reset is not None
    assert 0 <= detection.reset - reset_time(alert, OBJECTIVE, ratio) <= interval
    # At most the budget of an interval more; the history's own traffic lacks a scrape at its edge.
    spent = budget_at_detection(alert, OBJECTIVE, MONTH, ratio)
    more = burn_rate(OBJECTIVE, ratio) * interval / MONTH.length
    assert spent * (1 - 1e-4) <= detection.budget_spent <= (spent + more) * (1 + 1e-4)


def spoken(milliseconds: float) -> str:
    """As people say it: 0.6 s, 52 s, 2 m 10 s, 35 h 57 m 50 s."""
    if milliseconds == float("inf"):
        return "never"
    if milliseconds < MINUTE:
        return f"{milliseconds / SECOND:.2g} s"
    seconds = round(milliseconds / SECOND)
    parts = ((seconds // 3600, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


def told(approach: str) -> list[str]:
    """An approach's cells in the table of docs/workbook.md, but for the condition."""
    pages = [alert for alert in APPROACHES[approach].alerts if alert.severity == "page"]
    tickets = [alert for alert in APPROACHES[approach].alerts if alert.severity == "ticket"]
    cells = []
    for ratio in (1.0, 0.1, 0.01):
        first = min(pages, key=lambda alert: detection_time(alert, OBJECTIVE, ratio))
        took = detection_time(first, OBJECTIVE, ratio)
        spent = 100 * budget_at_detection(first, OBJECTIVE, MONTH, ratio)
        cells.append("never" if took == float("inf") else f"{spoken(took)} ({spent:.3g} %)")
    last = (max((reset_time(a, OBJECTIVE, 1.0) for a in of), default=0) for of in (pages, tickets))
    return cells + [spoken(reset) if reset else "" for reset in last]


@pytest.mark.parametrize("approach", SIX)
def test_the_documents_table_says_what_the_arithmetic_says(approach):
    page = Path(__file__).parents[3] / "docs" / "workbook.md"
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.read_text().splitlines()
        if line.startswith("|")
    ]
    (row,) = (row for row in rows if row[0] == f"`{approach}`")
    assert row[2:] == told(approach)


def test_the_whole_page_resets_after_half_an_hour_not_after_five_minutes():
    outage = Span(START + 2 * DAY, START + 2 * DAY + 10 * MINUTE)
    one = shop.availability(ratio="0.999", period=MONTH).with_policy(APPROACHES[WORKBOOK])
    result = backtest(
        one, steady(outage, 1.0, 3), [Incident("outage", outage, "outage")], 15 * SECOND
    )
    outcome = result.outcomes[0]
    fast, page = outcome.detection("page-1h"), outcome.detection("page")
    assert fast is not None
    assert page is not None
    assert fast.reset == pytest.approx(5 * MINUTE, abs=30 * SECOND)
    assert page.reset == pytest.approx(29.8 * MINUTE, abs=30 * SECOND)


def test_five_minutes_of_outage_every_ten_never_fire_with_a_for_of_ten():
    # Figure 5-3: each spike spends 11.57 % of the budget, three of them 35 %, and nobody is told.
    spikes = [
        Span(START + DAY + n * 10 * MINUTE, START + DAY + n * 10 * MINUTE + 5 * MINUTE)
        for n in range(3)
    ]
    step = 5 * SECOND
    times = np.arange(START, START + 2 * DAY, step, dtype=np.int64)
    failing = np.zeros(times.size)
    for spike in spikes:
        failing[(times > spike.start) & (times <= spike.end)] = 5000.0
    bad, total = np.cumsum(failing), np.arange(times.size) * 5000.0
    history = History(
        (
            series_of({"__name__": "requests_total", "code": "200"}, times, total - bad),
            series_of({"__name__": "requests_total", "code": "500"}, times, bad),
        ),
        Span(START, START + 2 * DAY),
    )
    alert = BurnRateAlert("page-1m", "page", MINUTE, MINUTE, 1.0, hold=10 * MINUTE)
    one = shop.availability(ratio="0.999", period=MONTH).with_policy(AlertPolicy((alert,)))
    result = backtest(one, history, [Incident("s", spike, "spike") for spike in spikes[:1]])
    assert result.episodes == ()
    assert result.outcomes[0].budget_spent == pytest.approx(0.1157, abs=1e-3)
