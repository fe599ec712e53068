"""The studies of several objectives, such as all of a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from slo.tune.study import Study


@dataclass(frozen=True)
class Studies:
    """Studies in the order of their objectives."""

    studies: tuple[Study, ...]

    @property
    def changed(self) -> tuple[Study, ...]:
        """Those that recommend a change."""
        return tuple(study for study in self.studies if study.changes)

    @property
    def before_after(self) -> pd.DataFrame:
        """A row an objective: present and recommended alerts, and what both did."""
        from slo.tune.summary import before_after  # noqa: PLC0415  loads pandas

        return before_after(self.studies)

    def _repr_html_(self) -> str:
        from slo.tune.summary import study_html  # noqa: PLC0415  as above

        return "<hr>".join(study_html(study) for study in self.studies)
