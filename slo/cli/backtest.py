"""``slo backtest``: what the alerts would have done."""

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
    from slo.backtest import Backtest, Score, Sensitivity
    from slo.model.samples import History
    from slo.model.slo import Slo
    from slo.project import Project

_WORKBOOK = "workbook"
"""What people call the approach that the workbook recommends."""


def backtest(
    names: ObjectivesArgument = None,
    config: ConfigOption = Path("slobook.toml"),
    spec: SpecsOption = None,
    history: HistoryOption = None,
    incidents: IncidentsOption = None,
    policy: Annotated[
        str, typer.Option(help="One of the workbook's approaches instead of the specified alerts.")
    ] = "",
    offset: Annotated[
        str,
        typer.Option(
            metavar="DURATION", help="When rules are evaluated within their interval, such as 17s."
        ),
    ] = "",
    time_zone: Annotated[
        str, typer.Option(help="Whose nights count as nights, such as Europe/Berlin.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Replay the alerts over the history and hold them against the labelled incidents.

    What overlaps is one call. Precision: the share of calls that belong to an incident; recall:
    of incidents that were called. Detection: from an incident's beginning, in the median, nine
    times in ten, and at worst; reset: from its end until all is quiet. Spent: the budget that was
    gone by then, in the median, and at most. Nights: calls in the night; flaps: within an hour of
    the one before.

    Exits with 1 where an incident was seen by no alert, or an objective has no data.

    Example: slo backtest ticket-success --policy "multiple burn rates"
    """
    from slo.cli.target import chosen_project, judged
    from slo.errors import ConfigError

    if history and not history.exists():
        raise ConfigError(f"--history {history}: there is no such file")
    project = chosen_project(config, specs=spec, snapshot=history, incidents=incidents)
    if time_zone:
        project = project.sleeping_in(_zone(time_zone))
    slos, past, complete = judged(project, names)
    at = _milliseconds(offset) if offset else None
    guarded = [_guarded(one, policy) if policy else one for one in slos]
    results = [
        project.replay(one, past, [tried.policy], at).backtest(tried)
        for one, tried in zip(slos, guarded, strict=True)
    ]
    if as_json:
        print_json([as_json_value(one, _sensitivity(project, one, past)) for one in results])
    else:
        for result in results:
            print_backtest(result)
            _print_sensitivity(_sensitivity(project, result, past))
            typer.echo("")
    if not complete or any(result.missed for result in results):
        raise typer.Exit(1)


def _guarded(one: Slo, approach: str) -> Slo:
    """An objective with the alerts of one of the workbook's approaches."""
    from slo.errors import ConfigError
    from slo.tune.presets import WORKBOOK, presets

    known = presets(one)
    wanted = WORKBOOK if approach == _WORKBOOK else approach
    if wanted not in known:
        raise ConfigError(
            f"--policy {approach!r}: found no such approach for {one.name}, expected "
            f"{_WORKBOOK!r} or one of {', '.join(repr(name) for name in known)}"
        )
    return one.with_policy(known[wanted])


def _milliseconds(text: str) -> int:
    from slo.errors import ConfigError
    from slo.model.duration import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise ConfigError(f"--offset: {error}") from None


def _zone(name: str) -> str:
    from slo.configuration import known_zone
    from slo.errors import ConfigError

    try:
        return known_zone(name)
    except ValueError as error:
        raise ConfigError(f"--time-zone: expected {error}") from None


def print_backtest(result: Backtest) -> None:
    """A verdict, a table of scores, and what was missed or false."""
    from slo.model.span import format_instant

    one = result.slo
    say(f"{one.title} ({one.name}): {one.objective} over {one.period}. {verdict(result)}")
    header = ["alert", "calls", "precision", "recall", "detection", "p90", "worst", "reset"]
    header += ["spent", "most", "a week", "nights", "flaps", "in alert"]
    print_table("", header, [_row(score) for score in result.results])
    if result.really_fired:
        rows = [_row(score) for score in result.really_fired_results]
        print_table("What really fired, by the history's ALERTS", header, rows)
    say(f"  evaluated every {duration(result.interval)}{_instants(result)}")
    _print_exclusions(result)
    for outcome in result.outcomes:
        if not outcome.detections:
            spent, incident = percent(outcome.budget_spent, 1), outcome.incident
            say(f"  missed: {incident.name}, {incident.span}, spent {spent} of the budget")
    # Without labels nothing says that an episode is false.
    kind = "false" if result.outcomes else "fired"
    for episode in result.false_episodes:
        end = format_instant(episode.end) if episode.end else "still firing"
        say(f"  {kind}: {episode.alert}, {format_instant(episode.start)} to {end}")
    if result.unjudged:
        say(
            f"  not judged: {counted(len(result.unjudged), 'episode')} that began before the "
            "history filled the alert's long window"
        )


def _row(score: Score) -> list[str]:
    return [
        score.by,
        str(score.episodes),
        percent(score.precision),
        percent(score.recall),
        duration(score.detection_median),
        duration(score.detection_p90),
        duration(score.detection_worst),
        duration(score.reset_median),
        percent(score.budget_at_detection, 1),
        percent(score.budget_worst, 1),
        f"{score.episodes_a_week:.2f}",
        str(score.at_night),
        str(score.flapping),
        percent(score.time_in_alert, 2),
    ]


def _instants(result: Backtest) -> str:
    """At which instants rules were evaluated, and how that is known."""
    if result.offset_origin == "assumed":
        return ", on the minute: the history holds no sample of the rules that would show when"
    known = "as the recorded samples show" if result.offset_origin == "recorded" else "as asked"
    return (
        f", {duration(result.offset) if result.offset else '0s'} after the full interval, {known}"
    )


def _sensitivity(project: Project, result: Backtest, history: History) -> Sensitivity:
    from slo.backtest import offset_sensitivity

    incidents = project.incidents(history.span)
    return offset_sensitivity(result, history, incidents, project.exclusions)


def _print_sensitivity(found: Sensitivity) -> None:
    """How much another offset of the rule group would have changed."""
    moved = f"detections move by up to {duration(found.detection_shift)}"
    if not found.matters:
        say(f"  at another offset of the rule group the same is called; {moved}")
        return
    say(
        f"  at another offset of the rule group {_between(found.episodes)} calls, "
        f"{_between(found.detected)} incidents seen, {_between(found.false)} false; {moved}"
    )


def _between(bounds: tuple[int, int]) -> str:
    low, high = bounds
    return str(low) if low == high else f"{low} to {high}"


def _print_exclusions(result: Backtest) -> None:
    from slo.backtest import ANY

    for one in result.exclusions:
        say(f"  not judged: {one.name}, {one.span}, by {one.author}: {one.reason}")
    if result.including_excluded:
        ours, theirs = result.score(ANY), result.including_excluded.score(ANY)
        say(
            f"  without these exclusions {theirs.detected} of "
            f"{counted(theirs.incidents, 'incident')} caught "
            f"(now {ours.detected} of {ours.incidents}), "
            f"{counted(theirs.episodes, 'call')} of which "
            f"{theirs.episodes - theirs.true_episodes} false (now {ours.episodes} and "
            f"{ours.episodes - ours.true_episodes})"
        )


def verdict(result: Backtest) -> str:
    """A sentence: how many incidents were caught, and how many alerts were false."""
    from slo.backtest import ANY

    together = result.score(ANY)
    calls = counted(together.episodes, "call")
    if not together.incidents:
        return f"{calls.capitalize()}; no incident is labelled that would say which were false."
    false = together.episodes - together.true_episodes
    of_them = f", {false or 'none'} of them false" if together.episodes else ""
    caught = f"{together.detected} of {counted(together.incidents, 'incident')} caught"
    return f"{caught}; {calls}{of_them}."


def as_json_value(result: Backtest, sensitivity: Sensitivity) -> dict[str, Any]:
    """A backtest as JSON holds it: instants and durations in milliseconds, shares 0 to 1."""
    return {
        "slo": result.slo.name,
        "service": result.slo.service,
        "span": asdict(result.span),
        "evaluation_interval": result.interval,
        "scores": [asdict(score) for score in result.results],
        "episodes": [asdict(episode) for episode in result.episodes],
        "false_episodes": [asdict(episode) for episode in result.false_episodes],
        "unjudged": [asdict(episode) for episode in result.unjudged],
        "incidents": [asdict(outcome) for outcome in result.outcomes],
        "evaluation_offset": result.offset,
        "evaluation_offset_is": result.offset_origin,
        "offset_sensitivity": {**asdict(sensitivity), "matters": sensitivity.matters},
        "missed": [incident.name for incident in result.missed],
        "time_zone": result.time_zone,
        "exclusions": [asdict(one) for one in result.exclusions],
        "excluded": [asdict(episode) for episode in result.excluded],
        "including_excluded": [
            asdict(score)
            for score in (result.including_excluded.results if result.including_excluded else ())
        ],
        "really_fired": [asdict(episode) for episode in result.really_fired],
        "really_fired_scores": [asdict(score) for score in result.really_fired_results],
    }
