"""A real Alertmanager on loopback, and a receiver that keeps what it is sent."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from tests.loopback import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# No proxy of the environment stands between a test and loopback.
DIRECT = build_opener(ProxyHandler({}))
READY_SECONDS = 30.0


def program(name: str) -> str:
    """Full path of ``amtool`` or ``prometheus-alertmanager``; without it the test fails."""
    path = shutil.which(name)
    if path is None:
        pytest.fail(
            f"{name} is not installed; install it with 'apt-get install prometheus-alertmanager', "
            "or run tools/install-programs"
        )
    return path


def amtool(*arguments: str) -> str:
    """What amtool prints."""
    done = subprocess.run(
        [program("amtool"), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


class Alertmanager:
    """What tests ask of it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, *alerts: dict[str, dict[str, str]]) -> None:
        body = json.dumps(alerts).encode()
        request = Request(f"{self.url}/api/v2/alerts", body, {"Content-Type": "application/json"})
        with DIRECT.open(request, timeout=10) as answer:
            assert answer.status == 200

    def post_silence(self, silence: dict) -> None:
        body = json.dumps(silence).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(f"{self.url}/api/v2/silences", body, headers)
        with DIRECT.open(request, timeout=10) as answer:
            assert answer.status == 200

    def alerts(self) -> dict[str, dict]:
        """By the alert's name."""
        with DIRECT.open(f"{self.url}/api/v2/alerts", timeout=10) as answer:
            return {one["labels"]["alertname"]: one for one in json.load(answer)}

    def alerts_with_silenced(self, *names: str) -> dict[str, dict]:
        """All alerts, as soon as exactly these are silenced; it learns of alerts one by one."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            alerts = self.alerts()
            silenced = {name for name, one in alerts.items() if one["status"]["inhibitedBy"]}
            if silenced == {*names}:
                return alerts
            time.sleep(0.05)
        pytest.fail(f"silenced are {sorted(silenced)}, not {sorted(names)}")


@contextmanager
def alertmanager(config: str, folder: Path) -> Iterator[Alertmanager]:
    """Run it with a configuration; it is ended, by its own process id, when the context is left."""
    (folder / "alertmanager.yml").write_text(config)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    log = folder / "alertmanager.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [
                program("prometheus-alertmanager"),
                f"--config.file={folder / 'alertmanager.yml'}",
                f"--storage.path={folder / 'storage'}",
                f"--web.listen-address={url.removeprefix('http://')}",
                "--cluster.listen-address=",
            ],
            stdout=output,
            stderr=output,
        )
        try:
            wait_until_ready(url, server, log)
            yield Alertmanager(url)
        finally:
            server.terminate()
            try:
                server.wait(timeout=30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with DIRECT.open(f"{url}/-/ready", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.05)
    pytest.fail(f"Alertmanager is not ready:\n{log.read_text()}")


class Receiver:
    """Stands for PagerDuty and for Slack: keeps the messages of each path, in order."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.received: dict[str, list[dict]] = {}

    def first(self, path: str, after: int = 0) -> dict:
        """The first message that is sent to a path after so many; waits for it."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if messages := self.received.get(path, [])[after:]:
                return messages[0]
            time.sleep(0.05)
        pytest.fail(f"nothing was sent to {path}, only to {sorted(self.received)}")


@contextmanager
def receiver(status: int = 200) -> Iterator[Receiver]:
    """A server on loopback that accepts every message, or refuses it with another status."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.received.setdefault(self.path, []).append(json.loads(body))
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

    with serving(Handler) as host:
        kept = Receiver(f"http://{host}")
        yield kept
