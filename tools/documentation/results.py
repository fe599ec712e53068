"""The page of ``result.json``: every field of each report's, from its JSON Schema."""

from __future__ import annotations

import json
from typing import Any

from slo.report.kinds import WEEKLY_COST, WEEKLY_SLO
from slo.report.result_schema import result_schema
from tools.documentation.described import Undocumented, table

_HEAD = ("field", "type", "meaning")
_PAGE = """\
# result.json

What stands beside each report's page, for programs. Within a version fields are added, and none is
changed or removed; `slo report --schema` prints the JSON Schema that this page is made from.
"""


def page() -> str:
    """The page in Markdown.

    Raises:
        Undocumented: A field is described nowhere.

    """
    schemas = (json.loads(result_schema(kind)) for kind in (WEEKLY_SLO, WEEKLY_COST))
    return _PAGE + "".join(map(_report, schemas))


def _report(schema: dict[str, Any]) -> str:
    name = schema["title"].partition(",")[0]
    parts, prefix = schema["$defs"], name.split("/")[1]
    text = f"\n## {name}\n\n{schema['description']}\n\n"
    text += table(_HEAD, rows(name, schema, parts, prefix))
    for part, held in sorted(parts.items()):
        text += f"\n### {part} {{ #{prefix}-{part.lower()} }}\n\n{held['description']}\n\n"
        if held.get("properties"):
            text += table(_HEAD, rows(part, held, parts, prefix))
    return text


def rows(name: str, schema: dict[str, Any], parts: dict[str, Any], prefix: str) -> list[list[str]]:
    """A row for each field of an object.

    Args:
        name: The object's, for messages.
        schema: The object's.
        parts: Schemas of parts by name, which describe fields that say nothing else.
        prefix: What the parts' anchors begin with.

    Raises:
        Undocumented: Fields that nobody described.

    """
    fields = schema["properties"]
    said = {key: _meaning(value, parts) for key, value in fields.items()}
    if missing := [f"{name}.{key}" for key, text in said.items() if not text]:
        raise Undocumented(missing)
    return [[f"`{key}`", _words(value, prefix), said[key]] for key, value in fields.items()]


def _meaning(field: dict[str, Any], parts: dict[str, Any]) -> str:
    if "description" in field:
        return str(field["description"])
    held = [parts.get(name, {}) for name in map(_part, [field, *field.get("anyOf", [])]) if name]
    return next((one["description"] for one in held if "description" in one), "")


def _part(field: dict[str, Any]) -> str:
    return str(field.get("$ref", "")).rpartition("/")[2]


def _words(field: dict[str, Any], prefix: str) -> str:
    if part := _part(field):
        return f"[{part}](#{prefix}-{part.lower()})"
    if "anyOf" in field:
        return " or ".join(_words(one, prefix) for one in field["anyOf"])
    if "enum" in field or "const" in field:
        return " or ".join(f"`{one}`" for one in field.get("enum", [field.get("const")]))
    if field.get("type") == "array":
        return f"list of {_words(field.get('items', {}), prefix)}"
    if isinstance(inner := field.get("additionalProperties"), dict):
        return f"{_words(inner, prefix)} by name"
    return str(field.get("format") or field.get("type") or "anything")
