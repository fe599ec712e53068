"""One protocol of progress, and its faces."""

import sys
from types import SimpleNamespace

import pytest

from slo.progress import each, in_log, in_notebook, in_terminal, progress_here, silent


def test_a_log_gets_a_line_at_every_quarter(capsys):
    with in_log("Fetching") as advance:
        for done in range(101):
            advance(done, 100)
    assert capsys.readouterr().err.splitlines() == [
        f"Fetching: {share} %" for share in (0, 25, 50, 75, 100)
    ]


def test_work_without_an_amount_is_done_at_once(capsys):
    with in_log("Fetching") as advance:
        advance(0, 0)
    assert capsys.readouterr().err == "Fetching: 100 %\n"


def test_a_terminal_that_is_none_is_a_log(capsys):
    with in_terminal("Fetching") as advance:
        advance(1, 1)
    assert capsys.readouterr().err == "Fetching: 100 %\n"


def test_a_notebook_without_tqdm_gets_lines(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with in_notebook("Tuning") as advance:
        advance(2, 2)
    assert capsys.readouterr().err == "Tuning: 100 %\n"


def test_each_tells_after_every_thing():
    told = []

    class Face:
        def __call__(self, label):
            told.append(label)
            return self

        def __enter__(self):
            return lambda done, of: told.append((done, of))

        def __exit__(self, *_):
            told.append("end")

    assert list(each("ab", "Working", Face())) == ["a", "b"]
    assert told == ["Working", (1, 2), (2, 2), "end"]


@pytest.mark.parametrize(
    ("shell", "face"),
    [
        (None, silent),
        (SimpleNamespace(), silent),
        (SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=True)), in_notebook),
        (SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=False)), in_log),
    ],
)
def test_the_face_is_that_of_the_place(monkeypatch, shell, face):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert progress_here() is face


def test_without_ipython_a_script_is_left_alone(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert progress_here() is silent
