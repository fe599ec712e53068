"""Publishing a folder: it appears as a whole or not at all, whatever ends the run.

What is under way lies hidden beside the folder, as ``.<folder>-<eight letters>`` with its log
``.<folder>.log``, and what it replaces for the blink between two renames as
``.<folder>-<eight letters>-before``. A run that was killed leaves them there; the next one, or
``tidied``, clears up behind it.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from slo.errors import ConfigError, UnderWay
from slo.report.runs.lock import only_one

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEFTOVER = re.compile(
    r"\.(?P<folder>.+)(-[a-z0-9_]{8}(?P<before>-before)?|\.lock|\.log(\.[a-z0-9_]{8})?)"
)


@contextmanager
def publishing(folder: Path) -> Iterator[Path]:
    """Yield an empty folder to fill, which takes the place of ``folder`` at the end.

    Only one run at a time publishes a folder. When the body raises, nothing is published.

    Raises:
        UnderWay: Another run publishes the same folder.
        ConfigError: No folder can be made beside it.
        OSError: The body's, or the disk's when it is flushed; the folder stays as it was.

    """
    _made(folder.parent)
    with only_one(_lock_of(folder), folder.name):
        _clear_up(folder)
        staging = _staging_beside(folder)
        try:
            yield staging
            _put_in_place(staging, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def keeping(folder: Path) -> Iterator[None]:
    """Keep a published folder as it is, while it is delivered; one at a time does.

    Raises:
        UnderWay: A run publishes the folder, or another delivers it.
        ConfigError: The lock cannot be made.

    """
    with only_one(_lock_of(folder), folder.name):
        yield


def tidied(parent: Path) -> tuple[str, ...]:
    """Clear up what killed runs left in a folder of reports; what is under way stays.

    Returns:
        The names of the reports that were cleared up.

    """
    names = {match["folder"] for path, match in _leftovers(parent)}
    done = []
    for name in sorted(names):
        folder = parent / name
        with suppress(UnderWay, ConfigError, OSError), only_one(_lock_of(folder), name):
            _clear_up(folder)
            done.append(name)
    return tuple(done)


def live_log_of(folder: Path) -> Path:
    """Where a run writes down what happens; it may hold secrets, and goes with the run."""
    return folder.with_name(f".{folder.name}.log")


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.lock")


def _leftovers(parent: Path) -> list[tuple[Path, re.Match[str]]]:
    if not parent.is_dir():
        return []
    found = ((path, _LEFTOVER.fullmatch(path.name)) for path in parent.iterdir())
    return [(path, match) for path, match in found if match]


def _clear_up(folder: Path) -> None:
    """Remove what a killed run left, having put back what it had just taken away."""
    for path, match in _leftovers(folder.parent):
        if match["folder"] != folder.name or path == _lock_of(folder):
            continue
        if match["before"] and not folder.exists():
            path.rename(folder)
        elif path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _made(parent: Path) -> None:
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{parent} cannot be written: {error.strerror}") from None


def _staging_beside(folder: Path) -> Path:
    """An empty folder on the same disk, so that it can be renamed into place."""
    try:
        return Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise ConfigError(f"{folder.parent} cannot be written: {error.strerror}") from None


def _put_in_place(staging: Path, folder: Path) -> None:
    """Rename a finished folder; the one before goes when the new one stands."""
    _flush(staging)
    # mkdtemp makes folders private; reports are there to be read.
    staging.chmod(0o755)
    before = staging.with_name(f"{staging.name}-before")
    with suppress(FileNotFoundError):
        folder.rename(before)
    try:
        staging.rename(folder)
    except OSError:
        if before.exists() and not folder.exists():
            before.rename(folder)
        raise
    _flush_entry(folder.parent)
    shutil.rmtree(before, ignore_errors=True)


def _flush(folder: Path) -> None:
    """Everything in a folder, onto the disk: a rename may arrive there before what it renames."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as opened:
                os.fsync(opened.fileno())
        elif path.is_dir():
            _flush_entry(path)
    _flush_entry(folder)


def _flush_entry(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
