"""What kind of failure an exception is: one of a few words, for a label."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, cast

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
    ("insufficientquota", "rate_limit"),
    ("invalidrequest", "invalid_request"),
    ("badrequest", "invalid_request"),
    ("unprocessable", "invalid_request"),
    ("notfound", "invalid_request"),
    ("connection", "connection"),
    ("connecterror", "connection"),
    ("internalserver", "server_error"),
    ("servererror", "server_error"),
)
_BY_WORD = {"api_error": "server_error"}
_CLIENT, _SERVER, _END = 400, 500, 600

CANCELLED = (asyncio.CancelledError, GeneratorExit, KeyboardInterrupt, SystemExit)
"""What ends a call from outside: nobody's error."""


def error_type(error: BaseException) -> str:
    """The kind of an exception, one of ``ERROR_TYPES``; of a group, that of its first one.

    By the HTTP status that it carries (``status_code``, ``status`` or ``code``, or that of its
    ``response``), as exceptions of the Anthropic and OpenAI clients and of HTTP libraries do; then
    by what it says of itself (``code``, ``type``), which tells failures in the middle of a stream
    that began well; then by the names of its classes.
    """
    # An exception may fail whatever it is asked, also for its class.
    while issubclass(type(error), BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    status = _status(error)
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    said = [word for name in ("code", "type") if isinstance(word := _told(error, name), str)]
    for word in (*said, *(one.__name__ for one in type(error).__mro__)):
        if kind := _named(word):
            return kind
    if _CLIENT <= status < _SERVER:
        return "invalid_request"
    if _SERVER <= status < _END:
        return "server_error"
    return "other"


def _named(word: str) -> str | None:
    name = word.lower().replace("_", "")
    found = (kind for part, kind in _BY_NAME if part in name)
    return next(found, _BY_WORD.get(word))


def _status(error: BaseException) -> int:
    response = _told(error, "response")
    for source in (error, response):
        for name in ("status_code", "status", "code"):
            status = _told(source, name)
            if isinstance(status, int) and _CLIENT <= status < _END:
                return status
    return 0


def _told(source: object, name: str) -> object:
    """A field of an exception, which may fail whatever it is asked."""
    try:
        return getattr(source, name, None)
    except Exception:  # noqa: BLE001
        return None
