"""Sliders without a browser: their values are what a browser sets."""

from decimal import Decimal
from time import process_time

import pytest

import slo
from slo.figures.incident_course import around
from slo.figures.theme import Figure
from slo.model.duration import DAY
from slo.model.objective import Objective
from slo.model.span import Span
from slo.workbench import design
from tests.shop import SPAN, history
from tests.unit.workbench.conftest import OUTAGE, SPEC


@pytest.fixture
def bench(project, past):
    return design(project, project["availability"], past)


def spec_of(project):
    return (project.root / "shop.yaml").read_text()


def said(bench):
    return bench.failures.outputs


def test_it_begins_with_what_the_specification_does(bench, project, past):
    one = project["availability"]
    result = project.backtest(one, past)
    numbers = bench.numbers.value
    assert "99 %" in numbers
    assert f"{result.score('page').episodes_a_week:.2f}" in numbers
    assert "<b>" not in numbers


def test_a_move_changes_numbers_and_figure_as_a_backtest_says(bench, project, past):
    bench.objective.value = Objective(Decimal("0.995"))
    bench.burn_rates["page-6h"].value = 150.0
    bench.burn_rates["page-1h"].value = 120.0
    wanted = bench.chosen
    assert wanted.objective == Objective(Decimal("0.995"))
    assert {a.name: a.factor for a in wanted.policy.alerts}["page-1h"] == 120.0
    result = project.backtest(wanted, past)
    numbers = bench.numbers.value
    assert f"<b>{result.score('page').episodes_a_week:.2f}</b>" in numbers
    left = slo.budget_status(wanted, past, past.span.end).remaining
    assert f"<b>{100 * left:.3g} % (" in numbers
    shown = slo.figures.policy_course(wanted, past, project.incidents(), alert="page-1h")
    bases = [[str(base) for base in trace.base] for trace in bench.course.traces[:5]]
    assert bases == [[str(base) for base in trace.base] for trace in shown.data[:5]]
    assert said(bench) == ()


def test_an_alert_that_is_moved_is_looked_at(bench):
    bench.burn_rates["ticket-1d"].value = 4.8
    assert bench.looked_at.value == "ticket-1d"
    assert bench.course.widget.layout.shapes[0].y0 == 4.8
    bench.looked_at.value = "page-1h"
    assert bench.course.traces[-2].name == "burn rate over 1h"


def test_an_alert_that_can_never_fire_is_pointed_out(bench):
    bench.burn_rates["page-1h"].value = 150.0
    assert "page-1h can never fire" in bench.numbers.value


def test_the_way_back_is_exact(bench, project):
    bench.objective.index = 2
    bench.burn_rates["page-1h"].value = 3.0
    bench.back.click()
    assert bench.chosen == project["availability"]
    assert "<b>" not in bench.numbers.value


@pytest.mark.parametrize(("trace", "point"), [(1, 0), (6, 0)], ids=["its bar", "near it"])
def test_a_click_on_an_incident_looks_closely_at_everything(bench, trace, point):
    before = len(bench.course.traces[-1].x)
    bench.course.widget._js2py_pointsCallback = {
        "event_type": "plotly_click",
        "points": {
            "trace_indexes": [trace],
            "point_indexes": [point],
            "xs": [0],
            "ys": ["incidents"],
        },
        "device_state": None,
        "selector": None,
    }
    assert bench.course.shown == around(OUTAGE)
    assert len(bench.course.traces[-1].x) == 180 != before
    bench.course.whole.click()
    assert len(bench.course.traces[-1].x) == before


def test_a_click_beside_the_timeline_changes_nothing(bench):
    before = bench.course.shown
    bench.course._clicked(7, 0)
    bench.course._clicked(0, 99)
    assert bench.course.shown == before


def test_a_choice_is_saved_after_its_diff_was_shown(bench, project):
    bench.objective.value = Objective(Decimal("0.995"))
    bench.saving.save.click()
    assert "+    - target: 0.995  # agreed in May" in bench.saving.shown.value
    assert spec_of(project) == SPEC
    bench.saving.write.click()
    assert said(bench) == ()
    written = spec_of(project)
    assert "- target: 0.995  # agreed in May" in written
    assert "slobook/evidence: 'set by hand; over 2026-10-26 to 2026-11-23, in sample: " in written
    assert written.splitlines()[5:7] == [
        "  annotations:",
        f"    slobook/evidence: '{bench.saving._project['availability'].evidence}'",
    ]
    assert "shop.yaml:6</code>" in bench.saving.shown.value
    bench.saving.save.click()
    assert "Nothing to save" in bench.saving.shown.value
    bench.burn_rates["page-1h"].value = 10.0
    bench.saving.save.click()
    bench.saving.write.click()
    assert "threshold: 10" in spec_of(project)
    bench.back.click()
    assert bench.objective.value == Objective(Decimal("0.995"))


def test_a_move_takes_the_shown_diff_away(bench, project):
    bench.objective.index = 2
    bench.saving.save.click()
    bench.objective.index = 3
    assert bench.saving.shown.value == ""
    bench.saving.write.click()
    bench.saving.save.click()
    bench.saving.cancel.click()
    bench.saving.write.click()
    assert spec_of(project) == SPEC


@pytest.mark.parametrize("before_the_diff", [True, False])
def test_a_file_that_somebody_else_changed_is_left_alone(bench, project, before_the_diff):
    theirs = SPEC.replace("0.99 ", "0.98 ")
    bench.objective.index = 2
    if before_the_diff:
        (project.root / "shop.yaml").write_text(theirs)
    bench.saving.save.click()
    if not before_the_diff:
        (project.root / "shop.yaml").write_text(theirs)
        bench.saving.write.click()
    (refusal,) = [output["data"]["text/plain"] for output in said(bench)]
    assert "was changed since it was read; nothing is written" in refusal
    assert spec_of(project) == theirs


def test_a_failure_is_shown_and_a_success_takes_it_away(bench, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("no events")

    with monkeypatch.context() as patched:
        patched.setattr(bench._past.__class__, "tried", broken)
        bench.objective.index = 2
    (output,) = said(bench)
    assert (output["output_type"], output["ename"]) == ("error", "ZeroDivisionError")
    assert "no events" in output["traceback"][-1]
    bench.objective.index = 3
    assert said(bench) == ()


def test_who_has_no_widgets_sees_numbers(bench):
    bundle = bench._repr_mimebundle_()
    assert "incidents caught (recall)" in bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_without_anybody_there_is_a_plain_figure(project, past):
    made = design(project, project["availability"], past, interactive=False)
    assert type(made) is Figure


def test_what_people_and_screen_readers_look_for_is_named(bench):
    assert "slobook-objective" in bench.objective._dom_classes
    assert "slobook-burn-rate-page-1h" in bench.burn_rates["page-1h"]._dom_classes
    assert "slobook-numbers" in bench.numbers._dom_classes
    assert "slobook-save" in bench.saving.save._dom_classes
    assert bench.objective.description == "objective"
    assert bench.burn_rates["page-1h"].description == "page-1h at"
    assert "role='status'" in bench.numbers.value


def test_a_move_over_a_quarter_costs_half_of_what_computing_anew_does(project):
    quarter = history((OUTAGE, 0.5), span=Span(SPAN.end - 91 * DAY, SPAN.end))
    bench = design(project, project["availability"], quarter)
    assert bench._past.bad_share.times.size > 130_000
    bench.objective.index = 2
    moves, anew = [], []
    for index in (3, 4, 5):
        begin = process_time()
        bench.objective.index = index
        moves.append(process_time() - begin)
        begin = process_time()
        design(project, bench.chosen, quarter)
        anew.append(process_time() - begin)
    assert 2 * min(moves) < min(anew)
