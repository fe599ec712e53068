"""Ending with the process that started us: a run whose runner was killed must not go on.

``python -m slo.report.runs.lifeline <pid> <module> ...`` runs a module so, and with a program's
full path in the module's place that program.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """Be killed when the parent process ends, however it ends; also if it already has.

    On Linux, by prctl(2). Elsewhere this process goes on to its own end: locks are its own, so
    that nobody does the same work meanwhile.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    end_with(int(sys.argv[1]))
    if Path(sys.argv[2]).is_absolute():
        # Whoever is to end with its parent stays so when it becomes another program.
        os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606  no shell is wanted
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
