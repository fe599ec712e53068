"""A plan as people look at it: a row a change, and what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.card import Card, Folded, Notes, Table, Verbatim
from slo.counting import counted

if TYPE_CHECKING:
    from slo.card import Part, Tone
    from slo.plan.change import Change
    from slo.plan.planned import Plan

_MOST_LINES = 30
"""A change that differs in more is cut, and says by how much."""

_MOST_SHOWN = 5
"""Of more changes than this the differences are folded away."""


def plan_card(plan: Plan) -> Card:
    """What is done to what, and what differs."""
    rows = tuple((_named(one, plan), one.kind, _size(one, plan)) for one in plan.changes)
    table = Table(("of", "change", "differs in"), rows)
    tone: Tone = "warning" if plan.left_alone else "plain"
    where = plan.target or "Plan"
    differences = tuple(_difference(one, plan) for one in plan.changes)
    return Card(where, f"{plan.summary}.", (table, Notes(plan.remarks), *differences), tone)


def _named(change: Change, plan: Plan) -> str:
    """What a server keeps has a title; a file has its path alone."""
    title = change.title if plan.target else ""
    return f"{change.path} ({title})" if title else change.path


def _size(change: Change, plan: Plan) -> str:
    if change.before is None or change.after is None:
        return "all of it"
    if plan.target:
        return counted(len(change.differences), "field")
    lines = change.diff.splitlines()[2:]
    return counted(sum(line.startswith(("+", "-")) for line in lines), "line")


def _difference(change: Change, plan: Plan) -> Part:
    lines = list(change.lines[1:] if plan.target else change.diff.splitlines())
    more = len(lines) - _MOST_LINES
    shown = [*lines[:_MOST_LINES], *([f"... and {more} lines more"] if more > 0 else [])]
    text = "\n".join(line.removeprefix("    ") for line in shown)
    if len(plan.changes) > _MOST_SHOWN:
        return Folded(str(change), text)
    return Verbatim("\n".join(filter(None, [str(change), text])))
