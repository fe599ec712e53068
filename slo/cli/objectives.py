"""``slo objectives``: what a service can promise, and what its alerts mean at its traffic."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from slo.cli.options import (
    ConfigOption,
    HistoryOption,
    IncidentsOption,
    JsonOption,
    ObjectivesArgument,
    SpecsOption,
)
from slo.cli.printing import duration, percent, print_json, print_table, say
from slo.counting import counted

if TYPE_CHECKING:
    from slo.tune.low_traffic import AlertOnFewEvents
    from slo.tune.outlook import Outlook, Prospect


def objectives(
    names: ObjectivesArgument = None,
    config: ConfigOption = Path("slobook.toml"),
    spec: SpecsOption = None,
    history: HistoryOption = None,
    incidents: IncidentsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say with which chance each target will be kept, and what each nine costs.

    Also what each alert means at the service's traffic: where events are few, single failures
    call people. Exits with 1 where an objective is one that nobody keeps, or has no data.

    Example: slo objectives ticket-success
    """
    from slo.cli.target import chosen_project, judged

    project = chosen_project(config, specs=spec, snapshot=history, incidents=incidents)
    slos, past, complete = judged(project, names)
    found = [(project.outlook(one, past), project.low_traffic(one, past)) for one in slos]
    if as_json:
        print_json([_as_json(outlook, alerts) for outlook, alerts in found])
    else:
        for outlook, alerts in found:
            _print(outlook, alerts)
    if not complete or any(outlook.hopeless for outlook, _ in found):
        raise typer.Exit(1)


def _print(outlook: Outlook, alerts: tuple[AlertOnFewEvents, ...]) -> None:
    from slo.model.duration import MINUTE
    from slo.tune.low_traffic import few_events

    one = outlook.slo
    say(f"{one.title} ({one.name}), {one.period}: {outlook.verdict}")
    for warning in outlook.warnings:
        say(f"  note: {warning}")
    rows = [
        [
            f"{prospect.objective}{' *' if prospect is outlook.present else ''}",
            _chance(prospect),
            percent(prospect.kept),
            duration(prospect.minutes * MINUTE),
            f"{prospect.failures:,.0f}",
        ]
        for prospect in outlook.prospects
    ]
    header = ["target (* specified)", "chance to keep it", "kept so far", "outage", "failures"]
    print_table(f"Out of {counted(outlook.days, 'day')}; 90 % intervals", header, rows)
    for alert in alerts:
        say(f"  {alert.alert.name}: {few_events(alert)}")
    typer.echo("")


def _chance(prospect: Prospect) -> str:
    low, high = prospect.bounds.low, prospect.bounds.high
    if low != low:  # noqa: PLR0124  NaN: the history is shorter than a period
        return percent(prospect.chance)
    return f"{percent(prospect.chance)} ({percent(low)} to {percent(high)})"


def _as_json(outlook: Outlook, alerts: tuple[AlertOnFewEvents, ...]) -> dict[str, Any]:
    return {
        "slo": outlook.slo.name,
        "service": outlook.slo.service,
        "days": outlook.days,
        "verdict": outlook.verdict,
        "warnings": list(outlook.warnings),
        "recommended": str(outlook.recommended.ratio) if outlook.recommended else None,
        "achievable": outlook.achievable,
        "targets": [
            {**asdict(one), "objective": str(one.objective.ratio)} for one in outlook.prospects
        ],
        "alerts": [
            {
                **asdict(one),
                "fewer_nines": str(one.fewer_nines.ratio) if one.fewer_nines else None,
                "chance_in_a_week": one.chance_in_a_week,
            }
            for one in alerts
        ],
    }
