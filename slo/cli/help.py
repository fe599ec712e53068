"""What ``slo`` says of itself: every verb with its whole sentence, in the order of the work."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

GROUPS = {
    "Begin": ("init", "lab", "demo", "simulate"),
    "Design objectives and alerts": (
        *("validate", "snapshot", "incidents", "objectives"),
        *("backtest", "alerts", "tune", "runbooks"),
    ),
    "Put them in place": (
        *("generate", "preview", "plan", "apply", "pull", "notifications", "annotate"),
        "doctor",
    ),
    "Report every week": ("report", "run-due", "deliver", "schedule"),
}
"""Headings of the help, each with its verbs."""
_REST = "More"


class GroupedVerbs(TyperGroup):
    """The command's verbs under headings; nothing that is said of them is cut off."""

    # typer has no public names for the context and the formatter of its own copy of click.
    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write a section for each heading whose verbs are there."""
        known = {verb for verbs in GROUPS.values() for verb in verbs}
        rest = tuple(verb for verb in self.list_commands(ctx) if verb not in known)
        for heading, verbs in {**GROUPS, _REST: rest}.items():
            there = [verb for verb in verbs if verb in self.commands]
            if there:
                with formatter.section(heading):
                    formatter.write_dl([(verb, self._sentence(verb)) for verb in there])

    def _sentence(self, verb: str) -> str:
        return " ".join((self.commands[verb].help or "").split("\n\n")[0].split())
