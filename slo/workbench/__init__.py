"""Figures to work with by hand in JupyterLab: drag, click, compare, and save to the specification.

    slo.workbench.design(project, objective, history)

Each function returns a widget, or with ``interactive=False`` the plain figure that it would begin
with: under papermill, and in whatever reads a notebook without a kernel, nobody moves sliders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.face import lazily

if TYPE_CHECKING:
    from slo.workbench.design import design
    from slo.workbench.incident import incident
    from slo.workbench.incident_story import incident_story
    from slo.workbench.pareto import pareto
    from slo.workbench.threshold import threshold

__all__ = ["design", "incident", "incident_story", "pareto", "threshold"]


def __dir__() -> list[str]:
    return sorted(__all__)


lazily(__name__, {name: f"{__name__}.{name}" for name in __all__})
