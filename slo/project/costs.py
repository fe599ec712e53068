"""What a project's services cost: their budgets, the history of it, and the weekly numbers."""

from __future__ import annotations

from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING

from slo.model.cost_model import NO_COST_MODEL
from slo.model.duration import DAY
from slo.model.span import Span
from slo.project.names import service_with
from slo.project.sources import Sources

if TYPE_CHECKING:
    from pathlib import Path

    from slo.model.cost_model import CostModel
    from slo.model.samples import History
    from slo.model.service_alert import CostBudget
    from slo.report.cost.weekly_cost import WeeklyCost

_DAYS = 49
"""Six weeks to learn from, and the days since the last one closed."""


@dataclass(frozen=True)
class Costs(Sources):
    """Sources with what is read of them about money."""

    def cost_service(self, service: str = "") -> str:
        """The service with a budget of money, or the only one.

        Raises:
            ConfigError: There is no such service, or several and none was named.

        """
        return service_with(self.specs.cost_budgets, "cost", service)

    def cost_budgets(self, service: str = "") -> tuple[CostBudget, ...]:
        """The budgets of money of a service, or of the only one that has any.

        Raises:
            ConfigError: There is no such service, or several and none was named.

        """
        name = self.cost_service(service)
        return tuple(one for one in self.specs.cost_budgets if one.service == name)

    def cost_model(self, service: str = "") -> CostModel:
        """What is configured about a service's cost, or that of the only one; maybe nothing.

        Raises:
            ConfigError: There is no such service, or several and none was named.

        """
        name = self.cost_service(service)
        return next((one for one in self.specs.cost_models if one.service == name), NO_COST_MODEL)

    def cost_history(self, service: str = "", until: int | None = None) -> History:
        """The raw samples that a service's cost report reads: the snapshot's, or seven weeks.

        Args:
            service: The service; may be empty where only one has a budget of money.
            until: Where the seven weeks end, in Unix milliseconds; now if None, or if that is
                still to come.

        Raises:
            ConfigError: There is no such service, or neither snapshot nor Prometheus.
            HistoryError: The source cannot be read or reached.

        """
        selectors = self.cost_selectors(self.cost_service(service))
        if self.snapshot_path.exists():
            from slo.history.snapshot import read_snapshot  # noqa: PLC0415  loads pyarrow

            return read_snapshot(self.snapshot_path, selectors)
        from slo.history.prometheus import fetch_history  # noqa: PLC0415  loads requests

        now = int(time() * 1000)
        end = now if until is None else min(until, now)
        span = Span(end - _DAYS * DAY, end)
        with self.progress(f"Fetching from {self.prometheus.shown_url}") as advance:
            return fetch_history(self.prometheus, selectors, span, advance)

    def cost_span(self, service: str = "") -> Span:
        """From when to when there may be history of a service's cost; nothing is fetched for it.

        Raises:
            ConfigError: There is no such service, or neither snapshot nor Prometheus.
            HistoryError: The snapshot cannot be read.

        """
        from slo.project.reports import reach  # noqa: PLC0415  not needed to open a project

        self.cost_service(service)
        return reach(self)

    def weekly_cost(self, week: str = "", service: str = "") -> WeeklyCost:
        """The numbers of the weekly cost report.

        Args:
            week: An ISO week such as ``2026-W45``; the last closed week of the history if empty.
            service: The service; may be empty where only one has a budget of money.

        Raises:
            ConfigError: There is no such service or week.
            NotEnoughData: The history does not reach into the week, or holds no cost.

        """
        from slo.report.cost.weekly_cost import weekly_cost  # noqa: PLC0415  loads numpy
        from slo.report.weeks import week_within  # noqa: PLC0415

        chosen = week_within(week, self.cost_span(service))
        # What was known when the week ended, also for a week that was missed long ago.
        history = self.cost_history(service, chosen.span.end)
        budgets = self.cost_budgets(service)
        model = self.cost_model(service)
        return weekly_cost(budgets[0].service, budgets, history, chosen, model)

    def write_weekly_cost(self, report: WeeklyCost, folder: str | Path) -> Path:
        """Write a weekly cost report, in every form, into a folder; returns the page's path."""
        from slo.report.cost.files import write_weekly_cost  # noqa: PLC0415  loads plotly

        links = self.configuration.links
        return write_weekly_cost(report, folder, self.reports_path, links.reports)
