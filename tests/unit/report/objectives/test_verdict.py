# ruff: noqa: E501  a sentence stands on its line
from types import SimpleNamespace

import pytest

from slo.report.objectives.verdict import listed, verdict, what_alerts_did, what_is_left


def report(**states):
    """A report with titles of objectives by state; ``unread`` cannot be judged at all."""
    unread = states.pop("unread", 0)
    by_state = {
        state.replace("_", " "): tuple(
            SimpleNamespace(slo=SimpleNamespace(title=title)) for title in titles
        )
        for state, titles in states.items()
    }
    return SimpleNamespace(
        service="shop",
        count=sum(map(len, by_state.values())) + unread,
        in_state=lambda *wanted: sum((by_state.get(state, ()) for state in wanted), ()),
    )


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ({"kept": ["A", "B"]}, "All 2 objectives are kept: release as planned."),
        (
            {"kept": ["A"], "at_risk": ["B"]},
            "B has little error budget left: release with care.",
        ),
        (
            {"at_risk": ["B", "C", "D"]},
            "B, C and D have little error budget left: release with care.",
        ),
        (
            {"exhausted": ["A"], "kept": ["B"]},
            "A has spent the error budget: put reliability before features until it is back.",
        ),
        (
            {"exhausted": ["A", "B"], "at_risk": ["C"]},
            "A and B have spent the error budget, C nearly: put reliability before features until "
            "it is back.",
        ),
        (
            {"kept": ["A"], "insufficient_data": ["B"], "unread": 1},
            "1 of 3 objectives are kept; 2 cannot be judged.",
        ),
        ({"unread": 2}, "Insufficient data: no objective of shop can be judged."),
    ],
)
def test_the_worst_decides(states, sentence):
    assert verdict(report(**states)) == sentence


def test_names_are_listed():
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.parametrize(
    ("total", "remaining", "events", "minutes", "sentence"),
    [
        (9, 0.25, 1200.4, 61.0, "25.0 % of the budget is left: 1,200 bad events, or 1h1m of a full outage."),
        (9, -0.5, -30.0, -2.0, "The budget is overspent by 50.0 %: 30 bad events or 2m of a full outage too many."),
        (0, float("nan"), 0.0, float("nan"), "There were no events."),
    ],
)  # fmt: skip
def test_what_is_left_is_a_sentence(total, remaining, events, minutes, sentence):
    budget = SimpleNamespace(total=total, remaining=remaining)
    week = SimpleNamespace(budget=budget, events_left=events, minutes_left=minutes)
    assert what_is_left(week) == sentence


@pytest.mark.parametrize(
    ("calls", "true", "incidents", "delays", "sentence"),
    [
        (0, 0, 0, (), "No incident is labelled, and no alert fired."),
        (2, 0, 0, (), "No incident is labelled; 2 calls of any severity."),
        (0, 0, 2, (), "Of 2 incidents 0 were seen. 0 calls of any severity."),
        (1, 1, 1, (120_000,), "Of one incident 1 was seen, after 2m in the median. One call of any severity, 1 of them for an incident."),
    ],
)  # fmt: skip
def test_what_alerts_did_is_a_sentence(calls, true, incidents, delays, sentence):
    median = delays[0] if delays else float("nan")
    alerts = SimpleNamespace(
        calls=calls,
        true_calls=true,
        incidents=incidents,
        detected=len(delays),
        delays=delays,
        median_delay=median,
    )
    assert what_alerts_did(SimpleNamespace(alerts=alerts)) == sentence
