"""Instrumentation that the developers of an AI support agent drop in.

>>> from exporter import track_ticket_processing, track_llm_call, metrics  # doctest: +SKIP

The metrics of the process are made when they are first asked for, in the default registry of
prometheus_client. This package is independent of slobook's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from exporter.agent_metrics import Metrics
from exporter.default import default_metrics
from exporter.definitions import DEFINITIONS, NAMESPACE, Definition, register
from exporter.price_file import PriceFileError
from exporter.settings import Release, Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import Enum

    from exporter.observing import Function

    metrics: Metrics

__all__ = [
    "DEFINITIONS",
    "NAMESPACE",
    "Definition",
    "Metrics",
    "PriceFileError",
    "Release",
    "Settings",
    "metrics",
    "register",
    "track_llm_call",
    "track_response",
    "track_ticket_processing",
]


@overload
def track_ticket_processing(function: Function) -> Function: ...


@overload
def track_ticket_processing(
    *, outcome: Callable[[Any], str] | None = None
) -> Callable[[Function], Function]: ...


def track_ticket_processing(
    function: Any = None, *, outcome: Callable[[Any], str] | None = None
) -> Any:
    """See :meth:`Metrics.track_ticket_processing`, for the metrics of the process."""
    tracked = default_metrics().track_ticket_processing(outcome=outcome)
    return tracked if function is None else tracked(function)


def track_llm_call(
    *,
    provider: str,
    model: str | Enum | Callable[..., str] | None = None,
    operation: str = "chat",
    feature: str = "other",
    tier: str = "standard",
) -> Callable[[Function], Function]:
    """See :meth:`Metrics.track_llm_call`, for the metrics of the process."""
    return default_metrics().track_llm_call(
        provider=provider, model=model, operation=operation, feature=feature, tier=tier
    )


@overload
def track_response(function: Function) -> Function: ...


@overload
def track_response(*, channel: str = "chat") -> Callable[[Function], Function]: ...


def track_response(function: Any = None, *, channel: str = "chat") -> Any:
    """See :meth:`Metrics.track_response`, for the metrics of the process."""
    tracked = default_metrics().track_response(channel=channel)
    return tracked if function is None else tracked(function)


def __getattr__(name: str) -> Any:
    if name == "metrics":
        return default_metrics()
    raise AttributeError(f"module 'exporter' has no attribute {name!r}")
