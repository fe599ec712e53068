"""Carrying out a plan on a folder of text files, such as ``generated/``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.atomic import replacing
from slo.errors import ConfigError, Drift, WriteError
from slo.plan import GENERATED, Artefact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from slo.plan import Change, Plan

FOLDERS = ("alertmanager", "dashboards", "grafana", "kubernetes", "mimir", "rules", "tests")
"""The folders in ``generated/`` that are slobook's."""


def current(root: Path, folders: Sequence[str] = FOLDERS) -> tuple[Artefact, ...]:
    """The artefacts that stand in some folders of a root, sorted by path.

    Raises:
        ConfigError: A file cannot be read as text.

    """
    found = [_read(root, path) for folder in folders for path in _files(root / folder)]
    return tuple(sorted(found))


def apply(plan: Plan, root: Path) -> None:
    """Carry out a plan: each file is replaced as a whole, or left as it was.

    Raises:
        Drift: A file changed after the plan was made; nothing has been written then.
        WriteError: A file cannot be written.

    """
    for change in plan.changes:
        _refuse_drift(root / change.path, change)
    for change in plan.changes:
        path = root / change.path
        try:
            if change.after is not None:
                _write(path, change.after)
            elif change.before is not None and GENERATED in change.before:
                path.unlink()
        except OSError as error:
            raise WriteError(f"{path} cannot be written: {error.strerror}") from None


def _files(folder: Path) -> Iterator[Path]:
    # Names that begin with a dot are editors' and our own unfinished files.
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path


def _read(root: Path, path: Path) -> Artefact:
    return Artefact(path.relative_to(root).as_posix(), _text(path) or "")


def _text(path: Path) -> str | None:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as text: {error}") from None


def _refuse_drift(path: Path, change: Change) -> None:
    if _text(path) != change.before:
        raise Drift(f"{path} changed after the plan was made; make the plan again")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        file.write_text(text, encoding="utf-8", newline="")
