"""Every duration that the catalogue promises is a bound of a histogram's buckets."""

from __future__ import annotations

import re

from exporter import DEFINITIONS
from tests.catalogue import SPECS

BUCKETS = {f"{one.name}_bucket": one.buckets for one in DEFINITIONS if one.kind == "histogram"}


def promised() -> set[tuple[str, float]]:
    """Each histogram's buckets that an objective or an alert looks at."""
    selectors = [s for slo in SPECS.slos for s in slo.indicator.selectors]
    selectors += [s for one in SPECS.alerts for s in one.alert.selectors]
    return {
        (selector.metric, float(re.match(r"[\d.]*\d", matcher.value)[0]))
        for selector in selectors
        for matcher in selector.matchers
        if matcher.name == "le"
    }


def test_promised_latencies_are_bounds_of_buckets():
    found = promised()
    assert {bound for _, bound in found} == {5.0, 10.0}
    assert [(metric, bound) for metric, bound in found if bound not in BUCKETS[metric]] == []
