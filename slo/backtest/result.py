"""A backtest's answer: episodes, incidents and who noticed them, scores."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from slo.backtest.score import calls
from slo.card import Card, Notes, Shown, listing
from slo.counting import counted
from slo.errors import ConfigError, nearest
from slo.model.duration import rounded_duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from slo.backtest.detection import IncidentOutcome
    from slo.backtest.score import Call, Score
    from slo.engine.ratio import ErrorRatios
    from slo.model.alert import Episode, Severity
    from slo.model.incident import Exclusion, Incident
    from slo.model.indicator import Comparison
    from slo.model.samples import Points
    from slo.model.slo import Slo
    from slo.model.span import Span

ANY = "any"
"""The score of all alerts together."""

OffsetOrigin = Literal["recorded", "assumed", "given"]
"""How the evaluations' instants are known: samples of recording rules show them, nothing does so
that multiples of the interval are taken, or somebody said so."""


@dataclass(frozen=True, eq=False)
class Compared:
    """What an alert holds against its threshold over one of its windows.

    Attributes:
        alert: The alert's name.
        severity: Page or ticket.
        window: Milliseconds.
        values: At every evaluation.
        comparison: The condition holds where ``values comparison threshold`` does.
        threshold: In the values' unit.
        is_share: Whether the values are shares, which people read as percent.

    """

    alert: str
    severity: Severity
    window: int
    values: Points
    comparison: Comparison
    threshold: float
    is_share: bool


@dataclass(frozen=True)
class Judged(Shown):
    """What some alerts would have done, judged by what really went wrong.

    Attributes:
        span: The evaluated stretch.
        interval: Milliseconds between evaluations.
        offset: Milliseconds of the evaluations' instants above multiples of ``interval``.
        offset_origin: How that is known.
        time_zone: IANA name of the zone whose nights count as nights.
        episodes: Every alert's, in the order of time.
        outcomes: One for each incident that there was to see.
        false_episodes: Episodes that belong to no incident.
        unjudged: Episodes that belong to no incident and began before the history filled their
            alert's long window: what went before is unknown, so that they count for nothing.
        exclusions: What was not judged.
        excluded: Episodes that an exclusion touches; they count for nothing either.
        results: Scores by alert, then by severity, then of all together.

    """

    span: Span
    interval: int
    offset: int
    offset_origin: OffsetOrigin
    time_zone: str
    episodes: tuple[Episode, ...]
    outcomes: tuple[IncidentOutcome, ...]
    false_episodes: tuple[Episode, ...]
    unjudged: tuple[Episode, ...]
    exclusions: tuple[Exclusion, ...]
    excluded: tuple[Episode, ...]
    results: tuple[Score, ...]

    @property
    @abstractmethod
    def compared(self) -> tuple[Compared, ...]:
        """What each alert holds against its threshold, alert by alert, longest window first."""

    @cached_property
    def judged(self) -> tuple[Episode, ...]:
        """Every episode that counts, in the order of time."""
        left_out = {*self.unjudged, *self.excluded}
        return tuple(episode for episode in self.episodes if episode not in left_out)

    def calls(self, by: str = ANY) -> tuple[Call, ...]:
        """How often an alert, a severity or any called: what overlaps or touches is one call."""
        own = [e for e in self.judged if by in (e.alert, e.severity, ANY)]
        return calls(own, frozenset(self.false_episodes), self.span.end)

    @property
    def missed(self) -> tuple[Incident, ...]:
        """Incidents that no alert saw."""
        return tuple(outcome.incident for outcome in self.outcomes if not outcome.detections)

    def score(self, by: str) -> Score:
        """The score of an alert, a severity or ``any``.

        Raises:
            ConfigError: There is no such alert or severity.

        """
        for score in self.results:
            if score.by == by:
                return score
        known = [score.by for score in self.results]
        listed = ", ".join(known)
        raise ConfigError(
            f"there is no score of {by!r}{nearest(by, known)}; there are those of {listed}"
        )

    @property
    def scores(self) -> pd.DataFrame:
        """A row for each alert, severity and ``any``; times as pandas timedeltas."""
        return scores_frame(self.results)

    @property
    @abstractmethod
    def title(self) -> str:
        """Whose alerts they are."""

    @property
    def card(self) -> Card:
        """What was seen and missed, and the scores of each alert, severity and of all together."""
        seen = len(self.outcomes) - len(self.missed)
        there = counted(len(self.outcomes), "incident")
        said = f"{seen} of {there} seen" if self.outcomes else "no incident to see"
        false = counted(sum(not call.true for call in self.calls()), "false call")
        lost = f"Missed: {', '.join(one.name for one in self.missed)}" if self.missed else ""
        notes = Notes(tuple(filter(None, [lost, *self._left_out])))
        return Card(
            self.title,
            f"{said}, {false} in {rounded_duration(self.span.length)}.",
            (listing(self.results, "What the alerts would have done"), notes),
            "warning" if self.missed else "plain",
        )

    @property
    def _left_out(self) -> tuple[str, ...]:
        excluded, unjudged = len(self.excluded), len(self.unjudged)
        by = f"not judged, by {counted(len(self.exclusions), 'exclusion')}"
        early = "not judged: they began before the history filled their windows"
        told = ((excluded, by), (unjudged, early))
        return tuple(f"{counted(n, 'episode')} {why}" for n, why in told if n)


@dataclass(frozen=True)
class Backtest(Judged):
    """What the burn-rate alerts of an objective would have done.

    Attributes:
        slo: The objective with the policy that was tested.
        ratios: Error ratios over the policy's windows at every evaluation.
        really_fired: Episodes of the present alerts that the history's ``ALERTS`` tell of; empty
            where none were stored.
        really_fired_results: Their scores, likewise.
        including_excluded: The same, as if nothing had been excluded; None where nothing is.

    The other attributes are those of ``Judged``.

    """

    slo: Slo
    ratios: ErrorRatios
    really_fired: tuple[Episode, ...] = ()
    really_fired_results: tuple[Score, ...] = ()
    including_excluded: Backtest | None = None

    @property
    def compared(self) -> tuple[Compared, ...]:
        """Each alert's error ratios and its threshold."""
        return tuple(
            Compared(
                alert=alert.name,
                severity=alert.severity,
                window=window,
                values=self.ratios.over(window),
                comparison=">",
                threshold=alert.threshold(self.slo.objective),
                is_share=True,
            )
            for alert in self.slo.policy.alerts
            for window in alert.windows
        )

    @property
    def title(self) -> str:
        """The objective's name for people."""
        return self.slo.title

    @property
    def card(self) -> Card:
        """The same, and what the present alerts really did where the history tells of it."""
        shown = super().card
        if not self.really_fired:
            return shown
        really = listing(self.really_fired_results, "What the present alerts really did")
        return replace(shown, parts=(*shown.parts, really))


def scores_frame(scores: Sequence[Score]) -> pd.DataFrame:
    """A row a score, by its ``by``; times as pandas timedeltas."""
    import pandas as pd  # noqa: PLC0415  only where people look at a frame

    frame = pd.DataFrame([vars(score) for score in scores]).set_index("by")
    for column in ("detection_median", "detection_p90", "detection_worst", "reset_median"):
        frame[column] = pd.to_timedelta(frame[column], unit="ms")
    return frame
