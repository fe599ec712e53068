"""Runbooks as far as specifications can write them: people write what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model import names
from slo.model.duration import MINUTE, format_duration
from slo.promql import error_ratio
from slo.promql_expression import measured
from slo.rules.threshold import threshold_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.service_alert import ServiceAlert
    from slo.model.slo import Slo

SECTIONS = ("Meaning", "Impact", "Diagnosis", "Mitigation")
"""The headings of every runbook, in their order."""

_WINDOW = 5 * MINUTE


def runbook_names(slos: Sequence[Slo], alerts: Sequence[ServiceAlert]) -> tuple[str, ...]:
    """The files that objectives and alerts name as their runbooks, each once; links are none."""
    named = (*(slo.runbook for slo in slos), *(one.runbook for one in alerts))
    return tuple(sorted({name for name in named if name and "://" not in name}))


def runbook_skeleton(name: str, slos: Sequence[Slo], alerts: Sequence[ServiceAlert]) -> str:
    """A runbook with everything that specifications say, and gaps for what they cannot.

    Args:
        name: As the specifications write it.
        slos: Objectives, of which those with this runbook are taken.
        alerts: Alerts on thresholds, likewise.

    Raises:
        ValueError: Nothing has such a runbook.

    """
    own, told = _of(name, slos, alerts)
    if not own and not told:
        message = f"neither an objective nor an alert has the runbook {name}"
        raise ValueError(message)
    titles = (*(one.title for one in told), *(slo.title for slo in own))
    rules = (
        *(names.threshold_alert_name(one.name) for one in told),
        *(names.alert_name(slo.name, alert.name) for slo in own for alert in slo.policy.alerts),
    )
    return "\n".join(
        (
            f"# {titles[0]}",
            "",
            f"Alerts: {', '.join(f'`{rule}`' for rule in rules)}",
            "",
            "## Meaning",
            "",
            *(f"- {_meaning_of_alert(one)}" for one in told),
            *(f"- {_meaning_of_slo(slo)}" for slo in own),
            "",
            "## Impact",
            "",
            "TODO: who feels what, and how soon?",
            "",
            "## Diagnosis",
            "",
            *(line for query in _queries(own, told) for line in ("```promql", query, "```", "")),
            "TODO: which answer leads where?",
            "",
            "## Mitigation",
            "",
            *(f"- {action}" for action in dict.fromkeys(one.action for one in told) if action),
            "TODO: what to do now, safest first, and how to see that it helped.",
            "",
        )
    )


def _of(
    name: str, slos: Sequence[Slo], alerts: Sequence[ServiceAlert]
) -> tuple[list[Slo], list[ServiceAlert]]:
    return [slo for slo in slos if slo.runbook == name], [a for a in alerts if a.runbook == name]


def _meaning_of_alert(one: ServiceAlert) -> str:
    alert = one.alert
    limit = threshold_text(alert.threshold, one.unit)
    held = f" for {format_duration(alert.hold)}" if alert.hold else ""
    return f"{one.summary} ({alert.comparison} {limit}{held}). {one.description}".strip()


def _meaning_of_slo(slo: Slo) -> str:
    return f"{slo.title}, {slo.objective} over {slo.period}. {slo.description}".strip()


def _queries(slos: Sequence[Slo], alerts: Sequence[ServiceAlert]) -> list[str]:
    """What is compared, without the comparison."""
    asked = [measured(one.alert.measure, one.alert.short) for one in alerts]
    asked += [error_ratio(slo.indicator, _WINDOW) for slo in slos]
    return list(dict.fromkeys(asked))
