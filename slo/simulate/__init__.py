"""Believable months of the AI support agent, with incidents that are known."""

from __future__ import annotations

from slo.simulate.scenario import Gap, PlannedIncident, Scenario, default_scenario

__all__ = ["Gap", "PlannedIncident", "Scenario", "default_scenario"]
