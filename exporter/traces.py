"""The trace that a duration belongs to, where OpenTelemetry is there: an exemplar leads to it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def current_trace() -> Callable[[], dict[str, str] | None] | None:
    """A function that tells the sampled span of this moment, if any; None without OpenTelemetry.

    Both identifiers together have 48 characters, and an exemplar has room for 128.
    """
    try:
        from opentelemetry.trace import get_current_span  # noqa: PLC0415  optional
    except ImportError:
        return None

    def trace() -> dict[str, str] | None:
        with suppress(Exception):  # a duration without its trace is better than none
            context = get_current_span().get_span_context()
            if context.is_valid and context.trace_flags.sampled:
                return {
                    "trace_id": f"{context.trace_id:032x}",
                    "span_id": f"{context.span_id:016x}",
                }
        return None

    return trace
