"""The catalogue asks for what the exporter exposes; the packages themselves do not meet."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter import DEFINITIONS
from slo.model.indicator import LatencyBuckets
from slo.spec import read_specs

CATALOGUE = Path(__file__).parents[3] / "slo" / "catalog" / "ai_support"
DECLARED = {definition.name: definition for definition in DEFINITIONS}
SLOS = read_specs([CATALOGUE]).slos


def definition_of(selector):
    name = selector.metric
    for part in ("_bucket", "_count", "_sum"):
        whole = name.removesuffix(part)
        if whole in DECLARED and DECLARED[whole].kind == "histogram":
            return DECLARED[whole]
    return DECLARED[name]


def test_the_catalogue_holds_the_five_objectives_of_the_agent():
    assert len(SLOS) == 5


@pytest.mark.parametrize("slo", SLOS, ids=lambda slo: slo.name)
def test_every_metric_and_label_is_declared(slo):
    for selector in slo.indicator.selectors:
        definition = definition_of(selector)
        labels = {matcher.name for matcher in selector.matchers} - {"__name__"}
        bucket = {"le"} if selector.metric.endswith("_bucket") else set()
        assert labels <= {*definition.labels, *bucket}, str(selector)


def test_promised_latencies_are_bounds_of_buckets():
    promised = [slo.indicator for slo in SLOS if isinstance(slo.indicator, LatencyBuckets)]
    assert [
        float(indicator.bound) in definition_of(indicator.bucket).buckets for indicator in promised
    ] == [True]
