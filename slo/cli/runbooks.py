"""``slo runbooks``: a skeleton for every alert that has no runbook yet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slo.cli.options import ConfigOption, SpecsOption
from slo.cli.printing import say
from slo.counting import every


def runbooks(
    folder: Annotated[Path, typer.Argument(help="Where the runbooks are.")],
    config: ConfigOption = Path("slobook.toml"),
    spec: SpecsOption = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 where one is missing.")
    ] = False,
) -> None:
    """Write a skeleton for each runbook that specifications name and that is not there.

    What stands there is never touched.

    Example: slo runbooks docs/runbooks
    """
    from slo.atomic import replacing
    from slo.cli.target import chosen_project
    from slo.rules.runbook import runbook_names, runbook_skeleton

    specs = chosen_project(config, specs=spec).specs
    named = runbook_names(specs.slos, specs.alerts)
    missing = [name for name in named if not (folder / name).exists()]
    for name in missing:
        if check:
            say(f"{folder / name} is missing")
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as unfinished:
            skeleton = runbook_skeleton(name, specs.slos, specs.alerts)
            unfinished.write_text(skeleton, encoding="utf-8")
        say(f"{path}: a skeleton; write what its TODOs ask for")
    if not missing:
        are = every(len(named), "runbook is", "runbooks are")
        say(f"{are[:1].upper()}{are[1:]} there.")
    elif check:
        raise typer.Exit(1)
