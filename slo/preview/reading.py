"""Dashboards from JSON files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from slo.errors import ConfigError, Fault, SpecError, nearest
from slo.model.duration import parse_duration
from slo.preview.dashboard import (
    COLUMNS,
    Annotation,
    Dashboard,
    Link,
    Override,
    Panel,
    Place,
    Section,
    Target,
    Transformation,
    Variable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_HIDDEN = 2
"""Grafana's number for a variable that is not shown."""

_EXPECTED = "a dashboard of Grafana's classic schema, with panels"


def dashboard_files(wanted: Sequence[Path], folder: Path) -> tuple[Path, ...]:
    """Files of dashboards.

    Args:
        wanted: Files, or names or uids of those in the folder; all in the folder if empty.
        folder: Of generated dashboards.

    Raises:
        ConfigError: There is no such dashboard, or none at all.

    """
    known = sorted(folder.glob("*.json"))
    if not wanted:
        if not known:
            raise ConfigError(
                f"{folder}: found no dashboards, expected *.json; 'slo generate' writes them"
            )
        return tuple(known)
    return tuple(path if path.is_file() else _known(path, known) for path in wanted)


def _known(wanted: Path, known: Sequence[Path]) -> Path:
    """A generated dashboard by its file's name, with or without suffix, or by its uid."""
    name = str(wanted)
    for path in known:
        if name in (path.name, path.stem) or f'"uid": "{name}"' in path.read_text(encoding="utf-8"):
            return path
    names = [path.stem for path in known]
    listed = ", ".join(names) or "none"
    found = f"no such dashboard{nearest(name, names)}"
    raise ConfigError(f"{name}: found {found}, expected a file, or one of {listed}")


def read_dashboards(paths: Iterable[Path]) -> tuple[Dashboard, ...]:
    """Read dashboards, each from a file of its own.

    Raises:
        SpecError: With every fault of every file.

    """
    read: list[Dashboard] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            read.append(read_dashboard(path))
        except SpecError as error:
            faults += error.faults
    if faults:
        raise SpecError(faults)
    return tuple(read)


def read_dashboard(path: Path) -> Dashboard:
    """Read a dashboard from its JSON.

    Raises:
        SpecError: The file is missing, is no JSON, or no dashboard of the classic schema.

    """
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise _refused(path, 0, "", reason.lower(), _EXPECTED) from None
    except json.JSONDecodeError as error:
        raise _refused(path, error.lineno, "", f"no JSON ({error.msg})", _EXPECTED) from None
    if isinstance(tree, dict) and "spec" in tree and "panels" not in tree:
        found = f"the newer schema {tree.get('apiVersion', '(unnamed)')}"
        raise _refused(path, 1, "spec", found, _EXPECTED)
    if not isinstance(tree, dict) or not isinstance(tree.get("panels"), list):
        raise _refused(path, 1, "panels", "no list of panels", _EXPECTED)
    try:
        return _dashboard(path, tree)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _refused(path, 0, "", f"a field that does not fit ({error!r})", _EXPECTED) from None


def _refused(path: Path, line: int, field: str, found: str, expected: str) -> SpecError:
    return SpecError([Fault(str(path), line, field, found, expected)])


def _dashboard(path: Path, tree: Mapping[str, Any]) -> Dashboard:
    time = tree.get("time") or {}
    return Dashboard(
        file=path,
        uid=str(tree.get("uid") or path.stem),
        title=str(tree.get("title") or path.stem),
        description=str(tree.get("description") or ""),
        tags=tuple(tree.get("tags") or ()),
        start=str(time.get("from") or "now-6h"),
        end=str(time.get("to") or "now"),
        refresh=str(tree.get("refresh") or ""),
        variables=tuple(map(_variable, _listed(tree.get("templating")))),
        annotations=tuple(
            _annotation(one)
            for one in _listed(tree.get("annotations"))
            if one.get("enable", True) and not one.get("builtIn")
        ),
        links=tuple(map(_link, tree.get("links") or ())),
        sections=_sections(tree["panels"]),
    )


def _listed(holder: Any) -> list[Any]:  # noqa: ANN401  whatever JSON holds
    return list((holder or {}).get("list") or ())


def _variable(one: Mapping[str, Any]) -> Variable:
    query = one.get("query") or ""
    if isinstance(query, dict):
        query = query.get("query") or ""
    chosen = (one.get("current") or {}).get("value") or ()
    return Variable(
        name=one["name"],
        kind=one["type"],
        label=str(one.get("label") or one["name"]),
        query=str(query),
        regex=str(one.get("regex") or ""),
        multi=bool(one.get("multi")),
        include_all=bool(one.get("includeAll")),
        all_value=str(one.get("allValue") or ""),
        chosen=tuple(map(str, [chosen] if isinstance(chosen, str) else chosen)),
        hidden=one.get("hide") == _HIDDEN,
    )


def _annotation(one: Mapping[str, Any]) -> Annotation:
    asked = one.get("target") or {}
    expr = one.get("expr") or asked.get("expr") or ""
    return Annotation(str(one.get("name") or ""), str(expr), str(one.get("iconColor") or "blue"))


def _link(one: Mapping[str, Any]) -> Link:
    tags = ", ".join(one.get("tags") or ())
    return Link(str(one.get("title") or tags), str(one.get("url") or f"dashboards tagged {tags}"))


def _sections(panels: list[Mapping[str, Any]]) -> tuple[Section, ...]:
    """A row begins a section: its panels stand in it while it is collapsed, else after it."""
    found = [Section("", collapsed=False, panels=())]
    for one in panels:
        if one["type"] == "row":
            inside = tuple(_panel(each) for each in one.get("panels") or ())
            found.append(Section(str(one.get("title") or ""), bool(one.get("collapsed")), inside))
        else:
            last = found[-1]
            found[-1] = Section(last.title, last.collapsed, (*last.panels, _panel(one)))
    return tuple(section for section in found if section.title or section.panels)


def _panel(one: Mapping[str, Any]) -> Panel:
    settings = one.get("fieldConfig") or {}
    defaults = _dotted(settings.get("defaults") or {})
    links = (*(one.get("links") or ()), *(defaults.get("links") or ()))
    return Panel(
        kind=one["type"],
        title=str(one.get("title") or ""),
        description=str(one.get("description") or ""),
        place=_place(one.get("gridPos") or {}),
        targets=tuple(_target(each) for each in one.get("targets") or ()),
        defaults=defaults,
        overrides=tuple(map(_override, settings.get("overrides") or ())),
        options=one.get("options") or {},
        transformations=tuple(
            Transformation(each["id"], each.get("options") or {})
            for each in one.get("transformations") or ()
            if not each.get("disabled")
        ),
        links=tuple(map(_link, links)),
        interval=_least_step(str(one.get("interval") or "")),
        most_points=int(one.get("maxDataPoints") or 0),
        time_from=str(one.get("timeFrom") or ""),
        repeat=str(one.get("repeat") or ""),
    )


def _dotted(defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Settings by the ids that overrides use, such as ``custom.lineWidth``."""
    plain = {name: value for name, value in defaults.items() if name != "custom"}
    custom = defaults.get("custom") or {}
    return plain | {f"custom.{name}": value for name, value in custom.items()}


def _place(grid: Mapping[str, Any]) -> Place:
    x, width = int(grid.get("x", 0)), int(grid.get("w", COLUMNS // 2))
    if not (0 <= x < COLUMNS and 0 < width <= COLUMNS - x):
        raise ValueError(f"gridPos x {x} and w {width} leave the grid of {COLUMNS} columns")
    return Place(x, int(grid.get("y", 0)), width, max(int(grid.get("h", 8)), 1))


def _target(one: Mapping[str, Any]) -> Target:
    return Target(
        ref=str(one.get("refId") or ""),
        expr=str(one.get("expr") or ""),
        legend=str(one.get("legendFormat") or ""),
        instant=bool(one.get("instant")) and not one.get("range"),
        table=one.get("format") == "table",
        hidden=bool(one.get("hide")),
    )


def _override(one: Mapping[str, Any]) -> Override:
    matcher = one["matcher"]
    properties = {each["id"]: each.get("value") for each in one.get("properties") or ()}
    return Override(matcher["id"], matcher.get("options"), properties)


def _least_step(text: str) -> int:
    """Milliseconds of a panel's interval, such as ``1h`` or ``>1h``; 0 for a variable or none."""
    plain = text.lstrip(">").strip()
    return parse_duration(plain) if plain and not plain.startswith("$") else 0
