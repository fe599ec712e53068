"""The files in which worker processes keep their values, merged for a scrape and tidied up.

prometheus_client gives each process a file for each kind of metric, named by the process, and never
removes one: with workers that are recycled, the folder and every scrape grow for ever. Here what
dead workers counted is added up into one file for each kind, and their gauges are dropped.

Who reads holds a shared lock and who tidies an exclusive one: a count is never seen twice or not at
all. Only :func:`merged` takes that lock, so a folder that is tidied must be read by it alone.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

from exporter.definitions import NAMESPACE
from exporter.labels import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prometheus_client import Metric

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

_FILE = re.compile(r"(?P<kind>counter|histogram|summary|gauge_[a-z]+)_(?P<process>\d+)\.db")
_SUMS = ("counter", "histogram", "summary")
_DEAD = "dead"
"""In the place of a process: what those that are gone counted."""
_PATIENCE_SECONDS = 1.0
_MOST = 50_000
"""Series of dead workers; what is new beyond that is added to ``other``."""


def folder() -> Path:
    """The folder of the worker processes.

    Raises:
        FileNotFoundError: The variable is not set, or there is no such folder.

    """
    path = Path(os.environ.get(VARIABLE, ""))
    if not os.environ.get(VARIABLE) or not path.is_dir():
        raise FileNotFoundError(f"{VARIABLE}: found {str(path)!r}, expected a folder")
    return path


def merged() -> list[Metric]:
    """The metrics of all processes as one; gauges of those that are gone are left out.

    Raises:
        OSError: The folder is not there, or holds nothing of any process: somebody emptied it
            while they ran, and what they count goes nowhere.
        RuntimeError: A file is corrupt.

    """
    place = folder()
    with _locked(place, fcntl.LOCK_SH):
        families = list(MultiProcessCollector.merge(_readable(place), accumulate=True))
    if not any(family.name.startswith(NAMESPACE) for family in families):
        raise FileNotFoundError(f"{place} holds no metrics: it was emptied while processes ran")
    return sorted(families, key=lambda family: family.name)


def tidy(place: Path) -> None:
    """Add up what dead processes counted, and remove their files.

    To be called by the one process that starts the others, so that none begins meanwhile under the
    number of a dead one. Where a scrape holds the folder for longer than a second, the next call
    does it.

    Raises:
        OSError: The folder cannot be read or written.

    """
    with _locked(place, fcntl.LOCK_EX, _PATIENCE_SECONDS) as held:
        if not held:
            return
        found = _of_dead(place)
        for kind in _SUMS:
            _add_up(place, kind, [path for path, its in found if its == kind])
        for path, kind in found:
            if kind.startswith("gauge_live"):
                path.unlink(missing_ok=True)


def wipe(place: Path) -> None:
    """Remove what processes left that are gone: the rest of an earlier run.

    Raises:
        OSError: The folder cannot be made, read or written.

    """
    place.mkdir(parents=True, exist_ok=True)
    for path, _ in _of_dead(place):
        path.unlink(missing_ok=True)
    for kind in _SUMS:
        _sums(place, kind).unlink(missing_ok=True)


def _readable(place: Path) -> list[str]:
    """Files that a scrape reads; a gauge's only if its process lives."""
    found = []
    for entry in os.scandir(place):
        if not entry.name.endswith(".db") or not entry.stat().st_size:
            # A file that was made this instant has no size yet.
            continue
        match = _FILE.fullmatch(entry.name)
        live = match is not None and match["kind"].startswith("gauge_live")
        if not live or match is None or _lives(int(match["process"])):
            found.append(entry.path)
    return sorted(found)


def _of_dead(place: Path) -> list[tuple[Path, str]]:
    """The files of processes that are gone, each with its kind."""
    found = []
    for path in sorted(place.iterdir()):
        match = _FILE.fullmatch(path.name)
        if match is not None and not _lives(int(match["process"])):
            found.append((path, match["kind"]))
    return found


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True


def _sums(place: Path, kind: str) -> Path:
    return place / f"{kind}_{_DEAD}.db"


def _add_up(place: Path, kind: str, files: list[Path]) -> None:
    if not files:
        return
    target = _sums(place, kind)
    totals: dict[str, float] = {}
    for path in [target, *files]:
        if path.exists() and path.stat().st_size:
            _add(totals, MmapedDict.read_all_values_from_file(path))
    # Not yet by a name that a scrape would read.
    new = target.with_suffix(".new")
    new.unlink(missing_ok=True)
    written = MmapedDict(str(new))
    for key, value in totals.items():
        written.write_value(key, value, 0.0)
    written.close()
    new.replace(target)
    for path in files:
        path.unlink()


def _add(totals: dict[str, float], found: Iterable[tuple[str, float, float, int]]) -> None:
    for key, value, _, _ in found:
        kept = key if key in totals or len(totals) < _MOST else _folded(key)
        totals[kept] = totals.get(kept, 0.0) + value


def _folded(key: str) -> str:
    """The series to which everything new is added from the limit on: each label is ``other``."""
    metric, name, labels, text = json.loads(key)
    few = {label: value if label == "le" else OTHER for label, value in labels.items()}
    return json.dumps([metric, name, few, text], sort_keys=True)


@contextmanager
def _locked(place: Path, how: int, patience: float | None = None) -> Iterator[bool]:
    """Hold the folder's lock; with a patience in seconds, or not at all after that."""
    # Reading is enough for a lock, and all that workers may where another user's process made it.
    handle = os.open(place / "lock", os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        held = _lock(handle, how, patience)
        try:
            yield held
        finally:
            # Said, and not left to closing: a process forked meanwhile has the handle, too.
            fcntl.flock(handle, fcntl.LOCK_UN)
    finally:
        os.close(handle)


def _lock(handle: int, how: int, patience: float | None) -> bool:
    if patience is None:
        fcntl.flock(handle, how)
        return True
    until = monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() >= until:
                return False
            sleep(0.01)
        else:
            return True
