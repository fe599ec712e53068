"""What newer servers make of the dashboards that they store, kept out of what people read.

A plan does not depend on this: what changed is known by our mark, and what is shown by this.
"""

from __future__ import annotations

import json
from typing import Any

from slo.plan.structure import named_members
from slo.targets.grafana.marker import canonical

_OF_SERVER = ("pluginVersion",)
_ABSENT = object()


def without_migration(standing: str, wanted: str) -> str:
    """A dashboard as it stands, without what servers add to the wanted one by themselves.

    These are empty fields, versions of plugins and of the schema, and the built-in annotation.
    """
    before, after = json.loads(standing), json.loads(wanted)
    if (before.get("schemaVersion") or 0) >= (after.get("schemaVersion") or 0):
        before["schemaVersion"] = after.get("schemaVersion")
    return canonical(_without(before, after))


def _without(before: Any, after: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    if isinstance(before, dict) and isinstance(after, dict):
        return {
            key: _without(value, after.get(key))
            for key, value in before.items()
            if key in after or not _is_added(key, value)
        }
    if isinstance(before, list) and isinstance(after, list):
        old, new = named_members(before, after)
        return [
            _without(value, new.get(name, _ABSENT))
            for name, value in old.items()
            if name in new or not _is_built_in(value)
        ]
    return before


def _is_added(key: str, value: object) -> bool:
    # 0 is a number that somebody may have meant.
    return key in _OF_SERVER or value is False or value is None or value in ("", [], {})


def _is_built_in(value: object) -> bool:
    return isinstance(value, dict) and value.get("builtIn") == 1
