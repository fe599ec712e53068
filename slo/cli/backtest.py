"""``slo backtest``: what the alerts would have done."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from slo.cli.options import ConfigOption, HistoryOption, IncidentsOption, JsonOption, SpecsOption
from slo.cli.printing import duration, percent, print_json, print_table

if TYPE_CHECKING:
    from slo.backtest import Backtest


def backtest(
    names: Annotated[
        list[str] | None, typer.Argument(help="Objectives by name; all if none.")
    ] = None,
    config: ConfigOption = Path("slobook.toml"),
    spec: SpecsOption = None,
    history: HistoryOption = None,
    incidents: IncidentsOption = None,
    policy: Annotated[
        str, typer.Option(help="One of the workbook's approaches instead of the specified alerts.")
    ] = "",
    offset: Annotated[
        str, typer.Option(help="When rules are evaluated within their interval, such as 17s.")
    ] = "",
    time_zone: Annotated[
        str, typer.Option(help="Whose nights count as nights, such as Europe/Berlin.")
    ] = "UTC",
    as_json: JsonOption = False,
) -> None:
    """Replay the alerts over the history and hold them against the labelled incidents.

    Exits with 1 where an incident was seen by no alert.

    Example: slo backtest ticket-success --policy "multiple burn rates"
    """
    from slo.cli.target import chosen_project
    from slo.errors import ConfigError

    if history and not history.exists():
        raise ConfigError(f"--history {history}: there is no such file")
    project = chosen_project(config, specs=spec, snapshot=history, incidents=incidents)
    slos = [project[name] for name in names] if names else list(project.slos)
    past = project.history(*slos)
    results = [project.backtest(one, past) for one in slos]
    if as_json:
        print_json([as_json_value(result) for result in results])
    else:
        for result in results:
            print_backtest(result)
    if any(result.missed for result in results):
        raise typer.Exit(1)


def print_backtest(result: Backtest) -> None:
    """A verdict, a table of scores, and what was missed or false."""
    from slo.model.span import format_instant

    one = result.slo
    typer.echo(f"{one.title} ({one.name}): {one.objective} over {one.period}. {verdict(result)}")
    header = ["alert", "episodes", "precision", "recall", "detection", "worst", "reset"]
    header += ["budget spent", "a week", "in alert"]
    rows = [
        [
            score.by,
            str(score.episodes),
            percent(score.precision),
            percent(score.recall),
            duration(score.detection_median),
            duration(score.detection_worst),
            duration(score.reset_median),
            percent(score.budget_at_detection, 1),
            f"{score.episodes_a_week:.2f}",
            percent(score.time_in_alert, 2),
        ]
        for score in result.results
    ]
    print_table("", header, rows)
    for outcome in result.outcomes:
        if not outcome.detections:
            spent, incident = percent(outcome.budget_spent, 1), outcome.incident
            typer.echo(f"  missed: {incident.name}, {incident.span}, spent {spent} of the budget")
    # Without labels nothing says that an episode is false.
    kind = "false" if result.outcomes else "fired"
    for episode in result.false_episodes:
        end = format_instant(episode.end) if episode.end else "still firing"
        typer.echo(f"  {kind}: {episode.alert}, {format_instant(episode.start)} to {end}")
    if result.unjudged:
        typer.echo(
            f"  not judged: {len(result.unjudged)} episodes that began before the history filled "
            "their alert's long window"
        )
    typer.echo("")


def verdict(result: Backtest) -> str:
    """A sentence: how many incidents were caught, and how many alerts were false."""
    from slo.backtest import ANY

    together = result.score(ANY)
    false = len(result.false_episodes)
    if not together.incidents:
        return f"No labelled incident; {len(result.episodes)} episodes."
    return (
        f"{together.detected} of {together.incidents} incidents caught, "
        f"{len(result.episodes)} episodes, {false} of them false."
    )


def as_json_value(result: Backtest) -> dict[str, Any]:
    """A backtest as JSON holds it: instants and durations in milliseconds, shares 0 to 1."""
    return {
        "slo": result.slo.name,
        "service": result.slo.service,
        "span": asdict(result.span),
        "evaluation_interval": result.interval,
        "scores": [asdict(score) for score in result.results],
        "episodes": [asdict(episode) for episode in result.episodes],
        "false_episodes": [asdict(episode) for episode in result.false_episodes],
        "unjudged": [asdict(episode) for episode in result.unjudged],
        "incidents": [asdict(outcome) for outcome in result.outcomes],
    }
