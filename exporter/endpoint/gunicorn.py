"""Hooks for gunicorn's worker processes, to be imported by its configuration.

In ``gunicorn.conf.py``::

    from exporter.endpoint.gunicorn import child_exit, on_starting

and ``PROMETHEUS_MULTIPROC_DIR`` set, before gunicorn starts, to a folder that is its own. Every
worker then answers a scrape for all of them. A configuration with hooks of its own calls these
from there.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exporter.endpoint.worker_files import VARIABLE, tidy, wipe

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["child_exit", "on_starting"]


def on_starting(server: Any) -> None:
    """Empty the folder of what an earlier run left, before the first worker starts.

    Not where gunicorn is upgraded in place (``USR2``): the old one's workers still count.
    """
    if server.master_pid:
        return
    if not os.environ.get(VARIABLE):
        if server.cfg.workers > 1:
            server.log.warning(
                "%s is not set: each of %d workers answers scrapes with its own counts",
                VARIABLE,
                server.cfg.workers,
            )
        return
    _guarded(server, wipe)


def child_exit(server: Any, worker: Any) -> None:
    """Keep what a worker counted that is gone, and drop its gauges and its files."""
    del worker
    if os.environ.get(VARIABLE):
        _guarded(server, tidy)


def _guarded(server: Any, action: Callable[[Path], None]) -> None:
    try:
        action(Path(os.environ[VARIABLE]))
    except Exception:  # a fault in here would end gunicorn itself
        server.log.exception("%s: the files of worker processes were not tidied", VARIABLE)
