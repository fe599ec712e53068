"""Names that a shell completes from the project's specifications; silent where there is none.

A shell asks at every TAB, so nothing is loaded but what reads names.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.spec.written_names import WrittenName


def objectives(context: typer.Context, incomplete: str) -> list[str]:
    """Objectives whose names begin so, without those that stand there already."""
    return _left(context, incomplete, _shortest(one for one in _written(context) if _is_slo(one)))


def alerts(context: typer.Context, incomplete: str) -> list[str]:
    """Alerts on thresholds and cost budgets, likewise."""
    names = _shortest(one for one in _written(context) if not _is_slo(one))
    return _left(context, incomplete, names)


def services(context: typer.Context, incomplete: str) -> list[str]:
    """Services with an objective or a budget whose names begin so."""
    known = dict.fromkeys(one.service for one in _written(context))
    return [name for name in known if name.startswith(incomplete)]


def environments(context: typer.Context, incomplete: str) -> list[str]:
    """Environments of Grafana whose names begin so."""
    grafana = _configuration(context).get("grafana")
    known = grafana.get("environments") if isinstance(grafana, dict) else None
    return [str(name) for name in known or () if str(name).startswith(incomplete)]


def kinds(incomplete: str) -> list[str]:
    """Kinds of reports that begin so."""
    return [kind for kind in ("slo", "cost") if kind.startswith(incomplete)]


def _written(context: typer.Context) -> tuple[WrittenName, ...]:
    from slo.spec.written_names import written_names

    given = context.params.get("spec")
    if given:
        return written_names([Path(one) for one in given])
    project = _configuration(context).get("project")
    specs = project.get("specs") if isinstance(project, dict) else None
    if not isinstance(specs, list):
        return ()
    folder = _file(context).parent
    return written_names([folder / str(one) for one in specs])


def _file(context: typer.Context) -> Path:
    return Path(context.params.get("config") or "slobook.toml")


def _configuration(context: typer.Context) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(_file(context).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}


def _is_slo(one: WrittenName) -> bool:
    return one.kind == "SLO"


def _shortest(known: Iterable[WrittenName]) -> list[str]:
    """As people may type them: with the service's where two have the same name."""
    every = list(known)
    own = [one.name for one in every]
    return [one.name if own.count(one.name) == 1 else f"{one.service}/{one.name}" for one in every]


def _left(context: typer.Context, incomplete: str, names: list[str]) -> list[str]:
    taken = context.params.get("names") or ()
    return [name for name in names if name.startswith(incomplete) and name not in taken]
