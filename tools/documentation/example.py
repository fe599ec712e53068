"""The embedded example as a project of its own, for figures and notebooks: six simulated weeks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def example() -> Iterator[Path]:
    """A folder with slobook.toml, specifications, notebooks and a history; gone afterwards.

    Raises:
        subprocess.CalledProcessError: The simulation failed; it has said why.

    """
    with TemporaryDirectory(prefix="slobook-") as name:
        folder = Path(name)
        for part in ("notebooks", "slo/catalog"):
            shutil.copytree(ROOT / part, folder / part)
        shutil.copy(ROOT / "slobook.toml", folder)
        slo = Path(sys.executable).parent / "slo"
        subprocess.run(
            [slo, "simulate", "--weeks", "6", "--seed", "7"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        yield folder
