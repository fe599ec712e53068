"""What a report suggests to change, each with its evidence, and where it suggests nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from slo.card import Listed
from slo.model.duration import SECOND
from slo.report.result_types import number_result
from slo.report.wording import NONE, count, duration, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.report.objectives.result_shape import FigureResult, SuggestionResult, UnchangedResult
    from slo.tune.bootstrap import Interval

Kind = Literal["alerts", "objective", "traffic"]
"""Better alerts, another target, or alerts that mean little at so little traffic."""

Unit = Literal["share", "a week", "milliseconds", "events"]


@dataclass(frozen=True)
class Figure:
    """One figure as it is, and as it would be.

    Attributes:
        what: Its name.
        unit: A share of 0 to 1, a number a week, milliseconds, or events.
        present: As it is; NaN where there is none.
        suggested: As it would be.
        present_bounds: Between which bounds it lies with 90 %; NaN where nothing bounds it.
        suggested_bounds: Likewise.

    """

    what: str
    unit: Unit
    present: float
    suggested: float
    present_bounds: Interval
    suggested_bounds: Interval

    @property
    def before(self) -> str:
        """As it is, in words, with its interval."""
        return _with_bounds(self.present, self.present_bounds, self.unit)

    @property
    def after(self) -> str:
        """As it would be, in words, with its interval."""
        return _with_bounds(self.suggested, self.suggested_bounds, self.unit)


@dataclass(frozen=True)
class SuggestedChange(Listed):
    """Something to change about an objective or its alerts.

    Attributes:
        title: What, in the imperative.
        evidence: Why, in a sentence or two.
        present: What is there now.
        suggested: What should be.
        kind: What is to be changed.
        objective: The objective's name.
        command: Shows more, and what would change in the specification.
        save: The command that makes the change; empty where people have to edit.
        changes: What differs, a line each.
        figures: What it brings, in numbers.
        notes: What a reader must know before signing.

    """

    title: str
    evidence: str
    present: str
    suggested: str
    kind: Kind
    objective: str
    command: str
    save: str = ""
    changes: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def row(self) -> Mapping[str, str]:
        """What to do, and by which command."""
        return {
            "suggestion": self.title,
            "present": self.present,
            "suggested": self.suggested,
            "why": self.evidence,
            "more": self.command,
        }


@dataclass(frozen=True)
class Unchanged:
    """An objective about which nothing is suggested.

    Attributes:
        objective: Its name.
        title: Its name for people.
        reasons: Why, in sentences: of its alerts, then of its target.

    """

    objective: str
    title: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Suggestions:
    """What is suggested, what brings most first, and where nothing is."""

    changes: tuple[SuggestedChange, ...] = ()
    unchanged: tuple[Unchanged, ...] = ()


def change_result(one: SuggestedChange) -> SuggestionResult:
    """A suggestion as ``result.json`` holds it: unrounded, durations in seconds."""
    return {
        "title": one.title,
        "kind": one.kind,
        "objective": one.objective,
        "evidence": one.evidence,
        "present": one.present,
        "suggested": one.suggested,
        "changes": list(one.changes),
        "figures": [_figure(figure) for figure in one.figures],
        "notes": list(one.notes),
        "command": one.command,
        "save": one.save or None,
    }


def unchanged_result(one: Unchanged) -> UnchangedResult:
    """An objective without a suggestion as ``result.json`` holds it."""
    return {"objective": one.objective, "reasons": list(one.reasons)}


def _figure(one: Figure) -> FigureResult:
    scale = SECOND if one.unit == "milliseconds" else 1
    return {
        "what": one.what,
        "unit": "seconds" if one.unit == "milliseconds" else one.unit,
        "present": number_result(one.present / scale),
        "present_interval": _bounds(one.present_bounds, scale),
        "suggested": number_result(one.suggested / scale),
        "suggested_interval": _bounds(one.suggested_bounds, scale),
    }


def _bounds(bounds: Interval, scale: int) -> list[float] | None:
    if math.isnan(bounds.low):
        return None
    return [bounds.low / scale, bounds.high / scale]


def _with_bounds(value: float, bounds: Interval, unit: Unit) -> str:
    if math.isnan(value):
        return NONE
    if math.isnan(bounds.low):
        return _shown(value, unit)
    return f"{_shown(value, unit)} ({_shown(bounds.low, unit)} to {_shown(bounds.high, unit)})"


def _shown(value: float, unit: Unit) -> str:
    match unit:
        case "share":
            return percent(value)
        case "a week":
            return f"{value:.2f}"
        case "milliseconds":
            return duration(value)
        case "events":
            return count(value)
