"""A project of one service on the disk, and ``slo run-due`` on it as a scheduler calls it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep, time

import nbformat

from slo.history.snapshot import write_snapshot
from slo.model.span import Span, Week
from tests.shop import SPEC, history

LAST = Week.last_closed(int(time() * 1000))
WEEKS = (LAST.previous.previous, LAST.previous, LAST)
NOTEBOOK = "weekly_slo_report.ipynb"


@dataclass(frozen=True)
class Shop:
    """A project of one service with three weeks of history."""

    root: Path

    @property
    def reports(self) -> Path:
        return self.root / "reports" / "shop"

    def command(self, *options: str) -> list[str]:
        code = "from slo.cli import main; main()"
        file = str(self.root / "slobook.toml")
        return [sys.executable, "-c", code, "run-due", "--config", file, *options]

    def run(self, *options: str, **how) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*options), capture_output=True, text=True, check=False, **how
        )

    def weeks(self) -> list[str]:
        """Everything beside the reports that a reader may see, hidden or not."""
        return sorted(p.name for p in self.reports.iterdir()) if self.reports.exists() else []

    def slow_notebook(self, seconds: float) -> None:
        """The report's notebook, which first does nothing for a while."""
        made = nbformat.read(Path("notebooks", NOTEBOOK), as_version=4)
        nap = f"open('{self.root}/kernel', 'w').write(str(__import__('os').getpid()))\n"
        nap += f"__import__('time').sleep({seconds})"
        made.cells.insert(2, nbformat.v4.new_code_cell(nap))
        (self.root / "notebooks").mkdir()
        nbformat.write(made, self.root / "notebooks" / NOTEBOOK)


def write_shop(root: Path) -> Shop:
    """Specification, configuration, and a snapshot of three closed weeks."""
    (root / "specs").mkdir(parents=True)
    (root / "specs" / "shop.yaml").write_text(SPEC)
    (root / "history").mkdir()
    span = Span(WEEKS[0].span.start, LAST.span.end)
    write_snapshot(history(span=span), root / "history" / "snapshot.parquet")
    (root / "slobook.toml").write_text('[project]\nspecs = ["specs"]\n')
    return Shop(root)


def wait_for(what, seconds=60.0):
    deadline = monotonic() + seconds
    while not what():
        assert monotonic() < deadline
        sleep(0.02)


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True
