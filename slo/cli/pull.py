"""``slo pull``: what people made of our objects in Grafana, as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slo.cli.options import ConfigOption, EnvironmentOption, SpecsOption
from slo.cli.printing import say


def pull(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Uids of dashboards, titles of rule groups; what drifted if none."),
    ] = None,
    config: ConfigOption = Path("slobook.toml"),
    spec: SpecsOption = None,
    env: EnvironmentOption = "",
    out: Annotated[Path, typer.Option(help="The folder to write.")] = Path("pulled"),
) -> None:
    """Write what people edited in Grafana since the last push into files, to look at.

    Nothing reads these files: take over what is worth it into the specifications, or into slobook.

    Example: slo pull slobook-slo-001
    """
    from slo.atomic import replacing
    from slo.cli.target import chosen_project

    found = chosen_project(config, specs=spec).pull(*(names or ()), environment=env)
    for one in found:
        path = out / f"{one.path}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write_text(one.text, encoding="utf-8")
        say(f"{path}: {one.last}")
    if not found:
        say("nobody edited what slobook pushed")
