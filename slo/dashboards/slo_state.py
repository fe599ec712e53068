"""How an objective stands, as PromQL over what the rules record, and in words.

Expressions keep the labels ``service`` and ``slo``, and each takes matchers such as
``service="shop"``. Where there is too little to say anything there is no result: a ratio that is
no number (no traffic in its window) is left out by ``> -Inf``, which every number passes.
"""

from __future__ import annotations

from enum import IntEnum

from slo.dashboards.display import (
    BLUE,
    GREEN,
    GREY,
    INSUFFICIENT_DATA,
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
    """How an objective stands; the larger the worse, but for what nobody knows."""

    UNKNOWN = 0
    OK = 1
    BURNING = 2
    EXHAUSTED = 3


STATE_WORDS = (
    Word(State.UNKNOWN, INSUFFICIENT_DATA, GREY),
    Word(State.OK, "ok", GREEN),
    Word(State.BURNING, "burning", YELLOW),
    Word(State.EXHAUSTED, "exhausted", RED),
)

LOW_BUDGET = 0.25
"""With less than a quarter left changes should be made with care."""

_SPENT = Thresholds(RED, ((0.0, YELLOW), (LOW_BUDGET, GREEN)))
_BURNING = Thresholds(GREEN, ((1.0, YELLOW),))

STATE_DISPLAY = Display("none", words=STATE_WORDS, no_value=INSUFFICIENT_DATA)
RATIO_DISPLAY = Display("percentunit", decimals=3, no_value=INSUFFICIENT_DATA)
OBJECTIVE_DISPLAY = Display("percentunit", thresholds=Thresholds(BLUE))
BUDGET_DISPLAY = Display("percentunit", decimals=1, thresholds=_SPENT, no_value=INSUFFICIENT_DATA)
BURN_RATE_DISPLAY = Display("suffix:x", decimals=2, thresholds=_BURNING, no_value=INSUFFICIENT_DATA)


def objective(matchers: str = "") -> str:
    """The promised share of good events."""
    return f"{names.OBJECTIVE}{_braced(matchers)}"


def budget_left(matchers: str = "") -> str:
    """The share of the period's budget that is left: below 0 where more was spent than there is.

    Nothing for periods of a calendar, of which no rule knows the beginning.
    """
    return f"{names.BUDGET_REMAINING}{_braced(matchers)} > -Inf"


def achieved(matchers: str = "") -> str:
    """The share of good events over the period: the budget that was spent, taken from 1."""
    left, budget = names.BUDGET_REMAINING, f"{names.ERROR_BUDGET}{_braced(matchers)}"
    return f"1 - (1 - ({left}{_braced(matchers)} > -Inf)) * on ({OF}) {budget}"


def firing(matchers: str = "") -> str:
    """How many alerts of each objective fire."""
    only = _joined('alertstate="firing"', f'{names.SLO_LABEL}!=""', matchers)
    return f"count by ({OF}) (ALERTS{_braced(only)})"


def known(matchers: str = "") -> str:
    """Every objective that rules are loaded for."""
    return f"max by ({OF}) ({names.INFO}{_braced(matchers)})"


def state(matchers: str = "") -> str:
    """The number of an objective's state; see ``State`` and ``STATE_WORDS``."""
    left, ratios = names.BUDGET_REMAINING, names.ERROR_RATIO
    exhausted = f"0 * ({left}{_braced(matchers)} <= 0) + {State.EXHAUSTED:d}"
    burning = f"0 * {firing(matchers)} + {State.BURNING:d}"
    fine = f"0 * max by ({OF}) ({ratios}{_braced(matchers)} > -Inf) + {State.OK:d}"
    unknown = f"0 * {known(matchers)}"
    return f" or on ({OF}) ".join(f"({part})" for part in (exhausted, burning, fine, unknown))


def _braced(matchers: str) -> str:
    return f"{{{matchers}}}" if matchers else ""


def _joined(*matchers: str) -> str:
    return ",".join(one for one in matchers if one)
