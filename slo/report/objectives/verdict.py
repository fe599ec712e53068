"""What a week means, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.report.wording import count, duration, minutes, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.report.objectives.weekly_slo import SloWeek, WeeklySlo


def verdict(report: WeeklySlo) -> str:
    """The state of the worst objective, and what an error budget policy asks for then.

    https://sre.google/workbook/error-budget-policy/
    """
    spent, risky = report.in_state("exhausted"), report.in_state("at risk")
    kept = report.in_state("kept")
    if spent:
        names = listed([one.slo.title for one in spent])
        have = "has" if len(spent) == 1 else "have"
        near = f", {listed([one.slo.title for one in risky])} nearly" if risky else ""
        return (
            f"{names} {have} spent the error budget{near}: put reliability before features until "
            "it is back."
        )
    if risky:
        names = listed([one.slo.title for one in risky])
        have = "has" if len(risky) == 1 else "have"
        return f"{names} {have} little error budget left: release with care."
    unknown = report.count - len(kept)
    if not kept:
        return f"Insufficient data: no objective of {report.service} can be judged."
    if unknown:
        return f"{len(kept)} of {report.count} objectives are kept; {unknown} cannot be judged."
    return f"All {report.count} objectives are kept: release as planned."


def listed(names: Sequence[str]) -> str:
    """Names as people list them: ``a``, ``a and b``, ``a, b and c``."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


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


def what_alerts_did(one: SloWeek) -> str:
    """The week's calls and incidents of an objective, in a sentence or two."""
    alerts = one.alerts
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
