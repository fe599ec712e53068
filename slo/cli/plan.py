"""``slo plan``: what would change in Grafana."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from slo.cli.options import ConfigOption, EnvironmentOption, SpecsOption
from slo.cli.printing import print_json, print_plan

if TYPE_CHECKING:
    from slo.project.ready_plan import ReadyPlan

PruneOption = Annotated[
    bool, typer.Option("--prune", help="Delete what is slobook's there and no longer wanted.")
]
AdoptOption = Annotated[
    bool, typer.Option("--adopt", help="Replace what has our uids and is not slobook's.")
]
OnDriftOption = Annotated[
    Literal["keep", "overwrite"], typer.Option(help="What becomes of people's edits in Grafana.")
]


def plan(
    config: ConfigOption = Path("slobook.toml"),
    spec: SpecsOption = None,
    env: EnvironmentOption = "",
    prune: PruneOption = False,
    adopt: AdoptOption = False,
    on_drift: OnDriftOption = "keep",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the plan as JSON; 'slo apply' takes that, too.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Write the plan to a file, for 'slo apply FILE'.")
    ] = None,
) -> None:
    """Show what pushing dashboards and alert rules to Grafana would change; nothing is written.

    Drift is what people edited in Grafana since the last push: it stays, unless --on-drift
    overwrite. Contact points and notification policies are never touched.

    Exit codes: 0 nothing to do, 1 changes or drift, 2 a mistake or no server.

    Example: slo plan --env production --out plan.json
    """
    made = planned_push(config, spec, env, prune=prune, adopt=adopt, on_drift=on_drift)
    if out:
        _write(made, out)
    if as_json:
        from slo.plan.file import plan_document

        print_json(plan_document(made))
    else:
        print_plan(made)
    raise typer.Exit(1 if made.changes else 0)


def planned_push(
    config: Path,
    spec: list[Path] | None,
    env: str,
    *,
    prune: bool,
    adopt: bool,
    on_drift: Literal["keep", "overwrite"],
) -> ReadyPlan:
    """The plan that the options ask for."""
    from slo.cli.target import chosen_project
    from slo.targets.grafana.planning import Allowed

    project = chosen_project(config, specs=spec)
    allowed = Allowed(adopt=adopt, prune=prune, on_drift=on_drift)
    return project.plan("grafana", environment=env, allowed=allowed)


def _write(made: ReadyPlan, path: Path) -> None:
    from slo.atomic import replacing
    from slo.plan.file import plan_document

    with replacing(path) as file:
        text = json.dumps(plan_document(made), indent=1, ensure_ascii=False)
        file.write_text(text + "\n", encoding="utf-8")
