"""The text of one object and where its fields stand in it, for edits that touch nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode

from slo.spec.document import compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True)
class Replacement:
    """A stretch of a text, by character, and what is to stand there instead."""

    start: int
    end: int
    text: str


def replaced(text: str, replacements: Iterable[Replacement]) -> str:
    """A text with some stretches replaced; they must not overlap."""
    done = text
    for one in sorted(replacements, key=lambda one: (one.start, one.end), reverse=True):
        done = done[: one.start] + one.text + done[one.end :]
    return done


@dataclass(frozen=True)
class Source:
    """An object in the text of its file.

    Attributes:
        text: The whole file's.
        root: The object's mapping.

    """

    text: str
    root: MappingNode

    @property
    def newline(self) -> str:
        """How the file's lines end."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def column(self, index: int) -> int:
        """How far from its line's beginning a character stands."""
        return index - (self.text.rfind("\n", 0, index) + 1)

    def line_end(self, index: int) -> int:
        """Where the line of a character ends, before its line break."""
        end = self.text.find("\n", index)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[end - 1 : end] == "\r" else end

    def after_line(self, index: int) -> int:
        """Where the line after a character's begins, or the text's end."""
        end = self.text.find("\n", index)
        return len(self.text) if end < 0 else end + 1

    def end(self, node: Node) -> int:
        """Where what is written of a node ends; the marks of blocks reach to what follows."""
        if isinstance(node, CollectionNode) and node.value and not node.flow_style:
            last = node.value[-1]
            return self.end(last[1] if isinstance(node, MappingNode) else last)
        start, end = node.start_mark.index, node.end_mark.index
        return int(start + len(self.text[start:end].rstrip()))

    def dash(self, item: Node) -> int:
        """Where the dash of an item of a block list stands."""
        return self.text.rindex("-", 0, item.start_mark.index)


def field(mapping: Node, *names: str) -> Node | None:
    """The value under a path of keys, or None where it is not written."""
    node: Node | None = mapping
    for name in names:
        if not isinstance(node, MappingNode):
            return None
        node = next((value for key, value in node.value if key.value == name), None)
    return node


def shared_nodes(root: Node) -> bool:
    """Whether anchors or aliases stand in a node: an edit of one would change the other."""
    seen: set[int] = set()
    for node in _nodes(root):
        if node.anchor is not None or id(node) in seen:
            return True
        seen.add(id(node))
    return False


def _nodes(root: Node) -> Iterator[Node]:
    yield root
    if isinstance(root, MappingNode):
        for key, value in root.value:
            yield key
            yield from _nodes(value)
    elif isinstance(root, CollectionNode):
        for item in root.value:
            yield from _nodes(item)


def source_of(text: str, file: str, kind: str, name: str, service: str) -> Source | None:
    """The object of a kind with a name and a service, in a file's text.

    Raises:
        SpecError: The text is no YAML.

    """
    for node in compose(text, file):
        wanted = (("kind",), kind), (("metadata", "name"), name), (("spec", "service"), service)
        written = [(field(node, *path), value) for path, value in wanted if node is not None]
        if written and all(isinstance(n, ScalarNode) and n.value == v for n, v in written):
            return Source(text, node)
    return None
