"""Studies as people read them in notebooks, and the figure of their candidates."""

import pytest

import slo
from slo.errors import NotEnoughData
from slo.tune.studies import Studies, before_after
from slo.tune.summary import contenders_table
from tests import shop
from tests.unit.tune.test_tuning import MONTH, SLOW, SLUGGISH, WEEKS, at, labelled, service


@pytest.fixture(scope="module")
def study():
    one = shop.availability(ratio="0.99", period=MONTH).with_policy(SLUGGISH)
    return slo.tune(one, service(SLOW), labelled(SLOW), slo.Goals(catch=0.02))


@pytest.fixture(scope="module")
def kept():
    outages = [(at(week, 2, 0.2), 0.01) for week in range(WEEKS)]
    return slo.tune(shop.availability(period=MONTH, name="other"), service(outages), [])


def test_the_recommended_contender_comes_first(study):
    table = contenders_table(study.ranked)
    assert next(iter(table.columns)) == study.recommended.name
    assert set(table.columns) == {one.name for one in study.contenders}
    assert table.index.name == "out of sample, 90% intervals"
    unseen = study.recommended.unseen
    assert table.loc["incidents seen", study.recommended.name] == (
        f"{unseen.caught} of {unseen.required}"
    )
    assert table.loc["pages a week", "present"].startswith("0.00 (0.00 to ")


def test_before_and_after_stand_side_by_side(study, kept):
    table = before_after([study, kept])
    assert list(table.index) == ["availability", "other"]
    assert table.loc["availability", ("alerts", "before")] == "page at 14.4x over 1h/5m"
    assert "page at" in table.loc["availability", ("alerts", "after")]
    assert table.loc["other", ("alerts", "after")] == "kept"
    assert table.loc["availability", ("incidents seen", "before")].startswith("0 of")


def test_a_study_shows_itself(study, kept):
    shown = Studies((study, kept))._repr_html_()
    assert "Take the qu" in shown
    assert "Keep the present alerts." in shown
    assert "<table" in shown
    for line in study.changes:
        assert line.replace("'", "&#x27;") in shown


def test_those_that_change_are_chosen_with_their_evidence(study, kept):
    studies = Studies((kept, study))
    assert studies.chosen == (study.chosen,)
    assert studies.first_with_candidates is study
    assert studies.before_after.frame.shape[0] == 2
    shown = studies.before_after._repr_html_()
    assert str(study.recommended.policy.alerts[-1]) in shown


def test_a_candidate_within_a_limit_is_picked(study):
    limit = study.recommended.whole.pages_a_week
    policy = study.pick(limit)
    assert policy in [candidate.policy for candidate in study.front]
    with pytest.raises(NotEnoughData, match="no candidate pages at most 0 times a week"):
        study.pick(0)


def test_the_figure_holds_every_candidate_and_contender(study):
    made = slo.figures.pareto_front(study)
    candidates, *others = made.data
    assert len(candidates.x) == len(study.front)
    # Contenders that did the same stand in one place.
    named = [name for trace in others for name in trace.name.split(" and ")]
    assert sorted(named) == sorted(one.name for one in study.contenders)
    (star,) = [trace.name for trace in others if trace.marker.symbol == "star"]
    assert star.split(" and ")[0] == study.recommended.name
