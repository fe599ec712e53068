"""How objectives stand, as PromQL over what the rules record, and in words.

Each expression has a result an objective, by its labels ``service`` and ``slo``, and takes matchers
such as ``service="shop"``. Where there is too little to say anything it has none: a ratio that is
no number, for lack of traffic in its window, is left out by ``> -Inf``, which all numbers pass.
"""

from __future__ import annotations

from enum import IntEnum

from slo.budget import AT_RISK_BELOW
from slo.dashboards.display import (
    BLUE,
    GREEN,
    GREY,
    INSUFFICIENT_DATA,
    ORANGE,
    RED,
    YELLOW,
    Display,
    Thresholds,
    Word,
)
from slo.model import names

OF = f"{names.SERVICE_LABEL}, {names.SLO_LABEL}"
"""The labels that say whose a series is."""


class State(IntEnum):
    """How an objective stands; the larger, the sooner somebody should look at it."""

    KEPT = 0
    UNKNOWN = 1
    AT_RISK = 2
    BURNING = 3
    EXHAUSTED = 4


STATE_WORDS = (
    Word(State.KEPT, "kept", GREEN),
    Word(State.UNKNOWN, INSUFFICIENT_DATA, GREY),
    Word(State.AT_RISK, "at risk", YELLOW),
    Word(State.BURNING, "burning", ORANGE),
    Word(State.EXHAUSTED, "exhausted", RED),
)
STATES = (
    "Exhausted: the budget is gone. Burning: a burn-rate alert fires. At risk: less than "
    f"{AT_RISK_BELOW:.0%} of the budget is left. Insufficient data: no traffic, or rules that have "
    "not run yet. Kept: none of these."
)

_SPENT = Thresholds(RED, ((0.0, YELLOW), (AT_RISK_BELOW, GREEN)))
_BURNING = Thresholds(GREEN, ((1.0, YELLOW),))

STATE_DISPLAY = Display("none", words=STATE_WORDS, no_value=INSUFFICIENT_DATA)
ACHIEVED_DISPLAY = Display("percentunit", decimals=3, no_value=INSUFFICIENT_DATA)
OBJECTIVE_DISPLAY = Display("percentunit", thresholds=Thresholds(BLUE))
BUDGET_DISPLAY = Display("percentunit", decimals=1, thresholds=_SPENT, no_value=INSUFFICIENT_DATA)
BURN_RATE_DISPLAY = Display("suffix:x", decimals=2, thresholds=_BURNING, no_value=INSUFFICIENT_DATA)


def objective(matchers: str = "") -> str:
    """The promised share of good events."""
    return f"max by ({OF}) ({named(names.OBJECTIVE, matchers)})"


def budget_left(matchers: str = "") -> str:
    """The share of the period's budget that is left; below 0 where more is spent than there was.

    Nothing for periods of a calendar: no rule knows when they began.
    """
    return f"max by ({OF}) ({named(names.BUDGET_REMAINING, matchers)} > -Inf)"


def achieved(matchers: str = "") -> str:
    """The share of good events over the period, worked out from what is left of its budget."""
    budget = named(names.ERROR_BUDGET, matchers)
    return f"1 - (1 - {budget_left(matchers)}) * on ({OF}) {budget}"


def burn_rate(matchers: str = "") -> str:
    """How fast the budget burns over the shortest window that an alert compares."""
    return f"max by ({OF}) ({named(names.CURRENT_BURN_RATE, matchers)} > -Inf)"


def burn_rates(matchers: str = "") -> str:
    """How fast it burns over each window that is recorded, by the label ``window`` as well."""
    ratios, budget = named(names.ERROR_RATIO, matchers), named(names.ERROR_BUDGET, matchers)
    return f"({ratios} > -Inf) / on ({OF}) group_left () {budget}"


def firing(matchers: str = "") -> str:
    """How many burn-rate alerts fire; nothing for objectives of which none does."""
    return f"count by ({OF}) ({alerts(matchers, 'firing')})"


def alerts(matchers: str, state: str) -> str:
    """The burn-rate alerts that are ``firing`` or ``pending``."""
    only = (f'alertstate="{state}"', f'{names.SLO_LABEL}!=""', matchers)
    return named("ALERTS", ",".join(filter(None, only)))


def known(matchers: str = "") -> str:
    """1 for each objective that rules are loaded for."""
    return f"max by ({OF}) ({named(names.INFO, matchers)})"


def state(matchers: str = "") -> str:
    """The number of an objective's state; see ``State`` and ``STATE_WORDS``."""
    left = named(names.BUDGET_REMAINING, matchers)
    measured = f"max by ({OF}) ({named(names.ERROR_RATIO, matchers)} > -Inf)"
    parts = {
        State.EXHAUSTED: f"({left} <= 0)",
        State.BURNING: firing(matchers),
        State.AT_RISK: f"({left} < {AT_RISK_BELOW})",
        State.KEPT: measured,
        State.UNKNOWN: known(matchers),
    }
    return f" or on ({OF}) ".join(f"(0 * {part} + {of:d})" for of, part in parts.items())


def named(metric: str, matchers: str) -> str:
    """A selector."""
    return f"{metric}{{{matchers}}}" if matchers else metric
