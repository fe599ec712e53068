"""``slo schedule``: the ready piece that makes a scheduler call ``slo run-due``."""

from __future__ import annotations

import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slo.cli.options import ConfigOption

if TYPE_CHECKING:
    from slo.configuration import Configuration
    from slo.manifests.schedule import Schedule


class Scheduler(StrEnum):
    """Who calls."""

    CRON = "cron"
    SYSTEMD = "systemd"
    KUBERNETES = "kubernetes"
    AIRFLOW = "airflow"
    GITHUB_ACTIONS = "github-actions"


def schedule(
    scheduler: Annotated[Scheduler, typer.Argument(help="Who is to call 'slo run-due'.")],
    config: ConfigOption = Path("slobook.toml"),
    into: Annotated[
        Path | None, typer.Option(help="Write the files into this folder, instead of printing.")
    ] = None,
) -> None:
    """Print what makes a scheduler bring the weekly reports up to date.

    Nothing is installed: look at it, and put it where your scheduler finds it.

    Example: slo schedule systemd --into /etc/systemd/system
    """
    from slo.atomic import replacing
    from slo.manifests.schedule import SCHEDULERS
    from slo.project import open_project

    project = open_project(config)
    files = SCHEDULERS[scheduler](_schedule(project.file, project.configuration))
    for file in files:
        if into:
            path = into / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as written:
                written.write_text(file.text, encoding="utf-8")
            typer.echo(f"Wrote {path}")
        else:
            head = f"# ---- {Path(file.path).name} ----\n" if len(files) > 1 else ""
            typer.echo(f"{head}{file.text}", nl=len(files) > 1)


def _schedule(file: Path, configuration: Configuration) -> Schedule:
    from slo.configuration.variables import variables_of_runs
    from slo.manifests.schedule import Schedule

    beside = Path(sys.executable).with_name("slo")
    command = str(beside) if beside.exists() else shutil.which("slo") or "slo"
    secrets = variables_of_runs(configuration)
    reports = configuration.project.reports
    ways = {one.to for one in configuration.delivery}
    needed = {"object-store": "delivery", "grafana": "grafana"}
    extras = ("report", *(extra for way, extra in needed.items() if way in ways))
    return Schedule(Path(command), file, reports, secrets, configuration.manifests, extras)
