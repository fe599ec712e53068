"""The studies of several objectives, such as all of a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from slo.model.slo import Slo
    from slo.tune.study import Study


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
        from slo.tune.summary import before_after  # noqa: PLC0415  loads pandas

        return BeforeAfter(before_after(self.studies))

    def _repr_html_(self) -> str:
        from slo.tune.summary import study_html  # noqa: PLC0415  as above

        return "<hr>".join(study_html(study) for study in self.studies)
