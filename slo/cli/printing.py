"""What people read in a terminal: tables and numbers."""

from __future__ import annotations

import json
import math
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.text import Text

    from slo.cli.columns import Column
    from slo.plan import Plan


def print_json(value: Any) -> None:  # noqa: ANN401  whatever JSON can hold
    """One JSON value on standard output; NaN becomes null."""
    typer.echo(json.dumps(_finite(value), indent=2))


def _finite(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def say(text: str, *, err: bool = False) -> None:
    """Prose: broken between words where a terminal shows it, one line to a file or a pipe."""
    stream = sys.stderr if err else sys.stdout
    typer.echo(fitted(text) if stream.isatty() else text, err=err)


def fitted(text: str) -> str:
    """Lines no wider than the terminal; what follows a break stands below the words before."""
    from shutil import get_terminal_size

    width = get_terminal_size().columns
    return "\n".join(wrapped for line in text.split("\n") for wrapped in _wrapped(line, width))


def _wrapped(line: str, width: int) -> list[str]:
    from textwrap import wrap

    indent = line[: len(line) - len(line.lstrip())]
    further = f"{indent}  " if indent else ""
    # A path or a command is copied as it is: only blanks are places to break.
    return wrap(
        line, width, subsequent_indent=further, break_long_words=False, break_on_hyphens=False
    ) or [""]


def near(path: Path) -> str:
    """A path as one would type it here: below the working directory without what leads there."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def console(**options: Any) -> Console:  # noqa: ANN401  whatever rich's Console takes
    """A console that neither colours nor emboldens where NO_COLOR says so: https://no-color.org."""
    from rich.console import Console

    return Console(**options, color_system=None if os.environ.get("NO_COLOR") else "auto")


def print_table(
    title: str, header: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1
) -> None:
    """A table whose first columns are texts and whose others are numbers.

    Where the terminal is too narrow for it, it comes in parts below each other.
    """
    from slo.cli.columns import Column, side_by_side

    here = console()
    # Without a terminal nothing is cut off: the reader is a file.
    width = here.width if here.is_terminal else 200
    columns = [
        Column(heading, tuple(row[index] for row in rows), text=index < texts)
        for index, heading in enumerate(header)
    ]
    for index, part in enumerate(side_by_side(columns, width)):
        _print_part("" if index else title, part, width)


def _print_part(title: str, part: Sequence[Column], width: int) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in part:
        table.add_column(
            Text(column.heading), justify="left" if column.text else "right", overflow="fold"
        )
    for row in zip(*(column.cells for column in part), strict=True):
        table.add_row(*map(Text, row))
    console(width=width).print(table)


_COLOURS = {"create": "green", "update": "yellow", "adopt": "yellow", "delete": "red"}


def print_plan(plan: Plan) -> None:
    """A plan of what a server keeps, in colours where the terminal has them."""
    from rich.text import Text

    out = console(highlight=False, soft_wrap=True)
    for change in plan.changes:
        head, *lines = change.lines
        out.print(Text(head, style=f"bold {_COLOURS.get(change.kind, 'magenta')}"))
        for line in lines:
            out.print(_coloured(line))
    for remark in plan.remarks:
        out.print(Text(remark))
    out.print(Text(f"{plan.target}: {plan.summary}"))


def _coloured(line: str) -> Text:
    from rich.text import Text

    place, arrow, after = line.rpartition(" -> ")
    field, colon, before = place.partition(": ")
    if not arrow:
        return Text(line)
    return Text.assemble(field, colon, (before, "red"), arrow, (after, "green"))


def percent(share: float, digits: int = 0) -> str:
    """A share as people read it; a dash where there is none."""
    return "-" if math.isnan(share) else f"{100 * share:.{digits}f} %"


def duration(milliseconds: float) -> str:
    """A duration rounded to what matters: ``4m30s``, ``3h12m``, ``2d4h``; a dash for none."""
    from slo.model.duration import rounded_duration

    return rounded_duration(milliseconds)
