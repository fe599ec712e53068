"""Running a notebook by papermill: a report is published whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slo.errors import ConfigError, RunError

if TYPE_CHECKING:
    from collections.abc import Mapping

_CELL_SECONDS = 600
_START_SECONDS = 120


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


def run_notebook(notebook: Path, parameters: Mapping[str, Any], folder: Path) -> None:
    """Run a notebook in a kernel of its own and publish what it wrote, as ``folder``.

    The notebook works in a staging folder beside it, which it is told as the parameter ``out``.
    When every cell has run, the staging folder, with the executed notebook in it, takes the
    place of ``folder``; before that, ``folder`` is not touched.

    Raises:
        ConfigError: The notebook is missing, or does not know a parameter.
        RunError: A cell failed, the kernel died, or a cell took longer than ten minutes; the
            notebook as far as it came is kept beside the folder and named.

    """
    import papermill  # noqa: PLC0415  loads Jupyter's client
    from papermill.exceptions import PapermillException  # noqa: PLC0415

    if not notebook.is_file():
        raise ConfigError(f"{notebook}: there is no such notebook")
    _refuse_unknown(notebook, {*parameters, "out"})
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    # Sockets need short paths, and every kernel its own.
    sockets = Path(tempfile.mkdtemp(prefix="slo-"))
    executed = staging / "notebook.ipynb"
    try:
        # What papermill writes into the notebook's metadata may say "completed" of a dead kernel:
        # only the absence of an exception counts.
        papermill.execute_notebook(
            str(notebook),
            str(executed),
            parameters={**parameters, "out": str(staging)},
            kernel_name="python3",
            cwd=str(notebook.parent),
            progress_bar=False,
            execution_timeout=_CELL_SECONDS,
            start_timeout=_START_SECONDS,
            config=_quiet_transport(sockets),
        )
    except (PapermillException, RuntimeError, TimeoutError) as error:
        kept = folder.parent / f"{folder.name}-failed.ipynb"
        if executed.exists():
            executed.replace(kept)
        shutil.rmtree(staging)
        raise RunError(f"notebook {notebook.name}", _last_words(error), kept) from None
    except BaseException:
        shutil.rmtree(staging)
        raise
    finally:
        shutil.rmtree(sockets, ignore_errors=True)
    _publish(staging, folder)


def _quiet_transport(sockets: Path) -> Any:  # noqa: ANN401  traitlets' Config
    """Sockets in the file system: TCP would be open to every user of the machine.

    A kernel that is told to end while it idles logs a KeyboardInterrupt; what really fails comes
    back as an exception.
    """
    from traitlets.config import Config  # noqa: PLC0415  comes with papermill

    return Config(
        {
            "KernelManager": {"transport": "ipc", "ip": str(sockets / "s")},
            "NotebookClient": {"extra_arguments": ["--IPKernelApp.log_level=50"]},
        }
    )


def _refuse_unknown(notebook: Path, names: set[str]) -> None:
    """Papermill itself only warns of a parameter that it does not find, and runs without."""
    import papermill  # noqa: PLC0415  loads Jupyter's client

    known = set(papermill.inspect_notebook(str(notebook)))
    for name in sorted(names - known):
        close = get_close_matches(name, sorted(known), n=1)
        expected = close[0] if close else ", ".join(sorted(known)) or "no parameter at all"
        raise ConfigError(f"{notebook}: found the parameter {name!r}, expected {expected}")


def _last_words(error: BaseException) -> str:
    lines = [line for line in str(error).strip().splitlines() if line.strip("- ")]
    return lines[-1].strip() if lines else type(error).__name__


def _publish(staging: Path, folder: Path) -> None:
    """Swap a finished staging folder in; the one before goes only when the new one stands."""
    staging.chmod(0o755)
    old = folder.parent / f".{folder.name}-old"
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    staging.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
