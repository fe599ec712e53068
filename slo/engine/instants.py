"""When rules are evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from slo.model.samples import Times
    from slo.model.span import Span


def instants(span: Span, interval: int, offset: int = 0) -> Times:
    """All ``t`` in the span with ``t % interval == offset % interval``, int64 milliseconds.

    Raises:
        ValueError: The interval is not positive.

    """
    if interval <= 0:
        message = f"an evaluation interval is positive, not {interval} ms"
        raise ValueError(message)
    first = span.start + (offset - span.start) % interval
    return np.arange(first, span.end, interval, dtype=np.int64)
