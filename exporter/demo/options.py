"""What the command line of the demonstration takes."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exporter.demo.incident import KINDS, MEANING, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOPBACK = "127.0.0.1"

_EPILOG = "incidents: " + "; ".join(f"{kind} ({MEANING[kind]})" for kind in KINDS)


@dataclass(frozen=True)
class Options:
    """What was asked for.

    Attributes:
        port: Where to listen; 0 for any that is free.
        host: The address to listen on.
        rate: Tickets a second.
        tickets: Tickets after which no more are sent; None for no end.
        seed: Of what customers and providers do.
        workers: Tickets that are worked on at once.
        duration: Seconds after which it stops; None for never.
        incident: What goes wrong.
        incident_after: Seconds from the start until it does.
        incident_lasts: Seconds from then until it is over.
        print_prometheus_config: Whether only to print a configuration for Prometheus.

    """

    port: int
    host: str
    rate: float
    tickets: int | None
    seed: int
    workers: int
    duration: float | None
    incident: Kind
    incident_after: float
    incident_lasts: float
    print_prometheus_config: bool


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Read a command line; ends the program where it cannot be understood."""
    parser = argparse.ArgumentParser(
        prog="python -m exporter.demo",
        description="A small support agent with customers, to see its metrics live. No network.",
        epilog=_EPILOG,
    )
    add = parser.add_argument
    usual = "(default: %(default)s)"
    seconds = "SECONDS"
    add("--port", type=_port, default=8000, help=f"0 for a free one {usual}")
    # A container's port is published from outside of its loopback.
    add("--host", default=LOOPBACK, help=f"address to listen on; others need a token {usual}")
    add("--rate", type=_positive, default=2.0, help=f"tickets a second {usual}")
    add("--tickets", type=_whole, metavar="COUNT", help="send so many, then only serve")
    add("--seed", type=int, default=1, help=f"of customers and providers {usual}")
    add("--workers", type=_whole, default=12, help=f"tickets worked on at once {usual}")
    add("--duration", type=_positive, metavar=seconds, help="stop then, and not at Ctrl-C")
    add("--incident", choices=KINDS, default="none", help=f"what goes wrong {usual}")
    after, lasts = f"until it begins {usual}", f"until it is over {usual}"
    add("--incident-after", type=_seconds, default=30.0, metavar=seconds, help=after)
    add("--incident-lasts", type=_positive, default=120.0, metavar=seconds, help=lasts)
    add(
        "--print-prometheus-config",
        action="store_true",
        help="print a prometheus.yml that scrapes the demonstration, and end",
    )
    options = Options(**vars(parser.parse_args(arguments)))
    if options.print_prometheus_config and not options.port:
        parser.error("--print-prometheus-config: expected a --port other than 0")
    return options


def prometheus_config(port: int) -> str:
    """A configuration of Prometheus that scrapes the demonstration, with labels as in production.

    ``namespace`` stands for what the Prometheus operator would add.
    """
    return f"""\
global:
  scrape_interval: 5s

scrape_configs:
  - job_name: support-agent
    static_configs:
      - targets: ["127.0.0.1:{port}"]
        labels:
          namespace: support
"""


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number < 1 << 16:
        raise argparse.ArgumentTypeError(f"found {text}, expected a port from 0 to 65535")
    return number


def _whole(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"found {text}, expected a whole number above 0")
    return number


def _positive(text: str) -> float:
    number = _seconds(text)
    if not number:
        raise argparse.ArgumentTypeError(f"found {text}, expected a number above 0")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"found {text}, expected a number from 0 on")
    return number
