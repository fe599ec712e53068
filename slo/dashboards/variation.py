"""Panels with something of their own: a stretch of time, the distance of points, series' names."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from slo.dashboards import sdk

if TYPE_CHECKING:
    from collections.abc import Mapping

TODAY, THIS_MONTH = "now/d", "now/M"
"""From the day's or the month's beginning to now, in the dashboard's time zone."""


def since(beginning: str, panel: sdk.models.Panel) -> sdk.models.Panel:
    """The same panel over a stretch that the reader's choice of time does not change.

    ``$__range`` is that stretch then; Grafana writes it into the panel's head.
    """
    own = deepcopy(panel)
    own.time_from, own.hide_time_override = beginning, False
    return own


def every(step: str, panel: sdk.models.Panel) -> sdk.models.Panel:
    """The same panel with points at multiples of a step, such as ``1d``, and none in between."""
    own = deepcopy(panel)
    own.interval = step
    return own


def renamed(names: Mapping[str, str], panel: sdk.models.Panel) -> sdk.models.Panel:
    """The same panel with other names for those of its series that have such a name."""
    own = deepcopy(panel)
    overrides = [
        sdk.models.DashboardFieldConfigSourceOverrides(
            matcher=sdk.models.MatcherConfig("byName", name),
            properties=[sdk.models.DynamicConfigValue("displayName", shown)],
        )
        for name, shown in names.items()
    ]
    config = own.field_config or sdk.models.FieldConfigSource()
    config.overrides = [*(config.overrides or []), *overrides]
    own.field_config = config
    return own
