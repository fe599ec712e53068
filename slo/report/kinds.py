"""Which reports there are: a notebook, the page that it writes, and where that is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from slo.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from slo.model.span import Week

RESULT = "result.json"
"""Name of the file with a report's numbers, of any kind."""


@dataclass(frozen=True)
class ReportKind:
    """A report that is made of every service and week.

    Attributes:
        name: As people ask for it.
        title: As pages call it.
        budget: Of what budget it tells: services that have one have the report.
        notebook: Name of the notebook, which knows ``config``, ``week``, ``service`` and ``out``.
        page: Name of the page that it writes, beside ``result.json`` with at least ``week``,
            ``until``, ``verdict`` and ``falls_short``.
        schema: What its ``result.json`` says that it is: name and version of its shape.
        subfolder: Of the service's folder, for the weeks of this report.

    """

    name: str
    title: str
    budget: Literal["error", "cost"]
    notebook: str
    page: str
    schema: str
    subfolder: str = ""

    def shelf(self, reports: Path, service: str) -> Path:
        """Where a service's weeks of this report lie: ``<reports>/<service>/<subfolder>``."""
        return reports / service / self.subfolder

    def folder(self, reports: Path, service: str, week: Week) -> Path:
        """Where a report is published: ``<reports>/<service>/<subfolder>/<week>``."""
        return self.shelf(reports, service) / str(week)


WEEKLY_SLO = ReportKind(
    name="slo",
    title="Objectives",
    budget="error",
    notebook="weekly_slo_report.ipynb",
    page="weekly-slo.html",
    schema="slobook/weekly-slo/1",
)

WEEKLY_COST = ReportKind(
    name="cost",
    title="Cost",
    budget="cost",
    notebook="weekly_cost_report.ipynb",
    page="weekly-cost.html",
    schema="slobook/weekly-cost/1",
    subfolder="cost",
)

KINDS = (WEEKLY_SLO, WEEKLY_COST)
"""Every report, in the order in which people see them."""


def kind_named(name: str) -> ReportKind:
    """A kind of report by its name.

    Raises:
        ConfigError: There is none.

    """
    for kind in KINDS:
        if kind.name == name:
            return kind
    known = ", ".join(kind.name for kind in KINDS)
    raise ConfigError(f"there is no report {name!r}; there are {known}")
