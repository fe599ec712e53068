"""``slo incidents`` and ``slo objectives``: what alerts are judged by, and what can be promised."""

import json
import sys

import pytest

from slo import cli
from slo.history.incidents import read_incidents, write_incidents
from slo.history.snapshot import write_snapshot
from slo.model.incident import Incident
from tests.unit.cli.test_tune import OUTAGES, SPEC, history


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "slobook.toml").write_text('[project]\nspecs = ["spec.yaml"]\n')
    (tmp_path / "history").mkdir()
    write_snapshot(history(), tmp_path / "history" / "snapshot.parquet")
    incidents = [Incident(f"outage-{n}", s, "outage", "shop") for n, s in enumerate(OUTAGES)]
    write_incidents(incidents, tmp_path / "history" / "incidents.csv")
    (tmp_path / "history" / "exclusions.csv").write_text(
        "id,service,slo,start,end,author,reason\n"
        "move,shop,,2026-09-28T00:00:00Z,2026-09-28T06:00:00Z,kim,a planned move\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def slo(monkeypatch, capsys):
    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["slo", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
            raise SystemExit(0)
        output = capsys.readouterr()
        return int(left.value.code or 0), output.out, output.err

    return run


def test_incidents_are_listed_with_what_they_cost_and_what_is_excluded(slo, project):
    code, out, err = slo("incidents")
    assert (code, err) == (0, "")
    assert "incidents, labelled." in out
    assert "outage-1" in out
    assert "not judged: move, " in out
    assert "by kim: a planned move" in out


def test_derived_incidents_can_be_written_for_people_to_correct(slo, project):
    code, out, err = slo("incidents", "--derive", "1.5", "--write", "mine.csv")
    assert code == 0
    assert "derived from the history, as none is labelled" in out
    assert "written: mine.csv" in err
    found = read_incidents(project / "mine.csv")
    assert [one.span for one in found] == OUTAGES
    assert {one.kind for one in found} == {"derived"}
    again, _, complaint = slo("incidents", "--derive", "1.5", "--write", "mine.csv")
    assert again == 2
    assert "there is such a file" in complaint


def test_incidents_as_json(slo, project):
    _, out, _ = slo("incidents", "--json")
    (one,) = json.loads(out)
    assert one["derived"] is False
    assert len(one["incidents"]) == len(OUTAGES)
    assert one["exclusions"][0]["author"] == "kim"


def test_a_share_that_is_none_is_refused(slo, project):
    code, _, err = slo("incidents", "--derive", "200")
    assert code == 2
    assert "--derive: found 200, expected a percentage" in err


def test_an_export_of_another_tool_is_read_where_it_is_configured(slo, project):
    (project / "pd.csv").write_text(
        "incident_number,service_name,created_on,resolved_on,description\n"
        "7,The Shop,2026-09-24T00:00:00Z,2026-09-24T02:30:00Z,it broke\n"
    )
    (project / "slobook.toml").write_text(
        '[project]\nspecs = ["spec.yaml"]\n'
        '[history]\nincidents = ["history/incidents.csv", "pd.csv"]\n'
        '[history.services]\n"The Shop" = "shop"\n'
    )
    _, out, _ = slo("incidents", "--json")
    (one,) = json.loads(out)
    assert [i["name"] for i in one["incidents"]][-1] == "PD-7"


def test_objectives_say_what_can_be_promised(slo, project):
    code, out, err = slo("objectives")
    assert (code, err) == (0, "")
    assert "is kept with a chance of" in out
    assert "99 % *" in out
    assert "page-1h: a call stands for" in out


def test_an_objective_that_nobody_keeps_falls_short(slo, project):
    path = project / "spec.yaml"
    path.write_text(SPEC.replace("target: 0.99 ", "target: 0.9999 "))
    code, out, _ = slo("objectives")
    assert code == 1
    assert "a target that nobody keeps" in out


def test_objectives_as_json(slo, project):
    _, out, _ = slo("objectives", "--json")
    (one,) = json.loads(out)
    assert one["days"] == 56
    targets = {row["objective"]: row for row in one["targets"]}
    assert targets["0.999"]["minutes"] == pytest.approx(43.2)
    assert one["alerts"][0]["alert"]["name"] == "page-1h"


def test_the_backtest_leaves_out_what_is_excluded_and_says_what_it_would_have_been(slo, project):
    _, out, _ = slo("backtest")
    assert "by kim: a planned move" in out
    assert "without these exclusions" in out
