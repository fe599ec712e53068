"""Which values of a status label mean that a server failed its client."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from slo.model.selector import Matcher

if TYPE_CHECKING:
    from collections.abc import Collection

Protocol = Literal["http", "grpc", "outcome"]

STATUS_LABELS = (
    *("http_response_status_code", "http_status_code", "status_code", "response_code"),
    *("code", "status", "code_class", "status_class", "envoy_response_code_class"),
    *("rpc_grpc_status_code", "grpc_code", "grpc_status", "grpc_response_status"),
    *("rpc_response_status_code", "outcome", "result"),
)
"""Labels that hold a status, the most telling first."""

_HTTP_CODE, _HTTP_CLASS = re.compile(r"[1-5]\d\d"), re.compile(r"[1-5][xX]{2}")
_HTTP_DIGIT = re.compile(r"[1-5]")

_GRPC = {
    "OK": 0,
    "Canceled": 1,
    "Unknown": 2,
    "InvalidArgument": 3,
    "DeadlineExceeded": 4,
    "NotFound": 5,
    "AlreadyExists": 6,
    "PermissionDenied": 7,
    "ResourceExhausted": 8,
    "FailedPrecondition": 9,
    "Aborted": 10,
    "OutOfRange": 11,
    "Unimplemented": 12,
    "Internal": 13,
    "Unavailable": 14,
    "DataLoss": 15,
    "Unauthenticated": 16,
}
_GRPC_FAILED = (
    *("Unknown", "DeadlineExceeded", "Unimplemented", "Internal", "Unavailable", "DataLoss"),
)
"""A server's own failures: https://opentelemetry.io/docs/specs/semconv/rpc/grpc/."""

_GOOD_WORDS = {"success", "succeeded", "successful", "ok", "completed", "done", "resolved", "pass"}
_BAD_WORDS = (
    *("error", "errors", "failure", "failed", "fail", "server_error", "exception", "timeout"),
    *("SERVER_ERROR", "ERROR", "FAILURE", "FAILED", "Error", "Failure", "Failed"),
)


@dataclass(frozen=True)
class Failures:
    """How the failures of a counter are told.

    Attributes:
        matcher: The condition on the status label that failed events satisfy.
        protocol: What the status is one of.

    """

    matcher: Matcher
    protocol: Protocol

    @property
    def said(self) -> str:
        """The failures in a few words."""
        if self.protocol == "http":
            return f"{self.matcher.name} 5xx"
        if self.protocol == "grpc":
            return f"{self.matcher.name} of a server's failure"
        return f"{self.matcher.name} of a failure"


def status_label(labels: Collection[str]) -> str:
    """The label that holds the status; empty where none of the usual ones is there."""
    return next((name for name in STATUS_LABELS if name in labels), "")


def failures_among(label: str, values: Collection[str]) -> Failures | None:
    """Which of a status label's values mean that the server failed.

    A failure that never happened has no value yet: codes and words that would mean one are asked
    for all the same. None where the values are no statuses, such as names of pages.

    Args:
        label: Its name.
        values: Those that there are; few of them may be no statuses (``unknown``).

    """
    seen = {value for value in values if value}
    if "grpc" in label or (seen and seen <= _GRPC.keys() | _upper_grpc().keys()):
        return Failures(_grpc_matcher(label, seen), "grpc")
    if _most(seen, _HTTP_CODE) or _most(seen, _HTTP_CLASS):
        return Failures(Matcher(label, "=~", "5.."), "http")
    if _most(seen, _HTTP_DIGIT):
        return Failures(Matcher(label, "=", "5"), "http")
    words = {value.casefold() for value in seen}
    if words & _GOOD_WORDS or seen & set(_BAD_WORDS):
        bad = [word for word in _BAD_WORDS if word in seen] or list(_BAD_WORDS)
        return Failures(Matcher(label, "=~", "|".join(bad)), "outcome")
    return None


def _most(values: set[str], pattern: re.Pattern[str]) -> bool:
    """Whether more than half of the values are of a pattern."""
    return 2 * sum(bool(pattern.fullmatch(value)) for value in values) > len(values)


def _upper_grpc() -> dict[str, str]:
    """``DEADLINE_EXCEEDED`` to ``DeadlineExceeded``, as some libraries write it."""
    names = {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper(): name for name in _GRPC}
    return {**names, "CANCELLED": "Canceled"}


def _grpc_matcher(label: str, seen: set[str]) -> Matcher:
    if any(value.isdecimal() for value in seen):
        return Matcher(label, "=~", "|".join(str(_GRPC[name]) for name in _GRPC_FAILED))
    upper = _upper_grpc()
    if seen & (upper.keys() - {"OK"}):
        failed = [text for text, name in upper.items() if name in _GRPC_FAILED]
        return Matcher(label, "=~", "|".join(failed))
    return Matcher(label, "=~", "|".join(_GRPC_FAILED))
