"""The committed schemas of ``result.json``, closed: what they do not describe is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from slo.report.kinds import ReportKind

SCHEMAS = Path(__file__).resolve().parent.parent / "docs" / "schemas"


def committed(kind: ReportKind) -> Path:
    name, version = kind.schema.split("/")[1:]
    return SCHEMAS / f"{name}-{version}.json"


def faults(kind: ReportKind, result: object) -> list[str]:
    """Everything of a result that its schema does not describe."""
    schema = closed(json.loads(committed(kind).read_text()))
    Draft202012Validator.check_schema(schema)
    as_read = json.loads(json.dumps(result, allow_nan=False))
    return [
        f"{fault.json_path}: {fault.message[:200]}"
        for fault in Draft202012Validator(schema).iter_errors(as_read)
    ]


def closed(node: Any) -> Any:
    """The schema with ``additionalProperties: false`` for every object that has fields."""
    if isinstance(node, list):
        return [closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    inner = {key: closed(value) for key, value in node.items()}
    fields = node.get("type") == "object" and "properties" in node
    return {**inner, "additionalProperties": False} if fields else inner
