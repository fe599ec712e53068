"""A figure a file: a step that computes, a step that draws. Each returns a plotly Figure."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from slo.figures.attainable_objectives import attainable_objectives
    from slo.figures.burn_down import burn_down
    from slo.figures.burn_rates import burn_rates
    from slo.figures.episodes import episodes
    from slo.figures.explore import explore_policy

__all__ = ["attainable_objectives", "burn_down", "burn_rates", "episodes", "explore_policy"]

_HOMES = {name: name for name in __all__} | {"explore_policy": "explore"}


def __getattr__(name: str) -> Any:  # noqa: ANN401  a function
    if name not in _HOMES:
        message = f"module 'slo.figures' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"slo.figures.{_HOMES[name]}"), name)
