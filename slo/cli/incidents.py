"""``slo incidents``: what the alerts are judged by."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    from slo.model.incident import GroundTruth
    from slo.model.samples import History
    from slo.model.slo import Slo


def incidents(
    names: ObjectivesArgument = None,
    config: ConfigOption = Path("slobook.toml"),
    spec: SpecsOption = None,
    history: HistoryOption = None,
    labelled: IncidentsOption = None,
    derive: Annotated[
        float,
        typer.Option(help="Derive stretches that spent so many percent of the budget instead."),
    ] = 0.0,
    write: Annotated[
        Path | None, typer.Option(help="Write the incidents as CSV, to be corrected by people.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the incidents that alerts are judged by, what they cost, and what is excluded.

    Where no file holds any, they are derived from the history, and said to be. Exits with 1
    where an objective has no data.

    Example: slo incidents --derive 2 --write history/incidents.csv
    """
    from slo.cli.target import chosen_project, judged
    from slo.derive import derived_incidents
    from slo.errors import ConfigError
    from slo.history.incidents import write_incidents
    from slo.model.incident import GroundTruth

    if derive and not 0 < derive <= 100:  # noqa: PLR2004  percent
        raise ConfigError(f"--derive: found {derive:g}, expected a percentage above 0, up to 100")
    project = chosen_project(config, specs=spec, snapshot=history, incidents=labelled)
    slos, past, complete = judged(project, names)
    truths = {
        one: GroundTruth(derived_incidents(one, past, derive / 100), project.exclusions, True)
        if derive
        else project.ground_truth(one, past)
        for one in slos
    }
    if write:
        if write.exists():
            raise ConfigError(f"--write {write}: there is such a file; name another")
        write_incidents({i: None for t in truths.values() for i in t.incidents}, write)
        say(f"written: {write}", err=True)
    if as_json:
        print_json([_as_json(one, truth) for one, truth in truths.items()])
    else:
        for one, truth in truths.items():
            _print(one, truth, past)
    if not complete:
        raise typer.Exit(1)


def _print(one: Slo, truth: GroundTruth, history: History) -> None:
    from slo.backtest import replay
    from slo.model.span import format_instant

    past = replay(one, history, truth.incidents, exclusions=truth.exclusions)
    outcomes = past.backtest(one).outcomes
    kind = "derived from the history, as none is labelled" if truth.derived else "labelled"
    say(f"{one.title} ({one.name}): {counted(len(outcomes), 'incident')}, {kind}.")
    rows = [
        [
            outcome.incident.name,
            outcome.incident.kind,
            format_instant(outcome.incident.span.start),
            outcome.incident.source,
            duration(outcome.incident.span.length),
            percent(outcome.budget_spent, 1),
        ]
        for outcome in outcomes
    ]
    if rows:
        header = ["incident", "kind", "start", "source", "length", "budget spent"]
        print_table("", header, rows, texts=4)
    for exclusion in past.exclusions:
        say(
            f"  not judged: {exclusion.name}, {exclusion.span}, by {exclusion.author}: "
            f"{exclusion.reason}"
        )
    typer.echo("")


def _as_json(one: Slo, truth: GroundTruth) -> dict[str, object]:
    return {
        "slo": one.name,
        "service": one.service,
        "derived": truth.derived,
        "incidents": [asdict(i) for i in truth.incidents if i.touches(one.service, one.name)],
        "exclusions": [asdict(x) for x in truth.exclusions if x.touches(one.service, one.name)],
    }
