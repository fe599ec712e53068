"""An incident looked at from an objective."""

from dataclasses import replace

import pytest

import slo
from slo.errors import ConfigError
from slo.figures.incident_course import around
from slo.figures.theme import Figure
from slo.history.incidents import write_incidents
from slo.model.duration import DAY
from slo.project import open_project
from slo.workbench import incident as view
from slo.workbench import incident_story
from tests.shop import incident, stretch
from tests.unit.workbench.conftest import OUTAGE, SPEC

EARLIER = stretch(0, 1)


@pytest.fixture
def project(project):
    other = SPEC.replace("name: availability", "name: stricter").replace("0.99 ", "0.999 ")
    elsewhere = SPEC.replace("name: availability", "name: unseen").replace("requests_", "clicks_")
    (project.root / "shop.yaml").write_text(f"{SPEC}---\n{other}---\n{elsewhere}")
    labelled = [incident(EARLIER, "early"), replace(incident(OUTAGE), notes="half fails")]
    write_incidents(labelled, project.root / "history" / "incidents.csv")
    return open_project(project.file)


@pytest.fixture
def story(project, past):
    return incident_story(project, project["availability"], past)


def test_the_newest_incident_is_told_as_its_backtest_has_it(story, project, past):
    assert story.incident.name == "outage"
    assert story.error_ratio == pytest.approx(0.5)
    result = project.backtest(project["availability"], past)
    assert story.outcome == result.outcomes[-1]
    html = story._repr_html_()
    assert "half fails" in html
    detection = story.outcome.detection("page-1h")
    (row,) = [one.split() for one in story.card.text.splitlines() if one.startswith("page-1h")]
    assert row[1] == f"{detection.delay // 60_000}m"
    assert f'>{row[0]}</th><td class="number">{row[1]}</td>' in html


def test_other_objectives_are_held_against_the_same_hour(story):
    stricter, unseen = story.beside
    assert (stricter.name, unseen.name) == ("stricter", "unseen")
    assert stricter.error_ratio == pytest.approx(0.5)
    assert stricter.budget_spent == pytest.approx(10 * story.outcome.budget_spent)
    assert "page-1h" in stricter.fired
    assert unseen.error_ratio != unseen.error_ratio
    assert unseen.fired == ()


def test_neighbours_are_named_with_their_distance(story, project, past):
    assert story.neighbours == "early is 1d23h before it."
    early = incident_story(project, project["availability"], past, "early")
    assert early.neighbours == "outage is 1d23h after it."
    assert "did not fire</td>" in early._repr_html_()
    assert "did not fire" in str(early)


def test_an_incident_that_is_not_there_is_refused_with_those_that_are(project, past):
    with pytest.raises(ConfigError, match="no incident 'late' .* those that do: early, outage"):
        incident_story(project, project["availability"], past, "late")
    with pytest.raises(ConfigError, match=r"touches availability, the nearest is 'outage'; "):
        incident_story(project, project["availability"], past, "outrage")


def test_the_figure_begins_around_it_and_fetches_what_is_zoomed_to(story):
    bench = view(story)
    assert bench.course.shown == around(OUTAGE)
    errors, traffic = bench.course.traces[-2:]
    assert len(errors.x) == len(traffic.x) == 180
    assert max(traffic.y) == pytest.approx(1)
    assert max(errors.y) == pytest.approx(0.5, abs=0.01)
    bench.course.look_at(stretch(1, 48))
    assert len(bench.course.traces[-2].x) > 600
    bench.course.whole.click()
    assert bench.course.shown == around(OUTAGE)
    assert bench.failures.outputs == ()
    assert "half fails" in bench._repr_mimebundle_()["text/html"]


def test_without_anybody_there_is_a_plain_figure(story):
    assert type(view(story, interactive=False)) is Figure
    assert story.trial.past.replayed.span.length > 20 * DAY
    assert slo.workbench.incident is view
