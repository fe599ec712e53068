"""What ``slo init`` shows and asks: candidates with evidence, targets, and what comes next."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from slo.cli.printing import print_table, say
from slo.counting import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.discovery import Candidate, Discovery, Promise
    from slo.model.slo import Slo
    from slo.project.beginning import Beginning

_MOST_FILES = 8


def print_found(found: Discovery, taken: Sequence[Candidate]) -> None:
    """What the server holds, a line a candidate."""
    from slo.discovery.candidate import shown_length

    version = f" {found.version}" if found.version else ""
    say(f"Prometheus{version} at {found.url}: {counted(found.metrics, 'metric')}")
    for note in found.notes:
        say(f"  note: {note}")
    if found.agent is not None:
        say(
            "  found the metrics of slobook's exporter: its catalogue has objectives, alerts and "
            "runbooks for them"
        )
    if not found.candidates:
        return
    header = ["", "objective", "found in; what is bad", "a day", "bad", "series", "sure"]
    rows = [
        [f"{number}*" if one in taken else str(number), *_told(one)]
        for number, one in enumerate(_in_order(found), start=1)
    ]
    # A young server has seen less than was looked at.
    seen = shown_length(max(one.evidence.over for one in found.candidates))
    title = f"What could be promised, by the last {seen} of history (*: proposed)"
    print_table(title, header, rows, texts=3)


def _told(one: Candidate) -> list[str]:
    seen = one.evidence
    return [
        f"{one.service}/{one.name}",
        f"{one.metric}; {one.bad}",
        one.traffic,
        shown_share(seen.error_share),
        f"{seen.series:,}",
        one.certainty.word,
    ]


def shown_share(share: float) -> str:
    """A share with its first two digits, however small; a dash for none known."""
    if math.isnan(share):
        return "-"
    return f"{100 * share:.2g} %" if share else "0 %"


def _in_order(found: Discovery) -> list[Candidate]:
    return [one for service in found.services for one in found.of(service)]


def chosen_by_number(found: Discovery, best: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Ask which candidates to take, by their numbers in the table."""
    shown = _in_order(found)
    if not shown:
        return ()
    default = " ".join(str(shown.index(one) + 1) for one in best) or "none"
    while True:
        answer = typer.prompt("Take which? Numbers, all or none", default=default)
        words = answer.replace(",", " ").split()
        if words == ["all"]:
            return tuple(shown)
        if words == ["none"]:
            return ()
        if words and all(word.isdecimal() and 0 < int(word) <= len(shown) for word in words):
            return tuple(shown[int(word) - 1] for word in dict.fromkeys(words))
        say(f"found {answer!r}, expected numbers from 1 to {len(shown)}, all or none")


def print_promises(begun: Beginning) -> None:
    """The targets that history supports, and why."""
    if begun.promises:
        rows = [
            [one.slo.service, one.slo.name, str(one.slo.objective), str(one.slo.period), one.reason]
            for one in begun.promises
        ]
        header = ["service", "objective", "target", "over", "why"]
        print_table("What history lets you promise", header, rows, texts=5)
    for one, reason in begun.dropped:
        say(f"  {one.service}/{one.name} is left out: {reason}")
    for promise in begun.promises:
        for warning in promise.warnings:
            say(f"  mind: {promise.slo.service}/{promise.slo.name}: {warning}")


def print_so_far(objectives: Sequence[tuple[Slo, float, float]]) -> None:
    """What a catalogue promises, and what history says of it so far."""
    from slo.discovery.candidate import shown_count

    rows = [
        [
            one.name,
            str(one.objective),
            shown_count(total),
            shown_share(bad / total) if total else "-",
            ""
            if not total
            else "yes"
            if bad <= float(one.objective.error_budget) * total
            else "no",
        ]
        for one, bad, total in objectives
    ]
    header = ["objective", "target", "events", "bad", "kept so far"]
    print_table("What the catalogue promises, and what there is of it", header, rows, texts=2)


def files_below(files: Sequence[Path], root: Path) -> list[str]:
    """Paths below a folder, and how many more there are."""
    names = sorted(path.relative_to(root).as_posix() for path in files)
    if len(names) <= _MOST_FILES:
        return names
    parents = [name.rpartition("/")[0] for name in names]
    return [
        *(name for name in names if "/" not in name),
        *(
            f"{folder}/: {counted(parents.count(folder), 'file')}"
            for folder in sorted(set(parents))
            if folder
        ),
    ]


def print_next(begun: Beginning, into: Path) -> None:
    """What to do with the new project."""
    here = into.resolve() == Path.cwd().resolve()
    steps = [
        *(() if here else (("cd " + str(into), ""),)),
        ("slo lab", "look at it, and design further, in Jupyter"),
        ("slo objectives", "what each nine costs, and with which chance it is kept"),
        ("slo generate", "rules with their tests, and dashboards"),
        ("slo plan", "what a push to Grafana would change, once [grafana] is set"),
        ("slo schedule", "a report every week"),
    ]
    _print_steps(steps)
    _print_provisional(begun)
    left = [name for name in begun.found.services if name not in begun.services]
    if left:
        say(f"Not taken: {', '.join(left)}; in this project 'slo init --service NAME' adds one.")


def print_next_of_addition(begun: Beginning, into: Path) -> None:
    """What to do with a service that was added to a project."""
    here = into.resolve() == Path.cwd().resolve()
    steps = [
        *(() if here else (("cd " + str(into), ""),)),
        ("slo objectives", "what each nine costs, and with which chance it is kept"),
        ("slo generate", "rules with their tests, and dashboards, of all services"),
        ("slo doctor", "what is not in place yet: rules to load, dashboards to push"),
    ]
    _print_steps(steps)
    _print_provisional(begun)


def _print_steps(steps: Sequence[tuple[str, str]]) -> None:
    say("\nNext:")
    for command, purpose in steps:
        say(f"  {command:<16}{purpose}".rstrip())


def _print_provisional(begun: Beginning) -> None:
    if any(one.provisional for one in begun.promises):
        say(
            "\nTargets are provisional with less than 30 days of history: ask 'slo snapshot' and "
            "'slo objectives' again when there is more."
        )


def candidate_as_json(one: Candidate) -> dict[str, Any]:
    """A candidate with its evidence."""
    seen = one.evidence
    return {
        "service": one.service,
        "name": one.name,
        "metric": one.metric,
        "by": one.by,
        "certainty": one.certainty.word,
        "infrastructure": one.infrastructure,
        "selectors": [str(selector) for selector in one.indicator.selectors],
        "events_a_day": seen.events_a_day,
        "error_share": seen.error_share,
        "series": seen.series,
        "labels": list(seen.labels),
        "remark": seen.remark,
    }


def promise_as_json(one: Promise) -> dict[str, Any]:
    """An objective, and why its target is what it is."""
    return {
        "service": one.slo.service,
        "name": one.slo.name,
        "target": str(one.slo.objective.ratio),
        "reason": one.reason,
        "warnings": list(one.warnings),
        "provisional": one.provisional,
    }
