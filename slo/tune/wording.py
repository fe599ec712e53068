"""A study in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from slo.counting import counted
from slo.model.duration import DAY, format_duration, in_days
from slo.model.span import to_datetime
from slo.tune.contender import CALLED, PRESENT
from slo.tune.low_traffic import on_few_events

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.alert import AlertPolicy, BurnRateAlert
    from slo.model.incident import GroundTruth
    from slo.model.slo import Slo
    from slo.tune.contender import Contender
    from slo.tune.design import Design
    from slo.tune.evidence import Evidence
    from slo.tune.goals import Goals
    from slo.tune.performance import Performance


def reason(best: Contender, others: Sequence[Contender]) -> str:
    """Why a contender is recommended, in the figures that decided it."""
    if not others:
        return "Nothing else was found to hold them against."
    if not best.bounds:
        return "Nothing is out of sample, so that nothing is changed by it."
    # The present policy is what a change is held against; else the one that came nearest.
    rival = next((one for one in others if one.name == PRESENT), others[-1])
    return (
        f"In weeks that had not chosen them, {CALLED[best.name]} {achieved(best.unseen)}; "
        f"{CALLED[rival.name]} {achieved(rival.unseen)}."
    )


def evidence_text(past: Evidence, truth: GroundTruth, best: Contender, present: Contender) -> str:
    """What the recommendation rests on, in a line for the specification."""
    days = f"{to_datetime(past.span.start):%Y-%m-%d} to {to_datetime(past.span.end):%Y-%m-%d}"
    kind = "derived" if truth.derived else "labelled"
    return (
        f"slo tune, {days}, {counted(len(past.incidents), f'{kind} incident')}; out of sample "
        f"these alerts {achieved(best.unseen)}, those before {achieved(present.unseen)}"
    )


def achieved(done: Performance) -> str:
    """What a policy did, in a clause: incidents, budget spent, pages."""
    seen = f"saw {done.caught} of {counted(done.required, 'incident')}"
    if done.unpaged:
        seen += f" ({len(done.unpaged)} of the urgent ones only by a ticket)"
    if not math.isnan(done.spent_median):
        seen += f" after {100 * done.spent_median:.1f} % of the budget (median)"
    false = len(done.false_pages)
    pages = f"{counted(len(done.pages), 'page')}, {false or 'none'} false"
    return f"{seen} with {pages if done.pages else 'no page'}"


def changes(present: AlertPolicy, chosen: AlertPolicy) -> tuple[str, ...]:
    """What differs, a line an alert; empty where nothing does."""
    before = {alert.name: alert for alert in present.alerts}
    after = {alert.name: alert for alert in chosen.alerts}
    lines = [f"remove {name}: {before[name]}" for name in before if name not in after]
    lines += [f"add {name}: {after[name]}" for name in after if name not in before]
    lines += [
        f"change {name}: {_differences(alert, after[name])}"
        for name, alert in before.items()
        if name in after and alert != after[name]
    ]
    return tuple(lines)


def _differences(before: BurnRateAlert, after: BurnRateAlert) -> str:
    told = []
    if before.factor != after.factor:
        told.append(f"burn rate {before.factor:g} to {after.factor:g}")
    for field, called in (
        ("long", "long window"),
        ("short", "short window"),
        ("hold", "for"),
        ("keep_firing", "keep firing for"),
    ):
        was, now = getattr(before, field), getattr(after, field)
        if was != now:
            told.append(f"{called} {format_duration(was)} to {format_duration(now)}")
    if before.severity != after.severity:
        told.append(f"{before.severity} to {after.severity}")
    return ", ".join(told)


def warnings(
    past: Evidence, found: Design, best: Contender, goals: Goals, truth: GroundTruth
) -> tuple[str, ...]:
    """What a reader must know before signing."""
    told = list(found.notes)
    if truth.derived:
        told.append(
            "the incidents are derived from the same errors that the alerts read: they show how "
            "soon and how often alerts fire, not whether users were harmed"
        )
    if not best.bounds:
        told.append(
            f"the history of {in_days(past.span.length)} is too short to hold weeks back: no "
            "number here is out of sample"
        )
    done = best.unseen if best.bounds else best.whole
    weeks = done.judged / (7 * DAY)
    for count, limit, called in (
        (len(done.pages), goals.pages_a_week, "page"),
        (len(done.tickets), goals.tickets_a_week, "ticket"),
    ):
        if count > limit * weeks:
            told.append(
                f"the limit of {limit:g} {called}s a week was not kept: {count / weeks:.2g}"
            )
    late = done.late(goals.detect_before)
    if late:
        told.append(
            f"{len(late)} of {counted(done.caught, 'incident')} seen only after "
            f"{100 * goals.detect_before:g} % of the budget, the slowest after "
            f"{100 * done.spent_worst:.1f} %"
        )
    if done.missed:
        told.append(f"not seen: {', '.join(one.name for one in done.missed)}")
    if done.unpaged:
        told.append(f"only a ticket told of: {', '.join(one.name for one in done.unpaged)}")
    return (*told, *by_chance(past, best.policy), *unreachable(past.slo))


def by_chance(past: Evidence, policy: AlertPolicy) -> tuple[str, ...]:
    """The alerts that a healthy service's failures would set off.

    Not those that wait: how seldom ``for`` makes chance calls is left to the backtest to say.
    """
    guarded, replayed = past.slo.with_policy(policy), past.replayed
    found = on_few_events(guarded, replayed.counts, past.span, past.incidents)
    return tuple(
        f"{one.alert.name} would call {one.false_a_week:.2g} times a week by chance: traffic is "
        f"low, and so few failures ({one.failures}) are enough; 'slo objectives' names ways out"
        for one in found
        if one.fires_by_chance and not one.alert.hold
    )


def unreachable(slo: Slo) -> tuple[str, ...]:
    """The present alerts that nothing can make fire."""
    return tuple(
        f"{alert.name} of the present policy can never fire: {alert.factor:g} times the error "
        f"budget of {slo.objective} is more than every event"
        for alert in slo.policy.alerts
        if not alert.can_fire(slo.objective)
    )
