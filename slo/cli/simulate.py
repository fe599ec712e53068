"""``slo simulate``: a believable history with known incidents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from slo.cli.printing import say
from slo.counting import counted
from slo.progress import in_terminal

if TYPE_CHECKING:
    from slo.simulate import Scenario

_WEEKS = 6
_BYTES_A_LINE = 185
"""Of OpenMetrics text, on average."""
_ONE_BLOCK = "--max-block-duration=39366h"
"""2h times a power of 3: the next lower one is what promtool rounds to."""


def simulate(
    scenario: Annotated[
        str,
        typer.Option(
            metavar="PATH|NAME", help="A file, or calm-quarter, bad-month and others of ours."
        ),
    ] = "",
    weeks: Annotated[
        int | None, typer.Option(min=1, max=60, help="How many weeks; 6 if not told.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed gives the same history.")
    ] = None,
    start: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="First day, in UTC."),
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

    Example: slo simulate --scenario bad-month --out history/ai-support.parquet
    """
    from slo.history.incidents import write_incidents
    from slo.history.snapshot import write_snapshot
    from slo.simulate.agent import simulate as run
    from slo.simulate.openmetrics import write_openmetrics

    planned = _planned(scenario, weeks, seed, start)
    began = perf_counter()
    with in_terminal("Simulating") as advance:
        made = run(planned, advance)
    took = perf_counter() - began
    labels = incidents or out.parent / "incidents.csv"
    for folder in (out.parent, labels.parent):
        folder.mkdir(parents=True, exist_ok=True)
    write_snapshot(made.history, out)
    write_incidents(made.incidents, labels)
    say(
        f"{out}: {made.history.sample_count:,} samples of {len(made.history.series)} series, "
        f"{made.history.span}, {made.history.sample_count / took / 1e6:.0f} million a second"
    )
    say(f"{labels}: {counted(len(made.incidents), 'incident')}")
    if openmetrics:
        openmetrics.parent.mkdir(parents=True, exist_ok=True)
        size = made.history.sample_count * _BYTES_A_LINE / 1e9
        if size >= 1:
            say(
                f"Writing about {size:.0f} GB to {openmetrics}; fewer --weeks are less. promtool "
                f"reads it once for each block: let it make one, by {_ONE_BLOCK}"
            )
        with in_terminal(f"Writing {openmetrics.name}") as advance:
            write_openmetrics(made.history, openmetrics, advance)
        say(
            f"{openmetrics}: the same samples as OpenMetrics text, for 'promtool tsdb "
            f"create-blocks-from {_ONE_BLOCK} openmetrics {openmetrics} FOLDER'"
        )


def _planned(
    scenario: str, weeks: int | None, seed: int | None, start: datetime | None
) -> Scenario:
    """A scenario by its name, or the usual weeks."""
    from slo.errors import ConfigError
    from slo.model.span import to_milliseconds
    from slo.simulate import default_scenario
    from slo.simulate.scenario_file import read_scenario

    if scenario:
        if weeks is not None or start is not None:
            raise ConfigError(
                f"--scenario {scenario}: found --weeks or --start beside it, expected neither: "
                "the scenario says how long it is and when it begins"
            )
        planned = read_scenario(scenario)
        return planned if seed is None else replace(planned, seed=seed)
    usual = default_scenario(weeks=weeks or _WEEKS)
    began = to_milliseconds(start.replace(tzinfo=UTC)) if start else usual.start
    return replace(usual, start=began, seed=usual.seed if seed is None else seed)
