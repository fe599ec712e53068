"""What ``slo init`` says of what it wrote: first reports, and all of it for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slo.cli.printing import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from slo.project import Project
    from slo.project.beginning import Beginning, FirstReport


def first_reports(project: Project, begun: Beginning) -> tuple[FirstReport, ...]:
    """Make the first report of each new service, and say where it is or why there is none."""
    from slo.project.beginning import first_report

    reports = []
    for name in begun.services:
        say(f"Making the first report of {name} ...")
        reports.append(first_report(project, name))
        say(f"  {reports[-1].said}")
    return tuple(reports)


def as_json(
    begun: Beginning,
    files: Sequence[Path],
    lacking: Sequence[str],
    reports: Sequence[FirstReport],
) -> dict[str, Any]:
    """Everything that was found, promised and written, for scripts."""
    from slo.cli.init_printing import candidate_as_json, promise_as_json

    found = begun.found
    return {
        "prometheus": {"url": found.url, "version": found.version, "metrics": found.metrics},
        "notes": list(found.notes),
        "candidates": [candidate_as_json(one) for one in found.candidates],
        "catalogue": begun.catalogue,
        "promises": [promise_as_json(one) for one in begun.promises],
        "dropped": [
            {"service": one.service, "name": one.name, "reason": why} for one, why in begun.dropped
        ],
        "files": [str(path.resolve()) for path in files],
        "missing": list(lacking),
        "reports": [
            {"service": one.service, "page": str(one.page) if one.page else None, "said": one.said}
            for one in reports
        ],
    }
