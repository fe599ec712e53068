"""How states look, on pages and in every other form of a report."""

from __future__ import annotations

from typing import Literal

Look = Literal["kept", "at-risk", "exhausted", "insufficient-data"]
"""How a state is coloured, by the name that the pages' style sheet has for it."""

LOOKS: dict[str, Look] = {
    "kept": "kept",
    "within budget": "kept",
    "at risk": "at-risk",
    "exhausted": "exhausted",
    "overspent": "exhausted",
    "insufficient data": "insufficient-data",
}
"""How each state of error budgets and of budgets of money looks."""

SIGNS: dict[Look, str] = {
    "kept": "✓",
    "at-risk": "!",
    "exhausted": "✕",
    "insufficient-data": "?",
}
"""A sign beside each colour, as on the pages: colour alone tells not everybody."""
