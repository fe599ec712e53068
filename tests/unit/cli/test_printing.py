"""Prose in a terminal, and in a file."""

import sys

from slo.cli.printing import say

PROSE = "  missed: bad-deployment-1, 2026-10-08 15:00:00 UTC, spent 0.6 % of the budget"


def test_prose_is_broken_between_words_where_a_terminal_shows_it(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    say(f"{PROSE}\n\nsee\n/a/path/that/is-longer/than/a-line/of-the-terminal.html")
    assert capsys.readouterr().out.splitlines() == [
        "  missed: bad-deployment-1,",
        "    2026-10-08 15:00:00 UTC,",
        "    spent 0.6 % of the budget",
        "",
        "see",
        "/a/path/that/is-longer/than/a-line/of-the-terminal.html",
    ]


def test_a_pipe_gets_a_line_a_fact(capsys):
    say(PROSE)
    assert capsys.readouterr().out == f"{PROSE}\n"
