"""``slo snapshot``: keep what Prometheus remembers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from slo.cli.options import ConfigOption, SpecsOption
from slo.cli.printing import duration, say


def snapshot(
    config: ConfigOption = Path("slobook.toml"),
    days: Annotated[float, typer.Option(min=0.01, help="How many days back.")] = 42,
    end: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"],
            metavar="TIME",
            help="Up to when, in UTC; now if not given.",
        ),
    ] = None,
    url: Annotated[
        str, typer.Option(metavar="URL", help="Prometheus, instead of the project's.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="The snapshot to write, instead of the project's.")
    ] = None,
    spec: SpecsOption = None,
) -> None:
    """Fetch the raw samples that the objectives read, and keep them as a Parquet file.

    Example: slo snapshot --days 42 --url http://127.0.0.1:9090
    """
    from slo.cli.target import chosen_project
    from slo.history.contents import what_is_missing
    from slo.history.snapshot import write_snapshot
    from slo.model.span import to_milliseconds

    project = chosen_project(config, specs=spec, url=url, snapshot=out)
    until = to_milliseconds(end.replace(tzinfo=UTC)) if end else None
    asked = project.fetch(days=days, end=until)
    history = asked.from_first_sample()
    project.snapshot_path.parent.mkdir(parents=True, exist_ok=True)
    write_snapshot(history, project.snapshot_path)
    say(
        f"{project.snapshot_path}: {history.sample_count:,} samples of {len(history.series)} "
        f"series, {history.span}, from Prometheus {history.server_version or '(unknown version)'} "
        f"at {history.source}"
    )
    if history.span != asked.span:
        say(
            f"Prometheus remembers {duration(history.span.length)} of the "
            f"{duration(asked.span.length)} that were asked for: the snapshot begins there"
        )
    missing = what_is_missing(project.slos, history)
    for message in missing:
        say(message, err=True)
    if missing:
        raise typer.Exit(1)
