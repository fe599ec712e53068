"""What contenders did, as people read it: every figure with its interval."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from slo.card import Table
from slo.model.duration import SECOND, format_duration
from slo.tune.bootstrap import LEVEL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from slo.model.alert import AlertPolicy
    from slo.tune.bootstrap import Interval
    from slo.tune.contender import Contender
    from slo.tune.performance import Performance
    from slo.tune.uncertainty import Uncertainty


def contenders_table(contenders: Sequence[Contender]) -> pd.DataFrame:
    """A column a contender, as they come, and a row a figure with its interval."""
    import pandas as pd  # noqa: PLC0415  only where people look at a frame

    columns = {one.name: figures_of(one) for one in contenders}
    return pd.DataFrame(columns).rename_axis(sample_of(contenders[0]))


def contenders_as_rows(contenders: Sequence[Contender]) -> Table:
    """The same as people look at it."""
    columns = [figures_of(one) for one in contenders]
    names = tuple(one.name for one in contenders)
    rows = tuple((name, *(column[name] for column in columns)) for name in columns[0])
    return Table((sample_of(contenders[0]), *names), rows, numbers=names)


def sample_of(one: Contender) -> str:
    """What a contender's figures were measured on; the same for all of a study."""
    return f"out of sample, {LEVEL:.0%} intervals" if one.bounds else "in sample"


def figures_of(one: Contender) -> dict[str, str]:
    """A contender's figures as people read them, each with its interval."""
    done = one.judged
    return {
        "incidents seen": f"{done.caught} of {done.required}",
        **{name: _cell(one, *parts) for name, parts in _BOUNDED.items()},
        "urgent, but not paged": str(len(done.unpaged)),
        "budget spent, worst": percent(done.spent_worst),
    }


def written(policy: AlertPolicy) -> str:
    """A policy's alerts in a line."""
    return "; ".join(str(alert) for alert in policy.alerts)


def percent(share: float) -> str:
    """A share with a digit after the point; a dash where there is none."""
    return "-" if math.isnan(share) else f"{100 * share:.1f} %"


def _duration(milliseconds: float) -> str:
    if math.isnan(milliseconds):
        return "-"
    grain = 60 * SECOND if milliseconds >= 3600 * SECOND else SECOND
    return format_duration(round(milliseconds / grain) * grain)


def _weekly(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.2f}"


def _cell(
    one: Contender,
    value: Callable[[Performance], float],
    bounds: Callable[[Uncertainty], Interval],
    shown: Callable[[float], str],
) -> str:
    measured = shown(value(one.judged))
    between = bounds(one.bounds) if one.bounds else None
    if between is None or math.isnan(between.low):
        return measured
    return f"{measured} ({shown(between.low)} to {shown(between.high)})"


_BOUNDED: dict[
    str,
    tuple[
        Callable[[Performance], float],
        Callable[[Uncertainty], Interval],
        Callable[[float], str],
    ],
] = {
    "share seen": (lambda p: p.recall, lambda b: b.recall, percent),
    "pages a week": (lambda p: p.pages_a_week, lambda b: b.pages_a_week, _weekly),
    "false pages a week": (
        lambda p: p.false_pages_a_week,
        lambda b: b.false_pages_a_week,
        _weekly,
    ),
    "tickets a week": (lambda p: p.tickets_a_week, lambda b: b.tickets_a_week, _weekly),
    "detection, median": (lambda p: p.detection_median, lambda b: b.detection_median, _duration),
    "budget spent, median": (lambda p: p.spent_median, lambda b: b.spent_median, percent),
}
