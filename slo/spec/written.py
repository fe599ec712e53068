"""An alert as it is written in a specification."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from slo.model import names
from slo.model.duration import format_duration

if TYPE_CHECKING:
    from slo.model.alert import BurnRateAlert


def written_alert(alert: BurnRateAlert) -> tuple[str, ...]:
    """The lines of an AlertPolicy in place, as an item of ``alertPolicies``, from its dash on."""
    annotations = written_annotations(alert)
    metadata: list[str] = []
    if annotations:
        metadata = ["        metadata:", "          annotations:"]
        metadata += [f"            {name}: {value}" for name, value in annotations.items()]
    return (
        "- kind: AlertPolicy",
        "  metadata:",
        f"    name: {alert.name}",
        "  spec:",
        "    conditions:",
        "      - kind: AlertCondition",
        *metadata,
        "        spec:",
        f"          severity: {alert.severity}",
        "          condition:",
        "            kind: burnrate",
        "            op: gt",
        f"            threshold: {written_number(alert.factor)}",
        f"            lookbackWindow: {format_duration(alert.long)}",
        f"            alertAfter: {written_duration(alert.hold)}",
    )


def written_annotations(alert: BurnRateAlert) -> dict[str, str]:
    """What OpenSLO cannot say of an alert."""
    annotations = {}
    if alert.short != alert.long:
        annotations[names.SHORT_WINDOW] = format_duration(alert.short)
    if alert.keep_firing:
        annotations[names.KEEP_FIRING_FOR] = format_duration(alert.keep_firing)
    return annotations


def written_number(value: float) -> str:
    """A number with the digits that read back as the same float."""
    return f"{Decimal(repr(value)).normalize():f}"


def written_duration(milliseconds: int) -> str:
    """A duration that may be 0."""
    return format_duration(milliseconds) if milliseconds else "0m"
