"""``slo deliver``: take published reports where slobook.toml says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slo.cli.completion import kinds, services
from slo.cli.options import ConfigOption, JsonOption
from slo.cli.printing import print_json, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.delivery.delivering import Outcome
    from slo.delivery.delivery import Delivery
    from slo.delivery.parcel import Parcel
    from slo.model.span import Week
    from slo.project import Project

    Deliver = Callable[[Parcel, Delivery], Outcome]

FAILED = 2


def deliver(
    config: ConfigOption = Path("slobook.toml"),
    week: Annotated[
        str,
        typer.Option(
            metavar="WEEK", help="ISO week such as 2026-W45; the newest reports if not given."
        ),
    ] = "",
    service: Annotated[
        list[str] | None,
        typer.Option(help="Only this service; may be repeated.", autocompletion=services),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this kind of report, as slo; may be repeated.", autocompletion=kinds
        ),
    ] = None,
    to: Annotated[
        list[str] | None, typer.Option(help="Only the delivery of this name; may be repeated.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Also what was delivered before.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be delivered.")
    ] = False,
    test: Annotated[
        bool, typer.Option("--test", help="Send a message that says that it is a test, no report.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Take published reports where [[delivery]] in slobook.toml says, if they are not there yet.

    'slo run-due' does it for the reports that it makes, and tries again what failed.

    Exits with 0 when every report is there; with 2 when one could not be delivered; with 75 when
    another run is at it.

    Example: slo deliver --to mail --again
    """
    from slo.project import open_project
    from slo.project.deliveries import deliveries, parcels
    from slo.report.kinds import KINDS, kind_named

    project = open_project(config)
    wanted = deliveries(project, to or ())
    if not wanted:
        say(f"{project.file} has no [[delivery]]: nothing is delivered.", err=True)
        raise typer.Exit(FAILED)
    if test:
        raise typer.Exit(_tried_out(project, wanted, as_json))
    kinds = [kind_named(name) for name in kind] if kind else KINDS
    found = parcels(project, kinds, service or (), _week(week))
    carry = _carrier(project, again, dry_run)
    outcomes = []
    for parcel in found:
        for one in wanted:
            outcomes.append(carry(parcel, one))
            if not as_json:
                tell_delivery(outcomes[-1])
    if as_json:
        print_json([delivery_as_json(one) for one in outcomes])
    raise typer.Exit(exit_code(outcomes))


def tell_delivery(one: Outcome) -> None:
    """A line: failures on standard error."""
    if one.state == "failed":
        say(f"{one}: FAILED: {one.detail}", err=True)
    else:
        say(f"{one}: {one.state}{f'. {one.detail}' if one.detail else ''}")


def delivery_as_json(one: Outcome) -> dict[str, object]:
    """What became of a report and a delivery."""
    return {
        "kind": one.parcel.kind.name,
        "service": one.parcel.service,
        "week": str(one.parcel.week),
        "delivery": one.delivery,
        "state": one.state,
        "detail": one.detail,
    }


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """What the command says of deliveries: 2 where one failed, 75 where another run is at one."""
    from slo.errors import UNDER_WAY

    states = {one.state for one in outcomes}
    return FAILED if "failed" in states else UNDER_WAY if "under way" in states else 0


def _carrier(project: Project, again: bool, dry_run: bool) -> Deliver:
    from slo.delivery import delivering
    from slo.delivery.trying import Effort
    from slo.project.deliveries import terms_of

    begun = delivering.again if again else delivering.once
    if dry_run:
        return lambda parcel, one: delivering.foresee(parcel, one, begun)
    terms = terms_of(project, Effort())
    return lambda parcel, one: delivering.deliver(parcel, one, terms, begun)


def _tried_out(project: Project, wanted: Sequence[Delivery], as_json: bool) -> int:
    from slo.delivery.delivering import try_out
    from slo.delivery.trying import Effort
    from slo.project.deliveries import terms_of

    terms = terms_of(project, Effort())
    told = []
    for one in wanted:
        of = ", ".join(one.services) or "every service"
        words = (
            f"This is a test of slobook's delivery {one.name!r}. Nothing is wrong: weekly reports "
            f"of {of} will come here."
        )
        arrived, detail = try_out(one, words, terms)
        told.append({"delivery": one.name, "arrived": arrived, "detail": detail})
        if not as_json:
            said = f"{one.name}: {detail}" if arrived else f"{one.name}: FAILED: {detail}"
            say(said, err=not arrived)
    if as_json:
        print_json(told)
    return 0 if all(one["arrived"] for one in told) else FAILED


def _week(text: str) -> Week | None:
    from slo.errors import ConfigError
    from slo.model.span import Week

    try:
        return Week.parse(text) if text else None
    except ValueError as error:
        raise ConfigError(f"--week: {error}") from None
