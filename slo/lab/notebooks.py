"""Notebooks in the order of the work, and copies of ours in a project that has none.

A copy knows in its metadata which text of ours it was made of, and which text it was given. So
what nobody has changed can follow a newer slobook, and what somebody has is left alone.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slo.atomic import replacing
from slo.errors import WriteError

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDER = (
    "start_here",
    "design_slo",
    "tune_alerts",
    "tune_thresholds",
    "review_dashboards",
    "explore_incident",
    "weekly_slo_report",
    "weekly_cost_report",
)
"""Names in the order of the work."""

OURS = Path(__file__).resolve().parents[1] / "notebooks"
"""Where slobook's own lie."""

_MARK = "slobook"
"""Key of the notebook's metadata under which a copy knows where it is from."""


@dataclass(frozen=True)
class Provided:
    """What was done about a project's notebooks; names of files in their folder.

    Attributes:
        made: Copies of ours, where there was nothing of that name.
        renewed: Copies that nobody had changed, made of a newer text of ours.
        offered: Newer texts of ours, put beside copies that somebody has changed.

    """

    made: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()


def in_order(folder: Path) -> tuple[Path, ...]:
    """The notebooks of a folder that belong to the work, in its order."""
    paths = (folder / f"{name}.ipynb" for name in ORDER)
    return tuple(path for path in paths if path.is_file())


def provide(
    folder: Path,
    parameters: Mapping[str, str],
    of_notebook: Mapping[str, Mapping[str, str]] | None = None,
    ours: Path = OURS,
) -> Provided:
    """Put copies of our notebooks into a project's folder; what somebody changed stays.

    Args:
        folder: The project's folder of notebooks; made if there is none.
        parameters: Texts, by name, in place of those in the cells tagged ``parameters``.
        of_notebook: Further ones, by the names of notebooks.
        ours: Where slobook's own lie.

    Raises:
        WriteError: The folder or a file cannot be written.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"{folder} cannot be made: {error.strerror or error}") from None
    done: dict[str, list[str]] = {"made": [], "renewed": [], "offered": []}
    for source in in_order(ours):
        path = folder / source.name
        if path.exists() and path.samefile(source):
            continue
        what, written = _what_to_do(path, source)
        if what:
            own = (of_notebook or {}).get(source.stem, {})
            _write_copy(source, written, {**parameters, **own})
            done[what].append(written.name)
    return Provided(*(tuple(names) for names in done.values()))


def is_untouched_copy(path: Path) -> bool:
    """Whether a notebook is a copy of ours in which nobody has changed a cell; outputs aside."""
    notebook = _read(path)
    given = _mark(notebook).get("given", "")
    return bool(given) and given == _digest(notebook)


def title(path: Path) -> str:
    """A notebook's first heading; its name where there is none."""
    for cell in _read(path).get("cells", []):
        if cell.get("cell_type") == "markdown":
            for line in _text(cell).splitlines():
                if line.startswith("# "):
                    return line.removeprefix("# ").strip()
    return path.stem


def _what_to_do(path: Path, source: Path) -> tuple[str, Path]:
    if not path.exists():
        return "made", path
    known = _mark(_read(path))
    newest = _digest(_read(source))
    if not known or known.get("source") == newest:
        return "", path
    if is_untouched_copy(path):
        return "renewed", path
    for number in count(1):
        beside = path.with_name(f"{path.stem}.new{number if number > 1 else ''}.ipynb")
        if beside.exists() and _mark(_read(beside)).get("source") == newest:
            break
        if not beside.exists() or is_untouched_copy(beside):
            return "offered", beside
    return "", beside


def _write_copy(source: Path, path: Path, parameters: Mapping[str, str]) -> None:
    notebook = _read(source)
    origin = _digest(notebook)
    for cell in notebook["cells"]:
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            lines = _text(cell).splitlines(keepends=True)
            cell["source"] = [_assigned(line, parameters) for line in lines]
    mark = {"source": origin, "given": _digest(notebook)}
    notebook["metadata"] = {**notebook.get("metadata", {}), _MARK: mark}
    with replacing(path) as file:
        text = json.dumps(notebook, indent=1, ensure_ascii=False)
        file.write_text(text + "\n", encoding="utf-8")


def _assigned(line: str, parameters: Mapping[str, str]) -> str:
    """A line of the parameters' cell with another text in the place of its own."""
    name, equals, value = line.partition(" = ")
    if not equals or name not in parameters or not value.startswith('"'):
        return line
    rest = value[value.index('"', 1) + 1 :]
    return f"{name} = {json.dumps(parameters[name], ensure_ascii=False)}{rest}"


def _read(path: Path) -> dict[str, Any]:
    """A notebook; nothing where the file is none, which is people's to mend."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _mark(notebook: Mapping[str, Any]) -> Mapping[str, str]:
    metadata = notebook.get("metadata")
    found = metadata.get(_MARK) if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def _digest(notebook: Mapping[str, Any]) -> str:
    """What a person wrote: kinds and texts of the cells, and no outputs."""
    cells = [[cell.get("cell_type"), _text(cell)] for cell in notebook.get("cells", [])]
    return sha256(json.dumps(cells).encode()).hexdigest()[:16]


def _text(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def relative(file: Path, folder: Path) -> str:
    """How a notebook in a folder names a file; with slashes."""
    return Path(os.path.relpath(file, folder)).as_posix()
