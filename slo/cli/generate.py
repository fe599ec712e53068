"""``slo generate``: write rules, their tests, dashboards, and the same for other systems."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slo.cli.options import ConfigOption, SpecsOption
from slo.cli.printing import near, say
from slo.counting import counted

if TYPE_CHECKING:
    from slo.plan import Plan

_WRITTEN = {"create": "written", "update": "updated", "adopt": "replaced", "delete": "deleted"}
_NEXT = (
    "Next: give rules/ to Prometheus (rule_files) and reload it; 'slo preview' draws the "
    "dashboards, 'slo doctor' says what is not in place yet."
)
_LARGEST_SHARE = Fraction(2, 3)
"""Every alert stands in one file for each system: to edit two of them changes a third of all."""


def generate(
    config: ConfigOption = Path("slobook.toml"),
    spec: SpecsOption = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder to write, instead of the project's.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 and a diff if out of date.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also where most of the folder would change or go.")
    ] = False,
) -> None:
    """Write rules, alerts, their promtool tests and dashboards, and the same for other systems.

    These are Alertmanager, Mimir, Grafana and Kubernetes. Load all files under rules/.

    Example: slo generate --check
    """
    from slo.cli.target import chosen_project
    from slo.targets.folder import apply

    project = chosen_project(config, specs=spec)
    if out:
        project = project.writing(Path.cwd() / out)
    plan = project.plan()
    if check:
        typer.echo(str(plan))
        raise typer.Exit(1 if plan.changes else 0)
    if not force:
        plan.raise_if_unsafe(_LARGEST_SHARE)
        _refuse_adoption(plan)
    apply(plan, project.generated_path)
    say(_done(plan, project.generated_path))
    if any(change.kind == "create" for change in plan.changes):
        say(_NEXT)


def _done(plan: Plan, folder: Path) -> str:
    """What was written, in the past tense, and where."""
    counts = Counter(_WRITTEN[change.kind] for change in plan.changes)
    if not counts:
        return f"no changes: {near(folder)} is up to date"
    done = ", ".join(f"{counted(counts[word], 'file')} {word}" for word in counts)
    return f"{near(folder)}: {done}"


def _refuse_adoption(plan: Plan) -> None:
    """What people wrote is not replaced in passing."""
    from slo.errors import ConfigError

    theirs = [change.path for change in plan.changes if change.kind == "adopt"]
    if theirs:
        raise ConfigError(
            f"{', '.join(theirs)}: found files that slo did not write, expected its own; "
            "move them away, or replace them with --force"
        )
