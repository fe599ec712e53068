"""Names between quotes: alerts and services of a project, where its methods ask for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from slo.errors import SloError
from slo.project.names import names_of
from slo.project.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Sequence

_ASKED = re.compile(
    r"""(?P<name>\w+)\.(?P<method>\w+)\(             # project.weekly_slo(
        (?:[^()]*?\b(?P<argument>\w+)\s*=\s*)?       # week="2026-W45", service=
        (?P<quote>["'])(?P<begun>[^"']*)$            # "sup
    """,
    re.VERBOSE,
)
_SERVICES_FIRST = frozenset(
    {"of_service", "tune_service", "cost_service", "cost_budgets", "cost_model", "cost_history"}
)
"""Methods whose first argument is a service."""


def names_begun(line: str, namespace: dict[str, Any]) -> tuple[str, list[str]]:
    """The part of a name before the cursor, and the names that begin so.

    Args:
        line: The cell's line up to the cursor.
        namespace: What the notebook's variables hold.

    """
    asked = _ASKED.search(line)
    if asked is None:
        return "", []
    project = namespace.get(asked["name"])
    if not isinstance(project, Sources):
        return "", []
    try:
        known = _names(project, asked["method"], asked["argument"])
    except SloError:  # specifications with faults: the cell that reads them tells of it
        known = []
    return asked["begun"], [name for name in known if name.startswith(asked["begun"])]


def _names(project: Sources, method: str, argument: str | None) -> Sequence[str]:
    if argument == "service" or (argument is None and method in _SERVICES_FIRST):
        budgets = project.specs.cost_budgets
        return sorted({one.service for one in project.slos} | {one.service for one in budgets})
    if method == "objective" and argument in (None, "name"):
        return names_of(project.slos)
    if method == "alert" and argument in (None, "name"):
        return names_of(project.alerts)
    return ()
