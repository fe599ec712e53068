"""``slo doctor``: is everything in place that production needs?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slo.cli.options import ConfigOption, JsonOption
from slo.cli.printing import fitted, print_json, say
from slo.counting import counted
from slo.progress import in_terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.text import Text

    from slo.doctor.check import Check
    from slo.doctor.finding import Diagnosis, Finding, State
    from slo.project import Project


def doctor(
    config: ConfigOption = Path("slobook.toml"),
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="CHECK", help="Only this check; may be repeated."),
    ] = None,
    notify: Annotated[
        bool,
        typer.Option(
            "--notify", help="Send a test page to PagerDuty, marked as one. Somebody is called."
        ),
    ] = False,
    explain: Annotated[
        str,
        typer.Option(
            metavar="CHECK", help="Look at nothing; say what this check means and what to do."
        ),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Go through the production checklist, and say what to do about what is not right.

    Looks at the specifications, Prometheus, its rules, the service's metrics, Alertmanager,
    Grafana, runbooks and reports; changes nothing. What is not configured is listed as not checked.

    Exit codes: 0 nothing to do, 1 something needs attention or is broken, 2 the configuration
    cannot be read.

    Example: slo doctor --only rules-loaded --only metrics
    """
    from slo.doctor.check import chosen, diagnosed
    from slo.doctor.explanation import explanation
    from slo.project import open_project

    if explain:
        for line in explanation(explain).splitlines():
            # A command is copied as it is, and so is not broken.
            (typer.echo if line.startswith("    ") else say)(line)
        return
    wanted = chosen(_checklist(open_project(config), only or (), notify), only or ())
    with in_terminal("Checking") as advance:
        found = diagnosed(wanted, advance)
    if as_json:
        print_json(_as_json(wanted, found))
    else:
        _print(wanted, found)
    raise typer.Exit(0 if found.healthy else 1)


def _checklist(project: Project, only: Sequence[str], notify: bool) -> tuple[Check, ...]:
    from slo.errors import ConfigError
    from slo.project.examination import NOTIFICATIONS, checks, checks_with_page

    if not notify:
        return checks(project)
    if only and NOTIFICATIONS not in only:
        raise ConfigError(
            f"--notify: found beside --only without {NOTIFICATIONS!r}, expected it among them"
        )
    return checks_with_page(project)


def _as_json(wanted: Sequence[Check], found: Diagnosis) -> dict[str, object]:
    rows = [
        {"area": check.area, "expected": check.expected, **finding.as_json}
        for check, finding in zip(wanted, found.findings, strict=True)
    ]
    return {"healthy": found.healthy, "counts": found.counts, "findings": rows}


_COLOURS: dict[State, str] = {
    "fine": "green",
    "not checked": "dim",
    "attention": "yellow",
    "broken": "bold red",
}
_SIGNS: dict[State, str] = {"fine": "✓", "not checked": "·", "attention": "!", "broken": "✗"}
_PLAIN_SIGNS: dict[State, str] = {"fine": "+", "not checked": "-", "attention": "!", "broken": "x"}


def _print(wanted: Sequence[Check], found: Diagnosis) -> None:
    """All in a table by area; below it what to do, the worst last, where the eye is."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    signs = _signs(console.encoding)
    width = max(len(check.name) for check in wanted)
    area = ""
    for check, finding in zip(wanted, found.findings, strict=True):
        if check.area != area:
            area = check.area
            console.print(Text(area, style="bold"))
        sign = Text(f"  {signs[finding.state]} {check.name:<{width}}  ", _COLOURS[finding.state])
        reason = "not checked: " if finding.state == "not checked" else ""
        said = Text(_shown(f"{reason}{finding.found}", console.encoding), "default")
        _print_finding(console, sign, said)
    expected = {check.name: check.expected for check in wanted}
    for finding in found.to_do:
        console.print()
        _print_what_to_do(console, finding, signs[finding.state], expected[finding.check])
    console.print()
    counts = [f"{number} {state}" for state, number in found.counts.items() if number]
    checks = counted(len(found.findings), "check")
    console.print(Text(f"{checks}: {', '.join(counts)}."))


def _print_finding(console: Console, sign: Text, said: Text) -> None:
    """A line, which a terminal breaks below what was said."""
    from rich.table import Table

    if not console.is_terminal:
        console.print(sign + said)
        return
    grid = Table.grid()
    grid.add_column(no_wrap=True)
    grid.add_column()
    grid.add_row(sign, said)
    console.print(grid)


def _print_what_to_do(console: Console, finding: Finding, sign: str, expected: str) -> None:
    from rich.text import Text

    def show(text: str, style: str = "") -> None:
        shown = _shown(text, console.encoding)
        console.print(Text(fitted(shown) if console.is_terminal else shown, style))

    show(f"{sign} {finding.check} ({finding.state}): {finding.found}", _COLOURS[finding.state])
    for detail in finding.details:
        show(f"    {detail}")
    if expected:
        show(f"    Expected: {expected}")
    if finding.to_do:
        show(f"    To do: {finding.to_do}", "bold")
    if finding.read:
        show(f"    More: {finding.read}")


def _signs(encoding: str) -> dict[State, str]:
    try:
        "".join(_SIGNS.values()).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return _PLAIN_SIGNS
    return _SIGNS


def _shown(text: str, encoding: str) -> str:
    """A text that a terminal can show: what others wrote may hold any letter."""
    return text.encode(encoding, "backslashreplace").decode(encoding)
