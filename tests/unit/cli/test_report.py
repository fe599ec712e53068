"""``slo report``: which exit code says what."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from slo.cli import TRY_LATER, app, main
from slo.errors import UnderWay
from slo.project import reports
from slo.report.published import Published
from slo.report.runs.run_due import UNDER_WAY


@pytest.mark.parametrize(
    ("falls_short", "options", "code"),
    [(True, [], 1), (True, ["--exit-zero"], 0), (False, [], 0), (False, ["--exit-zero"], 0)],
)
def test_a_spent_budget_is_told_by_the_exit_code_unless_a_scheduler_asks(
    falls_short, options, code, monkeypatch
):
    result = {"verdict": "One is spent.", "falls_short": falls_short}
    published = Published(Path("page.html"), result)
    monkeypatch.setattr(reports, "publish", lambda *_: published)
    done = CliRunner().invoke(app, ["report", *options])
    assert done.output == "One is spent.\nOpen page.html\n"
    assert done.exit_code == code


def test_another_run_at_work_is_its_own_exit_code(monkeypatch, capsys):
    def publish(*_):
        raise UnderWay("2026-W46 is being made by process 1")

    monkeypatch.setattr(reports, "publish", publish)
    monkeypatch.setattr(sys, "argv", ["slo", "report"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == TRY_LATER == UNDER_WAY == 75
    assert capsys.readouterr().err == "2026-W46 is being made by process 1\n"


def test_a_kind_says_which_report_is_made(monkeypatch):
    asked = []

    def publish(_project, kind, *_):
        asked.append(kind.name)
        return Published(Path("cost.html"), {"verdict": "It cost $1.00.", "falls_short": True})

    monkeypatch.setattr(reports, "publish", publish)
    done = CliRunner().invoke(app, ["report", "--kind", "cost"])
    assert (done.exit_code, asked) == (1, ["cost"])
    assert done.output == "It cost $1.00.\nOpen cost.html\n"


def test_an_unknown_kind_is_a_mistake():
    done = CliRunner().invoke(app, ["report", "--kind", "monthly"])
    assert "there is no report 'monthly'; there are slo, cost" in str(done.exception)


def test_what_lies_beside_the_page_is_named_and_what_does_not_is_explained(tmp_path, monkeypatch):
    for name in ("report.md", "mail.html"):
        (tmp_path / name).touch()
    (tmp_path / "not-made.txt").write_text("There is no PDF.\n")
    page = tmp_path / "weekly-slo.html"
    published = Published(page, {"verdict": "All kept.", "falls_short": False})
    monkeypatch.setattr(reports, "publish", lambda *_: published)
    done = CliRunner().invoke(app, ["report"])
    assert done.stdout == f"All kept.\nOpen {page}\nBeside it: report.md, mail.html\n"
    assert done.stderr == "There is no PDF.\n"
