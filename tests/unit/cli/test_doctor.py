"""``slo doctor``: what it prints, in which order, and which exit code says what."""

import json
import re

import pytest
from typer.testing import CliRunner

from slo.cli import app
from slo.doctor import check as carrying_out
from slo.doctor.finding import Diagnosis, attention, broken, fine, not_checked

FINDINGS = {
    "specs": fine("specs", "13 objectives are valid"),
    "prometheus": broken(
        "prometheus", "it cannot be reached", "start it", "prometheus-history", ["first", "second"]
    ),
    "history": attention("history", "samples go after 15d", "set a flag", "prometheus-history"),
}


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Run the command where checks find what the test says; all others are not configured."""
    (tmp_path / "slobook.toml").write_text('[project]\nspecs = ["specs"]\n')

    def called(*options, findings=FINDINGS, charset="utf-8", **how):
        def diagnosed(checks, advance=None):
            called.asked = [one.name for one in checks]
            told = [findings.get(one.name, not_checked(one.name, "no url")) for one in checks]
            return Diagnosis(tuple(told))

        monkeypatch.setattr(carrying_out, "diagnosed", diagnosed)
        arguments = ["doctor", "--config", str(tmp_path / "slobook.toml"), *options]
        return CliRunner(charset=charset).invoke(app, arguments, **how)

    return called


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        (FINDINGS, 1),
        ({"specs": FINDINGS["specs"]}, 0),
        ({"history": FINDINGS["history"]}, 1),
        ({}, 0),
    ],
)
def test_the_exit_code_says_whether_anything_is_to_do(call, findings, code):
    assert call(findings=findings).exit_code == code


def test_checks_stand_in_areas_and_the_worst_stands_last(call):
    lines = call().stdout.splitlines()
    assert lines[0] == "Project"
    assert re.fullmatch(r"  \S specs +13 objectives are valid", lines[1])
    assert lines.index("Prometheus") < lines.index("Service") < lines.index("Alerting")
    assert lines.index("Grafana") < lines.index("Reports")
    assert re.fullmatch(r"  \S clock +not checked: no url", lines[lines.index("Prometheus") + 2])
    below = "\n".join(lines[lines.index("Reports") :])
    assert re.search(
        r"""
\S history \(attention\): samples go after 15d
    Expected: samples from a whole period ago, kept for a week longer than the period
    To do: set a flag
    More: slo doctor --explain prometheus-history

\S prometheus \(broken\): it cannot be reached
    first
    second
    Expected: a Prometheus 2\.42 or later that answers and has taken its configuration
    To do: start it
    More: slo doctor --explain prometheus-history

23 checks: 1 fine, 20 not checked, 1 attention, 1 broken\.$""",
        below,
    )


def test_a_terminal_without_signs_gets_letters(call):
    plain = call(charset="ascii").stdout_bytes.decode("ascii")
    assert re.search(r"^  \+ specs ", plain, re.MULTILINE)
    assert re.search(r"^  x prometheus ", plain, re.MULTILINE)
    assert re.search(r"^x prometheus \(broken\)", plain, re.MULTILINE)


def test_letters_of_others_do_not_break_a_terminal(call):
    odd = {"specs": broken("specs", "Bücher → \udcff", "x")}
    plain = call(charset="ascii", findings=odd).stdout_bytes.decode("ascii")
    assert r"B\xfccher \u2192 \udcff" in plain


def test_without_colours_where_nobody_wants_them(call, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[32m" in call(color=True).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[(\d+;)?3\d", call(color=True).stdout)


def test_json_holds_everything(call):
    answer = json.loads(call("--json").stdout)
    assert answer["healthy"] is False
    assert answer["counts"] == {"fine": 1, "not checked": 20, "attention": 1, "broken": 1}
    found = {one["check"]: one for one in answer["findings"]}
    assert found["prometheus"] == {
        "area": "Prometheus",
        "check": "prometheus",
        "expected": "a Prometheus 2.42 or later that answers and has taken its configuration",
        "state": "broken",
        "found": "it cannot be reached",
        "details": ["first", "second"],
        "to_do": "start it",
        "read": "slo doctor --explain prometheus-history",
    }


def test_only_what_is_asked_for_is_looked_at(call):
    call("--only", "metrics", "--only", "specs")
    assert call.asked == ["specs", "metrics"]
    refused = call("--only", "metric")
    assert refused.exit_code == 1  # main() turns it into its message and 2
    assert str(refused.exception).startswith("--only: found 'metric', expected one of the checks: ")


def test_a_test_page_is_sent_only_where_it_is_among_the_checks(call):
    refused = call("--notify", "--only", "metrics")
    assert str(refused.exception) == (
        "--notify: found beside --only without 'notifications', expected it among them"
    )


def test_a_check_is_explained_where_there_is_no_project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(app, ["doctor", "--explain", "replicas"])
    assert told.exit_code == 0
    assert told.stdout.startswith("replicas: two or more of the service")
    assert "\n  - the service: `replicas: 2` in its Deployment\n" in told.stdout
    refused = CliRunner().invoke(app, ["doctor", "--explain", "replica"])
    assert str(refused.exception).startswith(
        "--explain: found 'replica', the nearest is 'replicas'"
    )


def test_a_configuration_that_cannot_be_read_is_no_diagnosis(tmp_path):
    result = CliRunner().invoke(app, ["doctor", "--config", str(tmp_path / "none.toml")])
    assert "there is no such file" in str(result.exception)
