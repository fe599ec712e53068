"""``slo tune``: the alerts that would have served better, and how far to trust them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from slo.cli.options import (
    ConfigOption,
    HistoryOption,
    IncidentsOption,
    JsonOption,
    ObjectivesArgument,
    SpecsOption,
)
from slo.cli.printing import duration, percent, print_json, print_table, say
from slo.counting import counted

if TYPE_CHECKING:
    from slo.tune.contender import Contender
    from slo.tune.performance import Performance
    from slo.tune.study import Study


def tune(
    names: ObjectivesArgument = None,
    config: ConfigOption = Path("slobook.toml"),
    spec: SpecsOption = None,
    history: HistoryOption = None,
    incidents: IncidentsOption = None,
    catch: Annotated[
        float, typer.Option(help="Percent of the budget; incidents that spend it are to be seen.")
    ] = 5.0,
    pages_a_week: Annotated[float, typer.Option(help="At most so many pages a week.")] = 2.0,
    tickets_a_week: Annotated[float, typer.Option(help="At most so many tickets a week.")] = 5.0,
    detect_before: Annotated[
        float, typer.Option(help="Percent of the budget that may be spent at detection.")
    ] = 2.0,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what would change in the specifications.")
    ] = False,
    write: Annotated[
        bool,
        typer.Option("--write", help="Write the recommended alerts into the specifications."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Search alerts by goals, judge them on weeks that did not choose them, and recommend.

    With --write comments and everything else in the specifications stay as they are, and the
    evidence is written beside the alerts. Exits with 1 where a change is recommended and not
    written, or an objective has no data.

    Example: slo tune ticket-success --pages-a-week 1
    """
    from slo.cli.target import chosen_project, judged
    from slo.errors import ConfigError
    from slo.tune.goals import Goals

    if history and not history.exists():
        raise ConfigError(f"--history {history}: there is no such file")
    goals = Goals(
        catch=catch / 100,
        pages_a_week=pages_a_week,
        tickets_a_week=tickets_a_week,
        detect_before=detect_before / 100,
    )
    project = chosen_project(config, specs=spec, snapshot=history, incidents=incidents)
    slos, past, complete = judged(project, names)
    studies = [project.tune(one, past, goals) for one in slos]
    if as_json:
        print_json([as_json_value(study) for study in studies])
    else:
        say(f"To {goals}.\n")
        for study in studies:
            print_study(study)
    chosen = [study.chosen for study in studies if study.changes]
    if chosen and (diff or write):
        revisions = project.revised(*chosen)
        if not as_json:
            typer.echo(revisions.diff)
        for file in revisions.write() if write else ():
            say(f"written: {file}", err=True)
    if (chosen and not write) or not complete:
        raise typer.Exit(1)


def print_study(study: Study) -> None:
    """The recommendation, the contenders beside it, what changes, and what to know."""
    from slo.tune.summary import figures_of, sample_of

    one = study.slo
    say(f"{one.title} ({one.name}): {one.objective} over {one.period}, {study.span}.")
    say(judged_by(study))
    say(f"{study.recommendation} {study.reason}")
    for line in study.changes:
        say(f"  {line}")
    for warning in study.warnings:
        say(f"  note: {warning}")
    columns = [figures_of(contender) for contender in study.ranked]
    rows = [[name, *(column[name] for column in columns)] for name in columns[0]]
    print_table("", [sample_of(study.present), *(one.name for one in study.ranked)], rows)
    if len(study.front) > 1:
        _print_front(study)
    typer.echo("")


def judged_by(study: Study) -> str:
    """What the alerts were judged by, in a sentence."""
    kind = "derived from the history, as none is labelled" if study.derived else "labelled"
    required = study.recommended.whole.required
    return (
        f"{counted(len(study.incidents), 'incident')}, {kind}; {required or 'none'} spent enough "
        "to have to be seen."
    )


def _print_front(study: Study) -> None:
    rows = []
    for candidate in study.front:
        done = candidate.performance
        pages = ", ".join(str(a) for a in candidate.policy.alerts if a.severity == "page")
        rows.append(
            [
                pages.replace("page at ", ""),
                f"{done.pages_a_week:.2f}",
                str(len(done.false_pages)),
                f"{done.caught} of {done.required}",
                percent(done.spent_median, 1),
                duration(done.detection_median),
            ]
        )
    header = ["other pages, in sample", "a week", "false", "seen", "budget spent", "detection"]
    print_table("", header, rows)


def as_json_value(study: Study) -> dict[str, Any]:
    """A study as JSON holds it: instants and durations in milliseconds, shares 0 to 1."""
    return {
        "slo": study.slo.name,
        "service": study.slo.service,
        "objective": str(study.slo.objective.ratio),
        "span": asdict(study.span),
        "evaluation_interval": study.interval,
        "goals": asdict(study.goals),
        "incidents": len(study.incidents),
        "derived": study.derived,
        "recommended": study.recommended.name,
        "reason": study.reason,
        "changes": list(study.changes),
        "warnings": list(study.warnings),
        "contenders": [_contender(one) for one in study.contenders],
        "front": [
            {"policy": asdict(one.policy)["alerts"], "in_sample": _figures(one.performance)}
            for one in study.front
        ],
    }


def _contender(one: Contender) -> dict[str, Any]:
    return {
        "name": one.name,
        "policy": asdict(one.policy)["alerts"],
        "out_of_sample": _figures(one.unseen) if one.bounds else None,
        "intervals": asdict(one.bounds) if one.bounds else None,
        "whole_history": _figures(one.whole),
        "folds": [
            {
                "training": asdict(result.fold.training),
                "test": asdict(result.fold.test),
                "policy": asdict(result.policy)["alerts"],
                "out_of_sample": _figures(result.performance),
            }
            for result in one.folds
        ],
    }


def _figures(done: Performance) -> dict[str, Any]:
    return {
        "judged": done.judged,
        "required": done.required,
        "caught": done.caught,
        "missed": [one.name for one in done.missed],
        "unpaged": [one.name for one in done.unpaged],
        "pages": len(done.pages),
        "false_pages": len(done.false_pages),
        "pages_a_week": done.pages_a_week,
        "tickets": len(done.tickets),
        "false_tickets": len(done.false_tickets),
        "detection_median": done.detection_median,
        "spent_median": done.spent_median,
        "spent_worst": done.spent_worst,
    }
