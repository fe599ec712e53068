"""What a week means, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.counting import counted, every, out_of
from slo.model.objective import CalendarPeriod
from slo.report.wording import count, day, duration, listed, minutes, percent, short_day

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.budget import BudgetState
    from slo.report.objectives.alert_quality import AlertQuality
    from slo.report.objectives.slo_week import SloWeek
    from slo.tune.projection import Projection


def verdict(
    service: str,
    objectives: int,
    judged: Sequence[SloWeek],
    names: Callable[[Sequence[str]], str] = listed,
) -> str:
    """The state of the worst objectives, and what the error budget policy asks for then.

    Args:
        service: The service's name.
        objectives: How many it has, those without data among them.
        judged: Each objective's week, the worst first.
        names: How titles are listed in a sentence: all of them unless told.

    """

    def those(state: BudgetState) -> list[SloWeek]:
        return [one for one in judged if one.state == state]

    def titles(several: Sequence[SloWeek]) -> str:
        return names([one.slo.title for one in several])

    spent, risky, kept = those("exhausted"), those("at risk"), those("kept")
    if spent:
        have = "has" if len(spent) == 1 else "have"
        near = f", {titles(risky)} nearly" if risky else ""
        # What has been spent for longest decides.
        binding = max(spent, key=_back)
        return f"{titles(spent)} {have} spent the error budget{near}: {_action(binding)}"
    if risky:
        have = "has" if len(risky) == 1 else "have"
        return f"{titles(risky)} {have} little error budget left: {_action(risky[0])}"
    unknown = objectives - len(kept)
    if not kept:
        return f"Insufficient data: no objective of {service} can be judged."
    if unknown:
        are = out_of(len(kept), objectives, "objective", "objectives")
        return f"{are} kept; {unknown} cannot be judged."
    are = every(objectives, "objective is", "objectives are")
    return f"{are[:1].upper()}{are[1:]} kept: {_action(kept[0])}"


def _action(one: SloWeek) -> str:
    """A policy's action as the rest of a sentence."""
    action = one.consequence.action
    # An abbreviation keeps its capital.
    begins = action[:1].lower() if action[1:2].islower() or action[1:2] == " " else action[:1]
    return f"{begins}{action[1:].rstrip('.')}."


def _back(one: SloWeek) -> float:
    """When a spent budget is back; last where that is not known."""
    until = one.consequence.until
    return float("inf") if until is None or until.likely is None else until.likely


def what_is_left(one: SloWeek) -> str:
    """An error budget at the week's end, in a sentence."""
    if not one.budget.total:
        return "There were no events."
    if one.budget.remaining < 0:
        return (
            f"The budget is overspent by {percent(-one.budget.remaining)}: "
            f"{count(-one.events_left)} bad events or {minutes(-one.minutes_left)} of a full "
            "outage too many."
        )
    return (
        f"{percent(one.budget.remaining)} of the budget is left: {count(one.events_left)} bad "
        f"events, or {minutes(one.minutes_left)} of a full outage."
    )


def what_the_week_spent(one: SloWeek) -> str:
    """The shares of an error budget that this week and the last spent; empty without events."""
    if not one.budget.total:
        return ""
    spent, before = percent(one.spent_in_week), percent(one.spent_last_week)
    return f"The week spent {spent} of it, the week before {before}."


def where_it_leads(one: SloWeek) -> str:
    """When a budget is spent, or back, with an interval, in a sentence or two."""
    ahead = one.projection
    if not one.budget.total:
        return ""
    if one.state == "exhausted" and isinstance(one.slo.period, CalendarPeriod):
        return f"The next period begins on {day(ahead.horizon)} with a whole budget."
    if not ahead.known:
        are = counted(ahead.learnt_from, "day of history is", "days of history are")
        return f"{are} too few to say where it leads."
    return f"{_projected(ahead)} {_at_this_pace(one)}"


def _projected(ahead: Projection) -> str:
    word, crossing = ("spent", ahead.exhausted) if ahead.exhausted else ("back", ahead.recovered)
    limit = day(ahead.horizon)
    if crossing is None or not crossing.chance:
        return f"It is not {word} before {limit}, in any way that the history leads to."
    chance = f"with a chance of {percent(crossing.chance, 0)}"
    if crossing.earliest is None:
        return f"It is hardly {word} before {limit}: {chance}."
    earliest = short_day(crossing.earliest)
    if crossing.likely is None:
        return f"It is likely not {word} before {limit}, {earliest} at the earliest ({chance})."
    likely = f"It is likely {word} on {day(crossing.likely)}"
    if crossing.latest is None:
        never = percent(1 - crossing.chance, 0)
        soonest = "" if short_day(crossing.likely) == earliest else f", {earliest} at the earliest"
        return f"{likely}{soonest}; with a chance of {never} not by {limit}."
    latest = short_day(crossing.latest)
    if earliest == latest:
        return f"{likely}."
    return f"{likely}, in nine of ten cases between {earliest} and {latest}."


def _at_this_pace(one: SloWeek) -> str:
    """The same if every week were as the reported one: a week may know what the past does not."""
    spent, back = one.burn_down.exhausted_at, one.burn_down.recovered_at
    if spent is not None:
        return f"If every week were as this one: spent on {day(spent)}."
    if back is not None:
        return f"If every week were as this one: back on {day(back)}."
    word = "back" if one.state == "exhausted" else "spent"
    return f"If every week were as this one: not {word} by then."


def what_alerts_did(alerts: AlertQuality) -> str:
    """The week's calls and incidents of an objective, in a sentence or two."""
    if not alerts.calls and not alerts.incidents:
        return "No incident is labelled, and no alert fired."
    calls = "one call" if alerts.calls == 1 else f"{alerts.calls} calls"
    true = f", {alerts.true_calls} of them for an incident" if alerts.calls else ""
    if not alerts.incidents:
        return f"No incident is labelled; {calls} of any severity."
    incidents = "one incident" if alerts.incidents == 1 else f"{alerts.incidents} incidents"
    after = f", after {duration(alerts.median_delay)} in the median" if alerts.delays else ""
    return (
        f"Of {incidents} {alerts.detected} "
        f"{'was' if alerts.detected == 1 else 'were'} seen{after}. "
        f"{calls[:1].upper()}{calls[1:]} of any severity{true}."
    )
