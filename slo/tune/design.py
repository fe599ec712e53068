"""A policy for an objective, designed from what its past shows up to an instant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.model.alert import AlertPolicy
from slo.model.duration import WEEK, in_days
from slo.spec.policy import default_policy
from slo.tune.folds import LEAST_TRAINING
from slo.tune.search import Limits, search

if TYPE_CHECKING:
    from slo.model.alert import BurnRateAlert, Severity
    from slo.model.samples import Mask
    from slo.model.slo import Slo
    from slo.model.span import Span
    from slo.tune.evidence import Evidence
    from slo.tune.goals import Goals
    from slo.tune.search import Aim, Ranking
    from slo.tune.trial import Trial

LEAST_INCIDENTS = 3
"""From fewer incidents nothing is chosen."""

LEAST_OF_A_SEVERITY = 2
"""From fewer incidents a severity's alerts are not chosen."""

LEAST_FAILURES = 20
"""A budget of fewer failures a period is spent by single ones; nothing is chosen from them."""


@dataclass(frozen=True, eq=False)
class Design:
    """A policy and where it comes from.

    Attributes:
        policy: The alerts.
        rankings: What was found for each severity that the evidence was enough for.
        notes: Why other alerts are the workbook's.

    """

    policy: AlertPolicy
    rankings: dict[Severity, Ranking]
    notes: tuple[str, ...]


def design(
    past: Evidence, trials: dict[Severity, Trial], goals: Goals, training: Span, aim: Aim
) -> Design:
    """Choose alerts by what would have served best in the training, or take the workbook's.

    Args:
        past: The objective's past.
        trials: What conditions of each severity would have done, the most urgent first.
        goals: What the alerts are to achieve.
        training: What may be looked at; it ends where a stretch of the trials ends.
        aim: What matters most within the limits.

    """
    known = np.array([one.span.end <= training.end for one in past.incidents], np.bool_)
    required = past.required & known
    lacking = shortage(past, int(required.sum()), training)
    if lacking:
        return Design(standing_policy(past.slo), {}, (lacking,))
    alerts: list[BurnRateAlert] = []
    rankings: dict[Severity, Ranking] = {}
    notes = []
    weeks = training.length / WEEK
    unseen = required
    for severity, trial in trials.items():
        page = severity == "page"
        needed = unseen & past.urgent if page else unseen
        if needed.sum() < LEAST_OF_A_SEVERITY:
            alerts += [a for a in standing_policy(past.slo).alerts if a.severity == severity]
            notes.append(_too_few(severity, int(needed.sum())))
            # The workbook's pages are to see what is urgent, as their factors say.
            unseen &= ~needed
            continue
        a_week = goals.pages_a_week if page else goals.tickets_a_week
        slowest = goals.urgent_burn_rate(past.slo.objective, past.slo.period) if page else 1.0
        limits = Limits(a_week * weeks, goals.detect_before, slowest * goals.margin)
        ranking = search(trial, _stretches(trial, training), needed, limits, aim)
        rankings[severity] = ranking
        alerts += ranking.alerts(trial, 0)
        unseen &= ~ranking.sees(trial, 0)
    return Design(AlertPolicy(tuple(alerts)), rankings, tuple(notes))


def standing_policy(slo: Slo) -> AlertPolicy:
    """The workbook's alerts; the present ones of a severity of which none of those can fire."""
    workbook = default_policy(slo.objective, slo.period, slo.indicator)
    kept = [a for a in slo.policy.alerts if a.severity not in workbook.severities]
    return AlertPolicy((*kept, *workbook.alerts))


def shortage(past: Evidence, required: int, training: Span) -> str:
    """What the evidence lacks to choose alerts from it; empty where it is enough."""
    if training.length < LEAST_TRAINING:
        return (
            f"{in_days(training.length)} of history are too few to choose from; it takes "
            f"{in_days(LEAST_TRAINING)}"
        )
    if past.failures_allowed < LEAST_FAILURES:
        return (
            f"the budget of a period is {past.failures_allowed:.1f} failures; below "
            f"{LEAST_FAILURES} single ones decide what burns"
        )
    if required < LEAST_INCIDENTS:
        return (
            f"{required or 'no'} incident{'s' * (required != 1)} had to be seen; it takes "
            f"{LEAST_INCIDENTS} to choose from"
        )
    return ""


def _too_few(severity: Severity, count: int) -> str:
    kind = "fast" if severity == "page" else "slow"
    return (
        f"{count or 'no'} {kind} incident{'s' * (count != 1)} to choose {severity}s from: "
        f"the workbook's {severity}s stand"
    )


def _stretches(trial: Trial, training: Span) -> Mask:
    return np.asarray(trial.judged.cuts < training.end, dtype=np.bool_)
