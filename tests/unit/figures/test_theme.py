import plotly.io as pio
import pytest

import slo
from slo.cost.change import change, usage
from slo.cost.forecast import forecast
from slo.cost.ledger import ledger
from slo.figures.javascript import drawing
from slo.figures.theme import CONFIG
from slo.promql import counter_selector
from tests import agent_costs
from tests.shop import availability, history, incident, stretch

FAILURES = slo.ThresholdAlert(
    "failures", "page", slo.CounterRate(counter_selector('requests_total{code="500"}')),
    ">", 0.1, (300_000,),
)  # fmt: skip


@pytest.fixture(scope="module")
def made():
    outage = stretch(2, 1)
    past, labelled = history((outage, 0.5)), [incident(outage)]
    result = slo.backtest(availability(), past, labelled)
    spent = ledger(agent_costs.BUDGETS, agent_costs.costs(small=0.25), agent_costs.SPAN.end)
    days, before = spent.within(agent_costs.WEEK.span), spent.within(agent_costs.LAST.span)
    return [
        slo.figures.cost_change(change(usage(spent, before), usage(spent, days))),
        slo.figures.cost_forecast(forecast(spent), 700.0),
        slo.figures.daily_cost(spent, agent_costs.WEEK.span),
        slo.figures.alert_course(slo.backtest_alerts([FAILURES], past, labelled)),
        slo.figures.incident_course(availability(), past, labelled[0]),
        slo.figures.objective_outlook(availability(), past),
        slo.figures.burn_down(availability(), past),
        slo.figures.burn_rates(result),
        slo.figures.episodes(result),
        slo.figures.error_ratio(availability(), past),
        slo.figures.outcomes(slo.backtest(availability(), past)),
        slo.figures.pareto_front(slo.tune(availability(), past, labelled)),
        slo.figures.policy_course(availability(), past, labelled),
    ]


def test_every_figure_is_exported():
    assert dir(slo.figures) == slo.figures.__all__ == sorted(slo.figures.__all__)
    assert all(callable(getattr(slo.figures, name)) for name in slo.figures.__all__)
    with pytest.raises(AttributeError, match="'slo.figures' has no attribute 'burndown'"):
        slo.figures.burndown  # noqa: B018


def test_figures_have_no_ground_of_their_own_and_draw_without_webgl(made):
    assert len(made) == len(slo.figures.__all__)
    for figure in made:
        assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
        assert {trace.type for trace in figure.data} <= {"scatter", "bar", "waterfall"}


def test_figures_take_their_configuration_along(made, monkeypatch):
    monkeypatch.setattr(pio.renderers, "default", "plotly_mimetype")
    for figure in made:
        bundle = figure._repr_mimebundle_()["application/vnd.plotly.v1+json"]
        assert bundle["config"] | CONFIG == bundle["config"]
        assert bundle["config"]["showSendToCloud"] is False


def test_the_same_figure_gives_the_same_bytes(made):
    for figure in made:
        assert drawing(figure) == drawing(figure)
        assert set(drawing(figure)) == {"data", "layout"}
