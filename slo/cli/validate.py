"""``slo validate``: are the specifications right?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slo.cli.options import ConfigOption, JsonOption
from slo.cli.printing import print_json, say
from slo.counting import counted


def validate(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; the project's if none.")
    ] = None,
    config: ConfigOption = Path("slobook.toml"),
    as_json: JsonOption = False,
) -> None:
    """Check specifications; every fault is listed with its file, line and field.

    Example: slo validate specs/checkout.yaml
    """
    from slo.errors import SpecError
    from slo.project import open_project
    from slo.spec import read_specs

    try:
        specs = read_specs(paths) if paths else open_project(config).specs
    except SpecError as error:
        if as_json:
            print_json({"valid": False, "faults": [vars(fault) for fault in error.faults]})
            raise typer.Exit(2) from None
        raise
    if as_json:
        names = [f"{one.service}/{one.name}" for one in specs.slos]
        told = [f"{one.service}/{one.name}" for one in specs.alerts]
        models = [f"{one.service}/{one.name}" for one in specs.cost_models]
        policies = [f"{one.service}/{one.name}" for one in specs.error_budget_policies]
        print_json(
            {
                "valid": True,
                "slos": names,
                "alerts": told,
                "cost_models": models,
                "error_budget_policies": policies,
                "faults": [],
            }
        )
        return
    for one in specs.slos:
        alerts = ", ".join(str(alert) for alert in one.policy.alerts) or "no alerts"
        say(f"{one.service}/{one.name}: {one.objective} over {one.period}; {alerts}")
    for alert in specs.alerts:
        say(f"{alert.service}/{alert.name}: {alert.alert}")
    for model in specs.cost_models:
        say(f"{model.service}/{model.name}: {model}")
    for policy in specs.error_budget_policies:
        say(f"{policy.service}/{policy.name}: {policy}")
    found = (
        counted(len(specs.slos), "SLO"),
        counted(len(specs.alerts), "alert on thresholds", "alerts on thresholds"),
        counted(len(specs.services), "service"),
    )
    say(f"Valid: {', '.join(found)}.")
