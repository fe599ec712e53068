"""``slo doctor`` before a Grafana: empty, up to date, edited, and without the data source."""

import json
import sys
from pathlib import Path

import pytest

from slo import cli

pytestmark = pytest.mark.integration
SPECS = Path(__file__).parents[2] / "golden" / "specs"


@pytest.fixture
def project(server, grafana, tmp_path, monkeypatch):
    (tmp_path / "slobook.toml").write_text(
        f'[project]\nspecs = ["{SPECS}"]\n[grafana]\nurl = "{grafana.url}"\nretries = 0\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def slo(project, monkeypatch, capsys):
    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["slo", *arguments])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        return int(caught.value.code or 0), capsys.readouterr().out

    return run


@pytest.fixture
def doctor(slo):
    """The findings about Grafana, by check."""

    def run() -> tuple[int, dict[str, dict]]:
        chosen = ("--only", "datasource", "--only", "dashboards")
        code, out = slo("doctor", "--json", *chosen)
        return code, {one["check"]: one for one in json.loads(out)["findings"]}

    return run


def test_dashboards_come_are_edited_and_are_brought_up_to_date(doctor, slo, grafana):
    code, found = doctor()
    assert (code, found["datasource"]["state"]) == (1, "fine")
    assert found["datasource"]["details"][0].startswith(f"{grafana.url}: prom-eu-1")
    assert (found["dashboards"]["state"], found["dashboards"]["to_do"]) == (
        "broken",
        "slo plan, then slo apply",
    )
    slo("apply")
    code, found = doctor()
    assert (code, found["dashboards"]["state"]) == (0, "fine")
    grafana.person.edit("slobook-slo-001", lambda body: body.update(title="Mine"), "quick look")
    code, found = doctor()
    assert (code, found["dashboards"]["state"]) == (1, "attention")
    assert found["dashboards"]["details"] == ["drift dashboards/slobook-slo-001"]


def test_nothing_is_written(doctor, server):
    doctor()
    assert server.writes == []


def test_a_data_source_that_is_missing_is_told_once(doctor, project):
    file = project / "slobook.toml"
    file.write_text(
        file.read_text() + 'datasource_uid = "other"\n[grafana.datasources]\nother = "tempo"\n'
    )
    code, found = doctor()
    assert (code, found["datasource"]["state"]) == (1, "broken")
    assert "data source 'tempo' (for 'other')" in found["datasource"]["found"]
    assert found["dashboards"]["found"] == "nothing can be told as long as 'datasource' is broken"


def test_a_token_that_is_refused_is_not_repeated(doctor, monkeypatch):
    monkeypatch.setenv("GRAFANA_TOKEN", "glsa_s3cret")
    code, found = doctor()
    assert (code, found["datasource"]["state"]) == (1, "broken")
    assert "refused the credentials" in found["datasource"]["found"]
    assert "s3cret" not in json.dumps(found)
