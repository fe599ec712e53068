"""``slo backtest``: presets, instants, nights, exclusions and what really fired."""

import json
import sys

import numpy as np
import pytest

from slo import cli
from slo.history.incidents import write_incidents
from slo.history.snapshot import write_snapshot
from slo.model import names
from slo.model.duration import HOUR, MINUTE
from slo.model.samples import History, series_of
from slo.model.span import Span
from tests import shop

SPEC = """\
apiVersion: openslo/v1
kind: SLO
metadata:
  name: availability
spec:
  service: shop
  indicator:
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'requests_total{code="500"}'}}}
        total: {metricSource: {type: Prometheus, spec: {query: requests_total}}}
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.99
"""
NOON = shop.WEEK.span.start + 12 * HOUR
OUTAGE, AT_NIGHT = Span(NOON, NOON + HOUR), Span(NOON + 11 * HOUR, NOON + 12 * HOUR)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("project")
    (made / "specs").mkdir()
    (made / "history").mkdir()
    (made / "specs" / "shop.yaml").write_text(SPEC)
    (made / "slobook.toml").write_text('[project]\nspecs = ["specs"]\n')
    plain = shop.history((OUTAGE, 0.9), (AT_NIGHT, 0.9))
    times = np.arange(OUTAGE.start + 17_000, OUTAGE.end, MINUTE, dtype=np.int64)
    labels = {"service": "shop", "slo": "availability"}
    alert = {"alertname": names.alert_name("availability", "page-1h"), "alertstate": "firing"}
    left = (
        series_of({"__name__": "ALERTS", **labels, **alert}, times, np.ones(times.size)),
        series_of({"__name__": names.ERROR_RATIO, **labels}, times, np.ones(times.size)),
    )
    write_snapshot(
        History((*plain.series, *left), plain.span), made / "history" / "snapshot.parquet"
    )
    write_incidents([shop.incident(OUTAGE)], made / "history" / "incidents.csv")
    return made


@pytest.fixture
def run(folder, monkeypatch, capsys):
    """Run ``slo backtest``: exit code, standard output, standard error."""

    def done(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["slo", "backtest", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
            raise SystemExit(0)
        output = capsys.readouterr()
        return int(left.value.code or 0), output.out, output.err

    return done


def as_json(run, *arguments):
    code, out, _ = run("--json", *arguments)
    assert code == 0
    (value,) = json.loads(out)
    return value, {score["by"]: score for score in value["scores"]}


def test_everything_is_in_the_json(run):
    value, scores = as_json(run)
    assert (value["evaluation_offset"], value["evaluation_offset_is"]) == (17_000, "recorded")
    assert value["missed"] == []
    assert value["time_zone"] == "UTC"
    assert (scores["page"]["at_night"], scores["page"]["episodes"]) == (1, 2)
    assert {"detection_p90", "budget_worst", "flapping", "time_in_alert"} <= set(scores["page"])
    sensitivity = value["offset_sensitivity"]
    assert sensitivity["offsets"] == [32_000, 47_000, 2_000]
    assert sensitivity["matters"] is False
    (fired,) = value["really_fired"]
    assert (fired["alert"], fired["start"]) == ("page-1h", OUTAGE.start + 17_000)
    really = {score["by"]: score for score in value["really_fired_scores"]}
    assert (really["page"]["episodes"], really["page"]["precision"]) == (1, 1)


def test_instants_and_nights_are_those_that_are_asked_for(run):
    value, scores = as_json(run, "--offset", "5s", "--time-zone", "America/New_York")
    assert (value["evaluation_offset"], value["evaluation_offset_is"]) == (5_000, "given")
    assert {episode["start"] % MINUTE for episode in value["episodes"]} == {5_000}
    # 23:00 in UTC is the early evening there, and noon is seven in the morning.
    assert scores["page"]["at_night"] == 0


def test_people_read_what_would_have_and_what_has_really_fired(run):
    code, out, _ = run()
    assert code == 0
    assert "What really fired, by the history's ALERTS" in out
    assert "17s after the full interval, as the recorded samples show" in out
    assert "at another offset of the rule group" in out
    assert "false: page-1h" in out


@pytest.mark.parametrize(
    ("approach", "alerts"),
    [
        ("single burn rate", ["page-1h"]),
        ("multiple burn rates", ["page-1h", "page-6h", "ticket-3d"]),
        ("workbook", ["page-1h", "page-6h", "ticket-1d", "ticket-3d"]),
        ("multiwindow, multi-burn-rate", ["page-1h", "page-6h", "ticket-1d", "ticket-3d"]),
    ],
)
def test_the_workbooks_approaches_are_replayed_by_name(run, approach, alerts):
    _, scores = as_json(run, "--policy", approach)
    assert [by for by in scores if "-" in by] == alerts


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--policy", "best"), "--policy 'best': found no such approach for availability"),
        (("--policy", "best"), "expected 'workbook' or one of 'as specified'"),
        (("--offset", "soon"), "--offset: "),
        (("--time-zone", "Mars/Olympus"), "--time-zone: expected "),
    ],
)
def test_what_makes_no_sense_is_a_mistake(run, arguments, complaint):
    code, _, err = run(*arguments)
    assert code == 2
    assert complaint in " ".join(err.split())


def test_what_was_excluded_is_told_with_and_without(run, folder):
    path = folder / "history" / "exclusions.csv"
    path.write_text(
        "id,start,end,author,reason\n"
        f"move,{iso(AT_NIGHT.start)},{iso(AT_NIGHT.end)},kim,a planned move\n"
    )
    try:
        value, scores = as_json(run)
        _, out, _ = run()
    finally:
        path.unlink()
    assert (scores["page"]["episodes"], scores["page"]["precision"]) == (1, 1)
    without = {score["by"]: score for score in value["including_excluded"]}
    assert (without["page"]["episodes"], without["page"]["precision"]) == (2, 0.5)
    assert [one["author"] for one in value["exclusions"]] == ["kim"]
    assert "by kim: a planned move" in out
    assert "without these exclusions 1 of 1 incident caught" in out


def iso(instant: int) -> str:
    return str(np.datetime64(instant, "ms")) + "Z"
