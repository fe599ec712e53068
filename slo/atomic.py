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
