"""How far long work is: one protocol, and a face for each place where people look.

    with progress("Fetching") as advance:
        advance(3, 10)

In a terminal that is a bar of rich, in a notebook that somebody sits at a bar of tqdm, and in a
log, in CI or under papermill a plain line at each quarter.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeVar

    T = TypeVar("T")

Advance = Callable[[int, int], None]
"""Told how much is done, and of how much."""

Progress = Callable[[str], AbstractContextManager[Advance]]
"""Shows how far the work of a name is, as long as it lasts."""

_PLAIN_STEPS = 4


def progress_here() -> Progress:
    """The face for where this Python runs.

    A script is left alone: nobody asked it to print.
    """
    kernel = _kernel()
    if kernel is None:
        return silent
    return in_notebook if is_attended(kernel) else in_log


def each(things: Sequence[T], label: str, progress: Progress) -> Iterator[T]:
    """One thing after the other, showing how many are done."""
    with progress(label) as advance:
        for done, one in enumerate(things, start=1):
            yield one
            advance(done, len(things))


@contextmanager
def silent(_label: str) -> Iterator[Advance]:
    """Show nothing."""
    yield lambda _done, _of: None


@contextmanager
def in_terminal(label: str) -> Iterator[Advance]:
    """A bar that goes away when the work is done, on standard error; plain lines elsewhere."""
    if not sys.stderr.isatty():
        with in_log(label) as advance:
            yield advance
        return
    from rich.console import Console  # noqa: PLC0415  only where something is shown
    from rich.progress import Progress as Bars  # noqa: PLC0415

    with Bars(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(label, total=None)
        yield lambda done, of: bars.update(task, completed=done, total=of)


@contextmanager
def in_notebook(label: str) -> Iterator[Advance]:
    """A bar below the cell that goes away when the work is done; plain lines without tqdm."""
    try:
        from tqdm.auto import tqdm  # noqa: PLC0415  an optional extra
    except ImportError:
        with in_log(label) as advance:
            yield advance
        return
    with tqdm(desc=label, leave=False) as bar:

        def advance(done: int, of: int) -> None:
            bar.total = of
            bar.n = done
            bar.refresh()

        yield advance


@contextmanager
def in_log(label: str) -> Iterator[Advance]:
    """A line at every quarter, on standard error."""
    said: set[int] = set()

    def advance(done: int, of: int) -> None:
        quarter = _PLAIN_STEPS * done // of if of else _PLAIN_STEPS
        if quarter not in said:
            said.add(quarter)
            sys.stderr.write(f"{label}: {100 * quarter // _PLAIN_STEPS} %\n")

    yield advance


def _kernel() -> Any:  # noqa: ANN401  ipykernel's, where there is one
    """The kernel of the notebook that this runs in; None elsewhere."""
    # What IPython has not loaded is none of its notebooks.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None)


def is_attended(kernel: Any) -> bool:  # noqa: ANN401  ipykernel's
    """Whether somebody sits at a notebook: papermill and nbconvert cannot answer a question.

    A front end says with each cell whether it takes questions of the kernel (``allow_stdin`` of
    https://jupyter-client.readthedocs.io/en/stable/messaging.html#execute).
    """
    return bool(getattr(kernel, "_allow_stdin", False))
