"""Skeletons of runbooks: all that specifications say, and nothing that they do not."""

from pathlib import Path

import pytest

from slo.rules.runbook import SECTIONS, runbook_names, runbook_skeleton
from slo.spec import read_specs
from tests.metric_contract import asked_for

SPECS = read_specs([Path("tests/golden/specs")])


def test_links_are_not_files():
    assert runbook_names(SPECS.slos, SPECS.alerts) == ("failed-orders.md",)


def test_a_skeleton_holds_what_specifications_say():
    text = runbook_skeleton("failed-orders.md", SPECS.slos, SPECS.alerts)
    assert text.startswith("# Failed orders\n\nAlerts: `FailedOrdersCritical`\n")
    places = [text.index(f"\n## {section}\n") for section in SECTIONS]
    assert places == sorted(places)
    assert "More than 5 % of orders fail (> 5 % for 2m). Customers pay in vain." in text
    assert "- The last deployment is rolled back." in text
    (query,) = [part.split("```")[0] for part in text.split("```promql\n")[1:]]
    assert {one.metric for one in asked_for(query)} == {"orders_total"}
    assert "> 0.05" not in query


def test_what_nothing_names_has_no_skeleton():
    with pytest.raises(ValueError, match=r"the runbook other\.md"):
        runbook_skeleton("other.md", SPECS.slos, SPECS.alerts)
