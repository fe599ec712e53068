"""What is decided once for a process: known label values, limits, and what is deployed."""

from __future__ import annotations

import math
import os
import platform
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from exporter.failures import ERROR_TYPES
from exporter.labels import OTHER, Domain, Known, Learnt

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFIX = "SUPPORT_AGENT_"
_LISTS = ("categories", "channels", "priorities", "escalation_reasons", "models", "features")

TICKET_OUTCOMES = ("resolved", "escalated", "error", "cancelled")
OUTCOMES = (*TICKET_OUTCOMES, "success", "hit", "miss")
UNPRICED = ("unknown_model", "no_usage", "bad_usage", "no_tier_price")
"""Why the cost of a call is not known."""

_DIGITS = 9
_YEAR_5000 = 1e11
_FALLBACKS = ("error", "cost", "budget", "circuit_open")


@dataclass(frozen=True)
class Release:
    """What is deployed.

    Attributes:
        version: Of the application.
        commit: Short hash.
        environment: Such as ``production``.
        deployed_at: When this version was first started, in Unix seconds; None if unknown.
        python_version: Of the interpreter.

    """

    version: str = "unknown"
    commit: str = "unknown"
    environment: str = "unknown"
    deployed_at: float | None = None
    python_version: str = field(default_factory=platform.python_version)


@dataclass(frozen=True)
class Settings:
    """What the metrics of a process are made with.

    Attributes:
        categories: Of tickets; others become ``other``.
        channels: On which customers write.
        priorities: Of tickets.
        escalation_reasons: Why tickets are handed to people.
        models: Names of models that are certain to be told apart; more are learnt up to a limit.
        features: Of the product that spend tokens; more are learnt up to a limit.
        max_series: After so many series of one process, new label values become ``other``.
        price_file: Prices that go before those of genai-prices, see ``exporter.price_file``.
        release: What is deployed.

    Raises:
        ValueError: A text stands where several are expected, or the limit is not above 0.

    """

    categories: tuple[str, ...] = (
        "billing",
        "technical",
        "account",
        "shipping",
        "refund",
        "product",
        "complaint",
    )
    channels: tuple[str, ...] = ("chat", "email", "api", "phone")
    priorities: tuple[str, ...] = ("low", "normal", "high", "urgent")
    escalation_reasons: tuple[str, ...] = (
        "low_confidence",
        "customer_request",
        "llm_failure",
        "policy",
        "sentiment",
    )
    models: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    max_series: int = 5_000
    price_file: Path | str | None = None
    release: Release = field(default_factory=Release)

    def __post_init__(self) -> None:
        for name in _LISTS:
            values = getattr(self, name)
            if isinstance(values, str):
                raise ValueError(f"{name}: found {values!r}, expected several names")  # noqa: TRY004
        if self.max_series < 1:
            raise ValueError(f"max_series: found {self.max_series}, expected a number above 0")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Settings from variables such as ``SUPPORT_AGENT_VERSION``; what is not set is as usual.

        ``SUPPORT_AGENT_CATEGORIES``, ``_CHANNELS``, ``_PRIORITIES``, ``_ESCALATION_REASONS``,
        ``_MODELS`` and ``_FEATURES`` are lists with commas; ``_MAX_SERIES`` is a whole number,
        ``_PRICE_FILE`` a path; ``_VERSION``, ``_COMMIT``, ``_ENVIRONMENT`` and ``_DEPLOYED_AT``
        (Unix seconds, or ISO 8601, which is UTC where it names no zone) tell what is deployed.

        Raises:
            ValueError: A variable is not what it should be; the message names it.

        """
        given = os.environ if environment is None else environment
        known = {name: given[_PREFIX + name.upper()] for name in _names(given)}
        lists = {name: _listed(known[name]) for name in _LISTS if name in known}
        usual = cls()
        most = _whole(known.get("max_series", ""), usual.max_series)
        price_file = Path(known["price_file"]) if known.get("price_file") else None
        release = Release(
            known.get("version") or "unknown",
            known.get("commit") or "unknown",
            known.get("environment") or "unknown",
            _instant(known.get("deployed_at", "")),
        )
        return cls(**lists, max_series=most, price_file=price_file, release=release)

    @property
    def domains(self) -> dict[str, Domain]:
        """The values that each label may have, by the label's name."""
        return {
            "category": _known(self.categories),
            "channel": _known(self.channels),
            "priority": _known(self.priorities),
            "reason": _known((*self.escalation_reasons, *ERROR_TYPES, *UNPRICED, *_FALLBACKS)),
            "outcome": _known(OUTCOMES),
            "resolver": _known(("agent", "human")),
            "error_type": _known((*ERROR_TYPES, "pool_timeout", "query", "provider_error")),
            "component": _known(
                ("agent", "http", "llm", "database", "queue", "tool", "knowledge_base")
            ),
            "method": _known(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")),
            "code_class": _known(("1xx", "2xx", "3xx", "4xx", "5xx")),
            "token_type": _known(("input", "cache_read", "cache_write", "output")),
            "score": _known(("1", "2", "3", "4", "5")),
            "state": _known(("busy", "idle", "in_use")),
            "kind": _known(("requests", "tokens")),
            "period": _known(("hour", "day", "week", "month")),
            "source": _known(("file",)),
            "provider": Learnt(10),
            "model": Learnt(30, self.models),
            "from_model": Learnt(30, self.models),
            "to_model": Learnt(30, self.models),
            "feature": Learnt(20, self.features),
            "operation": Learnt(20),
            "route": Learnt(100),
            "tool": Learnt(50),
            "service": Learnt(20),
            "pool": Learnt(10),
            "dependency": Learnt(30),
            "version": Learnt(5),
            "commit": Learnt(5),
            "environment": Learnt(5),
            "python_version": Learnt(5),
        }


def _names(given: Mapping[str, str]) -> list[str]:
    every = [one.name for one in (*fields(Settings), *fields(Release))]
    return [name for name in every if _PREFIX + name.upper() in given]


def _known(values: tuple[str, ...]) -> Known:
    return Known(frozenset((*values, OTHER)))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _whole(text: str, otherwise: int) -> int:
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= _DIGITS and int(text)):
        raise ValueError(f"{_PREFIX}MAX_SERIES: found {text!r}, expected a whole number above 0")
    return int(text)


def _instant(text: str) -> float | None:
    if not text:
        return None
    try:
        at = float(text)
    except ValueError:
        at = _iso(text)
    # Milliseconds are beyond this, and so are infinity and what is no number.
    if 0 <= at < _YEAR_5000:
        return at
    raise ValueError(f"{_PREFIX}DEPLOYED_AT: found {text!r}, expected Unix seconds or ISO 8601")


def _iso(text: str) -> float:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return math.nan
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
