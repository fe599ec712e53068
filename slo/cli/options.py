"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slo.cli.completion import environments, objectives

ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", help="The project's configuration file.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON value for scripts.")]
SpecsOption = Annotated[
    list[Path] | None,
    typer.Option("--spec", help="Specification file or folder, instead of the project's."),
]
HistoryOption = Annotated[
    Path | None, typer.Option("--history", help="Snapshot, instead of the project's.")
]
IncidentsOption = Annotated[
    Path | None, typer.Option("--incidents", help="File of incidents, instead of the project's.")
]
EnvironmentOption = Annotated[
    str,
    typer.Option(
        "--env",
        help="Environment of Grafana; none where there is only one.",
        autocompletion=environments,
    ),
]
ObjectivesArgument = Annotated[
    list[str] | None,
    typer.Argument(help="Objectives by name; all if none.", autocompletion=objectives),
]
