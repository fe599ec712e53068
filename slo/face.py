"""Packages whose names are loaded when they are first used.

A function may have the name of the module that it lives in (``slo.backtest.backtest``). Importing
the module binds it over the function in the package; here the function wins, wherever it is
imported first.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def lazily(package: str, homes: Mapping[str, str]) -> None:
    """Give a package names that live in its modules, each by its module's full name.

    Raises:
        AttributeError: Later, where a name is asked for that is not among them.

    """

    class Face(ModuleType):
        def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the name stands for
            if name not in homes:
                raise AttributeError(f"module {package!r} has no attribute {name!r}")
            value = getattr(import_module(homes[name]), name)
            self.__dict__[name] = value
            return value

        def __dir__(self) -> list[str]:
            return sorted(self.__dict__.get("__all__", homes))

        def __setattr__(self, name: str, value: object) -> None:
            if not (name in homes and isinstance(value, ModuleType)):
                super().__setattr__(name, value)

    sys.modules[package].__class__ = Face
