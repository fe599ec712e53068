"""An alert on a threshold with other numbers, written into the text that it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ruamel.yaml.nodes import MappingNode, ScalarNode

from slo.errors import ConfigError
from slo.model import names
from slo.spec.source import Replacement, field, replaced, shared_nodes, source_of
from slo.spec.written import written_duration, written_number

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

    from slo.model.service_alert import ServiceAlert
    from slo.spec.source import Source

_KIND = "ThresholdAlert"


def edited_alert(text: str, present: ServiceAlert, wanted: ServiceAlert) -> str:
    """A file's text in which one alert has another threshold, ``for`` and ``keepFiringFor``.

    Args:
        text: The file's text.
        present: The alert as the text has it.
        wanted: The alert as it shall be; differs in those three at most.

    Raises:
        ConfigError: The alert is not in the text as an object of its own, or is written with
            anchors or in brackets.

    """
    source = source_of(text, present.file, _KIND, present.name, present.service)
    if source is None:
        raise ConfigError(
            f"{present.file}: there is no {_KIND} {present.name!r} to edit; one of a CostBudget "
            f"follows from its burnRate, and one that {names.EACH} reads once for each value "
            "cannot be edited for one alone"
        )
    spec = field(source.root, "spec")
    if not isinstance(spec, MappingNode) or shared_nodes(spec):
        raise ConfigError(
            f"{present.file}:{source.root.start_mark.line + 1}: {present.name} is written with "
            "anchors or aliases; write it out, so that it can be changed alone"
        )
    before, after = present.alert, wanted.alert
    values = {
        "threshold": (written_number(before.threshold), written_number(after.threshold)),
        "for": (written_duration(before.hold), written_duration(after.hold)),
        "keepFiringFor": (
            written_duration(before.keep_firing),
            written_duration(after.keep_firing),
        ),
    }
    changes = {name: new for name, (old, new) in values.items() if old != new}
    missing = {name: new for name, new in changes.items() if field(spec, name) is None}
    edits = [_value(source, spec, name, changes[name]) for name in changes if name not in missing]
    if missing:
        edits.append(_new_lines(source, present, spec, missing))
    return replaced(text, edits)


def _value(source: Source, spec: Node, name: str, value: str) -> Replacement:
    """Another value in the quotes that the present one stands in."""
    node = field(spec, name)
    if not isinstance(node, ScalarNode):
        raise ConfigError(f"spec.{name} is no plain value that can be edited")
    quote = node.style if node.style in ("'", '"') else ""
    return Replacement(node.start_mark.index, source.end(node), f"{quote}{value}{quote}")


def _new_lines(
    source: Source, present: ServiceAlert, spec: MappingNode, values: dict[str, str]
) -> Replacement:
    """Fields that are not written yet, after the threshold that they belong to."""
    if spec.flow_style:
        raise ConfigError(
            f"{present.file}:{spec.start_mark.line + 1}: the spec of {present.name} is written in "
            f"brackets; write it in lines, so that {' and '.join(values)} finds a place"
        )
    # `for` is read before what follows from it.
    after = next(name for name in ("for", "threshold") if field(spec, name) is not None)
    node = field(spec, after)
    column = source.column(spec.value[0][0].start_mark.index)
    end = source.line_end(source.end(node)) if node is not None else 0
    lines = (f"{source.newline}{' ' * column}{name}: {value}" for name, value in values.items())
    return Replacement(end, end, "".join(lines))
