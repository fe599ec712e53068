"""``slo annotate``: mark deployments, incidents and episodes in Grafana."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slo.cli.help import Verbs
from slo.cli.options import (
    ConfigOption,
    EnvironmentOption,
    HistoryOption,
    ObjectivesArgument,
    SpecsOption,
)

if TYPE_CHECKING:
    from slo.plan import Plan

annotate = typer.Typer(
    cls=Verbs,
    help="Mark deployments, incidents and backtested episodes in Grafana.",
    no_args_is_help=True,
)

RemoveOption = Annotated[
    bool, typer.Option("--remove", help="Take away again what was pushed of this kind.")
]


@annotate.command()
def deploy(
    version: Annotated[str, typer.Option(help="What was deployed.")],
    name: Annotated[
        str, typer.Option("--id", help="Tells it from others; service, version, environment.")
    ] = "",
    environment: Annotated[str, typer.Option(help="Where it was deployed to.")] = "",
    service: Annotated[str, typer.Option(help="What was deployed.")] = "",
    at: Annotated[str, typer.Option(help="When, such as 2026-11-26T12:00:00Z; now if empty.")] = "",
    config: ConfigOption = Path("slobook.toml"),
    env: EnvironmentOption = "",
) -> None:
    """Mark a deployment on every dashboard, once however often a pipeline runs this.

    Example: slo annotate deploy --version 1.4.2 --environment production --id "$CI_PIPELINE_ID"
    """
    from slo.cli.target import chosen_project
    from slo.targets.grafana.annotating import annotate as put
    from slo.targets.grafana.annotations import deployment

    one = deployment(version, _instant(at), name, environment, service)
    made = put([one], chosen_project(config).grafana(env))
    typer.echo(f"{one.text}: {'marked' if made.changes else 'was marked before'} as {one.key}")


@annotate.command()
def incidents(
    config: ConfigOption = Path("slobook.toml"),
    env: EnvironmentOption = "",
    remove: RemoveOption = False,
) -> None:
    """Show labelled incidents on every dashboard, to review them.

    Example: slo annotate incidents --remove
    """
    from slo.cli.target import chosen_project
    from slo.targets.grafana.annotating import annotate as put
    from slo.targets.grafana.annotating import remove as take_away
    from slo.targets.grafana.annotations import INCIDENT, of_incident, scope

    project = chosen_project(config)
    server = project.grafana(env)
    if remove:
        _say(take_away(INCIDENT, server))
        return
    ours = scope(server.folder_uid)
    _say(put([of_incident(one, ours) for one in project.incidents()], server))


@annotate.command()
def episodes(
    names: ObjectivesArgument = None,
    config: ConfigOption = Path("slobook.toml"),
    spec: SpecsOption = None,
    history: HistoryOption = None,
    env: EnvironmentOption = "",
    remove: RemoveOption = False,
) -> None:
    """Show on every dashboard when alerts would have fired, to review a backtest.

    Example: slo annotate episodes ticket-success
    """
    from slo.cli.target import chosen_project
    from slo.targets.grafana.annotating import annotate as put
    from slo.targets.grafana.annotating import remove as take_away
    from slo.targets.grafana.annotations import EPISODE, of_episode, scope

    project = chosen_project(config, specs=spec, snapshot=history)
    server = project.grafana(env)
    if remove:
        _say(take_away(EPISODE, server))
        return
    ours = scope(server.folder_uid)
    slos = [project[name] for name in names] if names else list(project.slos)
    past = project.history(*slos)
    found = []
    for one in slos:
        result = project.backtest(one, past)
        false = set(result.false_episodes)
        found += [
            of_episode(e, one.service, one.name, ours, result.span.end, is_false=e in false)
            for e in result.judged
        ]
    _say(put(found, server))


def _say(made: Plan) -> None:
    counts: Counter[str] = Counter(change.kind for change in made.changes)
    words = {"create": "marked", "update": "changed", "delete": "taken away"}
    said = ", ".join(f"{counts[kind]} {word}" for kind, word in words.items() if counts[kind])
    typer.echo(f"{made.target}: {said or 'nothing to do'}")


def _instant(text: str) -> int:
    """Unix milliseconds."""
    from slo.errors import ConfigError
    from slo.model.span import to_milliseconds

    if not text:
        return to_milliseconds(datetime.now(UTC))
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise ConfigError(
            f"--at: found {text!r}, expected an instant with its zone such as 2026-11-26T12:00:00Z"
        )
    return to_milliseconds(at)
