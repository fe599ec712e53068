"""The exporter under the name by which documents call it."""

from __future__ import annotations

from typing import Any

import exporter
from exporter import *  # noqa: F403

__all__ = exporter.__all__


def __getattr__(name: str) -> Any:  # noqa: ANN401
    return getattr(exporter, name)
