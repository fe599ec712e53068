"""What of a server's candidates ``slo init`` promises: looked at, shown, chosen, fetched."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING

import typer

from slo.cli.printing import say
from slo.counting import counted
from slo.progress import in_terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.discovery import Candidate, Discovery
    from slo.history.connection import PrometheusServer
    from slo.project.beginning import Beginning


def found_at(server: PrometheusServer, days: float) -> Discovery:
    """What a server holds.

    Raises:
        NotEnoughData: Nothing that an objective can be made of.
        HistoryError: It cannot be reached, or refuses.

    """
    from slo.discovery import discover
    from slo.documentation import documentation
    from slo.errors import NotEnoughData

    with in_terminal(f"Looking at {server.shown_url}") as advance:
        found = discover(server, int(time() * 1000), max(1, round(days)), advance)
    if not found.candidates and found.agent is None:
        notes = "".join(f"\n  {note}" for note in found.notes)
        raise NotEnoughData(
            f"{found.url} holds {counted(found.metrics, 'metric')}, and none with traffic that an "
            "objective can be made of: neither requests with a status, nor durations, nor failures "
            f"beside a total, nor a queue. What is looked for: {documentation('init.md')}; how an "
            f"objective is written by hand: {documentation('specifications.md')}{notes}"
        )
    return found


def begun_with(
    found: Discovery,
    server: PrometheusServer,
    days: float,
    services: Sequence[str],
    *,
    asks: bool,
) -> Beginning:
    """What the project will hold of it, with candidates and targets shown.

    Raises:
        ConfigError: There is no such service.
        NotEnoughData: There is nothing to promise.
        HistoryError: The server cannot be reached, or refuses.

    """
    from slo.cli import init_printing as printing
    from slo.project.beginning import promised

    best, catalogue = _best(found, services)
    printing.print_found(found, best)
    taken = printing.chosen_by_number(found, best) if asks else best
    if asks and catalogue:
        catalogue = typer.confirm("Take the catalogue of the AI support agent?", default=True)
    with in_terminal("Fetching what they read") as advance:
        begun = promised(found, taken, server, days, advance, catalogue=catalogue)
    if begun.days < days:
        kept = f"{begun.days:.1f} of {days:g} days are fetched"
        say(f"{kept}: more would be over 40 million samples", err=True)
    printing.print_promises(begun)
    _refuse_nothing(begun)
    return begun


def _best(found: Discovery, services: Sequence[str]) -> tuple[tuple[Candidate, ...], bool]:
    """The candidates that are proposed, and whether the exporter's catalogue is.

    Raises:
        ConfigError: There is no such service.

    """
    from slo.discovery import choose, chosen_services
    from slo.discovery.agent_catalogue import SERVICE

    catalogue = found.agent is not None and (not services or SERVICE in services)
    wanted = [name for name in services if not (catalogue and name == SERVICE)]
    if catalogue and not wanted:
        return (), True
    of = [name for name in chosen_services(found, wanted) if not (catalogue and name == SERVICE)]
    return tuple(one for name in of for one in choose(found.of(name))), catalogue


def _refuse_nothing(begun: Beginning) -> None:
    from slo.errors import NotEnoughData

    if not begun.promises and not begun.catalogue:
        rare = (
            (one, f"{one.traffic} events a day are too few to promise a share of them")
            for one in begun.found.candidates
            if one.rare
        )
        told = (*begun.dropped, *rare)
        reasons = "".join(f"\n  {one.service}/{one.name}: {why}" for one, why in told)
        raise NotEnoughData(f"nothing was taken that can be promised; no file was written{reasons}")
