"""The studies of several objectives, such as all of a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.card import Card, Inner, Shown, Table
from slo.counting import counted
from slo.tune.summary import figures_of, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from slo.model.slo import Slo
    from slo.tune.study import Study

_COMPARED = (
    "incidents seen",
    "pages a week",
    "false pages a week",
    "tickets a week",
    "detection, median",
    "budget spent, median",
)


@dataclass(frozen=True, eq=False)
class BeforeAfter(Shown):
    """A table of present and recommended alerts that shows its texts whole.

    Attributes:
        frame: A row an objective; columns by figure, then before and after.

    """

    frame: pd.DataFrame

    @property
    def card(self) -> Card:
        """A table for the alerts, and one for each figure that both are compared by."""
        names = tuple(map(str, self.frame.index))
        figures = list(dict.fromkeys(self.frame.columns.get_level_values(0)))
        tables = []
        for figure in figures:
            before, after = (map(str, self.frame[figure, when]) for when in ("before", "after"))
            rows = tuple(zip(names, before, after, strict=True))
            numbers = () if figure == "alerts" else ("before", "after")
            tables.append(Table(("objective", "before", "after"), rows, figure, numbers))
        return Card("Before and after", "", tuple(tables))


@dataclass(frozen=True)
class Studies(Shown):
    """Studies in the order of their objectives."""

    studies: tuple[Study, ...]

    @property
    def chosen(self) -> tuple[Slo, ...]:
        """The objectives for which a change is recommended, with the recommended alerts."""
        return tuple(study.chosen for study in self.studies if study.changes)

    @property
    def first_with_candidates(self) -> Study:
        """The first study whose evidence was enough to choose pages from; else the first."""
        return next((study for study in self.studies if study.front), self.studies[0])

    @property
    def before_after(self) -> BeforeAfter:
        """A row an objective: present and recommended alerts, and what both did."""
        return BeforeAfter(before_after(self.studies))

    @property
    def card(self) -> Card:
        """What is recommended for each, and then each study."""
        rows = tuple((one.slo.title, one.recommendation, one.reason) for one in self.studies)
        table = Table(("objective", "recommendation", "why"), rows)
        changed = f"changes for {len(self.chosen)} of {counted(len(rows), 'objective')}."
        return Card("Alerts", changed, (table, *(Inner(one.card) for one in self.studies)))


def before_after(studies: Sequence[Study]) -> pd.DataFrame:
    """A row an objective: its present alerts and the recommended ones, and what both did.

    Out of sample where there is something; else the whole history stands for it.
    """
    import pandas as pd  # noqa: PLC0415  only where people look at a frame

    rows = {}
    for study in studies:
        row = {("alerts", "before"): written(study.present.policy)}
        row["alerts", "after"] = written(study.recommended.policy) if study.changes else "kept"
        for name in _COMPARED:
            for when, one in (("before", study.present), ("after", study.recommended)):
                row[name, when] = figures_of(one)[name].split(" (")[0]
        rows[study.slo.title] = row
    return pd.DataFrame.from_dict(rows, orient="index")
