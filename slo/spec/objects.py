"""The objects of every file, by kind and name, so that they can refer to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from slo.errors import SpecError
from slo.model import names
from slo.spec import scalars
from slo.spec.faults import Faults, nearest
from slo.spec.own_wire import OWN_KINDS, CostBudgetObject, CostModelObject, ThresholdAlertObject
from slo.spec.place import shown
from slo.spec.shape import shaped
from slo.spec.wire import OPENSLO_KINDS, SloObject, WireObject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from slo.spec.document import Document
    from slo.spec.place import Place

W = TypeVar("W", bound=WireObject)

KINDS = {**OPENSLO_KINDS, **OWN_KINDS}
_OPENSLO, _OWN = "openslo/v1", "slobook/v1"
_ALERT_ANNOTATIONS = {names.SHORT_WINDOW, names.KEEP_FIRING_FOR}
_ANNOTATIONS: dict[str, set[str]] = {
    "SLO": {names.OWNER, names.RUNBOOK, names.DASHBOARD, names.EVIDENCE, names.EACH},
    "ThresholdAlert": {names.EACH},
    "CostBudget": {names.EACH},
    "AlertPolicy": _ALERT_ANNOTATIONS,
    "AlertCondition": _ALERT_ANNOTATIONS,
}
_OF_A_SERVICE = SloObject | ThresholdAlertObject | CostBudgetObject | CostModelObject
_NAMED_FREELY = ("DataSource", "AlertNotificationTarget")


@dataclass(frozen=True)
class Entry:
    """An object and where it stands; ``wire`` is None where its shape is broken."""

    kind: str
    name: str
    wire: WireObject | None
    place: Place


class Objects:
    """Every object that was read."""

    def __init__(self, documents: Iterable[Document], faults: Faults) -> None:
        self._entries: dict[tuple[str, ...], Entry] = {}
        for document in documents:
            entry = faults.attempt(_entry, document, faults)
            if entry is not None:
                faults.attempt(self._add, entry)

    def each(self, model: type[W]) -> Iterator[tuple[W, Place]]:
        """The well-shaped objects of a kind, in the order of the files."""
        for entry in self._entries.values():
            if isinstance(entry.wire, model):
                yield entry.wire, entry.place

    def has_any(self, model: type[WireObject]) -> bool:
        """Whether any object of a kind was read, broken ones too."""
        return bool(self._named(_kind_of(model)))

    def find(self, model: type[W], name: str, place: Place) -> tuple[W, Place]:
        """The object that a reference means, and where it stands.

        Raises:
            SpecError: There is none; without a fault where there is one that is broken, for its
                own faults have been noted already.

        """
        kind = _kind_of(model)
        entry = self._entries.get((kind, name))
        if entry is None:
            known = self._named(kind)
            expected = nearest(name, known, f"a reference to one of the kind {kind}:")
            none = f"a reference to an object of kind {kind}, but there is none"
            raise place.refusal(shown(name), expected if known else none)
        if not isinstance(entry.wire, model):
            raise SpecError([])
        return entry.wire, entry.place

    def _named(self, kind: str) -> set[str]:
        return {entry.name for entry in self._entries.values() if entry.kind == kind}

    def _add(self, entry: Entry) -> None:
        key: tuple[str, ...] = (entry.kind, entry.name)
        if isinstance(entry.wire, _OF_A_SERVICE):
            # Two services may both promise 'availability'.
            key = (*key, entry.wire.spec.service)
        other = self._entries.get(key)
        if other is not None:
            found = f"a second {entry.kind} named {entry.name!r}"
            first = f"{other.place.file}:{(other.place / 'metadata' / 'name').line}"
            expected = f"a name of its own; the first stands at {first}"
            raise (entry.place / "metadata" / "name").refusal(found, expected)
        self._entries[key] = entry


def _kind_of(model: type[WireObject]) -> str:
    return next(kind for kind, known in KINDS.items() if known is model)


def _entry(document: Document, faults: Faults) -> Entry:
    value, root = document.value, document.root
    if not isinstance(value, dict):
        expected = "an object with apiVersion, kind, metadata and spec"
        raise root.refusal(shown(value), expected)
    kind = value.get("kind")
    _check_version(value, root, _OWN if kind in OWN_KINDS else _OPENSLO)
    if not isinstance(kind, str) or kind not in KINDS:
        raise (root / "kind").refusal(shown(kind), nearest(str(kind), KINDS, "one of"))
    wire = faults.attempt(shaped, value, KINDS[kind], root)
    faults.attempt(_check_annotations, kind, value, root / "metadata" / "annotations")
    metadata = value.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    if not isinstance(name, str):
        raise SpecError([])
    if kind not in _NAMED_FREELY:
        faults.attempt(scalars.name, name, root / "metadata" / "name")
    return Entry(kind, name, wire, root)


def _check_version(value: dict[str, Any], root: Place, wanted: str) -> None:
    version = value.get("apiVersion")
    if version == wanted:
        return
    expected = repr(wanted)
    if isinstance(version, str) and version.startswith("openslo/"):
        expected += f"; objects of {version} have other fields and must be rewritten"
    raise (root / "apiVersion").refusal(shown(version), expected)


def _check_annotations(kind: str, value: dict[str, Any], place: Place) -> None:
    """Annotations of other tools are theirs; a misspelt one of ours would silently do nothing."""
    metadata = value.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    if not isinstance(annotations, dict):
        return
    known = _ANNOTATIONS.get(kind, set())
    ours = [name for name in annotations if name.startswith(names.ANNOTATION_PREFIX)]
    wrong = [name for name in ours if name not in known]
    faults = [
        (place / name).fault(
            f"unknown annotation {name!r}",
            nearest(name, known, f"on an object of kind {kind} one of"),
        )
        for name in wrong
    ]
    if faults:
        raise SpecError(faults)
