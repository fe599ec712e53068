"""``python -m exporter.demo``: the support agent and its customers, until Ctrl-C."""

from __future__ import annotations

import logging
import os
import signal
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import create_server
from threading import Event, Thread
from time import monotonic, time
from typing import TYPE_CHECKING

from exporter.demo.incident import MEANING, Incident
from exporter.demo.options import LOOPBACK, parse, prometheus_config
from exporter.demo.telling import status, summary, welcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from exporter.demo.options import Options
    from exporter.demo.service import Service

_STATUS_SECONDS = 10.0
_ENVIRONMENT = {
    "SUPPORT_AGENT_VERSION": "1.4.0",
    "SUPPORT_AGENT_COMMIT": "demo",
    "SUPPORT_AGENT_ENVIRONMENT": "demo",
    "SUPPORT_AGENT_PRICE_FILE": str(Path(__file__).with_name("prices.toml")),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demonstration; returns the exit code."""
    options = parse(arguments)
    if options.print_prometheus_config:
        sys.stdout.write(prometheus_config(options.port))
        return 0
    # Settings come from the environment, as they would from a deployment.
    for name, value in {**_ENVIRONMENT, "SUPPORT_AGENT_DEPLOYED_AT": str(time())}.items():
        os.environ.setdefault(name, value)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return _run(options)


def _run(options: Options) -> int:
    try:
        from werkzeug.serving import make_server  # noqa: PLC0415  after what `--help` needs

        from exporter.demo.app import create_app  # noqa: PLC0415  makes the metrics
        from exporter.demo.load import send_tickets  # noqa: PLC0415
        from exporter.demo.service import Service  # noqa: PLC0415
    except ModuleNotFoundError as error:
        _say(f"{error.name} is not installed: pip install 'slobook[flask]'")
        return 2

    incident = Incident(options.incident, options.incident_after, options.incident_lasts)
    if options.host != LOOPBACK and (why := _open_to_anyone()):
        _say(f"--host {options.host}: {why}")
        return 2
    try:
        listening = create_server((options.host, options.port))
    except OSError as error:
        said = error.strerror or error
        _say(f"--host {options.host} --port {options.port}: {said}; name another, or port 0")
        return 2
    service = Service(options.seed, options.workers, incident)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    port = listening.getsockname()[1]
    server = make_server(
        options.host, port, create_app(service), threaded=True, fd=listening.fileno()
    )
    _say(welcome(port, options))
    load = (port, options.rate, options.seed, options.tickets, stop)
    with ExitStack() as ends:
        ends.enter_context(listening)
        ends.callback(server.server_close)
        service.start()
        ends.callback(service.stop)
        ends.enter_context(_thread("web", server.serve_forever, ends=server.shutdown))
        ends.enter_context(_thread("customers", lambda: send_tickets(*load), ends=stop.set))
        _watch(service, options, stop)
        _say("stopping ...")
    _say(summary(service.did(), service.spent))
    return 0


def _open_to_anyone() -> str:
    """Why metrics may not be served beyond loopback; empty where they ask for a credential."""
    from exporter.endpoint.access import Access, AccessError  # noqa: PLC0415  as above

    try:
        asks = Access.from_environment().asks
    except AccessError as error:
        return str(error)
    return "" if asks else "expected SUPPORT_AGENT_METRICS_TOKEN_FILE, as others could read it"


@contextmanager
def _thread(name: str, runs: Callable[[], object], ends: Callable[[], object]) -> Iterator[None]:
    """A thread while a context lasts; ``ends`` makes it end."""
    thread = Thread(target=runs, name=name)
    thread.start()
    try:
        yield
    finally:
        ends()
        thread.join()


def _watch(service: Service, options: Options, stop: Event) -> None:
    """Say now and then how things are, until it is time to end."""
    begun, told, trouble = monotonic(), 0.0, False
    while not stop.wait(0.2):
        elapsed = monotonic() - begun
        if options.duration is not None and elapsed >= options.duration:
            return
        if service.incident.active != trouble:
            trouble = not trouble
            _say(f"{elapsed:5.0f} s  {MEANING[options.incident] if trouble else 'that is over'}")
        if elapsed - told >= _STATUS_SECONDS:
            told = elapsed
            _say(f"{elapsed:5.0f} s  {status(service.did(), service.spent)}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
