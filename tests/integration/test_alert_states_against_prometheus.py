"""The state machine against a real Prometheus that evaluates the same rules, second by second.

Histories of a minute or two, put in before, are read by rules with an ``offset``: each second of
the server's life stands for a second of the past. What it stores of ``ALERTS`` at each evaluation,
and of ``ALERTS_FOR_STATE``, is compared with the engine's states at exactly that instant and with
the instant since which they are active.
"""

import json
import re
import time

import numpy as np
import pytest

from slo.engine.alert import FIRING, INACTIVE, PENDING, condition, states
from slo.engine.ratio import error_ratios
from slo.model.alert import BurnRateAlert
from slo.model.duration import SECOND
from slo.model.indicator import EventRatio
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.promql import counter_selector, error_ratio, number
from slo.simulate.local_prometheus import backfill, serve
from tests import shop
from tests.integration.conftest import Server, openmetrics

pytestmark = pytest.mark.integration

START = 1_790_000_000_000
LENGTH = 240
RUN = 50
CASES = 6
OBJECTIVE = shop.availability(ratio="0.9").objective
ALERTS = (
    BurnRateAlert("both", "page", 20 * SECOND, 4 * SECOND, 2.0),
    BurnRateAlert("waits", "page", 12 * SECOND, 3 * SECOND, 1.5, hold=4 * SECOND),
    BurnRateAlert("stays", "page", 8 * SECOND, 4 * SECOND, 3.0, keep_firing=5 * SECOND),
    BurnRateAlert(
        "waits-and-stays", "ticket", 10 * SECOND, 3 * SECOND, 1.0,
        hold=3 * SECOND, keep_firing=4 * SECOND,
    ),
    BurnRateAlert("single", "ticket", 5 * SECOND, 5 * SECOND, 4.0),
)  # fmt: skip
WINDOWS = tuple(sorted({window for alert in ALERTS for window in alert.windows}))


def indicator(case):
    return EventRatio(
        "bad",
        counter_selector(f'r_total{{case="{case}",code="500"}}'),
        counter_selector(f'r_total{{case="{case}"}}'),
    )


def history():
    """Bursts of failures, seconds long, some of them in gaps between scrapes."""
    rng = np.random.default_rng(11)
    made = []
    for case in range(CASES):
        times = START + int(rng.integers(1000)) + np.arange(LENGTH, dtype=np.int64) * SECOND
        share = np.zeros(LENGTH)
        at = 0
        while at < LENGTH:
            quiet, loud = int(rng.integers(2, 14)), int(rng.integers(1, 12))
            share[at + quiet : at + quiet + loud] = rng.choice([0.2, 0.35, 0.6, 1.0])
            at += quiet + loud
        events = rng.poisson(20, LENGTH)
        failed = rng.binomial(events, share)
        kept = rng.random(LENGTH) > 0.05
        for code, counted in (("200", events - failed), ("500", failed)):
            values = np.cumsum(counted).astype(float)
            reset = int(rng.integers(60, LENGTH))
            values[reset:] -= values[reset]
            labels = {"__name__": "r_total", "case": str(case), "code": code}
            made.append(series_of(labels, times[kept], values[kept]))
    return History(tuple(made), Span(START, START + LENGTH * SECOND))


def moved(expression, seconds):
    """The same expression over the past: every range gets an offset."""
    return re.sub(r"(\[\w+\])", rf"\1 offset {seconds}s", expression)


def rules(offset):
    """A group that is evaluated every second, whose first rule tells when."""
    group = [{"record": "beat", "expr": "vector(1)"}]
    for case in range(CASES):
        ratios = {window: moved(error_ratio(indicator(case), window), offset) for window in WINDOWS}
        for alert in ALERTS:
            threshold = f"({number(alert.factor)} * {number(OBJECTIVE.error_budget)})"
            group.append(
                {
                    "alert": alert.name,
                    "expr": " and ".join(f"({ratios[w]}) > {threshold}" for w in alert.windows),
                    "for": f"{alert.hold}ms",
                    "keep_firing_for": f"{alert.keep_firing}ms",
                    "labels": {"case": str(case)},
                }
            )
    return json.dumps({"groups": [{"name": "live", "interval": "1s", "rules": group}]})


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """The history, and what a server stored that lived through a part of it."""
    folder = tmp_path_factory.mktemp("live")
    past = history()
    text = folder / "history.om"
    text.write_text(openmetrics(past))
    backfill(text, folder / "storage")
    offset = int(time.time()) - START // 1000 - 40
    rule_file = folder / "live.yml"
    rule_file.write_text(rules(offset))
    with serve(folder / "storage", (rule_file,)) as url:
        time.sleep(RUN)
        server = Server(url)
        stored = server.get("query", query='{__name__=~"beat|ALERTS|ALERTS_FOR_STATE"}[5m]')[
            "result"
        ]
    return past, offset * SECOND, stored


def instants(values):
    return [round(float(at) * 1000) for at, _ in values]


def test_every_evaluation_finds_the_same_states(lived):
    past, offset, stored = lived
    (beat,) = [one for one in stored if one["metric"]["__name__"] == "beat"]
    # At the last one the server may have stored the beat and not yet the alerts behind it.
    at = np.array(instants(beat["values"])[:-1], dtype=np.int64)
    assert at.size > RUN / 2
    # A server stores no ALERTS until it has restored the states of a life before, which it tries
    # after its first evaluations.
    stored_from = at[3]
    found: dict[tuple[str, str, str], set[int]] = {}
    active: dict[tuple[str, str], dict[int, int]] = {}
    for one in stored:
        if one["metric"]["__name__"] == "beat":
            continue
        name, case = one["metric"]["alertname"], one["metric"]["case"]
        if one["metric"]["__name__"] == "ALERTS":
            key = name, case, one["metric"]["alertstate"]
            found.setdefault(key, set()).update(instants(one["values"]))
        else:
            whole_seconds = [int(value) for _, value in one["values"]]
            active[name, case] = dict(zip(instants(one["values"]), whole_seconds, strict=True))
    changes = 0
    for case in range(CASES):
        ratios = error_ratios(indicator(case), past, WINDOWS, at - offset)
        for alert in ALERTS:
            holds = condition(alert, OBJECTIVE, ratios)
            state, since = states(holds, at, alert.hold, alert.keep_firing)
            changes += int((np.diff(state) != 0).sum())
            for name, code in (("pending", PENDING), ("firing", FIRING)):
                ours = at[(state == code) & (at >= stored_from)].tolist()
                theirs = found.get((alert.name, str(case), name), set())
                within = sorted(t for t in theirs if stored_from <= t <= at[-1])
                assert ours == within, (alert, case, name)
            here = (state != INACTIVE) & (at >= stored_from)
            ours = dict(zip(at[here].tolist(), (since[here] // SECOND).tolist(), strict=True))
            told = active.get((alert.name, str(case)), {})
            assert ours == {t: s for t, s in told.items() if stored_from <= t <= at[-1]}, (
                alert,
                case,
            )
    # There was something to get wrong.
    assert changes > 5 * len(ALERTS) * CASES / 2
