"""The trace that a duration belongs to, where OpenTelemetry is there: an exemplar leads to it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Exemplar = dict[str, str]


@dataclass(frozen=True)
class Tracing:
    """How to ask OpenTelemetry.

    Attributes:
        context: The context of this moment, empty outside of any span.
        exemplar: The sampled span of this moment, if any. Both identifiers together have 48
            characters, and an exemplar has room for 128.

    """

    context: Callable[[], Mapping[str, object]]
    exemplar: Callable[[], Exemplar | None]


def tracing() -> Tracing | None:
    """OpenTelemetry, where it is installed.

    None also where several processes share files, which hold no exemplars.
    """
    if getattr(values.ValueClass, "_multiprocess", False):
        return None
    try:
        from opentelemetry.context import get_current  # noqa: PLC0415  optional
        from opentelemetry.trace import get_current_span  # noqa: PLC0415
    except ImportError:
        return None

    def exemplar() -> Exemplar | None:
        with suppress(Exception):  # a duration without its trace is better than none
            span = get_current_span().get_span_context()
            if span.is_valid and span.trace_flags.sampled:
                return {"trace_id": f"{span.trace_id:032x}", "span_id": f"{span.span_id:016x}"}
        return None

    return Tracing(get_current, exemplar)
