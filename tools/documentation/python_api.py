"""The page of the Python API: what ``slo`` exports, by mkdocstrings from the docstrings."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

import slo
from slo import figures, workbench
from tools.documentation.described import Undocumented, attributes

_PAGE = """\
# Python

Everything that `import slo` gives. Instants and durations are Unix milliseconds, shares 0 to 1,
times in UTC, unless a name says otherwise. Names are loaded when they are first used.
"""
_OTHERWISE = {"__version__", "figures", "workbench"}


def page() -> str:
    """The page in Markdown, with an identifier for each name that mkdocstrings replaces.

    Raises:
        Undocumented: A name, a method or a field is described nowhere.

    """
    found = {name: getattr(slo, name) for name in slo.__all__ if name not in _OTHERWISE}
    drawn = {f"figures.{name}": getattr(figures, name) for name in figures.__all__}
    moved = {f"workbench.{name}": getattr(workbench, name) for name in workbench.__all__}
    every = {**found, **drawn, **moved}
    if missing := [name for key, one in every.items() for name in undescribed(key, one)]:
        raise Undocumented(missing)
    functions = {name: one for name, one in found.items() if inspect.isfunction(one)}
    classes = {name: one for name, one in found.items() if inspect.isclass(one)}
    text = [_PAGE]
    for heading, names in (
        ("Functions", functions),
        ("Functions that draw", drawn),
        ("Functions of the workbench", moved),
        ("Classes", classes),
    ):
        text.append(f"\n## {heading}\n")
        text += [_identifier(name, one) for name, one in names.items()]
    return "".join(text)


def undescribed(name: str, one: Any) -> list[str]:  # noqa: ANN401  a class or a function
    """Names of what is public about it and says nothing of itself."""
    if not inspect.isclass(one):
        return [] if inspect.getdoc(one) else [name]
    found = [] if vars(one).get("__doc__") else [name]
    said = attributes(one)
    fields = dataclasses.fields(one) if dataclasses.is_dataclass(one) else ()
    found += [f"{name}.{f.name}" for f in fields if f.name[0] != "_" and f.name not in said]
    ours = [base for base in one.__mro__ if base.__module__.startswith("slo.")]
    for key, value in [pair for base in ours for pair in vars(base).items()]:
        plain = getattr(value, "__func__", getattr(value, "func", value))
        is_method = inspect.isfunction(plain) or isinstance(value, property)
        if is_method and key[0] != "_" and not inspect.getdoc(plain):
            found.append(f"{name}.{key}")
    return found


def _identifier(name: str, one: Any) -> str:  # noqa: ANN401
    return (
        f"\n::: {one.__module__}.{one.__qualname__}\n"
        f"    options:\n      heading: slo.{name}\n      toc_label: {name}\n"
    )
