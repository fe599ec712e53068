"""``slo notifications``: who is told by Grafana's own alerting."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slo.cli.options import ConfigOption, EnvironmentOption
from slo.cli.printing import print_json


def notifications(
    config: ConfigOption = Path("slobook.toml"),
    env: EnvironmentOption = "",
    push: Annotated[
        bool, typer.Option("--push", help="Put them into Grafana, beside all that is there.")
    ] = False,
) -> None:
    """Print Grafana's contact points and the route of our alerts; 'slo apply' never pushes them.

    Pages go to PagerDuty, tickets to the chat. Secrets stand there as $VARIABLE, which Grafana's
    own provisioning files understand.

    Example: slo notifications --env production --push
    """
    from slo.cli.target import chosen_project
    from slo.targets.grafana.notifications import contact_points, push_notifications, route

    project = chosen_project(config)
    settings, server = project.notifications, project.grafana(env)
    if not push:
        print_json({"contactPoints": contact_points(settings), "route": route(server.folder)})
        return
    for one in push_notifications(settings, server):
        typer.echo(f"done: {one}")
