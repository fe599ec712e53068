"""``slo apply``: make in Grafana what a plan says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slo.cli.options import ConfigOption, EnvironmentOption, SpecsOption
from slo.cli.plan import AdoptOption, OnDriftOption, PruneOption, planned_push
from slo.cli.printing import print_plan

if TYPE_CHECKING:
    from slo.plan import Change
    from slo.project.ready_plan import ReadyPlan


def apply(
    file: Annotated[
        Path | None, typer.Argument(help="A plan that 'slo plan --out' wrote; made anew if none.")
    ] = None,
    config: ConfigOption = Path("slobook.toml"),
    spec: SpecsOption = None,
    env: EnvironmentOption = "",
    prune: PruneOption = False,
    adopt: AdoptOption = False,
    on_drift: OnDriftOption = "keep",
    force: Annotated[
        bool, typer.Option("--force", help="Also where more than a third would change or go.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask in a terminal.")] = False,
) -> None:
    """Push dashboards and alert rules to Grafana.

    With FILE exactly that plan, unless Grafana has changed since: then nothing is written, and it
    says who changed what. What people edited in Grafana stays, unless --on-drift overwrite.

    Exit codes: 0 all is as wanted, 1 something was left alone, 2 a mistake, or it failed: run it
    again, and it does what is left.

    Example: slo apply plan.json
    """
    if file:
        _refuse_both(prune=prune, adopt=adopt, overwrite=on_drift == "overwrite")
        made = _reviewed(file, config, spec, env)
    else:
        made = planned_push(config, spec, env, prune=prune, adopt=adopt, on_drift=on_drift)
    print_plan(made)
    if made.to_do:
        if not force:
            made.raise_if_unsafe()
        if sys.stdin.isatty() and not yes:
            typer.confirm("Make these changes?", abort=True)
        made_now: list[Change] = []

        def advance(change: Change) -> None:
            made_now.append(change)
            typer.echo(f"done: {change}")

        made.apply(share=1, advance=advance)
        if not made_now:
            typer.echo("nothing to do: an earlier run made all of it")
    raise typer.Exit(1 if made.left_alone else 0)


def _reviewed(file: Path, config: Path, spec: list[Path] | None, env: str) -> ReadyPlan:
    from slo.cli.target import chosen_project

    return chosen_project(config, specs=spec).planned(file, env)


def _refuse_both(*, prune: bool, adopt: bool, overwrite: bool) -> None:
    """A plan's file says already what is to be done."""
    from slo.errors import ConfigError

    asked = [
        option
        for option, given in (
            ("--prune", prune),
            ("--adopt", adopt),
            ("--on-drift overwrite", overwrite),
        )
        if given
    ]
    if asked:
        raise ConfigError(
            f"{', '.join(asked)}: found beside a plan's file, expected when the plan is made: "
            "slo plan --out"
        )
