"""A project's notebooks, and JupyterLab's workspace for it."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from slo.errors import SpecError
from slo.lab.notebooks import OURS, Provided, is_untouched_copy, provide, relative
from slo.lab.workspace import Workspace

if TYPE_CHECKING:
    from slo.project.sources import Sources


def notebook(project: Sources, name: str) -> Path:
    """A notebook of the project's own, or slobook's where it has none or an untouched copy.

    What was copied and nobody changed follows slobook: its text is as old as the copy.
    """
    own, ours = project.root / project.configuration.project.notebooks / name, OURS / name
    own_wins = own.exists() and not is_untouched_copy(own)
    return own if own_wins or not ours.exists() else ours


def provided_notebooks(project: Sources) -> Provided:
    """Put copies of slobook's notebooks into a project that lacks them, and say what was done.

    A copy names the project's own configuration file, and begins with the project's first
    objective or alert; with none where there is none, as another project's name helps nobody.
    Specifications with faults are no reason to refuse: ``start_here`` shows them.

    Raises:
        WriteError: The folder or a file cannot be written.

    """
    folder = project.root / project.configuration.project.notebooks
    everywhere = {"config": relative(project.file, folder)}
    objective = alert = ""
    with suppress(SpecError):
        objective = next((f"{o.service}/{o.name}" for o in project.slos), "")
        alert = next((f"{a.service}/{a.name}" for a in project.alerts), "")
    first = {"design_slo": objective, "explore_incident": objective, "tune_thresholds": alert}
    named = {name: {"name": value} for name, value in first.items()}
    return provide(folder, everywhere, named)


def workspace_of(project: Sources) -> Workspace:
    """Where JupyterLab keeps a project's layout: with the user's data, one folder a project."""
    from jupyter_core.paths import jupyter_data_dir  # noqa: PLC0415  an optional extra

    root = project.root.resolve()
    notebooks = (root / project.configuration.project.notebooks).resolve()
    named = f"{root.name}-{sha256(str(project.file).encode()).hexdigest()[:8]}"
    shown = Path(os.path.commonpath([root, notebooks]))
    return Workspace(Path(jupyter_data_dir(), "slobook", named), shown, notebooks)
