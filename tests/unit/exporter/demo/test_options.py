"""The command line of the demonstration, and the trouble that it asks for."""

import os
import subprocess
import sys

import pytest

from exporter.demo import incident
from exporter.demo.incident import Incident
from exporter.demo.options import parse


def test_what_is_usual():
    options = parse([])
    assert (options.port, options.rate, options.incident) == (8000, 2.0, "none")
    assert (options.tickets, options.duration) == (None, None)
    assert options.host == "127.0.0.1"


@pytest.mark.integration
@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "--host 0.0.0.0: expected SUPPORT_AGENT_METRICS_TOKEN_FILE, as others could read it"),
        (
            {"SUPPORT_AGENT_METRICS_TOKEN": " "},
            "--host 0.0.0.0: SUPPORT_AGENT_METRICS_TOKEN: found nothing, expected a value",
        ),
    ],
)
def test_beyond_loopback_it_asks_for_a_credential(environment, said):
    # In a process of its own: it sets what the environment lacks, as a deployment would.
    done = subprocess.run(
        [sys.executable, "-m", "exporter.demo", "--host", "0.0.0.0", "--port", "0"],  # noqa: S104
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert (done.returncode, done.stdout.strip()) == (2, said)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "70000"], "--port: found 70000, expected a port from 0 to 65535"),
        (["--rate", "0"], "--rate: found 0, expected a number above 0"),
        (["--rate", "inf"], "--rate: found inf, expected a number from 0 on"),
        (["--rate", "nan"], "--rate: found nan, expected a number from 0 on"),
        (["--tickets", "0"], "--tickets: found 0, expected a whole number above 0"),
        (["--incident", "fire"], "invalid choice: 'fire'"),
    ],
)
def test_what_is_wrong_is_said(arguments, message, capsys):
    with pytest.raises(SystemExit):
        parse(arguments)
    assert message in capsys.readouterr().err


def test_an_incident_comes_and_goes(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(incident, "monotonic", lambda: now[0])
    trouble = Incident("queue", after=30, lasts=10, _started=100.0)
    seen = []
    for now[0] in (129, 130, 139, 140):
        seen.append((trouble.is_on("queue"), trouble.is_on("provider")))
    assert seen == [(False, False), (True, False), (True, False), (False, False)]
    now[0] = 135
    assert not Incident("none", after=30, lasts=10, _started=100.0).active
