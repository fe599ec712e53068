"""What a project's alerts are judged by: files that people wrote, or the history itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.derive import derived_incidents
from slo.history.incidents import read_exclusions, read_incidents
from slo.model.incident import GroundTruth

if TYPE_CHECKING:
    from pathlib import Path

    from slo.configuration import HistorySection
    from slo.model.incident import Exclusion, Incident
    from slo.model.samples import History
    from slo.model.slo import Slo
    from slo.model.span import Span

DERIVED_SHARE = 0.01
"""Where nobody labelled incidents, a stretch that spent so much of the budget is one."""


def incident_files(root: Path, section: HistorySection) -> tuple[Path, ...]:
    """The files of incidents that are there."""
    return tuple(root / path for path in section.incidents if (root / path).exists())


def labelled_incidents(
    root: Path, section: HistorySection, span: Span | None
) -> tuple[Incident, ...]:
    """The incidents of every file that overlap a span; what is still open ends with it.

    Raises:
        SpecError: A file has faults.

    """
    read = _read(root, section, span.end if span else None)
    return tuple(one for one in read if span is None or one.span.overlap(span))


def _read(root: Path, section: HistorySection, until: int | None) -> list[Incident]:
    """The incidents of every file, whenever they were."""
    files = incident_files(root, section)
    return [one for path in files for one in read_incidents(path, section.services, until)]


def exclusions(root: Path, section: HistorySection) -> tuple[Exclusion, ...]:
    """What is not judged; nothing where there is no file of exclusions.

    Raises:
        SpecError: The file has faults.

    """
    path = root / section.exclusions
    return read_exclusions(path) if path.exists() else ()


def ground_truth(root: Path, section: HistorySection, one: Slo, history: History) -> GroundTruth:
    """Labelled incidents, or derived ones where no file holds any, and exclusions.

    A file with nothing but its header, as 'slo init' writes it, says that nobody labelled yet.

    Raises:
        SpecError: A file has faults.
        NotEnoughData: The history holds no series of the indicator's total.

    """
    excluded = exclusions(root, section)
    if _read(root, section, history.span.end):
        return GroundTruth(labelled_incidents(root, section, history.span), excluded)
    return GroundTruth(derived_incidents(one, history, DERIVED_SHARE), excluded, derived=True)
