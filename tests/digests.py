"""Weeks in short: of the shop and of the agent, with names that harm whom they can, and any."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from hypothesis import strategies as st

from slo.model.duration import MINUTE
from slo.report.cost.weekly_cost import WeeklyCost, weekly_cost
from slo.report.forms.cost_digest import cost_digest
from slo.report.forms.digest import (
    CHANGE,
    MOST_ROWS,
    MOST_SUGGESTIONS,
    NAME,
    SERVICE,
    SUGGESTION,
    VALUE,
    VERDICT,
    Bar,
    Digest,
    Row,
    Tile,
    cut,
    in_words,
)
from slo.report.forms.slo_digest import slo_digest
from slo.report.looks import LOOKS
from slo.report.objectives.weekly_slo import WeeklySlo, weekly_slo
from tests.agent_costs import BUDGETS, LLM, costs
from tests.agent_costs import WEEK as COST_WEEK
from tests.shop import WEEK, availability, history, incident, stretch

REPORTS = "https://reports.example.com/slo"
HOSTILE = "</td><script>alert(1)</script>|*_`[a](http://x.test)<!channel>&$x$ \u202e\n# "
LONG = HOSTILE * 20
ROOMS = (SERVICE, NAME, VALUE, CHANGE, SUGGESTION, VERDICT)
RUNAWAY = np.where(np.isin(np.arange(28), (22, 23)), 2.0, 1.0)


@cache
def slo_week() -> WeeklySlo:
    """Seven objectives with every state, an incident, and an objective without data."""
    outage = stretch(2, 2)
    slos = [availability(ratio=f"0.{nines}", name=f"of-{nines}") for nines in (9, 95, 99, 998, 999)]
    slos.append(availability(name="hostile", ratio="0.9995", display_name=HOSTILE))
    return weekly_slo(slos, history((outage, 0.5)), (incident(outage),), WEEK, MINUTE)


@cache
def hostile_slo_week() -> WeeklySlo:
    """Eight objectives, all spent, with endless names that are markup in every language."""
    outage = stretch(2, 20)
    slos = [
        availability(name=f"slo-{number}", ratio="0.999", display_name=f"{number}{LONG}")
        for number in range(8)
    ]
    return weekly_slo(slos, history((outage, 0.9)), (incident(outage, LONG),), WEEK, MINUTE)


@cache
def cost_week() -> WeeklyCost:
    return weekly_cost("agent", BUDGETS, costs(length=RUNAWAY, small=0.25), COST_WEEK)


@cache
def hostile_cost_week() -> WeeklyCost:
    budgets = (replace(LLM, display_name=LONG, dollars=1.0), replace(BUDGETS[1], dollars=2.0))
    return weekly_cost("agent", budgets, costs(length=RUNAWAY, small=0.25), COST_WEEK)


DIGESTS = {
    "slo": lambda: slo_digest(slo_week(), REPORTS),
    "hostile slo": lambda: slo_digest(hostile_slo_week(), REPORTS),
    "cost": lambda: cost_digest(cost_week(), REPORTS),
    "hostile cost": lambda: cost_digest(hostile_cost_week(), REPORTS),
    "no link": lambda: slo_digest(slo_week()),
}
"""Digests by what is special about them."""


_PIECES = ("<&>", "😀", "_*|", "x", "\u202e é", "word ", "$1.00 ")
_SHARES = st.floats(-9, 9) | st.just(float("nan"))


def _texts(room: int) -> st.SearchStrategy[str]:
    """What is left of a text, often as much as there is room for."""
    pieces = st.sampled_from(_PIECES) | st.text(max_size=8)
    return st.builds(
        lambda text, times: cut(text * times, room), pieces, st.sampled_from((1, room))
    )


@st.composite
def digests(draw: st.DrawFn) -> Digest:
    """Any digest that fits its rooms; its texts are few, and stand in many places."""
    text = {room: draw(_texts(room)) for room in ROOMS}
    columns = draw(st.integers(1, 3))
    looks = st.sampled_from(sorted(set(LOOKS.values())))
    bar = st.builds(
        Bar, st.just(text[NAME]), st.just(text[VALUE]), _SHARES, looks, _SHARES, _SHARES
    )
    bars = tuple(draw(st.lists(bar, max_size=MOST_ROWS)))
    row = Row(
        text[NAME], draw(st.sampled_from(["", *LOOKS])), text[VALUE], (text[VALUE][:14],) * columns
    )
    tile = Tile(text[VALUE][:28], text[VALUE][:16], text[CHANGE])
    return Digest(
        title=cut(f"{text[SERVICE]} · SLO report, week 2026-W47", SERVICE + 40),
        service=text[SERVICE],
        week="2026-W47",
        window=text[CHANGE],
        verdict=text[VERDICT],
        state=draw(st.sampled_from(sorted(LOOKS))),
        tiles=(tile,) * draw(st.integers(1, 4)),
        table="Budgets, the worst first, and what moved most",
        columns=("This week", "Change", "Budget left")[:columns],
        rows=(row,) * draw(st.integers(0, MOST_ROWS)),
        rest=draw(st.sampled_from(["", "8 more in the report"])),
        suggestions=(text[SUGGESTION],) * draw(st.integers(0, MOST_SUGGESTIONS)),
        bars_title="Budgets",
        bars=bars,
        picture=in_words("Budgets", bars),
        link=draw(st.sampled_from(["", f"{REPORTS}/agent/2026-W47/weekly-slo.html"])),
    )
