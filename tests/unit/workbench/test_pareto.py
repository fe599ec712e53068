"""A point of the front chosen without a browser."""

import pytest

import slo
from slo.figures.incident_course import around
from slo.figures.pareto_front import choices, pareto_front
from slo.figures.theme import Figure
from slo.history.incidents import write_incidents
from slo.workbench import pareto
from tests.shop import SPAN, STEP, WEEKS, history, incident, stretch
from tests.unit.workbench.conftest import SPEC

OUTAGES = [stretch(day, 1, week) for week in WEEKS for day in (1, 4)]
NOISE = [stretch(2.5, 0.3, week) for week in WEEKS]
LABELLED = [incident(span, f"outage-{number}") for number, span in enumerate(OUTAGES)]


@pytest.fixture(scope="module")
def past():
    return history(*((one, 0.4) for one in OUTAGES), *((one, 0.2) for one in NOISE))


@pytest.fixture
def project(project):
    write_incidents(LABELLED, project.root / "history" / "incidents.csv")
    return project


@pytest.fixture
def study(project, past):
    return project.tune(project["availability"], past)


def clicked(bench, trace, index):
    bench.front.widget._js2py_pointsCallback = {
        "event_type": "plotly_click",
        "points": {"trace_indexes": [trace], "point_indexes": [index], "xs": [0], "ys": [0]},
        "device_state": None,
        "selector": None,
    }


def test_every_point_of_the_figure_is_a_choice(study):
    made = pareto_front(study)
    assert study.front
    assert [[one.performance.pages_a_week for one in trace] for trace in choices(study)] == [
        list(trace.x) for trace in made.data
    ]


def test_a_click_shows_what_the_policy_would_have_done(project, study, past):
    bench = pareto(project, study, past)
    clicked(bench, 0, 0)
    (candidate, *_), *_ = choices(study)
    assert bench.chosen.policy == candidate.policy
    assert bench.policy.value == candidate.policy.card.html
    result = project.replay(bench.chosen, past).backtest(bench.chosen)
    assert f"{result.score('page').episodes_a_week:.2f}" in bench.numbers.value
    rows = [trace.name for trace in bench.course.traces[: 1 + len(candidate.policy.alerts)]]
    assert rows == ["incidents", *(alert.name for alert in candidate.policy.alerts)]
    assert bench.course.widget in bench._replayed.children
    assert bench.failures.outputs == ()


def test_a_zoom_fetches_every_point_of_what_was_chosen(project, study, past):
    bench = pareto(project, study, past)
    clicked(bench, 0, 0)
    line = next(one for one in bench.course.traces if one.name.startswith("burn rate"))
    minutes = around(OUTAGES[-1]).length // STEP
    assert len(line.x) < (SPAN.end - SPAN.start) // STEP / 10
    bench.course.look_at(OUTAGES[-1])
    assert bench.course.shown == around(OUTAGES[-1])
    assert len(line.x) == minutes
    assert bench.failures.outputs == ()


def test_the_recommended_policy_brings_its_evidence_and_another_says_it_was_chosen(
    project, study, past
):
    bench = pareto(project, study, past)
    for trace, of in enumerate(choices(study)):
        for index, one in enumerate(of):
            clicked(bench, trace, index)
            if one.policy == study.slo.policy:
                assert bench.chosen == study.slo
            elif one.policy == study.recommended.policy:
                assert bench.chosen == study.chosen
            else:
                assert bench.chosen.evidence.startswith("set by hand; over 2026-10-26 to ")


def test_a_choice_is_saved_after_its_diff_was_shown(project, study, past):
    bench = pareto(project, study, past)
    bench.saving.save.click()
    assert "Nothing to save" in bench.saving.shown.value
    clicked(bench, 0, 0)
    bench.saving.save.click()
    assert "alertPolicies:" in bench.saving.shown.value
    bench.saving.write.click()
    again = slo.open_project(project.file)["availability"]
    assert again.policy.alerts == bench.chosen.policy.alerts
    assert (project.root / "shop.yaml").read_text() != SPEC
    assert "shop.yaml:" in bench.saving.shown.value


def test_without_anybody_there_is_a_plain_figure(project, study, past):
    made = pareto(project, study, past, interactive=False)
    assert type(made) is Figure
    assert made == pareto_front(study)
    assert study.span == SPAN
