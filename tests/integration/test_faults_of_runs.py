"""What may happen to ``slo run-due``: other runs, a full disk, a Prometheus that comes back."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import nbformat
import pytest

from slo.model.span import Span
from tests.integration.shop_project import LAST, NOTEBOOK, SPEC, WEEKS, wait_for, write_shop
from tests.shop import history

pytestmark = pytest.mark.integration


@pytest.fixture
def shop(tmp_path):
    return write_shop(tmp_path / "shop")


def first_do(shop, code: str) -> None:
    """The report's notebook, which first does something else; it knows ``service``."""
    made = nbformat.read(Path("notebooks", NOTEBOOK), as_version=4)
    made.cells.insert(2, nbformat.v4.new_code_cell(code))
    (shop.root / "notebooks").mkdir()
    nbformat.write(made, shop.root / "notebooks" / NOTEBOOK)


@contextmanager
def started(command: list[str]):
    """A run that goes on meanwhile, and does not outlive the test."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


MEET = """\
from pathlib import Path
from time import monotonic, sleep
root, deadline = Path({root!r}), monotonic() + 60
(root / f"{{service}}.here").touch()
while len(list(root.glob("*.here"))) < 2:
    assert monotonic() < deadline, "nobody else is here"
    sleep(0.02)
"""
WAIT = """\
from pathlib import Path
from time import monotonic, sleep
root, deadline = Path({root!r}), monotonic() + 60
with (root / "begun").open("a") as file:
    file.write("once ")
while not (root / "go").exists():
    assert monotonic() < deadline, "nobody says go"
    sleep(0.02)
"""


def test_two_reports_are_made_at_a_time(shop):
    """Each notebook waits for the other: one after the other would never end well."""
    other = SPEC.replace("service: shop", "service: bakery").replace("availability", "bread")
    (shop.root / "specs" / "bakery.yaml").write_text(other)
    first_do(shop, MEET.format(root=str(shop.root)))
    done = shop.run("--weeks", "1", "--at-once", "2", "--json")
    assert done.returncode == 0, done.stderr
    told = {one["service"]: one["state"] for one in json.loads(done.stdout)}
    assert told == {"shop": "made", "bakery": "made"}


def test_a_run_that_meets_another_leaves_the_report_to_it(shop):
    first_do(shop, WAIT.format(root=str(shop.root)))
    command = shop.command("--weeks", "1", "--json")
    with started(command) as first:
        wait_for((shop.root / "begun").exists)
        second = shop.run("--weeks", "1", "--json")
        (shop.root / "go").touch()
        out, err = first.communicate(timeout=90)
    assert (first.returncode, err) == (0, "")
    assert second.returncode == 75
    assert [json.loads(text)[0]["state"] for text in (out, second.stdout)] == ["made", "under way"]
    assert (shop.root / "begun").read_text() == "once "
    assert shop.weeks() == [str(LAST)]


ON_A_SMALL_DISK = """\
mount -t tmpfs -o size="$1" none "$2" || exit 99
disk=$2; shift 2
"$@"; echo "ended with $?"
find "$disk" -mindepth 2 -maxdepth 2 -printf 'there is %f\\n'
mount -o remount,size=100m "$disk"
"$@"; echo "ended with $?"
find "$disk" -mindepth 2 -maxdepth 2 -printf 'there is %f\\n'
"""


@pytest.mark.parametrize("size", ["16k", "100k"])
def test_a_disk_that_is_full_leaves_nothing_half_done_and_room_helps(shop, size):
    """A disk of its own, in a name space of its own: while the notebook is written, or the page."""
    space = ["unshare", "--user", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*space, "true"], check=False).returncode:
        pytest.skip("this system lets nobody make a name space; RLIMIT_FSIZE has its own test")
    disk = shop.root / "reports"
    disk.mkdir()
    command = shop.command("--weeks", "1", "--quiet")
    done = subprocess.run(
        [*space, "sh", "-c", ON_A_SMALL_DISK, "sh", size, str(disk), *command],
        capture_output=True,
        text=True,
        check=True,
    )
    first, _, then = done.stdout.partition("ended with 2\n")
    assert first == "", done.stdout
    left, _, after = then.partition("ended with 0\n")
    assert set(left.splitlines()) <= {f"there is {LAST}.log"}
    assert after == f"there is {LAST}\n", then
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"shop {LAST} (slo): FAILED: ")
    assert "No space left on device" in line


@contextmanager
def forwarding(port: int, to: int):
    """Connections to a port, handed on to another, until the context is left."""
    with socket.create_server(("127.0.0.1", port)) as listening:
        listening.settimeout(0.1)
        ended = []

        def pump(source: socket.socket, sink: socket.socket) -> None:
            with suppress(OSError), source, sink:
                while piece := source.recv(65_536):
                    sink.sendall(piece)
                sink.shutdown(socket.SHUT_WR)

        def accept() -> None:
            while not ended:
                try:
                    asked, _ = listening.accept()
                except TimeoutError:
                    continue
                asked.settimeout(None)
                answers = socket.create_connection(("127.0.0.1", to))
                for ends in ((asked, answers), (answers.dup(), asked.dup())):
                    Thread(target=pump, args=ends, daemon=True).start()

        accepting = Thread(target=accept)
        accepting.start()
        try:
            yield
        finally:
            ended.append(True)
            accepting.join()


def test_a_prometheus_that_comes_back_is_asked_again(shop, serve_history):
    past = history(span=Span(WEEKS[0].span.start, LAST.span.end))
    server = int(serve_history(past).url.rpartition(":")[2])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (shop.root / "history" / "snapshot.parquet").unlink()
    file = shop.root / "slobook.toml"
    file.write_text(
        f'{file.read_text()}[prometheus]\nurl = "http://127.0.0.1:{port}"\nretries = 0\n'
    )
    command = shop.command("--weeks", "1", "--retries", "1", "--json")
    log = shop.reports / f"{LAST}.log"
    with started(command) as runner:
        wait_for(log.exists)
        assert f"http://127.0.0.1:{port} cannot be reached" in log.read_text()
        assert runner.poll() is None
        with forwarding(port, server):
            out, err = runner.communicate(timeout=90)
    assert (runner.returncode, err) == (0, ""), out
    (told,) = json.loads(out)
    assert told["state"] == "made"
    assert told["seconds"] > 15  # what it waited
    assert shop.weeks() == [str(LAST)]
