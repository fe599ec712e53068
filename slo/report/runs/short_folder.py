"""Folders of one run each, with a path that is short enough for sockets in them."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORT = "/tmp"  # noqa: S108  TMPDIR may be long, and paths of sockets have 107 bytes at most
_DAY = 86_400


@contextmanager
def short_folder(prefix: str) -> Iterator[Path]:
    """A new folder, gone with the run; those that killed runs left are removed a day later.

    Args:
        prefix: What its name begins with, as no other's does.

    """
    short = SHORT if os.access(SHORT, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=short))
    _forget_old(folder.parent, prefix)
    try:
        yield folder
    finally:
        _removed(folder)


def _removed(folder: Path, patience: float = 5.0) -> None:
    """Remove a folder into which killed processes may write for another moment."""
    deadline = monotonic() + patience
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
        if monotonic() > deadline:
            return
        sleep(0.02)


def _forget_old(parent: Path, prefix: str) -> None:
    """Killed runs leave theirs; no run takes a day."""
    for path in parent.glob(f"{prefix}*"):
        with suppress(OSError):
            about = path.lstat()
            if about.st_uid == os.getuid() and about.st_mtime < time() - _DAY:
                shutil.rmtree(path, ignore_errors=True)
