"""Grafana's transformations that dashboards as code use; all others are refused by name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from slo.preview.frames import TIME, VALUE, Field, Frame, Value
from slo.preview.reducers import REDUCERS, TITLES

if TYPE_CHECKING:
    from slo.preview.dashboard import Transformation

Frames = Sequence[Frame]
Options = Mapping[str, Any]


class UnknownTransformation(ValueError):  # noqa: N818  the field's word is the name
    """A transformation, or an option of one, that a preview does not have."""


def transformed(frames: Frames, steps: Sequence[Transformation]) -> Frames:
    """Frames after some transformations.

    Raises:
        UnknownTransformation: One of them is not known here; names it.

    """
    made = frames
    for step in steps:
        if step.kind not in _STEPS:
            raise UnknownTransformation(step.kind)
        made = _STEPS[step.kind](made, step.options)
    return [frame for frame in made if frame.fields]


def _merge(frames: Frames, _: Options) -> Frames:
    """One table: rows that agree in the fields which all frames have become one."""
    tables = [frame for frame in frames if frame.fields]
    if len(tables) < 2:  # noqa: PLR2004  nothing to merge
        return tables
    shared = [f.name for f in tables[0].fields if all(one.named(f.name) for one in tables)]
    fields = {f.name: f for table in tables for f in reversed(table.fields)}
    names = list(dict.fromkeys(f.name for table in tables for f in table.fields))
    groups: dict[tuple[Value, ...], list[dict[str, Value]]] = defaultdict(list)
    for table in tables:
        for row in table.rows:
            cells = dict(zip((f.name for f in table.fields), row, strict=True))
            group = groups[tuple(cells[name] for name in shared)]
            _put(cells, group)
    rows = [row for group in groups.values() for row in group]
    merged = (replace(fields[name], values=tuple(row.get(name) for row in rows)) for name in names)
    return [Frame(tuple(merged))]


def _put(cells: dict[str, Value], group: list[dict[str, Value]]) -> None:
    """Into every row that says nothing else, or as a row of its own."""
    fitting = [
        row for row in group if all(row.get(n) in (None, value) for n, value in cells.items())
    ]
    for row in fitting:
        row.update(cells)
    if not fitting:
        group.append(cells)


def _join(frames: Frames, options: Options) -> Frames:
    """One table: rows of the same value of a field become one; the field's order is kept."""
    by = options.get("byField") or TIME
    tables = [frame for frame in frames if frame.named(by)]
    if not tables:
        return frames
    keys = dict.fromkeys(value for one in tables for value in _values(one, by))
    if options.get("mode") == "inner":
        keys = {key: None for key in keys if all(key in _values(one, by) for one in tables)}
    ordered = sorted(keys, key=_order) if by == TIME else list(keys)
    first = tables[0].named(by)
    joined = [replace(first, values=tuple(ordered))] if first else []
    for table in tables:
        index = {value: row for row, value in enumerate(_values(table, by))}
        for one in table.fields:
            if one.name != by:
                values = tuple(one.values[index[k]] if k in index else None for k in ordered)
                joined.append(replace(one, values=values))
    return [Frame(tuple(joined))]


def _values(frame: Frame, name: str) -> tuple[Value, ...]:
    found = frame.named(name)
    return found.values if found else ()


def _organize(frames: Frames, options: Options) -> Frames:
    hidden = options.get("excludeByName") or {}
    order = options.get("indexByName") or {}
    names = options.get("renameByName") or {}
    included = options.get("includeByName") or {}
    made = []
    for frame in frames:
        kept = [f for f in frame.fields if not hidden.get(f.name)]
        if any(included.values()):
            kept = [f for f in kept if included.get(f.name)]
        if order:
            kept.sort(key=lambda f: order.get(f.name, len(order)))
        renamed = (replace(f, name=names.get(f.name) or f.name) for f in kept)
        made.append(Frame(tuple(renamed), frame.ref))
    return made


def _filter_fields(frames: Frames, options: Options) -> Frames:
    keep, drop = options.get("include") or {}, options.get("exclude") or {}
    return [
        Frame(
            tuple(
                f
                for f in frame.fields
                if (not keep or _is_named(f, keep)) and not (drop and _is_named(f, drop))
            ),
            frame.ref,
        )
        for frame in frames
    ]


def _is_named(one: Field, names: Options) -> bool:
    if one.name in (names.get("names") or ()):
        return True
    pattern = names.get("pattern")
    return bool(pattern and re.search(pattern.strip("/"), one.name))


def _sort(frames: Frames, options: Options) -> Frames:
    made = []
    for frame in frames:
        rows = list(range(frame.length))
        for by in reversed(options.get("sort") or ()):
            found = frame.named(by["field"])
            if found:
                known = [row for row in rows if found.values[row] is not None]
                missing = [row for row in rows if found.values[row] is None]
                order = {row: _order(found.values[row]) for row in known}
                known.sort(key=order.__getitem__, reverse=bool(by.get("desc")))
                rows = known + missing
        made.append(frame.taking(rows))
    return made


def _order(value: Value) -> tuple[float, str]:
    return (value, "") if isinstance(value, int | float) else (0.0, str(value))


def _rename(frames: Frames, options: Options) -> Frames:
    pattern = re.compile(options.get("regex") or "(.*)")
    put = re.sub(r"\$(\d+)", r"\\\1", options.get("renamePattern") or "$1")
    return [
        Frame(
            tuple(replace(f, name=pattern.sub(put, f.name, count=1)) for f in one.fields), one.ref
        )
        for one in frames
    ]


def _limit(frames: Frames, options: Options) -> Frames:
    count = int(options.get("limitField") or 10)
    return [frame.taking(range(min(count, frame.length))) for frame in frames]


def _reduce(frames: Frames, options: Options) -> Frames:
    """A row for each field that holds numbers, or the same fields with one row."""
    names = options.get("reducers") or ["max"]
    _all_known(names)
    if options.get("mode") == "reduceFields":
        reduced = (
            tuple(replace(f, values=(REDUCERS[names[0]](f.values),)) for f in _numeric(frame))
            for frame in frames
        )
        return [Frame(fields, frame.ref) for fields, frame in zip(reduced, frames, strict=True)]
    fields = [f for frame in frames for f in _numeric(frame)]
    columns: list[Field] = [Field("Field", "string", tuple(f.name for f in fields))]
    if options.get("labelsToFields"):
        labels = sorted({name for f in fields for name, _ in f.labels})
        columns += [
            Field(name, "string", tuple(dict(f.labels).get(name) for f in fields))
            for name in labels
        ]
    columns += [
        Field(TITLES[name], "number", tuple(REDUCERS[name](f.values) for f in fields))
        for name in names
    ]
    return [Frame(tuple(columns))]


def _all_known(reducers: Sequence[str]) -> None:
    for name in reducers:
        if name not in REDUCERS:
            raise UnknownTransformation(f"reducer {name}")


def _numeric(frame: Frame) -> list[Field]:
    return [f for f in frame.fields if f.kind == "number"]


def _labels_to_fields(frames: Frames, options: Options) -> Frames:
    if options.get("mode") == "rows":
        raise UnknownTransformation("labelsToFields as rows")
    chosen, name_by = options.get("keepLabels"), options.get("valueLabel")
    made = []
    for frame in frames:
        values = _numeric(frame)
        labels = {n: v for f in values for n, v in f.labels if not chosen or n in chosen}
        columns = (
            Field(name, "string", (text,) * frame.length)
            for name, text in labels.items()
            if name != name_by
        )
        times = (f for f in frame.fields if f.kind == "time")
        named = (
            replace(f, name=dict(f.labels).get(name_by or "", VALUE), labels=()) for f in values
        )
        made.append(Frame((*times, *columns, *named), frame.ref))
    return _merge(made, {})


def _filter_values(frames: Frames, options: Options) -> Frames:
    """Rows that satisfy conditions, or those that do not."""
    conditions, made = options.get("filters") or (), []
    together = all if options.get("match") == "all" else any
    for frame in frames:
        fitting = [
            row
            for row in range(frame.length)
            if together(
                _holds(found.values[row], one["config"])
                for one in conditions
                if (found := frame.named(one["fieldName"]))
            )
            == (options.get("type", "include") == "include")
        ]
        made.append(frame.taking(fitting))
    return made


def _holds(value: Value, config: Options) -> bool:
    kind, wanted = config["id"], (config.get("options") or {}).get("value")
    match kind:
        case "isNull":
            return value is None
        case "isNotNull":
            return value is not None
        case "equal":
            return str(value) == str(wanted)
        case "notEqual":
            return str(value) != str(wanted)
    comparisons: dict[str, Callable[[float, float], bool]] = {
        "greater": lambda a, b: a > b,
        "greaterOrEqual": lambda a, b: a >= b,
        "lower": lambda a, b: a < b,
        "lowerOrEqual": lambda a, b: a <= b,
    }
    if kind not in comparisons or wanted is None:
        raise UnknownTransformation(f"filterByValue {kind}")
    return isinstance(value, int | float) and comparisons[kind](value, float(wanted))


_STEPS: dict[str, Callable[[Frames, Options], Frames]] = {
    "merge": _merge,
    "joinByField": _join,
    "seriesToColumns": _join,
    "organize": _organize,
    "filterFieldsByName": _filter_fields,
    "sortBy": _sort,
    "renameByRegex": _rename,
    "limit": _limit,
    "reduce": _reduce,
    "labelsToFields": _labels_to_fields,
    "filterByValue": _filter_values,
}
