"""``slo preview``: dashboards as a page, for people without Grafana."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slo.cli.options import ConfigOption, HistoryOption
from slo.cli.printing import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.preview.preview import PanelPreview


def preview(
    dashboards: Annotated[
        list[Path] | None,
        typer.Argument(help="Dashboard files, or their names or uids; all generated ones if none."),
    ] = None,
    config: ConfigOption = Path("slobook.toml"),
    out: Annotated[
        Path | None, typer.Option(help="The page; dashboards-preview.html under reports/ if none.")
    ] = None,
    prometheus: Annotated[
        str,
        typer.Option(
            metavar="URL", help="Ask this Prometheus, rather than the snapshot or the project's."
        ),
    ] = "",
    history: HistoryOption = None,
    hours: Annotated[
        float | None,
        typer.Option(min=0.1, help="How long a stretch; each dashboard's own if none."),
    ] = None,
    var: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE", help="A variable's value, as name=value; may be repeated."
        ),
    ] = None,
) -> None:
    """Draw every panel of Grafana dashboards into one page that needs no network.

    Numbers come from the snapshot, which a Prometheus on loopback is started for with the
    generated rules evaluated, or from a Prometheus. Exits with 1 where a panel has an error or
    no data.

    Example: slo preview grafana-slo-dashboard --var environment=support
    """
    from slo.cli.target import chosen_project
    from slo.preview.page import shortfalls, summary

    project = chosen_project(config, snapshot=history)
    page = Path.cwd() / out if out else project.reports_path / "dashboards-preview.html"
    wanted = _chosen(var or ())
    found = project.preview(dashboards or (), page, url=prometheus, variables=wanted, hours=hours)
    for (title, reason), panels in _alike(shortfalls(found)).items():
        say(f"{title}, {', '.join(panels)}: {reason}", err=True)
    say(f"{summary(found)}. From {found.source}.")
    say(f"Open {page}")
    if found.falls_short:
        raise typer.Exit(1)


def _alike(fallen: list[tuple[str, PanelPreview]]) -> dict[tuple[str, str], list[str]]:
    """The panels of each dashboard that have the same to say: a line for all of them."""
    found: dict[tuple[str, str], list[str]] = {}
    for title, panel in fallen:
        found.setdefault((title, panel.reason), []).append(panel.panel.title)
    return found


def _chosen(pairs: Sequence[str]) -> dict[str, list[str]]:
    """Values by variable; several of one add up."""
    from slo.errors import ConfigError

    found: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals and value):
            raise ConfigError(f"--var: found {pair!r}, expected name=value")
        found.setdefault(name, []).append(value)
    return found
