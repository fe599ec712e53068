"""Small programs of their own, for what cannot be tested in the process of the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[3]


def run(code: str, *, seconds: float = 60, **environment: str) -> str:
    """What a program prints on its standard output; it must end well, and in time.

    Raises:
        subprocess.TimeoutExpired: It hangs.
        AssertionError: It failed.

    """
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-W", "error", "-c", dedent(code)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
