"""Studies as tables that people read: a column a contender, a row an objective."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from slo.model.duration import SECOND, format_duration
from slo.tune.bootstrap import LEVEL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from slo.model.alert import AlertPolicy
    from slo.tune.bootstrap import Interval
    from slo.tune.performance import Performance
    from slo.tune.study import Contender, Study
    from slo.tune.uncertainty import Uncertainty


def contenders_table(study: Study) -> pd.DataFrame:
    """A column a contender, the recommended one first, and a row a figure with its interval."""
    import pandas as pd  # noqa: PLC0415  only where people look at a frame

    columns = {one.name: figures_of(one) for one in study.ranked}
    return pd.DataFrame(columns).rename_axis(sample_of(study))


def before_after(studies: Sequence[Study]) -> pd.DataFrame:
    """A row an objective: its present alerts and the recommended ones, and what both did.

    Out of sample where there is something; else the whole history stands for it.
    """
    import pandas as pd  # noqa: PLC0415  as above

    rows = {}
    for study in studies:
        row = {("alerts", "before"): written(study.present.policy)}
        row["alerts", "after"] = written(study.recommended.policy) if study.changes else "kept"
        for name in _COMPARED:
            for when, one in (("before", study.present), ("after", study.recommended)):
                row[name, when] = figures_of(one)[name].split(" (")[0]
        rows[study.slo.title] = row
    return pd.DataFrame.from_dict(rows, orient="index")


def study_html(study: Study) -> str:
    """The recommendation, what changes, what to know, and the contenders."""
    notes = "".join(f"<li>{escape(note)}</li>" for note in study.warnings)
    changes = "".join(f"<li><code>{escape(line)}</code></li>" for line in study.changes)
    return (
        f"<p><strong>{escape(study.slo.title)}: {escape(study.recommendation)}</strong> "
        f"{escape(study.reason)}</p><ul>{changes}</ul>{contenders_table(study).to_html()}"
        f"<ul>{notes}</ul>"
    )


def sample_of(study: Study) -> str:
    """What the figures were measured on."""
    return f"out of sample, {LEVEL:.0%} intervals" if study.present.bounds else "in sample"


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

_COMPARED = (
    "incidents seen",
    "pages a week",
    "false pages a week",
    "tickets a week",
    "detection, median",
    "budget spent, median",
)
