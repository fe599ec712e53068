"""Files that are written as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

from slo.errors import WriteError

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOUR = 3600


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield an empty file in the same folder, which takes the path's place at the end.

    It is flushed to the disk first. When the body raises, the path stays as it was and the
    unfinished file goes.

    Raises:
        WriteError: The file cannot be written; says why.

    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise _refusal(path, error) from None
    unfinished = Path(name)
    try:
        yield unfinished
        _flush(unfinished)
        # mkstemp makes files private; ours are read by Prometheus and by colleagues.
        unfinished.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        unfinished.replace(path)
    except OSError as error:
        raise _refusal(path, error) from None
    finally:
        unfinished.unlink(missing_ok=True)


def place_new(staged: Path, root: Path) -> tuple[Path, ...]:
    """Move every file of a folder to the same place in another: all of them, or none.

    What stands in a file's place is never touched; the folder that is emptied stays.

    Args:
        staged: The folder with the new files, in the same file system.
        root: The other folder; it and folders in it are made where they are missing.

    Returns:
        The new paths, sorted.

    Raises:
        WriteError: Something stands in a file's place, or a file cannot be written.

    """
    files = sorted(path for path in staged.rglob("*") if path.is_file())
    placed: list[Path] = []
    target = root
    try:
        for file in files:
            target = root / file.relative_to(staged)
            target.parent.mkdir(parents=True, exist_ok=True)
            _flush(file)
            file.chmod(0o644)
            _place(file, target)
            placed.append(target)
    except BaseException as error:
        for path in placed:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _refusal(target, error) from None
        raise
    for file in files:
        file.unlink(missing_ok=True)
    return tuple(placed)


def _place(file: Path, target: Path) -> None:
    """Give a file another place; unlike a rename a link refuses where something is."""
    try:
        os.link(file, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if target.exists():
            raise
        file.replace(target)


def forget_unfinished(path: Path) -> None:
    """Remove what killed runs left of a file; a run that lives is done in a moment."""
    for unfinished in path.parent.glob(f".{path.name}.*"):
        # Another run may clear up at the same time.
        with suppress(FileNotFoundError):
            if unfinished.stat().st_mtime < time() - _HOUR:
                unfinished.unlink()


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _refusal(path: Path, error: OSError) -> WriteError:
    return WriteError(f"{path} cannot be written: {error.strerror or error}")
