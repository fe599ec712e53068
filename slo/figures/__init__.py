"""A figure a file: a step that computes, a step that draws.

Each function returns a plotly figure: ``slo.figures.burn_down(slo, history)``. A figure's module
also has ``computed()``, which says in numbers what will be drawn, and ``figure()``, which draws it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from slo.figures.attainable_objectives import attainable_objectives
    from slo.figures.burn_down import burn_down
    from slo.figures.burn_rates import burn_rates
    from slo.figures.episodes import episodes
    from slo.figures.error_ratio import error_ratio
    from slo.figures.explore_policy import explore_policy

__all__ = [
    "attainable_objectives",
    "burn_down",
    "burn_rates",
    "episodes",
    "error_ratio",
    "explore_policy",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  a function
    if name not in __all__:
        message = f"module 'slo.figures' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"slo.figures.{name}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Gallery(ModuleType):
    """Keeps ``slo.figures.burn_down`` the function.

    Importing the submodule of the same name would bind the module over it.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Gallery
