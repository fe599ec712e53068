"""Files and folders of specifications, read as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.errors import Fault, SpecError
from slo.model.slo import Service, Slo
from slo.spec import wire
from slo.spec.document import parse_documents, read_documents
from slo.spec.faults import Faults
from slo.spec.objects import Objects
from slo.spec.openslo import service_of, slo_of
from slo.spec.policy import alert_of_object

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from slo.spec.document import Document

_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Specs:
    """What services promise.

    Attributes:
        services: In the order of the files.
        slos: In the order of the files.

    """

    services: tuple[Service, ...]
    slos: tuple[Slo, ...]


def read_specs(paths: Sequence[Path], instead: Mapping[str, str] | None = None) -> Specs:
    """Read OpenSLO v1 from YAML files, and from folders at any depth.

    Args:
        paths: Files and folders.
        instead: Texts to be read in place of what files hold, by the files' names.

    Objects may refer to each other across files. Where no Service is declared at all, services
    are what the objectives call them; where one is, every one that is used must be.

    Raises:
        SpecError: With every fault of every file.

    """
    faults = Faults()
    documents: list[Document] = []
    for path in dict.fromkeys(_files(paths, faults)):
        file = str(path)
        if instead and file in instead:
            documents.extend(faults.attempt(parse_documents, instead[file], file) or ())
        else:
            documents.extend(faults.attempt(read_documents, path) or ())
    return specs_of(documents, faults)


def specs_of(documents: Sequence[Document], faults: Faults) -> Specs:
    """The specifications in some documents.

    Args:
        documents: What was read.
        faults: What was found wrong before; more is added.

    Raises:
        SpecError: With every fault, those found before among them.

    """
    objects = Objects(documents, faults)
    services = [service_of(service) for service, _ in objects.each(wire.ServiceObject)]
    # Policies are shared, and may be used by nobody yet: their own faults are found here.
    for policy, root in objects.each(wire.AlertPolicyObject):
        faults.attempt(alert_of_object, policy, root, objects)
    found = [
        faults.attempt(slo_of, slo, root, objects) for slo, root in objects.each(wire.SloObject)
    ]
    faults.raise_if_any()
    slos = tuple(slo for slo in found if slo is not None)
    declared = {service.name for service in services}
    implied = dict.fromkeys(slo.service for slo in slos if slo.service not in declared)
    return Specs((*services, *(Service(name) for name in implied)), slos)


def _files(paths: Sequence[Path], faults: Faults) -> list[Path]:
    return [file for path in paths for file in faults.attempt(_at, path) or ()]


def _at(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES and file.is_file())
    if not found:
        raise SpecError([Fault(str(path), 0, "", "no file", "YAML files (*.yaml or *.yml)")])
    return found
