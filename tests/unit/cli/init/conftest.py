"""``slo init`` at a server that tests make up."""

import sys

import pytest

from slo import cli
from slo.project import adding, beginning
from slo.project.beginning import FirstReport
from tests.init_world import Keyboard, World


@pytest.fixture
def world(monkeypatch, tmp_path):
    made = World()
    monkeypatch.setattr("slo.discovery.discover", made.discover)
    monkeypatch.setattr(beginning, "fetch_history", made.fetch)
    monkeypatch.setattr(adding, "fetch_history", made.fetch)
    monkeypatch.setattr(
        beginning, "first_report", lambda _, service: FirstReport(service, f"report of {service}")
    )
    monkeypatch.chdir(tmp_path)
    return made


@pytest.fixture
def slo(monkeypatch, capsys):
    def run(*arguments: str, typed: tuple[str, ...] = ()) -> tuple[int, str, str]:
        keyboard = Keyboard("".join(f"{answer}\n" for answer in typed))
        monkeypatch.setattr(sys, "argv", ["slo", "init", *arguments])
        monkeypatch.setattr(sys, "stdin", keyboard)
        with pytest.raises(SystemExit) as left:
            cli.main()
            raise SystemExit(0)
        output = capsys.readouterr()
        assert keyboard.read() == ""
        return int(left.value.code or 0), output.out, output.err

    return run
