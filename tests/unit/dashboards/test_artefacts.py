"""The files of dashboards: the same again, ours, and of the services that are asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

from slo.dashboards import dashboard_artefacts
from slo.dashboards.artefacts import dashboard_artefacts as in_its_module
from slo.errors import ConfigError
from slo.project import open_project
from tests.catalogue import SPECS
from tests.dashboards import read, variables_of

SLO_FILES = ["dashboards/grafana-slo-dashboard.json", "dashboards/grafana-slo-detail.json"]


def test_the_same_specifications_give_the_same_bytes():
    first = dashboard_artefacts(SPECS.slos, SPECS.alerts, "support-agent")
    assert first == dashboard_artefacts(SPECS.slos[::-1], SPECS.alerts[::-1], "support-agent")
    assert all(artefact.ours and artefact.text.endswith("}\n") for artefact in first)
    assert dashboard_artefacts is in_its_module


def test_dashboards_of_objectives_are_written_for_any_services():
    assert [one.path for one in dashboard_artefacts(())] == SLO_FILES
    assert dashboard_artefacts(()) == dashboard_artefacts(SPECS.slos, SPECS.alerts)


def test_an_agent_that_nobody_specifies_is_a_mistake(tmp_path):
    config = tmp_path / "slobook.toml"
    spec = Path("tests/golden/specs/every-kind.yaml").absolute()
    config.write_text(f'[project]\nspecs = ["{spec}"]\n[dashboards]\nagent = "shopp"\n')
    with pytest.raises(ConfigError, match="dashboards.agent: found 'shopp', expected one of shop"):
        open_project(config).artefacts()


def test_what_the_reader_chooses_comes_in_the_order_in_which_it_depends(tmp_path):
    by_path = {one.path: one.text for one in dashboard_artefacts(())}
    file = tmp_path / "detail.json"
    file.write_text(by_path[SLO_FILES[1]])
    variables = variables_of(read(file))
    assert list(variables) == ["datasource", "service", "slo", "environment"]
    assert variables["slo"]["query"]["query"] == 'label_values(slo:info{service="$service"}, slo)'
    assert variables["environment"]["hide"] == 2


@pytest.mark.integration
def test_no_warning_of_the_library_reaches_people():
    code = "import slo.dashboards.artefacts"
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
