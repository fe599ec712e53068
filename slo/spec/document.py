"""YAML text to plain values, each with its line.

Scalars stay as they are written (``0.9990`` is text), for objectives must never pass through a
float. Tags are refused, not executed; nothing but text, booleans, null, lists and mappings exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from slo.errors import Fault, SpecError
from slo.spec.place import Place, shown

if TYPE_CHECKING:
    from pathlib import Path

_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = {"str", "int", "float", "timestamp", "map", "seq", "value", "bool", "null"}
_MOST_NODES = 200_000
_MOST_BYTES = 10_000_000
_DEEPEST = 50


@dataclass(frozen=True)
class Document:
    """One YAML document.

    Attributes:
        value: Mappings, lists, text, booleans and None.
        root: The place of the whole.

    """

    value: Any
    root: Place


def read_documents(path: Path) -> tuple[Document, ...]:
    """Every document of a file that is not empty.

    Raises:
        SpecError: The file cannot be read, is no YAML, or holds no document.

    """
    return parse_documents(read_text(path), str(path))


def read_text(path: Path) -> str:
    """A specification's text, without the mark that some editors put in front.

    Raises:
        SpecError: The file cannot be read, or is too large.

    """
    file = str(path)
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise _whole_file(file, f"{size} bytes", f"a specification of up to {_MOST_BYTES}")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise _whole_file(file, error.strerror or str(error), "a readable file") from None
    except UnicodeDecodeError as error:
        raise _whole_file(file, f"bytes that are not UTF-8 ({error.reason})", "text") from None


def parse_documents(text: str, file: str) -> tuple[Document, ...]:
    """Every document of a YAML text that is not empty.

    Raises:
        SpecError: The text is no YAML, or holds no document.

    """
    found = [_Reading(file).document(node) for node in compose(text, file)]
    documents = tuple(document for document in found if document.value is not None)
    if not documents:
        raise _whole_file(file, "no document", "objects of apiVersion openslo/v1")
    return documents


def _whole_file(file: str, found: str, expected: str) -> SpecError:
    return SpecError([Fault(file, 0, "", found, expected)])


def compose(text: str, file: str) -> list[Any]:
    """The root node of every document, None for an empty one.

    Raises:
        SpecError: The text is no YAML.

    """
    reader = YAML(typ="safe", pure=True)
    # YAML lets a later anchor take the name of an earlier one; a warning would not say where.
    reader.composer.warn_double_anchors = False
    try:
        return list(reader.compose_all(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "a syntax error"
        line = mark.line + 1 if mark else 0
        raise SpecError([Fault(file, line, "", _malformed(problem), "YAML")]) from None
    except YAMLError as error:
        raise _whole_file(file, _malformed(str(error)), "YAML") from None
    except RecursionError:
        raise _whole_file(file, "fields nested too deeply", "YAML of an object") from None
    # The scanner itself fails with these on some malformed escapes, directives and tags.
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, AssertionError) as error:
        raise _whole_file(file, _malformed(str(error)), "YAML") from None


def _malformed(problem: str) -> str:
    first = next(iter(problem.strip().splitlines()), "")
    return f"malformed text ({first})" if first else "malformed text"


class _Reading:
    """One pass over a document's nodes."""

    def __init__(self, file: str) -> None:
        self._root = Place(file, {})
        self._lines: dict[tuple[str | int, ...], int] = {}
        self._faults: list[Fault] = []
        self._nodes = 0

    def document(self, node: Any) -> Document:  # noqa: ANN401  ruamel's nodes have no common type
        root = Place(self._root.file, self._lines)
        value = None if node is None else self._value(node, root)
        if self._faults:
            raise SpecError(self._faults)
        return Document(value, root)

    def _value(self, node: Any, place: Place) -> Any:  # noqa: ANN401
        self._nodes += 1
        self._lines.setdefault(place.path, node.start_mark.line + 1)
        # Aliases can repeat a node within itself, or a small text a billion times.
        if len(place.path) > _DEEPEST or self._nodes > _MOST_NODES:
            raise place.refusal("fields nested or repeated without end", "an object of its own")
        if str(node.tag).removeprefix(_TAG) not in _PLAIN_TAGS:
            self._faults.append(place.fault(f"the tag {node.tag}", "plain YAML without tags"))
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self._value(item, place / index) for index, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for key, item in node.value:
            if not isinstance(key, ScalarNode) or key.tag == f"{_TAG}merge":
                self._lines.setdefault((*place.path, "?"), key.start_mark.line + 1)
                found = "a merge key" if isinstance(key, ScalarNode) else "a structure as a key"
                self._faults.append((place / "?").fault(found, "the name of a field"))
                continue
            inner = place / str(key.value)
            if key.value in fields:
                line = key.start_mark.line + 1
                found = f"{shown(str(key.value))} a second time"
                first = f"each field once; it stands on line {inner.line} already"
                self._faults.append(Fault(place.file, line, inner.field, found, first))
                continue
            self._lines[inner.path] = key.start_mark.line + 1
            fields[str(key.value)] = self._value(item, inner)
        return fields


def _scalar(node: ScalarNode) -> str | bool | None:
    kind = str(node.tag).removeprefix(_TAG)
    if kind == "null":
        return None
    if kind == "bool":
        return str(node.value).lower() == "true"
    return str(node.value)
