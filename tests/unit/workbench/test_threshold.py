"""A threshold dragged without a browser."""

from dataclasses import replace

import numpy as np
import pytest

from slo.figures.theme import Figure
from slo.history.incidents import write_incidents
from slo.model.duration import HOUR, MINUTE
from slo.model.samples import History, series_of
from slo.project import open_project
from slo.workbench import threshold
from slo.workbench.threshold import levels
from tests.shop import SPAN, STEP, incident, stretch

TROUBLE, BUSY = stretch(2, 1), stretch(4, 1)
SPEC = """\
apiVersion: slobook/v1
kind: ThresholdAlert
metadata:
  name: queue
spec:
  service: shop
  severity: warning
  expression: max(queue_depth)
  op: gt
  threshold: 50  # a guess
  summary: The queue is long
  description: Work waits.
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "slobook.toml").write_text('[project]\nspecs = ["alerts.yaml"]\n')
    (tmp_path / "alerts.yaml").write_text(SPEC)
    (tmp_path / "history").mkdir()
    write_incidents([incident(TROUBLE)], tmp_path / "history" / "incidents.csv")
    return open_project(tmp_path / "slobook.toml")


@pytest.fixture(scope="module")
def past():
    times = np.arange(SPAN.start, SPAN.end, STEP, dtype=np.int64)
    depth = 10.0 + np.arange(times.size) % 7
    for span, height in ((TROUBLE, 90.0), (BUSY, 60.0)):
        depth[(times >= span.start) & (times < span.end)] = height
    return History((series_of({"__name__": "queue_depth"}, times, depth),), SPAN)


@pytest.fixture
def bench(project, past):
    return threshold(project, project.alert("queue"), past)


def test_a_move_changes_numbers_and_figure_as_a_backtest_says(bench, project, past):
    assert "1 of 2 (50 %)" in bench.numbers.value
    bench.threshold.value = 60.0
    assert "<b>0 of 1 (0 %)</b>" in bench.numbers.value
    assert bench.course.widget.layout.shapes[0].y0 == 60.0
    bench.hold.value = 10 * MINUTE
    result = project.backtest_alert(bench.chosen, past)
    assert result.score("queue").detection_median == 10 * MINUTE
    assert "<b>10m</b>" in bench.numbers.value
    assert [b.timestamp() * 1000 for b in bench.course.traces[1].base] == [
        episode.start for episode in result.episodes
    ]
    bench.hold.value = HOUR
    assert "<b>0 of 1 (0 %)</b>" in bench.numbers.value
    assert bench.failures.outputs == ()


def test_a_zoom_fetches_every_point(bench):
    assert len(bench.course.traces[3].x) < 3_000
    bench.course.look_at(TROUBLE)
    assert len(bench.course.traces[3].x) == 180


def test_a_choice_is_saved_after_its_diff_was_shown(bench, project):
    bench.threshold.value = 60.0
    bench.hold.value, bench.keep.value = 5 * MINUTE, MINUTE
    bench.saving.save.click()
    assert "+  threshold: 60  # a guess" in bench.saving.shown.value
    bench.saving.write.click()
    written = "  threshold: 60  # a guess\n  for: 5m\n  keepFiringFor: 1m\n"
    assert (project.root / "alerts.yaml").read_text() == SPEC.replace(
        "  threshold: 50  # a guess\n", written
    )
    assert "alerts.yaml:10</code>" in bench.saving.shown.value
    bench.threshold.value = 90.0
    bench.back.click()
    assert bench.chosen == replace(project).alert("queue")
    assert "<b>" not in bench.numbers.value


def test_thresholds_are_dense_where_the_measure_is():
    offered = levels([1.0] * 50 + [2.0, 3.0, 1000.0, np.nan], 5.5)
    assert offered == sorted(set(offered))
    assert {1.0, 5.5, 1000.0} <= set(offered)
    assert levels([np.nan], 3.0) == [3.0]


def test_without_anybody_there_is_a_plain_figure(project, past):
    made = threshold(project, project.alert("queue"), past, interactive=False)
    assert type(made) is Figure
    levels_, shares = made.data[-1].y, made.data[-1].x
    assert np.nansum(shares) == pytest.approx(1)
    assert (min(levels_), max(levels_)) == (pytest.approx(10, abs=1), pytest.approx(90, abs=1))


def test_what_people_and_screen_readers_look_for_is_named(bench):
    named = {
        one._dom_classes[0]: one.description for one in (bench.threshold, bench.hold, bench.keep)
    }
    assert named == {
        "slobook-threshold": "fires at >",
        "slobook-for": "for",
        "slobook-keep": "keeps firing for",
    }
