"""The table of all metrics in Markdown: ``python -m exporter.table`` prints it.

Given a file, it is written there between the lines that name it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from exporter.definitions import DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exporter.definitions import Definition

BEGIN = "<!-- written by python -m exporter.table -->"
END = "<!-- end of what is written -->"

_HEAD = ("name", "type", "labels", "unit", "meaning", "buckets")


def metric_table() -> str:
    """A row for each metric, in the order of the definitions."""
    rows = [_HEAD, tuple("---" for _ in _HEAD), *map(_row, DEFINITIONS)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def with_table(text: str) -> str:
    """A text with this table between the lines that say so.

    Raises:
        ValueError: It has no such lines, or several.

    """
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(END) < text.index(BEGIN):
        raise ValueError(f"expected one line {BEGIN!r}, and one line {END!r} after it")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{metric_table()}\n{END}{after}"


def main(arguments: Sequence[str]) -> int:
    """Print the table, or write it into files; returns the exit code."""
    if not arguments:
        sys.stdout.write(metric_table())
    for name in arguments:
        path = Path(name)
        try:
            path.write_text(with_table(path.read_text(encoding="utf-8")), encoding="utf-8")
        except (OSError, ValueError) as error:
            sys.stderr.write(f"{name}: {error}\n")
            return 2
    return 0


def _row(one: Definition) -> tuple[str, ...]:
    labels = ", ".join(f"`{label}`" for label in one.labels)
    buckets = ", ".join(f"{bound:g}" for bound in one.buckets)
    return f"`{one.name}`", one.kind, labels, one.unit, one.help, buckets


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
