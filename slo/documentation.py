"""Where the documentation is for who has the package alone, and no ``docs/`` beside it."""

from __future__ import annotations

SOURCE = "https://github.com/slobook/slobook"
"""The repository, as pyproject.toml names it."""


def documentation(page: str) -> str:
    """The address of a page, as ``init.md`` or ``grafana.md#what-is-whose``."""
    return f"{SOURCE}/blob/main/docs/{page}"
