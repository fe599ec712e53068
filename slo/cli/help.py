"""What ``slo`` says of itself: every verb with its whole sentence, in the order of the work."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args, get_origin

import typer
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
_PLACEHOLDERS = {Path: "PATH", str: "NAME", int: "N", float: "NUMBER"}
"""What stands for an option's value where the option says nothing better."""


class Verbs(TyperGroup):
    """Verbs with their whole sentences; nothing that is said of them is cut off."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401
        super().__init__(**attributes)
        for verb in self.commands.values():
            _show_plainly(verb)

    # typer has no public names for the context and the formatter of its own copy of click.
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401
        """The verb that was typed; ``slo help [VERB]`` is what others call ``--help``."""
        if args[0] == "help" and "help" not in self.commands:
            if not args[1:]:
                typer.echo(ctx.get_help())
                ctx.exit()
            args = [args[1], "--help"]
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write a section for each heading whose verbs are there."""
        for heading, verbs in self.headings(tuple(self.list_commands(ctx))).items():
            there = [verb for verb in verbs if verb in self.commands]
            if there:
                with formatter.section(heading):
                    formatter.write_dl([(verb, self._sentence(verb)) for verb in there])

    def headings(self, verbs: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Verbs by heading."""
        return {"Verbs": verbs}

    def _sentence(self, verb: str) -> str:
        return " ".join((self.commands[verb].help or "").split("\n\n")[0].split())


class GroupedVerbs(Verbs):
    """The command's own verbs, in the order of the work."""

    def headings(self, verbs: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Verbs by heading; what has none comes last."""
        known = {verb for group in GROUPS.values() for verb in group}
        return {**GROUPS, _REST: tuple(verb for verb in verbs if verb not in known)}


def _show_plainly(command: Any) -> None:  # noqa: ANN401
    """Words instead of Python's types: ``--service NAME``, not ``--service <list[str]>``."""
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            if not parameter.type_descriptor.is_choice:
                parameter.display_type_rich = _nothing
        elif parameter.metavar is None and not parameter.is_flag:
            annotation = parameter.type_descriptor.annotation
            kind = get_args(annotation)[0] if get_origin(annotation) is list else annotation
            parameter.metavar = _PLACEHOLDERS.get(kind)
    for inner in getattr(command, "commands", {}).values():
        _show_plainly(inner)


def _nothing(ctx: object) -> None:
    """An argument's name says what it is."""
