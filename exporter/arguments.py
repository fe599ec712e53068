"""Finds what a call was given by the names of its function's parameters."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_BY_PLACE = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def argument(function: Callable[..., Any], name: str) -> Callable[[Any, Any], object]:
    """What finds an argument among those of a call: positional, named, or its default.

    Args:
        function: Also a static or class method, or a partial; where it has no signature, only
            named arguments are found.
        name: The parameter's.

    """
    parameters = _parameters(function)
    places = [one.name for one in parameters.values() if one.kind in _BY_PLACE]
    place = places.index(name) if name in places else None
    default = parameters[name].default if name in parameters else None
    otherwise = None if default is inspect.Parameter.empty else default

    def found(args: tuple[Any, ...], kwargs: dict[str, Any]) -> object:
        if place is not None and len(args) > place:
            return args[place]
        return kwargs.get(name, otherwise)

    return found


def named_or_first(function: Callable[..., Any], name: str) -> Callable[[Any, Any], object]:
    """What finds an argument by its name, or the first one where no parameter has it."""
    names = list(_parameters(function))
    if name in names:
        return argument(function, name)
    place = 1 if names[:1] in (["self"], ["cls"]) else 0
    first = names[place] if place < len(names) else name

    def found(args: tuple[Any, ...], kwargs: dict[str, Any]) -> object:
        if len(args) > place:
            return args[place]
        return kwargs.get(name, kwargs.get(first))

    return found


def _parameters(function: Any) -> Mapping[str, inspect.Parameter]:
    # What these hold is what is wrapped: a call of it is given the class too.
    while isinstance(function, classmethod | staticmethod):
        function = function.__func__
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):
        return {}
