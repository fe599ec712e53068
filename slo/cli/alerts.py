"""``slo alerts``: what the alerts on thresholds would have done."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from slo.cli import completion
from slo.cli.options import ConfigOption, HistoryOption, IncidentsOption, JsonOption, SpecsOption
from slo.cli.printing import duration, percent, print_json, print_table, say

if TYPE_CHECKING:
    from slo.backtest import AlertBacktest
    from slo.model.service_alert import ServiceAlert


def alerts(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Alerts by name; all if none.", autocompletion=completion.alerts),
    ] = None,
    config: ConfigOption = Path("slobook.toml"),
    spec: SpecsOption = None,
    history: HistoryOption = None,
    incidents: IncidentsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Replay the alerts on thresholds and cost budgets over the history.

    Each is held against the incidents that name its signal. Exits with 1 where one of these was
    seen by no alert on that signal.

    Example: slo alerts queue-depth-critical queue-depth-warning
    """
    from slo.cli.target import chosen_project, without_data
    from slo.documentation import documentation
    from slo.errors import NotEnoughData

    project = chosen_project(config, specs=spec, snapshot=history, incidents=incidents)
    chosen = [project.alert(name) for name in names] if names else list(project.alerts)
    past = project.alert_history(*chosen)
    tried: list[tuple[ServiceAlert, AlertBacktest]] = []
    without: dict[str, str] = {}
    for one in project.watched(chosen, "Replaying"):
        try:
            tried.append((one, project.backtest_alert(one, past)))
        except NotEnoughData as error:
            without[one.name] = str(error)
    missed = _missed(tried)
    if as_json:
        found = [_json_value(*pair) for pair in tried]
        print_json({"alerts": found, "without_data": without, "missed": missed})
    else:
        if not chosen:
            say(
                f"The specifications have no alerts on thresholds or on cost "
                f"({documentation('alerts.md')}); "
                "alerts on burn rates are replayed by 'slo backtest'."
            )
        _print(tried)
        for name in missed:
            say(f"missed: {name}")
        for line in without_data(list(without.values()), past):
            say(line)
    if missed:
        raise typer.Exit(1)


def _missed(tried: list[tuple[ServiceAlert, AlertBacktest]]) -> list[str]:
    """Incidents that no alert on a signal that they name has seen."""
    there = {i.incident.name for _, result in tried for i in result.outcomes}
    seen = {i.incident.name for _, result in tried for i in result.outcomes if i.detections}
    return sorted(there - seen)


def _print(tried: list[tuple[ServiceAlert, AlertBacktest]]) -> None:
    if not tried:
        return
    header = ["alert", "when", "episodes", "false", "seen", "detection", "a week", "nights"]
    rows = [_row(*pair) for pair in tried]
    print_table("What the alerts on thresholds would have done", header, rows, texts=2)


def _row(one: ServiceAlert, result: AlertBacktest) -> list[str]:
    from slo.backtest import ANY

    score = result.score(ANY)
    return [
        one.name,
        str(one.alert),
        str(score.episodes),
        str(len(result.false_episodes)) if score.incidents else "-",
        f"{score.detected} of {score.incidents}" if score.incidents else "-",
        duration(score.detection_median),
        f"{score.episodes_a_week:.2f}",
        str(score.at_night) if score.episodes else percent(float("nan")),
    ]


def _json_value(one: ServiceAlert, result: AlertBacktest) -> dict[str, Any]:
    """Instants and durations in milliseconds, shares 0 to 1."""
    return {
        "alert": one.name,
        "service": one.service,
        "signal": one.signal,
        "severity": one.alert.severity,
        "scores": [asdict(score) for score in result.results],
        "episodes": [asdict(episode) for episode in result.episodes],
        "false_episodes": [asdict(episode) for episode in result.false_episodes],
        "incidents": [asdict(outcome) for outcome in result.outcomes],
        "missed": [incident.name for incident in result.missed],
    }
