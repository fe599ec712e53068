"""Chosen values written into a specification: the lines that must change, and no others.

The text is edited, not written anew: comments, quotes, the order of fields and line ends stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from slo.errors import ConfigError
from slo.model import names
from slo.spec.policy import default_policy
from slo.spec.source import Replacement, field, replaced, shared_nodes, source_of
from slo.spec.written import written_alert, written_annotations, written_duration, written_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ruamel.yaml.nodes import Node

    from slo.model.alert import BurnRateAlert
    from slo.model.slo import Slo
    from slo.spec.source import Source


def edited(text: str, present: Slo, wanted: Slo) -> str:
    """A file's text in which one objective has another target, policy and evidence.

    An alert that stands in place is changed field by field. One that is shared by name with other
    objectives is never changed: where this objective wants another, it gets one in place.

    Args:
        text: The file's text.
        present: The objective as the text has it.
        wanted: The objective as it shall be; differs in objective, policy and evidence at most.

    Raises:
        ConfigError: The objective is not in the text, or is written with anchors.

    """
    source = source_of(text, present.file, "SLO", present.name, present.service)
    if source is None:
        shared = f"; one that {names.EACH} reads once for each value cannot be edited for one alone"
        hint = shared if names.EACH in text else ""
        raise ConfigError(f"{present.file}: there is no SLO {present.name!r} to edit{hint}")
    changes: list[Replacement] = []
    if wanted.objective != present.objective:
        changes.append(_target(source, wanted))
    listed = field(source.root, "spec", "alertPolicies")
    if listed is None:
        # What is not written follows the objective.
        implied = default_policy(wanted.objective, wanted.period, wanted.indicator)
        if wanted.policy != implied:
            changes.append(_new_list(source, wanted.policy.alerts))
    elif wanted.policy != present.policy:
        changes += _policy(source, listed, present, wanted)
    if wanted.evidence != present.evidence:
        changes.append(_evidence(source, wanted.evidence))
    return replaced(text, changes)


def _target(source: Source, wanted: Slo) -> Replacement:
    objectives = field(source.root, "spec", "objectives")
    only = objectives.value[0] if isinstance(objectives, SequenceNode) else None
    for name, value in (
        ("target", wanted.objective.ratio),
        ("targetPercent", wanted.objective.ratio * 100),
    ):
        node = field(only, name) if only else None
        if isinstance(node, ScalarNode):
            return _scalar(source, node, f"{value.normalize():f}")
    raise ConfigError(f"{wanted.file}: {wanted.name} has no target to edit")


def _policy(source: Source, listed: Node, present: Slo, wanted: Slo) -> Iterator[Replacement]:
    """What makes the listed alerts the wanted ones, in the order that keeps most lines."""
    if shared_nodes(listed):
        raise ConfigError(
            f"{present.file}:{listed.start_mark.line + 1}: the alertPolicies of {present.name} are "
            "written with anchors or aliases; write them out, so that one can be changed alone"
        )
    after = {alert.name: alert for alert in wanted.policy.alerts}
    if not isinstance(listed, SequenceNode) or listed.flow_style or not listed.value or not after:
        yield _whole_list(source, listed, wanted.policy.alerts)
        return
    before = {alert.name for alert in present.policy.alerts}
    added = [alert for name, alert in after.items() if name not in before]
    items = list(zip(listed.value, present.policy.alerts, strict=True))
    for item, alert in items:
        last = item is listed.value[-1]
        chosen = after.get(alert.name)
        # What is new of a severity stands where something of that severity stood.
        here = [one for one in added if last or one.severity == alert.severity]
        if chosen is None:
            yield _instead(source, item, here) if here else _without(source, item)
            added = [one for one in added if one not in here]
            continue
        if chosen != alert:
            yield from _changed(source, item, alert, chosen)
        if last and added:
            yield _appended(source, item, added)


def _changed(
    source: Source, item: Node, present: BurnRateAlert, chosen: BurnRateAlert
) -> Iterator[Replacement]:
    """An alert's item with other values: its own fields, or all of it where it has none."""
    conditions = field(item, "spec", "conditions")
    condition = conditions.value[0] if isinstance(conditions, SequenceNode) else None
    annotations = {
        **_scalars(field(item, "metadata", "annotations")),
        **_scalars(field(condition, "metadata", "annotations") if condition else None),
    }
    fields = {
        **_scalars(field(condition, "spec") if condition else None),
        **_scalars(field(condition, "spec", "condition") if condition else None),
    }
    values = {
        "severity": (present.severity, chosen.severity),
        "threshold": (written_number(present.factor), written_number(chosen.factor)),
        "lookbackWindow": (written_duration(present.long), written_duration(chosen.long)),
        "alertAfter": (written_duration(present.hold), written_duration(chosen.hold)),
    }
    ours, theirs = written_annotations(chosen), written_annotations(present)
    changes: list[tuple[ScalarNode | None, str | None]]
    changes = [(fields.get(name), new) for name, (old, new) in values.items() if old != new]
    changes += [
        (annotations.get(name), ours.get(name))
        for name in {**ours, **theirs}
        if ours.get(name) != theirs.get(name)
    ]
    edits = [(node, new) for node, new in changes if node is not None and new is not None]
    if len(edits) == len(changes):
        yield from (_scalar(source, node, new) for node, new in edits)
        return
    yield _instead(source, item, [chosen])


def _scalars(mapping: Node | None) -> dict[str, ScalarNode]:
    if not isinstance(mapping, MappingNode):
        return {}
    return {key.value: value for key, value in mapping.value if isinstance(value, ScalarNode)}


def _without(source: Source, item: Node) -> Replacement:
    """Nothing of an item, from its dash to the end of its last line."""
    start = source.dash(item)
    start -= source.column(start)
    return Replacement(start, source.after_line(source.end(item)), "")


def _instead(source: Source, item: Node, alerts: Sequence[BurnRateAlert]) -> Replacement:
    dash = source.dash(item)
    return Replacement(dash, source.end(item), _lines(source, alerts, source.column(dash)))


def _appended(source: Source, last: Node, added: Sequence[BurnRateAlert]) -> Replacement:
    column = source.column(source.dash(last))
    end = source.line_end(source.end(last))
    text = source.newline + " " * column + _lines(source, added, column)
    return Replacement(end, end, text)


def _whole_list(source: Source, listed: Node, alerts: Sequence[BurnRateAlert]) -> Replacement:
    """A block list in place of an empty one, or of one in brackets."""
    key = source.text.rindex("alertPolicies", 0, listed.start_mark.index)
    column = source.column(key) + 2
    colon = source.text.index(":", key) + 1
    text = source.newline + " " * column + _lines(source, alerts, column) if alerts else " []"
    return Replacement(colon, source.end(listed), text)


def _new_list(source: Source, alerts: Sequence[BurnRateAlert]) -> Replacement:
    """``alertPolicies`` after the last field of the spec."""
    spec = field(source.root, "spec")
    column = source.column(spec.start_mark.index) if spec is not None else 2
    end = source.line_end(source.end(spec if spec is not None else source.root))
    text = source.newline + " " * column + "alertPolicies:"
    items = source.newline + " " * (column + 2) + _lines(source, alerts, column + 2)
    return Replacement(end, end, text + (items if alerts else " []"))


def _lines(source: Source, alerts: Sequence[BurnRateAlert], column: int) -> str:
    """Items whose dashes stand in a column; the first line without its indentation."""
    lines = [line for alert in alerts for line in written_alert(alert)]
    return (source.newline + " " * column).join(lines)


def _scalar(source: Source, node: ScalarNode, value: str) -> Replacement:
    """Another value in the quotes that the present one stands in."""
    quote = node.style if node.style in ("'", '"') else ""
    end = source.end(node)
    return Replacement(node.start_mark.index, end, f"{quote}{value}{quote}")


def _evidence(source: Source, evidence: str) -> Replacement:
    """The annotation that says why the alerts are what they are."""
    quoted = "'" + evidence.replace("'", "''") + "'"
    metadata = field(source.root, "metadata")
    annotations = field(source.root, "metadata", "annotations")
    present = field(source.root, "metadata", "annotations", names.EVIDENCE)
    if present is not None:
        return Replacement(present.start_mark.index, source.end(present), quoted)
    holder = annotations if isinstance(annotations, MappingNode) else metadata
    if not isinstance(holder, MappingNode) or holder.flow_style or not holder.value:
        raise ConfigError(
            "the metadata is written in brackets; write it in lines, so that the annotation "
            f"{names.EVIDENCE} finds a place"
        )
    column = source.column(holder.value[0][0].start_mark.index)
    end = source.line_end(source.end(holder))
    line = f"{names.EVIDENCE}: {quoted}"
    if holder is metadata:
        line = f"annotations:{source.newline}{' ' * (column + 2)}{line}"
    return Replacement(end, end, f"{source.newline}{' ' * column}{line}")
