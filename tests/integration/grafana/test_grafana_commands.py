"""The commands of a push as their user meets them: what they say, where, with which exit code."""

import json
import sys
from pathlib import Path

import pytest

from slo import cli
from slo.project import open_project

pytestmark = pytest.mark.integration
SPECS = Path(__file__).parents[2] / "golden" / "specs"
INCIDENTS = """id,service,slo,start,end,kind,source,notes
INC-7,shop,,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,outage,people,The database was full
"""


@pytest.fixture
def project(server, grafana, tmp_path, monkeypatch):
    (tmp_path / "slobook.toml").write_text(
        f'[project]\nspecs = ["{SPECS}"]\n[grafana]\nurl = "{grafana.url}"\nretries = 0\n'
    )
    (tmp_path / "history").mkdir()
    (tmp_path / "history" / "incidents.csv").write_text(INCIDENTS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def slo(project, monkeypatch, capsys):
    """Run the command in this process: exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, list[str], str]:
        monkeypatch.setattr(sys, "argv", ["slo", *arguments])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        out, err = capsys.readouterr()
        return int(caught.value.code or 0), out.splitlines(), err

    return run


def break_unit(body):
    body["panels"][1]["fieldConfig"]["defaults"]["unit"] = "ms"


def test_plan_apply_plan(slo, grafana):
    code, out, _ = slo("plan", "--out", "plan.json")
    assert code == 1
    assert 'create dashboards/slobook-slo-001 "Service level objectives"' in out
    assert 'create folders/slobook "Service levels"' in out
    assert out[-1] == f"{grafana.url} folder slobook: 9 to create"
    code, out, _ = slo("apply", "plan.json")
    assert code == 0
    done = [line for line in out if line.startswith("done: ")]
    assert done[:2] == ["done: create folders/slobook", "done: create dashboards/slobook-slo-001"]
    assert len(done) == 9
    assert slo("plan") == (0, [f"{grafana.url} folder slobook: no changes"], "")
    # An interrupted pipeline may apply the same file again.
    code, out, _ = slo("apply", "plan.json")
    assert code == 0
    assert not [line for line in out if line.startswith("done: ")]
    assert out[-1] == "nothing to do: an earlier run made all of it"


def test_an_edit_is_shown_pulled_kept_and_overwritten_when_asked(slo, grafana, project):
    slo("apply")
    grafana.person.edit("slobook-slo-001", break_unit, "quick look")
    code, out, _ = slo("plan")
    assert code == 1
    assert out[0] == 'drift dashboards/slobook-slo-001 "Service level objectives"'
    assert out[1].startswith("    saved last by maria at 20")
    assert out[1].endswith(" UTC, 'quick look'")
    assert out[2] == '    panels[Objectives].unit: "ms" -> "none"'
    assert out[3:] == [f"{grafana.url} folder slobook: 1 drifted"]
    code, out, _ = slo("pull")
    assert (code, len(out)) == (0, 1)
    pulled = json.loads((project / "pulled/dashboards/slobook-slo-001.json").read_text())
    assert pulled["panels"][1]["fieldConfig"]["defaults"]["unit"] == "ms"
    assert slo("apply")[0] == 1
    assert grafana.person.dashboard("slobook-slo-001")["dashboard"]["version"] == 2
    code, out, _ = slo("apply", "--on-drift", "overwrite")
    assert (code, out[-1]) == (0, "done: update dashboards/slobook-slo-001")
    assert slo("plan")[0] == 0
    assert slo("pull")[1] == ["nobody edited what slobook pushed"]


def test_a_reviewed_plan_is_refused_where_grafana_moved_on(slo, grafana, server):
    slo("apply")
    grafana.person.edit("slobook-slo-001", break_unit)
    slo("plan", "--on-drift", "overwrite", "--out", "plan.json")
    grafana.person.edit("slobook-slo-001", message="mine")
    before = len(server.writes)
    code, _, err = slo("apply", "plan.json")
    assert code == 2
    assert err.startswith("dashboards/slobook-slo-001 changed after the plan was made (saved last")
    assert "'mine'); plan again" in err
    assert len(server.writes) == before


def test_an_edited_plan_and_options_beside_one_are_refused(slo, project):
    slo("plan", "--out", "plan.json")
    code, _, err = slo("apply", "plan.json", "--prune")
    assert (code, err) == (
        2,
        "--prune: found beside a plan's file, expected when the plan is made: slo plan --out\n",
    )
    path = project / "plan.json"
    path.write_text(path.read_text().replace("Service levels", "Mine"))
    code, _, err = slo("apply", "plan.json")
    assert code == 2
    assert "found a plan that was edited" in err


def test_a_plan_for_another_grafana_is_refused(slo, grafana, project):
    slo("plan", "--out", "plan.json")
    config = project / "slobook.toml"
    config.write_text(config.read_text() + 'folder_uid = "other"\n')
    code, _, err = slo("apply", "plan.json")
    assert code == 2
    assert err.startswith(f"the plan is for {grafana.url} folder slobook, found {grafana.url} fold")


def test_the_plan_as_json_can_be_applied(slo, project):
    _, out, _ = slo("plan", "--json")
    (project / "printed.json").write_text("\n".join(out))
    assert slo("apply", "printed.json")[0] == 0


def test_a_token_is_named_and_never_printed(slo, monkeypatch):
    monkeypatch.delenv("GRAFANA_TOKEN")
    code, _, err = slo("plan")
    assert (code, err.split(":")[0]) == (2, "environment variable GRAFANA_TOKEN")
    monkeypatch.setenv("GRAFANA_TOKEN", "s3cret-t0ken")
    code, out, err = slo("plan")
    assert code == 2
    assert "refused the credentials (HTTP 401" in err
    assert "s3cret" not in err + "".join(out)


def test_a_deployment_is_marked_once(slo, server):
    words = ("annotate", "deploy", "--version", "1.4.2", "--environment", "production")
    assert slo(*words)[:2] == (
        0,
        ["Deployed 1.4.2 to production: marked as deploy:1.4.2-production"],
    )
    assert slo(*words)[1] == [
        "Deployed 1.4.2 to production: was marked before as deploy:1.4.2-production"
    ]
    (one,) = server.state.annotations.values()
    assert {"deploy", "environment:production", "version:1.4.2"} <= set(one["tags"])


def test_incidents_come_change_and_go(slo, grafana, server, project):
    theirs = {"id": 0, "time": 5, "timeEnd": 5, "text": "x", "tags": ["incident", "incident:INC-7"]}
    server.state.annotations[0] = dict(theirs)
    assert slo("annotate", "incidents")[1] == [f"{grafana.url} folder slobook: 1 marked"]
    assert slo("annotate", "incidents")[1] == [f"{grafana.url} folder slobook: nothing to do"]
    (_, one) = server.state.annotations.values()
    assert one["text"] == "INC-7 (outage): The database was full"
    assert one["timeEnd"] - one["time"] == 3_600_000
    path = project / "history" / "incidents.csv"
    path.write_text(INCIDENTS.replace("T01:00", "T02:00"))
    assert slo("annotate", "incidents")[1] == [f"{grafana.url} folder slobook: 1 changed"]
    assert slo("annotate", "incidents", "--remove")[1] == [
        f"{grafana.url} folder slobook: 1 taken away"
    ]
    # What others marked so stays.
    assert server.state.annotations == {0: theirs}


def test_contact_points_are_printed_and_pushed_only_when_asked(slo, server, monkeypatch):
    server.state.policies["routes"] = [{"receiver": "theirs"}]
    slo("apply")
    code, out, _ = slo("notifications")
    printed = json.loads("\n".join(out))
    assert code == 0
    assert printed["contactPoints"][0]["settings"]["integrationKey"] == "$PAGERDUTY_KEY"
    assert [one["name"] for one in server.state.contact_points] == ["grafana-default-email"]
    code, _, err = slo("notifications", "--push")
    assert (code, err.split(":")[0]) == (2, "environment variable PAGERDUTY_KEY")
    monkeypatch.setenv("PAGERDUTY_KEY", "R0UT1NG")
    monkeypatch.setenv("SLACK_WEBHOOK_URL", "https://hooks.example.com/x")
    for _ in range(2):
        code, out, _ = slo("notifications", "--push")
        assert code == 0
        assert "R0UT1NG" not in "".join(out)
    assert [one["name"] for one in server.state.contact_points] == [
        "grafana-default-email",
        "slobook-pager",
        "slobook-chat",
    ]
    assert server.state.policies["receiver"] == "grafana-default-email"
    assert [one["receiver"] for one in server.state.policies["routes"]] == [
        "slobook-chat",
        "theirs",
    ]


def test_a_notebook_plans_and_applies(project):
    planned = open_project().plan("grafana")
    assert "<table>" in planned._repr_html_()
    planned.apply()
    assert open_project().plan("grafana").changes == ()


def test_the_environment_of_a_reviewed_plan_is_found_by_itself(slo, grafana, project):
    config = project / "slobook.toml"
    config.write_text(
        f'[project]\nspecs = ["{SPECS}"]\n'
        f'[grafana.environments.eu]\nurl = "{grafana.url}"\n'
        '[grafana.environments.us]\nurl = "http://127.0.0.1:1"\n'
    )
    assert slo("plan", "--env", "eu", "--out", "plan.json")[0] == 1
    assert slo("apply", "plan.json")[0] == 0
    code, _, err = slo("plan")
    assert code == 2
    assert "--env: found nothing, expected one of eu, us" in err


def test_no_server_is_told_in_a_line(slo, project, grafana):
    config = project / "slobook.toml"
    config.write_text(config.read_text().replace(grafana.url, "http://127.0.0.1:1"))
    code, out, err = slo("plan")
    assert (code, out) == (2, [])
    assert err.startswith("http://127.0.0.1:1 cannot be reached: nothing listens there")
