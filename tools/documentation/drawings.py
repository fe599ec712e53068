"""Figures as parts of pages: an element to draw in, and beside it what is drawn, as JSON."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import slo
from slo.figures.javascript import as_script, compact, drawing
from slo.figures.theme import FITTING
from slo.model.duration import HOUR

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OBJECTIVE = "ticket-success"
_HEIGHT = 420


def fragment(name: str, made: dict[str, Any]) -> str:
    """HTML of a figure of which ``data`` and ``layout`` are given."""
    name, height = escape(name), int(made["layout"].get("height") or _HEIGHT)
    held = as_script({**compact(made), "config": FITTING})
    return (
        f'<div class="drawn" id="{name}" style="min-height: {height}px" role="img" '
        f'aria-label="Figure"></div>\n'
        f'<script type="application/json" data-draws="{name}">{held}</script>'
    )


def concepts(folder: Path) -> dict[str, str]:
    """The figures of the pages of concepts, by name, of one objective of the example."""
    project = slo.open_project(folder / "slobook.toml")
    one = project[OBJECTIVE]
    history = project.history(one)
    result = project.backtest(one, history)
    figures = slo.figures
    # What only a ticket told of, and what a page did.
    told = [case for case in result.outcomes if case.detections]
    slow = next(case.incident for case in told if not case.detection("page"))
    fast = next(case.incident for case in told if case.detection("page"))
    around = slo.Span(fast.span.start - 3 * HOUR, fast.span.end + 3 * HOUR)
    drawn: dict[str, Callable[[], list[Any]]] = {
        "error_ratio": lambda: [figures.error_ratio(one, history, "1h")],
        "objective_outlook": lambda: [figures.objective_outlook(one, history)],
        "burn_down": lambda: [figures.burn_down(one, history)],
        "burn_rates": lambda: [figures.burn_rates(result)],
        "windows": lambda: [figures.error_ratio(one, history, w, around) for w in ("1h", "5m")],
        "episodes": lambda: [figures.episodes(result)],
        "ticket": lambda: [figures.incident_course(one, history, slow)],
        "outage": lambda: [figures.incident_course(one, history, fast)],
        "pareto_front": lambda: [figures.pareto_front(project.tune(one, history))],
    }
    return {
        name: "\n".join(
            fragment(f"{name}-{number}", drawing(figure))
            for number, figure in enumerate(make(), start=1)
        )
        for name, make in drawn.items()
    }
