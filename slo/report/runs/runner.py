"""Running a notebook by papermill: what it writes is published whole or not at all."""

from __future__ import annotations

import logging
import os
import re
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from time import monotonic
from typing import TYPE_CHECKING, Any

import papermill
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError
from papermill.exceptions import PapermillException, PapermillExecutionError
from traitlets.config import Config

from slo.atomic import replacing
from slo.errors import ConfigError, RunError, WriteError
from slo.report.published import NOTEBOOK
from slo.report.runs.credentials import refuse_credentials, scrub_folder, scrubbed
from slo.report.runs.publishing import live_log_of, publishing
from slo.report.runs.short_folder import short_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_SOCKETS = "slobook-kernel-"
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


def run_notebook(
    notebook: Path,
    parameters: Mapping[str, Any],
    folder: Path,
    *,
    log: Path | None = None,
    limits: Limits | None = None,
    leaves: Sequence[str] = (),
    secrets: Sequence[str] = (),
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
        leaves: Names of files that the notebook must have written into ``out``.
        secrets: Names of variables of the environment whose values are masked in everything that
            is published or logged, beside those that are named like secrets.

    Returns:
        The path of the executed notebook.

    Raises:
        ConfigError: The notebook is missing, does not know a parameter, a parameter looks like a
            credential, or no folder can be made. Nothing has run.
        UnderWay: Another run publishes the same folder. Nothing has run.
        RunError: A cell failed or took too long, the kernel died, the notebook did not leave what
            it must, or the folder cannot be written. Nothing is published, and the message names
            the log.

    """
    _refuse_unknown(notebook, {*parameters, "out"})
    refuse_credentials(parameters, secrets)
    written, live = log or folder.with_name(f"{folder.name}.log"), live_log_of(folder)
    try:
        with publishing(folder) as staging:
            with _logging_to(live), short_folder(_SOCKETS) as sockets:
                _execute(notebook, parameters, staging, sockets, limits or Limits())
            _refuse_unfinished(staging, leaves)
            scrub_folder(staging, secrets)
    except (PapermillException, RuntimeError, OSError) as error:
        _conclude(live, written, error, secrets)
        live.unlink(missing_ok=True)
        raise RunError(f"notebook {notebook.name}", _last_words(error, secrets), written) from None
    live.unlink(missing_ok=True)
    written.unlink(missing_ok=True)
    return folder / NOTEBOOK


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
        # It ends with us, also while a cell does not let it look whether we are there.
        tied = [sys.executable, "-m", "slo.report.runs.lifeline", str(os.getpid())]
        launch = [*tied, "ipykernel_launcher", "-f", "{connection_file}"]
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


def _refuse_unfinished(staging: Path, leaves: Sequence[str]) -> None:
    for name in leaves:
        if not (staging / name).is_file():
            message = f"every cell ran, but none wrote {name} into the folder 'out'"
            raise FileNotFoundError(message)


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


def _conclude(live: Path, log: Path, error: BaseException, secrets: Sequence[str]) -> None:
    """Keep a log with what went wrong, without secrets and colours.

    What a full disk does not take is lost; the message of the error says what matters.
    """
    with suppress(OSError, WriteError):
        text = live.read_text(encoding="utf-8") if live.exists() else ""
        log.parent.mkdir(parents=True, exist_ok=True)
        with replacing(log) as file:
            told = scrubbed(_ANSI.sub("", f"{text}\n{error}\n"), secrets)
            file.write_text(told, encoding="utf-8")


def _last_words(error: BaseException, secrets: Sequence[str]) -> str:
    if isinstance(error, PapermillExecutionError):
        return scrubbed(f"cell {error.exec_count}: {error.ename}: {error.evalue}", secrets)
    lines = [line.strip() for line in str(error).splitlines() if line.strip("- \t")]
    return scrubbed(lines[0], secrets) if lines else type(error).__name__
