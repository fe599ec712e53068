"""What specifications call their objects, read at once and judged by nobody.

For whoever types a name and waits: a file with faults has no names here, and says so elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slo.errors import SpecError
from slo.spec.document import read_documents
from slo.spec.each import each_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class WrittenName:
    """What people call an object.

    Attributes:
        kind: ``SLO``, or ``alert`` for what ``slo alerts`` replays.
        service: Whose it is.
        name: Its own name.

    """

    kind: str
    service: str
    name: str


def written_names(paths: Iterable[Path]) -> tuple[WrittenName, ...]:
    """Names of objectives, and of alerts on thresholds and cost budgets, in the files' order.

    Args:
        paths: Files and folders of specifications.

    """
    return tuple(name for path in paths for file in _files(path) for name in _names_in(file))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES)


def _names_in(file: Path) -> list[WrittenName]:
    try:
        every = [one.value for whole in read_documents(file) for one in each_of(whole)]
    except SpecError:
        return []
    return [name for value in every for name in _names_of(value)]


def _names_of(value: Any) -> list[WrittenName]:  # noqa: ANN401  whatever a document holds
    try:
        kind, name, service = value["kind"], value["metadata"]["name"], value["spec"]["service"]
        match kind:
            case "SLO":
                return [WrittenName("SLO", service, name)]
            case "ThresholdAlert":
                return [WrittenName("alert", service, name)]
            case "CostBudget":
                alerts = [f"{name}-{one['name']}" for one in value["spec"]["alerts"]]
                return [WrittenName("alert", service, one) for one in alerts]
    except (KeyError, TypeError):  # no object of ours
        pass
    return []
