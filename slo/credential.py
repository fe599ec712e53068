"""Secrets come from the environment, by the names of their variables."""

from __future__ import annotations

import os

from slo.errors import ConfigError


def credential(variable: str) -> str:
    """The secret that an environment variable holds, without the line's end.

    Raises:
        ConfigError: The variable is not set, or empty.

    """
    value = os.environ.get(variable, "").strip()
    if not value:
        raise ConfigError(
            f"environment variable {variable or '(unnamed)'}: found nothing, "
            "expected the secret that the configuration names"
        )
    return value
