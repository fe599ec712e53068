"""Compiling loops to machine code, kept between runs where some folder can be written."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

import numba

if TYPE_CHECKING:
    from collections.abc import Callable


def kernel(**options: Any) -> Any:  # noqa: ANN401  numba has no types
    """Compile a function by numba when it is called first, and keep what was compiled.

    numba keeps it beside the code, or in the user's cache. A service account may have neither;
    numba refuses then, where all that is lost is the time to compile once more.

    Args:
        options: Those of ``numba.njit``.

    """

    def compiled(function: Callable[..., Any]) -> Any:  # noqa: ANN401  the same
        try:
            return numba.njit(cache=True, **options)(function)
        except RuntimeError:
            _say_once()
            return numba.njit(**options)(function)

    return compiled


@cache
def _say_once() -> None:
    logging.getLogger(__name__).warning(
        "compiling anew in each run, which takes some seconds: neither slobook's folder nor a home "
        "can be written; set NUMBA_CACHE_DIR to a folder of your own that can"
    )
