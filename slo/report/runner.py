"""Running a notebook by papermill: what it writes is published whole or not at all."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import papermill
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError
from papermill.exceptions import PapermillException, PapermillExecutionError
from traitlets.config import Config

from slo.errors import ConfigError, RunError
from slo.report.credentials import refuse_credentials, scrubbed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOTEBOOK = "notebook.ipynb"
"""Name of the executed notebook in the published folder."""

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Limits:
    """How long a run may take, in seconds.

    Attributes:
        start: Until the kernel answers.
        cell: Each cell.
        run: All cells together.

    """

    start: int = 120
    cell: float = 600
    run: float = 1800


@dataclass(frozen=True)
class Published:
    """A report that has been published.

    Attributes:
        page: The page to open.
        result: Its numbers, as in result.json.

    """

    page: Path
    result: dict[str, Any]

    @property
    def verdict(self) -> str:
        """The report's sentence."""
        return str(self.result["verdict"])

    @property
    def falls_short(self) -> bool:
        """Whether it says that something fell short."""
        return bool(self.result["falls_short"])


def run_notebook(
    notebook: Path,
    parameters: Mapping[str, Any],
    folder: Path,
    log: Path | None = None,
    limits: Limits | None = None,
) -> Path:
    """Run a notebook in a kernel of its own and publish what it wrote, as ``folder``.

    The kernel is this interpreter, whatever kernels are installed under the notebook's kernel
    name. The notebook works in the folder that it lies in, and is told by its parameter ``out``
    where to write: a staging folder beside ``folder``. When every cell has run, the staging folder,
    with the executed notebook in it, takes the place of ``folder``; until then that is not touched.

    Args:
        notebook: With a cell tagged ``parameters``, which knows ``out``.
        parameters: Values by name; no credentials.
        folder: What to publish; replaced as a whole.
        log: What cells print, and the traceback of one that fails; beside ``folder`` if not
            given. It is kept when the run fails.
        limits: How long the run may take.

    Returns:
        The path of the executed notebook.

    Raises:
        ConfigError: The notebook is missing, does not know a parameter, a parameter looks like a
            credential, or no folder can be made. Nothing has run.
        RunError: A cell failed or took too long, the kernel died, or the folder cannot be
            written. Nothing is published, and the message names the log.

    """
    _refuse_unknown(notebook, {*parameters, "out"})
    refuse_credentials(parameters)
    written = log or folder.with_name(f"{folder.name}.log")
    staging = _staging_beside(folder)
    try:
        with _logging_to(written), _sockets() as sockets:
            _execute(notebook, parameters, staging, sockets, limits or Limits())
        executed = staging / NOTEBOOK
        executed.write_text(scrubbed(executed.read_text(encoding="utf-8")), encoding="utf-8")
        _publish(staging, folder)
    except (PapermillException, RuntimeError, OSError) as error:
        _conclude(written, error)
        raise RunError(f"notebook {notebook.name}", _last_words(error), written) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    written.unlink(missing_ok=True)
    return folder / NOTEBOOK


def _staging_beside(folder: Path) -> Path:
    """An empty folder on the same disk, so that it can be renamed into place."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise ConfigError(f"{folder.parent} cannot be written: {error.strerror}") from None


def _execute(
    notebook: Path, parameters: Mapping[str, Any], staging: Path, sockets: Path, limits: Limits
) -> None:
    """Run every cell.

    What papermill writes down of the outcome may be wrong: after a kernel's death or a timeout it
    says "completed". Only the absence of an exception counts.
    """
    deadline = monotonic() + limits.run
    # Sockets in the file system: TCP ports are open to every user of the machine, and ipykernel
    # warns of them.
    transport = {
        "connection_file": str(sockets / "kernel.json"),
        "ip": str(sockets / "s"),
        "transport": "ipc",
    }
    try:
        papermill.execute_notebook(
            str(notebook),
            str(staging / NOTEBOOK),
            parameters={**parameters, "out": str(staging)},
            cwd=str(notebook.parent),
            progress_bar=False,
            log_output=True,
            start_timeout=limits.start,
            # Asked before each cell; nothing else limits a whole run.
            timeout_func=lambda _: max(min(limits.cell, deadline - monotonic()), 0.001),
            kernel_manager_class=_ThisInterpreter,
            config=Config({"KernelManager": transport}),
        )
    except CellTimeoutError:
        over = monotonic() >= deadline
        what = f"the run took longer than {limits.run:g} s"
        message = what if over else f"a cell took longer than {limits.cell:g} s"
        raise TimeoutError(message) from None


class _ThisInterpreter(AsyncKernelManager):
    """Starts this Python: a kernel that a user installed under the same name may be another."""

    @property
    def kernel_spec(self) -> KernelSpec:
        launch = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        # A kernel that is told to end while it idles logs a KeyboardInterrupt to the terminal.
        quiet = ["--IPKernelApp.log_level=50"]
        return KernelSpec(argv=launch + quiet, display_name="Python 3", language="python")


def _refuse_unknown(notebook: Path, names: set[str]) -> None:
    """Papermill itself only warns of a parameter that it does not find, and runs without."""
    if not notebook.is_file():
        raise ConfigError(f"{notebook}: there is no such notebook")
    try:
        known = sorted(papermill.inspect_notebook(str(notebook)))
    except (PapermillException, ValueError, LookupError, AttributeError, TypeError) as error:
        # nbformat takes whatever JSON it gets for a notebook, and stumbles.
        raise ConfigError(f"{notebook}: {error}; expected a Jupyter notebook") from None
    for name in sorted(names - set(known)):
        close = get_close_matches(name, known, n=1)
        expected = repr(close[0]) if close else ", ".join(known) or "a cell tagged 'parameters'"
        raise ConfigError(f"{notebook}: found the parameter {name!r}, expected {expected}")


@contextmanager
def _sockets() -> Iterator[Path]:
    """A folder of its own for a kernel's sockets, whose paths may have 107 bytes at most."""
    short = "/tmp" if os.access("/tmp", os.W_OK) else None  # noqa: S108  TMPDIR may be long
    folder = Path(tempfile.mkdtemp(prefix="slo-", dir=short))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _logging_to(path: Path) -> Iterator[None]:
    """Write down what papermill says, which includes what cells print."""
    logger = logging.getLogger("papermill")
    before = logger.level, logger.propagate
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()
        logger.setLevel(before[0])
        logger.propagate = before[1]


def _conclude(log: Path, error: BaseException) -> None:
    """Close a log with what went wrong, without secrets and colours."""
    text = log.read_text(encoding="utf-8") + f"\n{error}\n"
    log.write_text(scrubbed(_ANSI.sub("", text)), encoding="utf-8")


def _last_words(error: BaseException) -> str:
    if isinstance(error, PapermillExecutionError):
        return scrubbed(f"cell {error.exec_count}: {error.ename}: {error.evalue}")
    lines = [line.strip() for line in str(error).splitlines() if line.strip("- \t")]
    return scrubbed(lines[0]) if lines else type(error).__name__


def _publish(staging: Path, folder: Path) -> None:
    """Put a finished staging folder in place; the one before goes when the new one stands."""
    for file in staging.rglob("*"):
        if file.is_file():
            with file.open("rb+") as opened:
                os.fsync(opened.fileno())
    # mkdtemp makes folders private; reports are there to be read.
    staging.chmod(0o755)
    before = staging.with_name(f"{staging.name}-before")
    with suppress(FileNotFoundError):
        folder.rename(before)
    try:
        staging.rename(folder)
    except OSError:
        if before.exists() and not folder.exists():
            before.rename(folder)
        raise
    shutil.rmtree(before, ignore_errors=True)
