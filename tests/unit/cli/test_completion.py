"""What a shell is offered where a name is asked for."""

import pytest
from typer import Context
from typer.main import get_command

from slo import cli
from slo.cli import completion

SPEC = """\
apiVersion: openslo/v1
kind: SLO
metadata: {{name: {name}}}
spec: {{service: {service}}}
---
apiVersion: slobook/v1
kind: ThresholdAlert
metadata: {{name: {name}-queue}}
spec: {{service: {service}}}
---
"""


@pytest.fixture
def typed(tmp_path, monkeypatch):
    """A project of two services, and what somebody has typed in its folder."""
    names = [("shop", "availability"), ("search", "availability"), ("shop", "latency")]
    specs = tmp_path / "specs"
    specs.mkdir()
    (specs / "a.yaml").write_text("".join(SPEC.format(service=s, name=n) for s, n in names))
    (tmp_path / "slobook.toml").write_text(
        '[project]\nspecs = ["specs"]\n'
        '[grafana.environments.staging]\nurl = "https://staging.example.com"\n'
        '[grafana.environments.production]\nurl = "https://grafana.example.com"\n'
    )
    monkeypatch.chdir(tmp_path)

    def context(**params) -> Context:
        made = Context(get_command(cli.app))
        made.params.update(params)
        return made

    return context


def test_objectives_are_called_as_short_as_they_can_be(typed):
    assert completion.objectives(typed(), "") == [
        *("shop/availability", "search/availability", "latency"),
    ]
    assert completion.objectives(typed(), "lat") == ["latency"]
    assert completion.objectives(typed(names=["latency"]), "lat") == []


def test_alerts_are_no_objectives(typed):
    assert completion.alerts(typed(), "lat") == ["latency-queue"]


def test_services_environments_and_kinds(typed):
    assert completion.services(typed(), "") == ["shop", "search"]
    assert completion.services(typed(), "sh") == ["shop"]
    assert completion.environments(typed(), "st") == ["staging"]
    assert completion.kinds("c") == ["cost"]


def test_the_project_and_the_specifications_that_were_named_are_looked_at(typed, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "b.yaml").write_text(SPEC.format(service="mail", name="delivery"))
    (tmp_path / "other" / "slobook.toml").write_text('[project]\nspecs = ["b.yaml"]\n')
    assert completion.services(typed(config="other/slobook.toml"), "") == ["mail"]
    assert completion.objectives(typed(spec=["other"]), "") == ["delivery"]


@pytest.mark.parametrize(
    "text", [None, "[project", "", "project = 3", '[project]\nspecs = "x"', "grafana = 1", b"\xff"]
)
def test_where_there_is_nothing_to_complete_from_nothing_is_said(typed, tmp_path, text, capsys):
    path = tmp_path / "slobook.toml"
    path.unlink()
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    for asked in (completion.objectives, completion.alerts, completion.services):
        assert asked(typed(), "") == []
    assert completion.environments(typed(), "") == []
    assert capsys.readouterr() == ("", "")
