"""A project as people look at it: what it has, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.card import Card, Notes, Table, listing
from slo.errors import SloError

if TYPE_CHECKING:
    from slo.project.sources import Sources


def project_card(project: Sources) -> Card:
    """Services, objectives, alerts and history; the faults where they cannot be read."""
    name = str(project.file)
    try:
        specs = project.specs
    except SloError as error:
        # An object that cannot show itself would hide what is wrong behind a traceback.
        faults = Notes(tuple(str(error).splitlines()))
        return Card(name, "its specifications cannot be used.", (faults,), "bad")
    rows = (
        ("history", _history(project)),
        ("incidents", _incidents(project)),
        ("generated", str(project.generated_path)),
        ("reports", str(project.reports_path)),
    )
    where = Table(("it has", "where"), rows)
    objectives = listing(specs.slos, "Objectives")
    return Card(name, f"{specs.counts}.", (objectives, where, Notes(_next(project))))


def _history(project: Sources) -> str:
    if project.snapshot_path.exists():
        return f"{project.snapshot_path}, a snapshot"
    section = project.configuration.prometheus
    return section.server.shown_url if section else "none yet"


def _incidents(project: Sources) -> str:
    files = [project.root / path for path in project.configuration.history.incidents]
    there = [str(path) for path in files if path.exists()]
    return ", ".join(there) or "none labelled: they are derived from the history"


def _next(project: Sources) -> tuple[str, ...]:
    if not project.slos:
        return ("Next: write what a service promises into the files that [project] specs names",)
    one = project.slos[0].name
    if project.snapshot_path.exists() or project.configuration.prometheus:
        return (
            f'Next: one = project["{one}"]; history = project.history(one)',
            "Then: project.backtest(one, history), project.outlook(one, history) and "
            "project.tune(one, history)",
        )
    return (
        "Next: 'slo snapshot --url' fetches a history from Prometheus, 'slo simulate' makes one",
    )
