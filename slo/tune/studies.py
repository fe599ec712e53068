"""The studies of several objectives, such as all of a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
class BeforeAfter:
    """A table that shows its texts whole, which a frame cuts off.

    Attributes:
        frame: A row an objective; columns by figure, then before and after.

    """

    frame: pd.DataFrame

    def _repr_html_(self) -> str:
        import pandas as pd  # noqa: PLC0415  only where people look at a frame

        with pd.option_context("display.max_colwidth", None):
            return str(self.frame.to_html())


@dataclass(frozen=True)
class Studies:
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

    def _repr_html_(self) -> str:
        return "<hr>".join(study._repr_html_() for study in self.studies)


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
