"""What kind of failure an exception is: one of a few words, for a label."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ERROR_TYPES: Final = (
    "rate_limit",
    "timeout",
    "overloaded",
    "auth",
    "invalid_request",
    "connection",
    "content_filter",
    "server_error",
    "other",
)

_BY_STATUS: Mapping[int, str] = {
    401: "auth",
    403: "auth",
    408: "timeout",
    429: "rate_limit",
    503: "overloaded",
    504: "timeout",
    529: "overloaded",
}
_BY_NAME = (
    ("ratelimit", "rate_limit"),
    ("overloaded", "overloaded"),
    ("serviceunavailable", "overloaded"),
    ("timeout", "timeout"),
    ("authentication", "auth"),
    ("permission", "auth"),
    ("contentfilter", "content_filter"),
    ("contentpolicy", "content_filter"),
    ("badrequest", "invalid_request"),
    ("unprocessable", "invalid_request"),
    ("notfound", "invalid_request"),
    ("connection", "connection"),
    ("connecterror", "connection"),
    ("internalserver", "server_error"),
)
_CLIENT, _SERVER, _END = 400, 500, 600

CANCELLED = (asyncio.CancelledError, GeneratorExit, KeyboardInterrupt, SystemExit)
"""What ends a call from outside: nobody's error."""


def error_type(error: BaseException) -> str:
    """The kind of an exception, one of ``ERROR_TYPES``.

    By the HTTP status that it carries (``status_code``, or that of its ``response``), as
    exceptions of the Anthropic and OpenAI clients and of HTTP libraries do; then by the names of
    its classes.
    """
    status = _status(error)
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    for one in type(error).__mro__:
        name = one.__name__.lower().replace("_", "")
        for part, kind in _BY_NAME:
            if part in name:
                return kind
    if _CLIENT <= status < _SERVER:
        return "invalid_request"
    if _SERVER <= status < _END:
        return "server_error"
    return "other"


def _status(error: BaseException) -> int:
    for source in (error, getattr(error, "response", None)):
        status = getattr(source, "status_code", None)
        if isinstance(status, int):
            return status
    return 0
