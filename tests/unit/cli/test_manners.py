"""What a stranger meets: help, typing errors, colours, completion, and what to do next."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.text import Text
from typer.main import get_command
from typer.testing import CliRunner

from slo import cli
from slo.cli.help import GROUPS
from slo.cli.printing import console
from slo.configuration import read_configuration
from slo.errors import ConfigError

SLO = "from slo.cli import main; main()"


def run(*arguments: str, folder, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    return subprocess.run(
        [sys.executable, "-c", f"import sys; sys.argv[0] = 'slo'; {SLO}", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=clean | environment,
    )


def sentences(text: str) -> str:
    return " ".join(text.split())


def test_help_gives_every_verb_its_whole_sentence():
    said = sentences(CliRunner().invoke(cli.app, ["--help"]).output)
    verbs = get_command(cli.app).commands
    assert len(verbs) > 15
    for name, verb in verbs.items():
        assert f"{name} {sentences((verb.help or '').split(chr(10) * 2)[0])}" in said
    assert "..." not in said.partition("Begin:")[2]


def test_every_verb_stands_under_a_heading_once():
    grouped = [verb for verbs in GROUPS.values() for verb in verbs]
    assert len(grouped) == len(set(grouped))
    assert set(get_command(cli.app).commands) <= set(grouped)


def test_a_verb_without_a_heading_is_shown_all_the_same(monkeypatch):
    monkeypatch.setitem(GROUPS, "Begin", ())
    more = CliRunner().invoke(cli.app, ["--help"]).output.partition("\nMore:\n")[2]
    assert {line.split()[0] for line in more.splitlines() if line[2:3].strip()} >= {"demo"}


def test_alone_the_command_says_what_there_is():
    result = CliRunner().invoke(cli.app, [])
    assert result.exit_code == 2
    assert "Start with 'slo " in sentences(result.output)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("backtset", "backtest"),
        ("generat", "generate"),
        ("run_due", "run-due"),
        ("appply", "apply"),
    ],
)
def test_a_mistyped_verb_is_answered_with_the_nearest(typed, meant):
    result = CliRunner().invoke(cli.app, [typed])
    assert result.exit_code == 2
    assert f"Did you mean '{meant}'?" in result.output


def test_where_there_is_no_project_the_way_to_one_is_said(tmp_path):
    done = run("backtest", folder=tmp_path)
    assert done.returncode == 2
    assert "slobook.toml: there is no such file" in done.stderr
    assert "'slo init'" in done.stderr
    assert "'slo demo'" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("projects", "folder", "said"),
    [
        (["my-service"], ".", "There is one below: cd my-service"),
        (["cart", "shop"], ".", "There are some below: cd to cart, shop"),
        (["."], "specs/deep", "There is one above: cd {root}"),
    ],
)
def test_a_project_nearby_is_pointed_to(tmp_path, monkeypatch, projects, folder, said):
    for project in projects:
        (tmp_path / project).mkdir(exist_ok=True)
        (tmp_path / project / "slobook.toml").write_text("")
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(tmp_path / folder)
    with pytest.raises(ConfigError) as refused:
        read_configuration(Path("slobook.toml"))
    assert str(refused.value) == (
        f"slobook.toml: there is no such file. {said.format(root=tmp_path)}"
    )


@pytest.mark.parametrize("typed", [["help"], ["help", "backtest"]])
def test_help_can_be_asked_for_as_a_verb(typed):
    told = CliRunner().invoke(cli.app, typed)
    assert told.exit_code == 0
    assert told.output == CliRunner().invoke(cli.app, [*typed[1:], "--help"]).output


@pytest.fixture
def outside_of_a_project(tmp_path, monkeypatch):
    """A demonstration says its first step in bold, then finds that its snapshot is none."""
    (tmp_path / "slobook.toml").write_text('[project]\nspecs = ["specs"]\n')
    (tmp_path / "specs").mkdir()
    (tmp_path / "history").mkdir()
    (tmp_path / "history" / "snapshot.parquet").write_text("not ours")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("outside_of_a_project")
@pytest.mark.parametrize(("value", "bold"), [("", True), ("1", False)])
def test_no_color_is_respected_by_what_is_echoed(monkeypatch, value, bold):
    monkeypatch.setenv("NO_COLOR", value)
    output = CliRunner().invoke(cli.app, ["demo"], color=True).output
    assert "[1/5] Simulating" in output
    assert ("\x1b[1m" in output) is bold


@pytest.mark.parametrize(("value", "coloured"), [("", True), ("1", False)])
def test_no_color_is_respected_by_tables_and_plans(monkeypatch, value, coloured):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", value)
    terminal = console(force_terminal=True)
    with terminal.capture() as captured:
        terminal.print(Text("create folders/slobook", style="bold green"))
    assert ("\x1b[" in captured.get()) is coloured
    assert "create folders/slobook" in captured.get()


@pytest.mark.integration
def test_help_shows_words_and_not_pythons_types():
    def pages(command, name):
        yield name, CliRunner().invoke(cli.app, [*name.split()[1:], "--help"]).output
        for verb, inner in getattr(command, "commands", {}).items():
            yield from pages(inner, f"{name} {verb}")

    found = dict(pages(get_command(cli.app), "slo"))
    assert len(found) > 25
    types = re.compile(r"<(str|int|float|path|list)\b|list\[|%Y")
    assert {name: types.findall(page) for name, page in found.items() if types.search(page)} == {}
    assert "..." not in found["slo annotate"].partition("Verbs:")[2]
