"""``slo tune`` as its user meets it."""

import json
import sys

import numpy as np
import pytest

from slo import cli
from slo.history.incidents import write_incidents
from slo.history.snapshot import write_snapshot
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.incident import Incident
from slo.model.samples import History, series_of
from slo.model.span import Span

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
    - target: 0.99  # for a start
  alertPolicies:
    - kind: AlertPolicy
      metadata:
        name: page-1h
      spec:
        conditions:
          - kind: AlertCondition
            metadata:
              annotations:
                slobook/short-window: 5m
            spec:
              severity: page
              condition:
                kind: burnrate
                op: gt
                threshold: 14.4  # the workbook's
                lookbackWindow: 1h
                alertAfter: 0m
"""
START = 1_790_000_000_000 // DAY * DAY
OUTAGES = [Span(START + day * DAY, START + day * DAY + 5 * HOUR // 2) for day in range(3, 56, 7)]
SPAN = Span(START, START + 56 * DAY)


def history():
    """Outages that burn eight times too fast: the workbook's fast page never sees them."""
    times = np.arange(SPAN.start, SPAN.end, MINUTE, dtype=np.int64)
    failing = np.zeros(times.size)
    for outage in OUTAGES:
        failing[(times > outage.start) & (times <= outage.end)] = 0.08 * 60
    bad = np.cumsum(failing)
    total = np.arange(times.size) * 60.0
    return History(
        (
            series_of({"__name__": "requests_total", "code": "200"}, times, total - bad),
            series_of({"__name__": "requests_total", "code": "500"}, times, bad),
        ),
        SPAN,
    )


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "shop.yaml").write_text(SPEC)
    (tmp_path / "slobook.toml").write_text('[project]\nspecs = ["specs"]\n')
    (tmp_path / "history").mkdir()
    write_snapshot(history(), tmp_path / "history" / "snapshot.parquet")
    incidents = [Incident(f"outage-{n}", s, "outage", "shop") for n, s in enumerate(OUTAGES)]
    write_incidents(incidents, tmp_path / "history" / "incidents.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def slo(monkeypatch, capsys):
    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["slo", "tune", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
            raise SystemExit(0)
        output = capsys.readouterr()
        return int(left.value.code or 0), output.out, output.err

    return run


def test_a_better_policy_is_recommended_with_the_present_one_beside_it(slo, project):
    before = (project / "specs" / "shop.yaml").read_bytes()
    code, out, err = slo("--catch", "2")
    assert (code, err) == (1, "")
    assert out.startswith("To catch every incident that spends 2 % of the budget")
    assert "8 incidents, labelled; 8 spent enough to have to be seen." in out
    assert "the present policy saw 0 of" in out
    assert "out of sample, 90% intervals" in out
    assert "present" in out
    assert (project / "specs" / "shop.yaml").read_bytes() == before


def test_a_diff_shows_what_a_reviewer_needs_and_writes_nothing(slo, project):
    before = (project / "specs" / "shop.yaml").read_bytes()
    code, out, _ = slo("--catch", "2", "--diff")
    assert code == 1
    assert "+    slobook/evidence: 'slo tune, " in out
    assert (project / "specs" / "shop.yaml").read_bytes() == before


def test_what_is_written_is_kept_the_next_time(slo, project):
    code, _, err = slo("--catch", "2", "--write")
    assert code == 0
    assert "written: " in err
    written = (project / "specs" / "shop.yaml").read_text()
    assert "# for a start" in written
    assert "slobook/evidence" in written
    code, out, _ = slo("--catch", "2")
    assert code == 0
    assert "Keep the present alerts." in out
    assert (project / "specs" / "shop.yaml").read_text() == written


def test_a_study_as_json(slo, project):
    code, out, _ = slo("availability", "--catch", "2", "--json")
    assert code == 1
    (study,) = json.loads(out)
    assert study["slo"] == "availability"
    assert study["goals"]["catch"] == 0.02
    names = [contender["name"] for contender in study["contenders"]]
    assert names[0] == "present"
    assert study["recommended"] in names
    tuned = next(c for c in study["contenders"] if c["name"] == study["recommended"])
    assert tuned["intervals"]["recall"]["high"] == 1
    assert len(tuned["folds"]) >= 3
    assert study["changes"]


def test_without_labels_incidents_are_derived_and_said_to_be(slo, project):
    (project / "history" / "incidents.csv").unlink()
    code, out, _ = slo("--catch", "2")
    assert code == 1
    assert "8 incidents, derived from the history, as none is labelled" in out
    assert "not whether users were harmed" in out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--catch", "0"], "catch is a share of the budget above 0 and up to 1, not 0"),
        (["--pages-a-week", "-1"], "pages_a_week is 0 or more, not -1"),
        (["nothing"], "there is no objective 'nothing'"),
        (["--history", "none.parquet"], "--history none.parquet: there is no such file"),
    ],
)
def test_a_mistake_is_one_message(slo, project, arguments, complaint):
    code, out, err = slo(*arguments)
    assert (code, out) == (2, "")
    assert complaint in err
