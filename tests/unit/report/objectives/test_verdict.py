# ruff: noqa: E501  a sentence stands on its line
from types import SimpleNamespace

import numpy as np
import pytest

from slo.model.duration import DAY
from slo.model.objective import RollingPeriod
from slo.model.span import Week
from slo.report.objectives.consequence import Consequence
from slo.report.objectives.verdict import (
    listed,
    verdict,
    what_alerts_did,
    what_is_left,
    what_the_week_spent,
    where_it_leads,
)
from slo.tune.projection import Crossing, Projection

DAY_OF = {name: Week.parse("2026-W48").span.start + k * DAY for k, name in enumerate("ABCD")}
ACTIONS = {
    "exhausted": "Freeze releases {until}.",
    "at risk": "Release with care.",
    "kept": "Release as planned.",
    "insufficient data": "",
}


def one(title, state):
    """An objective that is back on a day of its own, where it is spent."""
    back = DAY_OF.get(title)
    until = Crossing(back, back, back, 1.0) if state == "exhausted" and back else None
    named = "later" if until is None else f"until {title}"
    return SimpleNamespace(
        slo=SimpleNamespace(title=title),
        state=state,
        consequence=Consequence(ACTIONS[state].format(until=named), until, (), ""),
    )


def verdict_on(**states):
    """What is said of objectives by state; ``unread`` cannot be judged at all."""
    unread = states.pop("unread", 0)
    judged = [
        one(title, state.replace("_", " ")) for state, titles in states.items() for title in titles
    ]
    return verdict("shop", len(judged) + unread, judged)


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
            "A has spent the error budget: freeze releases until A.",
        ),
        (
            {"exhausted": ["A", "B"], "at_risk": ["C"]},
            "A and B have spent the error budget, C nearly: freeze releases until B.",
        ),
        (
            {"exhausted": ["B", "unknown", "A"]},
            "B, unknown and A have spent the error budget: freeze releases later.",
        ),
        (
            {"kept": ["A"], "insufficient_data": ["B"], "unread": 1},
            "1 of 3 objectives is kept; 2 cannot be judged.",
        ),
        ({"unread": 2}, "Insufficient data: no objective of shop can be judged."),
    ],
)
def test_the_worst_decides(states, sentence):
    assert verdict_on(**states) == sentence


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


def test_a_budget_that_is_none_is_not_said_to_be_spent():
    week = SimpleNamespace(budget=SimpleNamespace(total=9), spent_in_week=0.2, spent_last_week=0.03)
    assert what_the_week_spent(week) == "The week spent 20.0 % of it, the week before 3.0 %."
    week.budget.total = 0
    assert what_the_week_spent(week) == ""


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
    assert what_alerts_did(alerts) == sentence


def test_an_abbreviation_keeps_its_capital():
    shouted = one("A", "kept")
    shouted.consequence = Consequence("SRE decides.", None, (), "")
    assert verdict("shop", 1, [shouted]) == "The one objective is kept: SRE decides."


MONDAY = Week.parse("2026-W48").span.start
SOME = np.zeros(1)


def leads(state, exhausted=None, recovered=None, pace=(None, None), learnt_from=42):
    known = np.array([MONDAY]) if learnt_from > 14 else np.empty(0, np.int64)
    ahead = Projection(
        MONDAY + 30 * DAY, known, SOME, SOME, SOME, exhausted, recovered, learnt_from
    )
    return where_it_leads(
        SimpleNamespace(
            slo=SimpleNamespace(period=RollingPeriod(30 * DAY)),
            state=state,
            budget=SimpleNamespace(total=9),
            projection=ahead,
            burn_down=SimpleNamespace(exhausted_at=pace[0], recovered_at=pace[1]),
        )
    )


def days(*numbers):
    return [None if number is None else MONDAY + number * DAY for number in numbers]


@pytest.mark.parametrize(
    ("crossing", "sentence"),
    [
        (Crossing(None, None, None, 0.0), "It is not spent before Wednesday 23 December 2026, in any way that the history leads to."),
        (Crossing(None, None, None, 0.03), "It is hardly spent before Wednesday 23 December 2026: with a chance of 3 %."),
        (Crossing(*days(3, None, None), 0.3), "It is likely not spent before Wednesday 23 December 2026, 26 November at the earliest (with a chance of 30 %)."),
        (Crossing(*days(3, 9, None), 0.8), "It is likely spent on Wednesday 2 December 2026, 26 November at the earliest; with a chance of 20 % not by Wednesday 23 December 2026."),
        (Crossing(*days(9, 9, None), 0.8), "It is likely spent on Wednesday 2 December 2026; with a chance of 20 % not by Wednesday 23 December 2026."),
        (Crossing(*days(3, 9, 12), 1.0), "It is likely spent on Wednesday 2 December 2026, in nine of ten cases between 26 November and 5 December."),
        (Crossing(*days(9, 9, 9), 1.0), "It is likely spent on Wednesday 2 December 2026."),
    ],
)  # fmt: skip
def test_where_a_budget_leads_is_said_with_how_sure_that_is(crossing, sentence):
    assert (
        leads("kept", exhausted=crossing)
        == f"{sentence} If every week were as this one: not spent by then."
    )
    back = leads("exhausted", recovered=crossing, pace=(None, MONDAY))
    assert back == (
        sentence.replace("spent", "back")
        + " If every week were as this one: back on Monday 23 November 2026."
    )


def test_too_short_a_history_leads_nowhere():
    assert leads("kept", learnt_from=7) == "7 days of history are too few to say where it leads."
