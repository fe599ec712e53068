"""Verbs over all objectives, where the history can judge some of them."""

import json
import sys

import pytest

from slo import cli
from slo.history.snapshot import write_snapshot
from tests import shop

UNSEEN = shop.SPEC.replace("requests_total", "replies_total").replace(
    "name: availability", "name: replies"
)


@pytest.fixture
def slo(tmp_path, monkeypatch, capsys):
    """The command in a project of two objectives, one of which has no samples."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "shop.yaml").write_text(f"{shop.SPEC}---\n{UNSEEN}")
    (tmp_path / "slobook.toml").write_text('[project]\nspecs = ["specs"]\n')
    (tmp_path / "history").mkdir()
    write_snapshot(shop.history(), tmp_path / "history" / "snapshot.parquet")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["slo", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        output = capsys.readouterr()
        return int(left.value.code or 0), output.out, output.err

    return run


@pytest.mark.parametrize("verb", ["backtest", "incidents"])
def test_one_objective_without_data_hides_no_other(slo, verb):
    code, out, err = slo(verb)
    assert code == 1
    assert "(availability)" in out
    assert "without data: replies: the history" in err


@pytest.mark.parametrize("verb", ["backtest", "incidents"])
def test_scripts_get_those_that_can_be_judged(slo, verb):
    code, out, err = slo(verb, "--json")
    assert code == 1
    assert [one["slo"] for one in json.loads(out)] == ["availability"]
    assert "without data: replies" in err


def test_an_objective_that_was_named_must_be_judged(slo):
    code, out, err = slo("backtest", "availability", "replies")
    assert (code, out) == (2, "")
    assert err.startswith("replies: the history (")


def test_where_nothing_can_be_judged_everything_that_lacks_is_named(slo, tmp_path):
    only = tmp_path / "specs" / "shop.yaml"
    only.write_text(
        f"{UNSEEN}---\n{UNSEEN.replace('replies_', 'answers_')}".replace(
            "name: replies", "name: answers", 1
        )
    )
    code, out, err = slo("incidents")
    assert (code, out) == (2, "")
    assert "answers: the history" in err
    assert "\nreplies: the history" in err


def test_where_was_looked_is_said_once(slo, tmp_path):
    other = UNSEEN.replace("replies_", "answers_").replace("name: replies", "name: answers", 1)
    specs = tmp_path / "specs" / "shop.yaml"
    specs.write_text(f"{specs.read_text()}---\n{other}")
    first, second = slo("incidents")[2].splitlines()
    assert "the history (a test, 2026-" in first
    assert second.startswith("without data: answers: the history holds no series of answers_total")
