import time
from decimal import Decimal

import pytest

import slo
from slo.backtest import ANY
from slo.figures.explore_policy import replay, tried
from slo.model.objective import Objective
from tests.shop import SPAN, availability, history, incident, stretch

OUTAGE, BLIP = stretch(2, 1), stretch(4, 0.2)
PAST = history((OUTAGE, 0.5), (BLIP, 0.4))
LABELLED = [incident(OUTAGE)]


@pytest.fixture(scope="module")
def past():
    return replay(availability(), PAST, LABELLED)


def test_the_specified_policy_does_what_its_backtest_says(past):
    result = slo.backtest(availability(), PAST, LABELLED)
    trial = tried(past, availability().objective, {})
    assert sorted(trial.episodes, key=lambda e: (e.start, e.alert)) == list(result.episodes)
    assert trial.false == len(result.false_episodes)
    assert list(trial.delays) == [result.score(ANY).detection_median]


def test_other_factors_do_what_their_backtest_says(past):
    objective = Objective(Decimal("0.995"))
    trial = tried(past, objective, {"page-1h": 30.0, "ticket-1d": 1.5})
    result = slo.backtest(trial.slo, PAST, LABELLED)
    assert [a.factor for a in trial.slo.policy.alerts] == [30.0, 1.5]
    assert sorted(trial.episodes, key=lambda e: (e.start, e.alert)) == list(result.episodes)
    assert trial.false == len(result.false_episodes)


def test_a_trial_is_summed_up(past):
    quiet = tried(past, availability().objective, {"page-1h": 90.0, "ticket-1d": 90.0})
    assert quiet.summary == "99 %: 0 of 1 incidents caught, 0 of 0 episodes false, 0.0 a week"
    usual = tried(past, availability().objective, {})
    assert usual.summary.startswith("99 %: 1 of 1 incidents caught after ")
    assert usual.weeks == SPAN.length / (7 * 86_400_000)


def test_without_anybody_to_move_sliders_there_is_a_figure():
    made = slo.figures.explore_policy(availability(), PAST, LABELLED, interactive=False)
    assert type(made).__mro__[1].__name__ == "Figure"
    assert made.layout.title.text.startswith("99 %: 1 of 1 incidents caught")
    assert made.data[0].base[0].timestamp() * 1000 == OUTAGE.start


def test_a_slider_redraws_in_less_than_a_fifth_of_a_second():
    shown = slo.figures.explore_policy(availability(), PAST, LABELLED)
    objective, page, ticket, figure = shown.children
    before = figure.layout.title.text
    begin = time.process_time()
    page.value = 90.0
    took = time.process_time() - begin
    assert took < 0.2
    assert figure.layout.title.text != before
    assert figure.data[1].base == (None,)
    ticket.value = 90.0
    assert "0 of 1 incidents caught" in figure.layout.title.text
    objective.index = 0
    assert figure.layout.title.text.startswith("97 %")


def test_a_widget_offers_no_upload():
    shown = slo.figures.explore_policy(availability(), PAST, LABELLED)
    assert shown.children[-1]._config["showSendToCloud"] is False
    assert shown.children[-1]._config["plotlyServerURL"] == ""
