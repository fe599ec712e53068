"""A real Prometheus on loopback, for the live demonstration and for tests.

Needs the programs ``prometheus`` and ``promtool`` (Debian's package ``prometheus``).
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from slo.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_INSTALL = "install it with 'apt-get install prometheus', or from https://prometheus.io/download/"
_READY_SECONDS = 60.0


def program(name: str) -> str:
    """Full path of ``prometheus`` or ``promtool``.

    Raises:
        RunError: It is not installed; says how to get it.

    """
    path = shutil.which(name)
    if path is None:
        raise RunError(name, f"the program is not installed; {_INSTALL}")
    return path


def backfill(openmetrics: Path, storage: Path) -> None:
    """Write OpenMetrics text into a Prometheus storage folder as blocks.

    Raises:
        RunError: promtool is missing or refuses the text.

    """
    storage.mkdir(parents=True, exist_ok=True)
    # Large blocks: promtool reads the whole text again for every block that it writes, and
    # rounds the duration down to 2h times a power of 3. This is the largest, four years.
    command = [program("promtool"), "tsdb", "create-blocks-from", "--max-block-duration=39366h"]
    command += ["openmetrics", str(openmetrics), str(storage)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RunError("promtool tsdb create-blocks-from", (done.stderr or done.stdout).strip())


@contextmanager
def serve(
    storage: Path,
    rule_files: tuple[Path, ...] = (),
    flags: tuple[str, ...] = (),
    settings: str = "",
) -> Iterator[str]:
    """Run Prometheus over a storage folder on a free loopback port; yields its URL.

    Its configuration and log go into the storage folder. It is ended, by its own process id,
    when the context is left. Give it a stretch of the past: nothing is scraped.

    Args:
        storage: The folder.
        rule_files: Rules to be loaded.
        flags: Further flags of the program.
        settings: Further lines of its configuration, such as ``global``.

    Raises:
        RunError: Prometheus is missing or does not become ready within a minute.

    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    storage.mkdir(parents=True, exist_ok=True)
    config = storage / "prometheus.yml"
    files = "".join(f"\n  - {path.resolve()}" for path in rule_files)
    config.write_text(f"rule_files: {files or '[]'}\n{settings}")
    log_path = storage / "prometheus.log"
    url = f"http://127.0.0.1:{port}"
    with log_path.open("w") as log:
        server = subprocess.Popen(
            [
                program("prometheus"),
                f"--config.file={config}",
                f"--storage.tsdb.path={storage}",
                "--storage.tsdb.retention.time=10y",
                f"--web.listen-address=127.0.0.1:{port}",
                "--query.max-samples=200000000",
                "--query.timeout=10m",
                "--log.level=warn",
                *flags,
            ],
            stdout=log,
            stderr=log,
        )
        try:
            _wait_until_ready(url, server, log_path)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(timeout=30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    # No proxy of the environment stands between this program and loopback.
    direct = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            # The cause stands a line or two above the last.
            words = "\n".join(log.read_text().strip().splitlines()[-3:])
            raise RunError("prometheus", words or "it ended at once", log)
        try:
            with direct.open(f"{url}/-/ready", timeout=2) as answer:
                if answer.status == 200:  # noqa: PLR2004  HTTP's OK
                    return
        except (URLError, OSError):
            time.sleep(0.05)
    raise RunError("prometheus", f"it was not ready after {_READY_SECONDS:.0f} s", log)
