"""``slo simulate``: a believable history with known incidents."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from slo.cli.printing import progress


def simulate(
    weeks: Annotated[int, typer.Option(min=1, max=60, help="How many weeks.")] = 6,
    seed: Annotated[int, typer.Option(help="The same seed gives the same history.")] = 7,
    start: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day, in UTC.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The Parquet snapshot to write.")] = Path(
        "history/ai-support.parquet"
    ),
    incidents: Annotated[
        Path | None, typer.Option(help="Its incidents; incidents.csv beside the snapshot if none.")
    ] = None,
    openmetrics: Annotated[
        Path | None,
        typer.Option(help="Also OpenMetrics text, for 'promtool tsdb create-blocks-from'."),
    ] = None,
) -> None:
    """Simulate the AI support agent: traffic, latency, tokens, cost, and labelled incidents.

    Example: slo simulate --weeks 6 --out history/ai-support.parquet
    """
    from slo.history.incidents import write_incidents
    from slo.history.snapshot import write_snapshot
    from slo.simulate import default_scenario
    from slo.simulate.agent import simulate as run
    from slo.simulate.openmetrics import write_openmetrics

    moments = {"start": start.replace(tzinfo=UTC)} if start else {}
    with progress("Simulating") as advance:
        made = run(default_scenario(weeks=weeks, seed=seed, **moments), advance)
    labels = incidents or out.parent / "incidents.csv"
    for folder in (out.parent, labels.parent):
        folder.mkdir(parents=True, exist_ok=True)
    write_snapshot(made.history, out)
    write_incidents(made.incidents, labels)
    typer.echo(
        f"{out}: {made.history.sample_count:,} samples of {len(made.history.series)} series, "
        f"{made.history.span}"
    )
    typer.echo(f"{labels}: {len(made.incidents)} incidents")
    if openmetrics:
        openmetrics.parent.mkdir(parents=True, exist_ok=True)
        write_openmetrics(made.history, openmetrics)
        typer.echo(f"{openmetrics}: the same samples as OpenMetrics text")
