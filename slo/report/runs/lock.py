"""One run at a time: locks that end with the run that holds them, however it ends."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING

from slo.errors import ConfigError, UnderWay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PATIENCE = 1.0
"""Seconds until a lock counts as held."""


@contextmanager
def only_one(path: Path, what: str) -> Iterator[None]:
    """Hold the lock on a file, which is made for it and removed afterwards.

    The kernel frees it when its holder ends, also by ``kill -9``: a file that was left behind
    locks nothing.

    Args:
        path: The file of the lock.
        what: What is done under it, for the message.

    Raises:
        UnderWay: Somebody else holds it; says which process.
        ConfigError: The file cannot be made.

    """
    held = _acquired(path, what)
    try:
        with suppress(OSError):  # a full disk; the lock is held all the same
            os.truncate(held, 0)
            os.write(held, f"{os.getpid()}\n".encode())
        yield
    finally:
        # Removed while it is held: who opened it meanwhile sees that it is another file now.
        path.unlink(missing_ok=True)
        os.close(held)


def _acquired(path: Path, what: str) -> int:
    while True:
        try:
            opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise ConfigError(f"{path} cannot be written: {error.strerror}") from None
        if not _locked(opened):
            holder = os.read(opened, 32).decode(errors="replace").strip()
            os.close(opened)
            by = f" by process {holder}" if holder else ""
            raise UnderWay(f"{what} is being made{by}")
        if _is_still(path, opened):
            return opened
        os.close(opened)


def _locked(opened: int) -> bool:
    """Whether a file could be locked: who only clears up behind a killed run is soon gone."""
    deadline = monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() > deadline:
                return False
            sleep(_PATIENCE / 20)
        else:
            return True


def _is_still(path: Path, opened: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(opened))
    except FileNotFoundError:
        return False
