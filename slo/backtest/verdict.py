"""The verdict on some alerts' episodes: what they saw, what was false, how well they served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.backtest.result import ANY
from slo.backtest.score import calls, score
from slo.model.alert import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.backtest.detection import IncidentOutcome
    from slo.backtest.judge import Judge
    from slo.backtest.score import Score
    from slo.model.alert import Episode
    from slo.model.incident import Exclusion, Incident
    from slo.model.samples import Mask


@dataclass(frozen=True)
class Verdict:
    """Episodes, judged; what each attribute holds says ``slo.backtest.result.Judged``."""

    excluded: tuple[Episode, ...]
    false: tuple[Episode, ...]
    unjudged: tuple[Episode, ...]
    outcomes: tuple[IncidentOutcome, ...]
    results: tuple[Score, ...]


def not_excluded(
    incidents: Sequence[Incident], exclusions: Sequence[Exclusion]
) -> tuple[Incident, ...]:
    """The incidents that no exclusion overlaps."""
    return tuple(i for i in incidents if not any(i.span.overlap(one.span) for one in exclusions))


def verdict(
    judge: Judge,
    everything: Sequence[Episode],
    incidents: Sequence[Incident],
    exclusions: Sequence[Exclusion],
    time_zone: str,
) -> Verdict:
    """Hold episodes against incidents and exclusions.

    Args:
        judge: The rules.
        everything: Episodes of the judge's alerts, in the order of time.
        incidents: What there was to see; those that an exclusion overlaps are left out.
        exclusions: What is not judged.
        time_zone: IANA name of the zone whose nights count.

    """
    left = not_excluded(incidents, exclusions)
    belongs = judge.belonging(everything, [incident.span for incident in left])
    out = judge.belongs_to_any(everything, [one.span for one in exclusions])
    true = np.asarray(belongs.any(axis=1), dtype=np.bool_)
    early = np.array([judge.warming_up(e) for e in everything], np.bool_) & ~true & ~out
    members = {name: [e.alert == name for e in everything] for name in judge.alerts}
    used = {alert.severity for alert in judge.alerts.values()}
    for severity in (one for one in SEVERITIES if one in used):
        members[severity] = [e.severity == severity for e in everything]
    members[ANY] = [True for _ in everything]
    groups = {by: np.array(of, np.bool_) & ~out & ~early for by, of in members.items()}
    outcomes = tuple(
        judge.outcome(
            incident, {by: _those(everything, of & belongs[:, k]) for by, of in groups.items()}
        )
        for k, incident in enumerate(left)
    )
    wrong = frozenset(_those(everything, ~true))
    results = tuple(
        score(
            by,
            calls(_those(everything, of), wrong, judge.span.end),
            [outcome.detection(by) for outcome in outcomes],
            judge.span,
            time_zone,
        )
        for by, of in groups.items()
    )
    return Verdict(
        excluded=_those(everything, out),
        false=_those(everything, groups[ANY] & ~true),
        unjudged=_those(everything, early),
        outcomes=outcomes,
        results=results,
    )


def _those(episodes: Sequence[Episode], mask: Mask) -> tuple[Episode, ...]:
    return tuple(episode for episode, of in zip(episodes, mask.tolist(), strict=True) if of)
