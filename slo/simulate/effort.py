"""How long single tickets and queries take, counted into histograms.

Times are exposed of technical tickets only: each label value of a histogram is a dozen series, and
nobody learns more from three of them that look alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slo.simulate.distribution import Distribution

if TYPE_CHECKING:
    from slo.model.samples import Values
    from slo.simulate.conditions import Conditions
    from slo.simulate.target import Counts, Target
    from slo.simulate.tickets import Work

_PREFIX = "support_agent"
_TIMED = "technical"

_DECIDED = Distribution(
    parts=((1.0, 11.0, 0.7),), bounds=(0.5, 1, 2, 3, 5, 7.5, 10, 15, 30, 60, 120, 300)
)
_TO_CLOSURE = (60, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400, 172800, 604800)
_BY_AGENT = Distribution(((1.0, 420.0, 0.9),), _TO_CLOSURE)
_BY_HUMAN = Distribution(((0.7, 9_000.0, 0.8), (0.3, 57_600.0, 0.5)), _TO_CLOSURE)
"""People close a ticket within hours, or the next morning."""

_QUERIES_A_REQUEST = 3.0
_QUERIED = Distribution(
    parts=((0.97, 0.003, 0.7), (0.03, 0.03, 0.9)),
    bounds=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
_EXHAUSTED = 0.9
"""Share of leaked connections from which on queries wait for each other."""

_CONTENDED = 20.0


def take(
    target: Target, work: Work, requests: Counts, now: Conditions, rng: np.random.Generator
) -> None:
    """Observe how long tickets and queries take."""
    resolved, escalated = work.resolved_in[_TIMED], work.escalated_in[_TIMED]
    usual = np.ones(requests.size)
    queried = rng.poisson(_QUERIES_A_REQUEST * requests)
    contended = np.where(now.leaked < _EXHAUSTED, 1.0, _CONTENDED)
    seconds = "duration_seconds"
    measures = [
        (f"ticket_processing_{seconds}", {"outcome": "resolved"}, _DECIDED, resolved, now.slowness),
        (f"ticket_resolution_{seconds}", {"resolver": "agent"}, _BY_AGENT, resolved, now.slowness),
        (f"ticket_resolution_{seconds}", {"resolver": "human"}, _BY_HUMAN, escalated, usual),
    ]
    for name, labels, distribution, events, factor in measures:
        of_technical = {"category": _TIMED, **labels}
        _observe(target, (name, of_technical), distribution, (events, factor), rng)
    select = (f"db_query_{seconds}", {"operation": "select"})
    _observe(target, select, _QUERIED, (queried, contended), rng)


def _observe(
    target: Target,
    metric: tuple[str, dict[str, str]],
    distribution: Distribution,
    happened: tuple[Counts, Values],
    rng: np.random.Generator,
) -> None:
    """Observe events of a metric (name and labels), given how many and by what factor they grow."""
    events, factor = happened
    shares = distribution.shares(factor, np.zeros(events.size))
    name, labels = metric
    counts = rng.multinomial(events, shares)
    target.observed(f"{_PREFIX}_{name}", labels, distribution, counts, rng)
