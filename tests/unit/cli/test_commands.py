"""The command as its user meets it: what it says, where, and with which exit code."""

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from slo import __version__, cli
from slo.history.incidents import write_incidents
from slo.history.snapshot import write_snapshot
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.incident import Incident
from slo.model.samples import History, series_of
from slo.model.span import Span

CATALOGUE = Path(__file__).resolve().parents[3] / "slo" / "catalog" / "ai_support"
SPEC = """\
apiVersion: openslo/v1
kind: Service
metadata:
  name: shop
---
apiVersion: openslo/v1
kind: SLO
metadata:
  name: availability
spec:
  service: shop
  indicator:
    metadata:
      name: availability
    spec:
      ratioMetric:
        counter: true
        bad:
          metricSource:
            type: Prometheus
            spec:
              query: requests_total{code="500"}
        total:
          metricSource:
            type: Prometheus
            spec:
              query: requests_total
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.999
"""
START = 1_790_000_000_000 // DAY * DAY
OUTAGE = Span(START + 2 * DAY, START + 2 * DAY + 30 * MINUTE)
QUIET = Span(START + 3 * DAY, START + 3 * DAY + HOUR)


def four_days() -> History:
    times = START + np.arange(0, 4 * DAY, 30_000, dtype=np.int64)
    failing = np.where((times > OUTAGE.start) & (times <= OUTAGE.end), 30.0, 0.0)
    total = np.arange(times.size) * 30.0
    return History(
        (
            series_of({"__name__": "requests_total", "code": "200"}, times, total),
            series_of({"__name__": "requests_total", "code": "500"}, times, np.cumsum(failing)),
        ),
        Span(START, START + 4 * DAY),
        source="a test",
    )


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "shop.yaml").write_text(SPEC)
    (tmp_path / "slobook.toml").write_text('[project]\nspecs = ["specs"]\n')
    (tmp_path / "history").mkdir()
    write_snapshot(four_days(), tmp_path / "history" / "snapshot.parquet")
    write_incidents(
        [Incident("outage", OUTAGE, "outage", "shop")], tmp_path / "history" / "incidents.csv"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def slo(monkeypatch, capsys):
    """Run the command in this process: exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["slo", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
            raise SystemExit(0)
        output = capsys.readouterr()
        return int(left.value.code or 0), output.out, output.err

    return run


def test_the_version(slo):
    assert slo("--version") == (0, f"slobook {__version__}\n", "")


@pytest.mark.parametrize(
    "verb",
    [
        "validate",
        "simulate",
        "snapshot",
        "incidents",
        "objectives",
        "backtest",
        "tune",
        "generate",
        "report",
        "run-due",
        "schedule",
        "doctor",
        "demo",
    ],
)
def test_every_verb_has_help_with_an_example(slo, verb):
    code, out, _ = slo(verb, "--help")
    assert code == 0
    assert f"Example: slo {verb}" in out


def test_help_answers_without_loading_anything_heavy():
    code = (
        "import sys; sys.argv = ['slo', '--help']\n"
        "from slo.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'numba', 'numpy', 'pandas', 'pyarrow', 'plotly', 'papermill', 'pydantic'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "loaded: []" in out.stdout


def test_valid_specifications_are_said_to_be(slo, project):
    code, out, err = slo("validate")
    assert (code, err) == (0, "")
    assert "shop/availability: 99.9 % over 30d rolling" in out
    assert "Valid: 1 SLO, no alerts on thresholds, 1 service." in out


def test_a_cost_model_is_validated_with_the_rest(slo, project):
    for name in ("service.yaml", "alerts-cost.yaml", "cost-model.yaml"):
        shutil.copy(CATALOGUE / name, project / "specs")
    (project / "specs" / "shop.yaml").unlink()
    code, out, _ = slo("validate")
    assert code == 0
    assert "support-agent/support-agent-costs: 2 fixed items, 3 budgets of categories, " in out
    assert json.loads(slo("validate", "--json")[1])["cost_models"] == [
        "support-agent/support-agent-costs"
    ]
    path = project / "specs" / "cost-model.yaml"
    path.write_text(path.read_text().replace("usdPerMonth: 450", "usdPerMonth: -450"))
    code, out, err = slo("validate")
    assert (code, out) == (2, "")
    assert "specs/cost-model.yaml:13: spec.fixed[0].usdPerMonth: found '-450', expected a" in err


def test_a_fault_names_file_line_field_and_what_was_expected(slo, project):
    path = project / "specs" / "shop.yaml"
    path.write_text(SPEC.replace("target: 0.999", "target: 99.9"))
    code, out, err = slo("validate", "specs/shop.yaml")
    assert (code, out) == (2, "")
    assert "specs/shop.yaml:" in err
    assert "spec.objectives[0].target" in err
    assert "99.9" in err
    assert "Traceback" not in err


def test_faults_as_json(slo, project):
    (project / "specs" / "shop.yaml").write_text(SPEC.replace("objectives:", "objektives:"))
    code, out, _ = slo("validate", "--json")
    assert code == 2
    value = json.loads(out)
    assert value["valid"] is False
    assert any("objectives" in fault["expected"] for fault in value["faults"])


def test_a_missing_configuration_is_explained(slo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = slo("backtest")
    assert code == 2
    assert "slobook.toml: there is no such file" in err


def test_a_missing_extra_is_named(slo, project, monkeypatch):
    monkeypatch.setitem(sys.modules, "papermill", None)
    monkeypatch.delitem(sys.modules, "slo.report.runs.runner", raising=False)
    code, _, err = slo("report")
    assert code == 2
    assert "pip install 'slobook[report]'" in err


def test_the_workbench_says_which_extra_it_needs_and_makes_nothing(slo, project, monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyterlab", None)
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    monkeypatch.delitem(sys.modules, "slo.lab.server", raising=False)
    code, _, err = slo("lab", "--no-browser")
    assert code == 2
    assert "pip install 'slobook[lab]'" in err
    assert not (project / "notebooks").exists()


@pytest.mark.integration
def test_the_workbench_says_that_its_port_is_taken(slo, project, monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, err = slo("lab", "--no-browser", "--port", str(port))
    assert code == 2
    assert f"cannot listen on 127.0.0.1:{port}" in err
    assert "--port 0" in err


def test_an_unknown_option_is_a_mistake(slo):
    code, _, err = slo("backtest", "--jsn")
    assert code == 2
    assert "--jsn" in err


def test_a_backtest_that_catches_everything_is_fine(slo, project):
    code, out, _ = slo("backtest")
    assert code == 0
    assert "1 of 1 incident caught" in out
    assert "page-1h" in out


def test_a_missed_incident_falls_short(slo, project):
    write_incidents(
        [Incident("nothing", QUIET, "outage", "shop")], project / "history" / "incidents.csv"
    )
    code, out, _ = slo("backtest", "availability")
    assert code == 1
    assert "missed: nothing" in out


def test_a_backtest_as_json(slo, project):
    code, out, _ = slo("backtest", "--json")
    assert code == 0
    (value,) = json.loads(out)
    assert value["slo"] == "availability"
    scores = {score["by"]: score for score in value["scores"]}
    assert scores["any"]["recall"] == 1
    assert scores["page-1h"]["detection_median"] == MINUTE
    assert value["incidents"][0]["incident"]["name"] == "outage"


def test_a_backtest_needs_no_configuration_where_all_is_named(slo, project, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    code, out, _ = slo(
        "backtest", "--spec", "../specs", "--history", "../history/snapshot.parquet",
        "--incidents", "../history/incidents.csv",
    )  # fmt: skip
    assert code == 0
    assert "1 of 1 incident caught" in out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("nonsense",), "there is no objective 'nonsense'; the project's are shop/availability"),
        (("availibility",), "'availibility', the nearest is 'availability'"),
        (("--history", "no.parquet"), "--history no.parquet: there is no such file"),
        (("--incidents", "no.csv"), "--incidents no.csv: there is no such file"),
        (("--spec", "no.yaml"), "--spec no.yaml: there is no such file"),
    ],
)
def test_what_a_backtest_cannot_find_is_named(slo, project, arguments, complaint):
    code, _, err = slo("backtest", *arguments)
    assert code == 2
    assert complaint in err


def test_no_history_at_all_says_what_to_do(slo, project):
    (project / "history" / "snapshot.parquet").unlink()
    code, _, err = slo("backtest")
    assert code == 2
    assert "slo snapshot" in err


def test_generated_files_are_checked_by_their_twin(slo, project):
    code, out, _ = slo("generate")
    assert code == 0
    assert "generated: 14 files written" in out
    assert "give rules/ to Prometheus" in out
    assert slo("generate")[1] == "no changes: generated is up to date\n"
    assert (project / "generated" / "rules" / "prometheus-burn-rate-rules.yml").exists()
    assert slo("generate", "--check")[0] == 0
    rules = project / "generated" / "rules" / "prometheus-burn-rate-rules.yml"
    rules.write_text(rules.read_text().replace("14.4", "14.5"))
    code, out, _ = slo("generate", "--check")
    assert code == 1
    assert "14.5" in out


def test_generating_twice_changes_no_byte(slo, project):
    slo("generate")
    before = {p: p.read_bytes() for p in (project / "generated").rglob("*") if p.is_file()}
    slo("generate")
    assert before == {p: p.read_bytes() for p in (project / "generated").rglob("*") if p.is_file()}
    assert before


def test_what_people_wrote_is_not_replaced_in_passing(slo, project):
    (project / "generated" / "rules").mkdir(parents=True)
    theirs = project / "generated" / "rules" / "prometheus-burn-rate-rules.yml"
    theirs.write_text("groups: []\n")
    code, _, err = slo("generate")
    assert code == 2
    assert "rules/prometheus-burn-rate-rules.yml: found files that slo did not write" in err
    assert theirs.read_text() == "groups: []\n"
    assert slo("generate", "--force")[0] == 0
    assert "availability" in theirs.read_text()


def test_a_history_from_elsewhere_is_not_overwritten_by_the_demonstration(slo, project):
    before = (project / "history" / "snapshot.parquet").read_bytes()
    code, _, err = slo("demo")
    assert code == 2
    assert "that no demonstration made" in err
    assert (project / "history" / "snapshot.parquet").read_bytes() == before


def test_an_unreachable_prometheus_is_one_message(slo, project, monkeypatch):
    monkeypatch.setattr("slo.history.connection._BACKOFF_SECONDS", 0.01)
    code, _, err = slo("snapshot", "--url", "http://127.0.0.1:9", "--out", "new.parquet")
    assert code == 2
    assert "http://127.0.0.1:9" in err
    assert "Traceback" not in err
    assert not (project / "new.parquet").exists()


def test_validation_names_the_error_budget_policy(slo):
    code, out, err = slo("validate", "slo/catalog/ai_support")
    assert (code, err) == (0, "")
    policy = "error budget policy of 1 step, incidents above 20 % of a budget"
    assert f"support-agent/support-agent: {policy}\n" in out
    _, out, _ = slo("validate", "slo/catalog/ai_support", "--json")
    assert json.loads(out)["error_budget_policies"] == ["support-agent/support-agent"]
