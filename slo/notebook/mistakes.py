"""A user's mistake as one clear box: what is wrong and where, what to do, the traceback folded."""

from __future__ import annotations

import os.path
import traceback
from pathlib import PurePath
from typing import TYPE_CHECKING

from pydantic_core import ValidationError

from slo.card import Card, Folded, Part, Sentence, Table
from slo.counting import counted
from slo.errors import Fault, SloError
from slo.notebook.advice import next_step

if TYPE_CHECKING:
    from types import TracebackType

MISTAKES: tuple[type[Exception], ...] = (SloError, ValidationError)
"""Errors that their message explains; any other is a fault of a program, and IPython's."""

_MACHINERY = ("IPython", "ipykernel")


def mistake_card(error: Exception, trace: TracebackType | None) -> Card:
    """The box of an error.

    Args:
        error: One of ``MISTAKES``.
        trace: Where it was raised; without any values, which may be secrets.

    """
    faults = getattr(error, "faults", ())
    said, parts = _faulty(faults) if faults else _told(error)
    step = Sentence(f"What to do: {next_step(error)}")
    folded = Folded("Where it was raised", _traced(error, trace))
    return Card(type(error).__name__, said, (*parts, step, folded), "bad")


def _faulty(faults: tuple[Fault, ...]) -> tuple[str, tuple[Part, ...]]:
    files = sorted({fault.file for fault in faults})
    said = [(str(f.line or "-"), f.field or "-", f.found, f.expected) for f in faults]
    head = ("line", "field", "found", "expected")
    how_many = counted(len(faults), "fault")
    if len(files) == 1:
        return f"{how_many} in {files[0]}.", (Table(head, tuple(said), numbers=("line",)),)
    # The folder is said once: names of files are what readers look for.
    folder = _folder_of(files)
    named = (fault.file.removeprefix(folder).lstrip(os.sep) for fault in faults)
    rows = tuple((file, *cells) for file, cells in zip(named, said, strict=True))
    where = counted(len(files), "file") + (f" of {folder}" if folder else "")
    return f"{how_many} in {where}.", (Table(("file", *head), rows, numbers=("line",)),)


def _folder_of(files: list[str]) -> str:
    try:
        return os.path.commonpath(files)
    except ValueError:  # some absolute, some not; several drives
        return ""


def _told(error: Exception) -> tuple[str, tuple[Part, ...]]:
    if isinstance(error, ValidationError):
        # What was found may be a secret.
        found = error.errors(include_url=False, include_context=False, include_input=False)
        rows = tuple((".".join(map(str, one["loc"])) or "-", one["msg"]) for one in found)
        table = Table(("field", "expected"), rows)
        return f"{counted(len(rows), 'fault')} in {error.title}.", (table,)
    first, *others = str(error).splitlines() or [""]
    return first, tuple(Sentence(line) for line in others if line.strip())


def _traced(error: Exception, trace: TracebackType | None) -> str:
    """The traceback from the reader's cell on."""
    while trace and _is_machinery(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace)).rstrip()


def _is_machinery(file: str) -> bool:
    return any(part in _MACHINERY for part in PurePath(file).parts)
