"""A plan as a file: reviewed by one, carried out by another, the same to the letter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

from slo.errors import ConfigError
from slo.plan.change import Change, ChangeKind
from slo.plan.planned import Plan

if TYPE_CHECKING:
    from pathlib import Path

_FORMAT = 1
_TEXT_OR_NONE = (str, type(None))


def plan_document(plan: Plan) -> dict[str, Any]:
    """A plan as a JSON value, with every change's differences for its readers."""
    changes = [
        {**row, "differences": [one.json for one in change.differences] if plan.target else []}
        for row, change in zip(plan.rows, plan.changes, strict=True)
    ]
    return {
        "slobook_plan": _FORMAT,
        "digest": plan.digest,
        "target": plan.target,
        "existing": plan.existing,
        "remarks": list(plan.remarks),
        "summary": plan.summary,
        "changes": changes,
    }


def read_plan(path: Path) -> Plan:
    """Read a plan from its file.

    Raises:
        ConfigError: It cannot be read, is no plan, or was edited since it was made.

    """
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    except json.JSONDecodeError as error:
        raise ConfigError(f"{path}:{error.lineno}: found no JSON, expected a plan") from None
    if not isinstance(tree, dict) or tree.get("slobook_plan") != _FORMAT:
        raise ConfigError(
            f"{path}: found something else, expected a plan that 'slo plan --out' wrote"
        )
    try:
        plan = _plan(tree)
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"{path}: found a broken plan ({error!r}); make it again") from None
    if plan.digest != tree.get("digest"):
        raise ConfigError(
            f"{path}: found a plan that was edited (its digest differs), expected it as "
            "'slo plan --out' wrote it; make it again"
        )
    return plan


def _plan(tree: dict[str, Any]) -> Plan:
    changes = tuple(_change(row) for row in tree["changes"])
    remarks = tuple(str(one) for one in tree["remarks"])
    return Plan(changes, int(tree["existing"]), str(tree["target"]), remarks)


def _change(row: dict[str, Any]) -> Change:
    if row["kind"] not in get_args(ChangeKind):
        message = f"no kind of change: {row['kind']!r}"
        raise ValueError(message)
    if not isinstance(row["before"], _TEXT_OR_NONE) or not isinstance(row["after"], _TEXT_OR_NONE):
        message = "before and after are texts"
        raise TypeError(message)
    expected = row["expected"]
    return Change(
        path=str(row["path"]),
        kind=row["kind"],
        before=row["before"],
        after=row["after"],
        expected=None if expected is None else int(expected),
        note=str(row["note"]),
    )
