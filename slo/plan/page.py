"""A plan as a table of HTML, for a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slo.plan.change import Change
    from slo.plan.planned import Plan

_MOST_LINES = 30
"""A change that differs in more is cut, and says by how much."""


def plan_table(plan: Plan) -> str:
    """A row a change: what is done, to what, and what differs."""
    where = f"{plan.target}: " if plan.target else ""
    caption = f"<caption>{escape(where + plan.summary)}</caption>"
    rows = "".join(_row(change, bool(plan.target)) for change in plan.changes)
    head = "<tr><th>change</th><th>of</th><th>difference</th></tr>" if rows else ""
    remarks = "".join(f"<p>{escape(one)}</p>" for one in plan.remarks)
    return f"<table>{caption}{head}{rows}</table>{remarks}"


def _row(change: Change, on_server: bool) -> str:  # noqa: FBT001  how a plan prints itself, too
    lines = list(change.lines[1:] if on_server else change.diff.splitlines())
    more = len(lines) - _MOST_LINES
    shown = [*lines[:_MOST_LINES], *([f"... and {more} lines more"] if more > 0 else [])]
    differing = escape("\n".join(line.removeprefix("    ") for line in shown))
    cells = (escape(change.kind), escape(change.path), f"<pre>{differing}</pre>")
    styled = "".join(f'<td style="text-align:left;vertical-align:top">{one}</td>' for one in cells)
    return f"<tr>{styled}</tr>"
