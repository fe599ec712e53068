"""What the Compose file starts, without Docker: the same programs and files, on free ports.

Addresses and paths of containers are replaced by those of this machine; so that tests need not
wait, rules are evaluated every two seconds and hold for as long.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from slo.simulate.local_prometheus import serve
from tests.integration.alertmanager import DIRECT, Receiver, alertmanager, receiver
from tests.integration.conftest import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPOSE = YAML(typ="safe").load(Path("compose/compose.yaml").read_text())
SECRETS = {
    "metrics-token": "m3tr1cs",
    "pagerduty-routing-key": "R0UT1NGK3Y",
    "slack-webhook-url": "",
}


@dataclass(frozen=True, eq=False)
class Stack:
    """Everything that runs.

    Attributes:
        agent: Address of the demonstration.
        process: Of the demonstration.
        prometheus: The server.
        alertmanager: Its address.
        receiver: Stands for PagerDuty and Slack.
        token: What the agent's metrics ask for.

    """

    agent: str
    process: subprocess.Popen[bytes]
    prometheus: Server
    alertmanager: str
    receiver: Receiver
    token: str

    def until(self, query: str, seconds: float = 60.0) -> list[float]:
        """A query's results, as soon as there are any."""
        deadline = time.monotonic() + seconds
        while True:
            if found := self.prometheus.query(query, int(time.time() * 1000)):
                return found
            assert time.monotonic() < deadline, f"no result of {query}"
            time.sleep(0.2)


def quick_rules(text: str) -> str:
    """Rules that are evaluated every two seconds, and hold for as long."""
    return re.sub(r"\b(interval|for): \w+$", r"\1: 2s", text, flags=re.MULTILINE)


def prometheus_settings(agent: str, manager: str, token: Path) -> dict[str, Any]:
    """``compose/prometheus.yml`` with addresses and paths of this machine, without its rules."""
    text = Path("compose/prometheus.yml").read_text()
    for known, here in (
        ("agent:8000", agent),
        ("alertmanager:9093", manager),
        ("/run/secrets/metrics-token", str(token)),
    ):
        assert known in text
        text = text.replace(known, here)
    settings = YAML(typ="safe").load(text)
    assert settings["global"].pop("scrape_interval") == "15s"
    settings["global"]["scrape_interval"] = "1s"
    return settings


@contextmanager
def demonstration(token: Path, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The agent as the Compose file runs it, on loopback and a free port; yields its address."""
    service = COMPOSE["services"]["agent"]
    entry = re.search(
        r"^ENTRYPOINT (.*)$", Path("compose/agent.Dockerfile").read_text(), re.MULTILINE
    )
    assert entry
    program, *words = YAML(typ="safe").load(entry[1]) + service["command"]
    assert (program, words[2:]) == ("python", ["--host", "0.0.0.0", "--port", "8000"])  # noqa: S104
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # Tests listen on loopback only; that 0.0.0.0 asks for a token is tested beside the options.
    words[3], words[5] = "127.0.0.1", str(port)
    (variable,) = service["environment"]
    process = subprocess.Popen(
        [sys.executable, *words, *arguments],
        stdout=subprocess.DEVNULL,
        env={**os.environ, variable: str(token)},
    )
    try:
        _until_healthy(f"http://127.0.0.1:{port}/healthz", process)
        yield f"127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(timeout=60)


def _until_healthy(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with DIRECT.open(url, timeout=2) as answer:
                assert answer.read().strip() == b"ok"
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer; exit code {process.poll()}")


@contextmanager
def running(folder: Path) -> Iterator[Stack]:
    """All that the Compose file starts but Grafana."""
    secrets = folder / "secrets"
    secrets.mkdir()
    with receiver() as told:
        for name, secret in SECRETS.items():
            (secrets / name).write_text(secret or f"{told.url}/chat")
        config = Path("generated/alertmanager/alertmanager.yml").read_text()
        for mount in COMPOSE["services"]["alertmanager"]["secrets"]:
            assert mount["target"] in config
            config = config.replace(mount["target"], str(secrets / mount["source"]))
        for known, quick in (("group_wait: 30s", "1s"), ("group_interval: 5m", "2s")):
            assert known in config
            config = config.replace(known, f"{known.partition(':')[0]}: {quick}")
        config = f"global:\n  pagerduty_url: {told.url}/pager\n{config}"
        rules = folder / "rules"
        rules.mkdir()
        for path in Path("generated/rules").iterdir():
            (rules / path.name).write_text(quick_rules(path.read_text()))
        with (
            demonstration(secrets / "metrics-token", "--rate", "20") as (agent, process),
            alertmanager(config, folder) as manager,
        ):
            address = manager.url.removeprefix("http://")
            settings = prometheus_settings(agent, address, secrets / "metrics-token")
            # What fires before Prometheus knows its Alertmanager is dropped, and sent again later.
            flags = ("--web.enable-lifecycle", "--rules.alert.resend-delay=2s")
            files = tuple(sorted(rules.iterdir()))
            with serve(folder / "storage", files, flags, _lines(settings)) as url:
                _scrapes_itself(url, folder / "storage" / "prometheus.yml")
                yield Stack(
                    f"http://{agent}",
                    process,
                    Server(url),
                    manager.url,
                    told,
                    SECRETS["metrics-token"],
                )


def _scrapes_itself(url: str, config: Path) -> None:
    """Its own address is known only now that it runs."""
    text = config.read_text()
    assert text.count("127.0.0.1:9090") == 1
    config.write_text(text.replace("127.0.0.1:9090", url.removeprefix("http://")))
    with DIRECT.open(f"{url}/-/reload", b"", timeout=60) as answer:
        assert answer.status == 200


def _lines(settings: dict[str, Any]) -> str:
    text = StringIO()
    YAML().dump({key: value for key, value in settings.items() if key != "rule_files"}, text)
    return text.getvalue()
