"""What a test of promtool's is made of, and how much promtool bears."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.model.duration import HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


Tested = tuple[str, tuple[TestCase, ...]]
"""The name of an alert's rule, and its tests; none where no series brings it about."""


def test_files(by_interval: Mapping[int, Sequence[Tested]]) -> tuple[TestFile, ...]:
    """A file for each interval of evaluation in milliseconds, shortest first."""
    return tuple(_test_file(interval, by_interval[interval]) for interval in sorted(by_interval))


def _test_file(interval: int, tested: Sequence[Tested]) -> TestFile:
    untested = tuple(
        f"{rule}, as no series could be made up that bring it about"
        for rule, cases in tested
        if not cases
    )
    return TestFile(interval, tuple(case for _, cases in tested for case in cases), untested)
