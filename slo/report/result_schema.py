"""The JSON Schema of a report's ``result.json``, made of its shape."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from slo.report.cost.result_shape import WeeklyCostResult
from slo.report.kinds import WEEKLY_COST, WEEKLY_SLO
from slo.report.objectives.result_shape import WeeklySloResult

if TYPE_CHECKING:
    from slo.report.kinds import ReportKind

_SHAPES = {WEEKLY_SLO.schema: WeeklySloResult, WEEKLY_COST.schema: WeeklyCostResult}


def result_schema(kind: ReportKind) -> str:
    """The schema of a kind of report, as JSON with a line end.

    It allows fields that it does not know: readers may keep it while fields are added.
    Texts are read out of the shapes' source, which is there wherever slo is installed.
    """
    made = TypeAdapter[Any](_SHAPES[kind.schema]).json_schema()
    schema = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:{kind.schema.replace('/', ':')}",
        "title": f"{kind.schema}, the result.json of a weekly report",
        **_plain(made),
    }
    return json.dumps(schema, indent=2) + "\n"


def _plain(node: Any) -> Any:  # noqa: ANN401  any piece of JSON
    """Without titles that say names again, and with texts on one line."""
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if isinstance(node, dict):
        return {
            key: _plain(value)
            for key, value in node.items()
            # A field of the name "title" has a schema, not a text.
            if key != "title" or not isinstance(value, str)
        }
    return re.sub(r"\s+", " ", node) if isinstance(node, str) else node
