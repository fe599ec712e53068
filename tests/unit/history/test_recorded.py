"""What rules left in a history: instants, alerts that really fired, incidents from alerts."""

import numpy as np

from slo.backtest import backtest
from slo.history.recorded import (
    alerts_as_incidents,
    recorded_episodes,
    recorded_offset,
    recorded_selectors,
)
from slo.model import names
from slo.model.duration import HOUR, MINUTE
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.promql import counter_selector
from tests import shop

ONE = shop.availability(shop.PAGE)
LABELS = {"service": "shop", "slo": "availability"}
OUTAGE = shop.stretch(1.5, 0.5)


def sampled(name, start, end, offset=17_000, value=1.0, **labels):
    """Samples of a rule's evaluations, a minute apart."""
    first = start - start % MINUTE + offset
    times = np.arange(first, end, MINUTE, dtype=np.int64)
    return series_of({"__name__": name, **LABELS, **labels}, times, np.full(times.size, value))


def fired(start, end, alert="page-1h", state="firing", **labels):
    name = names.alert_name("availability", alert)
    return sampled("ALERTS", start, end, alertname=name, alertstate=state, **labels)


def with_series(*series):
    plain = shop.history((OUTAGE, 0.5))
    return History((*plain.series, *series), plain.span)


def test_without_samples_of_rules_instants_are_assumed():
    history = with_series()
    assert recorded_offset(ONE, history, MINUTE) is None
    assert recorded_episodes(ONE, history) == ()
    result = backtest(ONE, history)
    assert (result.offset, result.offset_origin, result.really_fired) == (0, "assumed", ())
    assert result.really_fired_results == ()


def test_evaluations_follow_the_recorded_samples():
    ratio = sampled(names.ERROR_RATIO, shop.SPAN.start, shop.SPAN.end, window="1h", value=0.1)
    late = sampled(names.ERROR_RATIO, OUTAGE.start, OUTAGE.end, offset=23_000, window="5m")
    history = with_series(ratio, late)
    assert recorded_offset(ONE, history, MINUTE) == 17_000
    result = backtest(ONE, history)
    assert (result.offset, result.offset_origin) == (17_000, "recorded")
    assert {episode.start % MINUTE for episode in result.episodes} == {17_000}
    given = backtest(ONE, history, offset=5_000)
    assert (given.offset, given.offset_origin) == (5_000, "given")


def test_what_really_fired_is_judged_beside_what_would_have():
    start, end = OUTAGE.start + 4 * MINUTE, OUTAGE.end + 3 * MINUTE
    noise = shop.stretch(4, 0.1)
    history = with_series(
        fired(start, end),
        fired(noise.start, noise.end, pod="2"),
        fired(OUTAGE.start, start, state="pending"),
        fired(OUTAGE.start, end, alert="of-yesterday"),
    )
    result = backtest(ONE, history, [shop.incident(OUTAGE)])
    first, second = result.really_fired
    assert (first.alert, first.start, first.end) == ("page-1h", start + 17_000, end + 17_000)
    assert second.start == noise.start + 17_000
    page = next(score for score in result.really_fired_results if score.by == "page")
    assert (page.episodes, page.true_episodes, page.detected) == (2, 1, 1)
    assert page.detection_median == 4 * MINUTE + 17_000
    assert result.score("page").episodes == 1


def test_an_alert_that_still_fires_has_no_end():
    (episode,) = recorded_episodes(ONE, with_series(fired(shop.SPAN.end - HOUR, shop.SPAN.end)))
    assert episode.end is None


def test_series_of_one_alert_are_one_and_gaps_longer_than_the_lookback_are_two():
    a, b = OUTAGE.start, OUTAGE.start + 10 * MINUTE
    overlapping = with_series(fired(a, b, pod="1"), fired(a + 5 * MINUTE, b + HOUR, pod="2"))
    assert len(recorded_episodes(ONE, overlapping)) == 1
    apart = with_series(fired(a, b), fired(b + 10 * MINUTE, b + HOUR, pod="2"))
    assert len(recorded_episodes(ONE, apart)) == 2


def test_incidents_from_alerts_on_what_users_see():
    start = OUTAGE.start
    history = with_series(
        sampled("ALERTS", start, start + HOUR, alertname="CheckoutDown", alertstate="firing"),
        sampled(
            "ALERTS", start + HOUR + 10 * MINUTE, start + 2 * HOUR,
            alertname="CheckoutDown", alertstate="firing", pod="2",
        ),
        sampled("ALERTS", start, start + HOUR, alertname="Other", alertstate="firing"),
    )  # fmt: skip
    selector = counter_selector('ALERTS{alertname="CheckoutDown"}')
    (found,) = alerts_as_incidents(history, selector, "shop")
    assert found.span == Span(start + 17_000, start + 2 * HOUR + 17_000)
    assert (found.name, found.source) == ("CheckoutDown-1", "the alert CheckoutDown")
    assert len(alerts_as_incidents(history, selector, gap=5 * MINUTE)) == 2


def test_rules_of_other_objectives_are_not_asked_for():
    ratio, alerts = recorded_selectors([ONE])
    assert str(ratio) == 'slo:error_ratio:rate{service="shop",slo="availability"}'
    assert str(alerts) == 'ALERTS{service="shop",slo="availability",alertstate="firing"}'
