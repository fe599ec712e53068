"""What a test of promtool's is made of, and how much promtool bears."""

from __future__ import annotations

from dataclasses import dataclass

from slo.model.duration import HOUR, MINUTE, SECOND

INTERVALS = (6 * HOUR, 30 * MINUTE, 5 * MINUTE, MINUTE, 5 * SECOND)
"""Few, because each is a file of its own: promtool knows one interval a file."""

STEPS = tuple(
    amount * unit for unit in (HOUR, MINUTE, SECOND) for amount in (1, 30, 20, 15, 10, 6, 5, 3, 2)
)
"""Milliseconds between samples that read well."""

MOST_SAMPLES = 9_900
"""promtool gives up a query at 10,000 (promql/test.go, NewLazyLoader)."""


@dataclass(frozen=True)
class TestCase:
    """One test of promtool's.

    Attributes:
        name: What it proves.
        step: Milliseconds between samples.
        series: Pairs of a series and its values in promtool's notation.
        expr: Has the one result 1 where the alert fires.
        at: When that is asked, in milliseconds from the first sample.
        fires: Whether the alert must fire.

    """

    name: str
    step: int
    series: tuple[tuple[str, str], ...]
    expr: str
    at: int
    fires: bool


@dataclass(frozen=True)
class TestFile:
    """Tests of a service's rules at one interval.

    Attributes:
        interval: Milliseconds between evaluations.
        cases: In the order of objectives and alerts.
        untested: Why alerts have no tests, for people.

    """

    interval: int
    cases: tuple[TestCase, ...]
    untested: tuple[str, ...]
