"""How many tickets come in: the rhythm of days and weeks, busy and quiet days, and noise.

Doubly stochastic arrivals (Avramidis, Deslauriers and L'Ecuyer 2004): a rate that is itself left
to chance, with a gamma factor for each day and autocorrelated noise within it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slo.model.duration import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from slo.model.samples import Times, Values
    from slo.simulate.scenario import Scenario

TICKETS_A_DAY = 6_500
_WEEKDAYS = np.array([1.15, 1.08, 1.03, 1.0, 0.95, 0.50, 0.45])
"""Monday to Sunday."""

_BUMPS = ((1.0, 10.5, 2.2), (0.9, 15.0, 2.6), (0.28, 20.0, 2.0))
"""Height, hour and width of the morning, the afternoon and the evening."""

_NIGHT = 0.1
_DAY_DEVIATION = 0.10
_NOISE_DEVIATION, _NOISE_MEMORY, _NOISE_STEP = 0.08, 0.95, 5 * MINUTE
_GROWTH_A_DAY = 0.02 / 30
_THURSDAY = 3
"""Day 0 of Unix time, counted from Monday."""


def scrape_grid(scenario: Scenario) -> Times:
    """The start of every scrape interval, int64 Unix milliseconds, shape (n,)."""
    count = scenario.length // scenario.scrape_interval
    return scenario.start + np.arange(count, dtype=np.int64) * scenario.scrape_interval


def expected_tickets(scenario: Scenario, rng: np.random.Generator) -> Values:
    """Tickets expected of all customers together in each scrape interval, shape (n,)."""
    grid = scrape_grid(scenario)
    since = grid - scenario.start
    day = since // DAY
    busy = rng.gamma(_DAY_DEVIATION**-2, _DAY_DEVIATION**2, int(day[-1]) + 1)
    noise = _noise(int(since[-1] // _NOISE_STEP) + 1, rng)
    mean = scenario.traffic * TICKETS_A_DAY * scenario.scrape_interval / DAY
    rhythm = _of_weekday(grid) * _of_hour(grid)
    chance = busy[day] * np.exp(noise[since // _NOISE_STEP])
    tickets: Values = mean * rhythm * chance * (1 + _GROWTH_A_DAY * since / DAY)
    return tickets


def _of_weekday(grid: Times) -> Values:
    factors: Values = (_WEEKDAYS / _WEEKDAYS.mean())[(grid // DAY + _THURSDAY) % 7]
    return factors


def _of_hour(grid: Times) -> Values:
    hours = np.arange(0, 24, 0.1)
    profile = _profile(hours)
    factors: Values = _profile(grid % DAY / HOUR) / profile.mean()
    return factors


def _profile(hours: Values) -> Values:
    bumps = [height * np.exp(-0.5 * ((hours - at) / width) ** 2) for height, at, width in _BUMPS]
    profile: Values = np.sum(bumps, axis=0) + _NIGHT
    return profile


def _noise(count: int, rng: np.random.Generator) -> Values:
    """A first-order autoregression, in logarithms."""
    shocks = rng.normal(0, _NOISE_DEVIATION * np.sqrt(1 - _NOISE_MEMORY**2), count).tolist()
    noise = [0.0]
    for shock in shocks[1:]:
        noise.append(_NOISE_MEMORY * noise[-1] + shock)
    return np.array(noise)
