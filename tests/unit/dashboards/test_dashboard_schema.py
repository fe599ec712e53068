"""Dashboards keep to Grafana's own schemas and know only what Grafana knows.

The schemas are reference data that is no part of the project: where it is absent these tests are
skipped. Three repairs make it strict and right: see ``repaired``.
"""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from slo.dashboards import sdk
from tests.dashboards import FILES, panels_of, read

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = Path(os.environ.get("GRAFANA_REFERENCE", ROOT.parent / "shared" / "data" / "grafana"))
OWN_UNITS = ("suffix:", "prefix:", "time:", "si:", "count:", "currency:", "bool:")

referring = pytest.mark.skipif(
    not REFERENCE.is_dir(),
    reason=f"no reference data of Grafana at {REFERENCE}; name its folder in GRAFANA_REFERENCE",
)
each_dashboard = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@cache
def definitions(name: str) -> dict:
    file = REFERENCE / "jsonschema" / f"{name}.jsonschema.json"
    return repaired(json.loads(file.read_text()))["definitions"]


def repaired(node):
    """Any object means any value, unions are told apart by their type, and are no exclusive ones.

    ``TableCellOptions`` and ``ValueMapping`` hold a ``type`` with only a default: without this a
    member of the union would accept what is meant for another, or two would and none would do.
    """
    if isinstance(node, list):
        return [repaired(one) for one in node]
    if not isinstance(node, dict):
        return node
    anything = node.get("type") == "object" and node.get("additionalProperties") == {}
    if anything and not node.get("properties"):
        return {}
    found = {name: repaired(value) for name, value in node.items()}
    if "oneOf" in found:
        found["anyOf"] = found.pop("oneOf")
    kind = (found.get("properties") or {}).get("type")
    if isinstance(kind, dict) and isinstance(kind.get("default"), str):
        kind["const"] = kind["default"]
    return found


def faults(name: str, definition: str, value: object) -> Iterator[str]:
    held = definitions(name)
    yield from _faults({"$ref": f"#/definitions/{definition}"}, held, value, f"{name}.{definition}")


def _faults(schema: dict, held: dict, value: object, what: str) -> Iterator[str]:
    validator = jsonschema.Draft7Validator({**schema, "definitions": held})
    for error in validator.iter_errors(value):
        yield f"{what} {'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"


def property_faults(kind: str, name: str, value: object) -> Iterator[str]:
    """An override's property, which is one of the field's own or of the panel type's."""
    file, definition = ("dashboard", "FieldConfig")
    if name.startswith("custom."):
        file, definition = kind, "FieldConfig"
    held = definitions(file)
    schema = held[definition]
    while "$ref" in schema:
        schema = held[schema["$ref"].rpartition("/")[2]]
    short = name.removeprefix("custom.")
    if short not in schema["properties"]:
        yield f"{kind} has no property {name}"
        return
    yield from _faults(schema["properties"][short], held, value, f"{kind} {name}")


def panel_faults(panel: dict) -> Iterator[str]:
    kind = panel["type"]
    yield from faults("dashboard", "Panel", panel)
    yield from faults(kind, "Options", panel["options"])
    for target in panel.get("targets") or ():
        yield from faults("prometheus", "Dataquery", target)
    config = panel.get("fieldConfig") or {"defaults": {}}
    if "custom" in config["defaults"]:
        yield from faults(kind, "FieldConfig", config["defaults"]["custom"])
    for override in config.get("overrides") or ():
        for one in override["properties"]:
            yield from property_faults(kind, one["id"], one["value"])


def dashboard_faults(dashboard: dict) -> Iterator[str]:
    yield from faults("dashboard", "Dashboard", {**dashboard, "panels": []})
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            yield from faults("dashboard", "RowPanel", {**panel, "panels": []})
    for panel in panels_of(dashboard):
        yield from (f"{panel['title']}: {fault}" for fault in panel_faults(panel))


@referring
@each_dashboard
def test_a_dashboard_keeps_to_grafanas_schemas(path):
    assert list(dashboard_faults(read(path))) == []


@referring
@pytest.mark.parametrize(
    ("panel", "field", "value"),
    [
        ("stat", ("options", "colourMode"), "value"),
        ("stat", ("options", "colorMode"), "blue"),
        ("timeseries", ("fieldConfig", "defaults", "custom", "lineWidth"), "2"),
        ("timeseries", ("fieldConfig", "defaults", "thresholds", "mode"), "relative"),
        ("timeseries", ("targets", 0, "expression"), "up"),
        ("table", ("fieldConfig", "overrides", 0, "properties", 0, "id"), "custom.colour"),
        ("table", ("transformations", 0, "name"), "merge"),
        ("table", ("heigth",), 3),
    ],
)
def test_what_grafana_does_not_have_is_found(panel, field, value):
    (dashboard,) = [one for one in map(read, FILES) if one["uid"] == "slobook-slo-detail-001"]
    inner = next(one for one in panels_of(dashboard) if one["type"] == panel)
    for name in field[:-1]:
        inner = inner[name]
    inner[field[-1]] = value
    assert list(dashboard_faults(dashboard)) != []


@each_dashboard
def test_the_library_reads_back_what_it_wrote(path):
    text = path.read_text(encoding="utf-8")
    model = sdk.models.Dashboard.from_json(json.loads(text))
    written = json.dumps(model, cls=sdk.JSONEncoder, indent=2, ensure_ascii=False)
    assert written + "\n" == text


def found_under(tree: object, key: str) -> Iterator[object]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name == key:
                yield value
            yield from found_under(value, key)
    elif isinstance(tree, list):
        for one in tree:
            yield from found_under(one, key)


@referring
@each_dashboard
def test_units_reducers_and_transformations_are_ones_that_grafana_knows(path):
    known = json.loads((REFERENCE / "registries-13.2.3.json").read_text())
    panels = [*panels_of(read(path))]
    overrides = [o for p in panels for o in p.get("fieldConfig", {}).get("overrides") or ()]
    properties = [one for override in overrides for one in override["properties"]]
    units = {*found_under(panels, "unit")} | {p["value"] for p in properties if p["id"] == "unit"}
    assert units
    assert [u for u in units if u not in known["units"] and not u.startswith(OWN_UNITS)] == []
    calcs = {calc for calcs in found_under(panels, "calcs") for calc in calcs}
    assert calcs <= set(known["reducers"])
    steps = {step["id"] for panel in panels for step in panel.get("transformations") or ()}
    assert steps <= set(known["transformers"])
    assert {override["matcher"]["id"] for override in overrides} <= set(known["fieldMatchers"])
    colors = {one["mode"] for one in found_under(panels, "color") if isinstance(one, dict)}
    assert colors <= set(known["colorModes"])
