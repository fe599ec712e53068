"""Looks for what to change, in what was known when a week ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from slo.budget import LEAST_COVERAGE
from slo.counting import counted
from slo.engine.coverage import coverage
from slo.errors import NotEnoughData
from slo.history.contents import required_series
from slo.model.alert import AlertPolicy
from slo.model.duration import DAY, WEEK
from slo.model.samples import History
from slo.model.span import Span
from slo.report.objectives.suggestions import Figure, SuggestedChange, Suggestions, Unchanged
from slo.report.wording import percent
from slo.tune.bootstrap import UNKNOWN
from slo.tune.folds import LEAST_TRAINING
from slo.tune.low_traffic import few_events, low_traffic, ways_out
from slo.tune.outlook import objective_outlook
from slo.tune.summary import written
from slo.tune.tuning import tune
from slo.tune.wording import unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from slo.model.incident import GroundTruth
    from slo.model.slo import Slo
    from slo.report.objectives.suggestions import Unit
    from slo.tune.low_traffic import AlertOnFewEvents
    from slo.tune.outlook import Outlook, Prospect
    from slo.tune.study import Study

    JudgedBy = Callable[[Slo, History], GroundTruth]

MOST = 5
"""More suggestions than so many are read by nobody."""


_FIGURES: tuple[tuple[str, Unit, str], ...] = (
    ("Incidents seen", "share", "recall"),
    ("Pages", "a week", "pages_a_week"),
    ("False pages", "a week", "false_pages_a_week"),
    ("Tickets", "a week", "tickets_a_week"),
    ("Detection, median", "milliseconds", "detection_median"),
    ("Budget spent by then, median", "share", "spent_median"),
)
"""What people read, its unit, and its name in a performance and among its bounds."""


class _Brings(IntEnum):
    """What a change brings, the weightiest first; of one sort, what brings more goes first."""

    INCIDENTS_SEEN = 0
    ALERTS_THAT_SEE = 1
    INCIDENTS_PAGED = 2
    FEWER_CALLS = 3
    A_PROMISE_THAT_HOLDS = 4
    SOONER = 5
    FEWER_TICKETS = 6
    A_PROMISE_THAT_ASKS_MORE = 7


@dataclass(frozen=True)
class _Found:
    """A change and its place among others."""

    brings: _Brings
    amount: float
    change: SuggestedChange

    @property
    def order(self) -> tuple[int, float, str]:
        return self.brings, -self.amount, self.change.objective


def suggested_changes(
    slos: Iterable[Slo], history: History, until: int, judged_by: JudgedBy, interval: int
) -> Suggestions:
    """What to change about objectives and their alerts, by what was known at an instant.

    Better alerts are suggested by weeks that did not choose them; a target where it is out of
    reach, or where the history is enough to promise much more; and alerts that chance sets off,
    or that see nothing, at the service's traffic. Where the history is not enough, nothing is.

    Args:
        slos: Objectives; those that the history holds nothing of are left out.
        history: Raw samples.
        until: The instant in Unix milliseconds; what came later changes nothing.
        judged_by: Says what an objective's alerts are judged by.
        interval: Milliseconds between evaluations of alerts.

    """
    found: list[_Found] = []
    unchanged: list[Unchanged] = []
    titles: dict[str, str] = {}
    for one in slos:
        titles[one.name] = one.title
        try:
            own = _looked_into(one, _known(one, history, until), judged_by, interval)
        except NotEnoughData:
            continue
        if isinstance(own, Unchanged):
            unchanged.append(own)
        else:
            found += own
    found.sort(key=lambda one: one.order)
    for left_out in (one.change for one in found[MOST:]):
        reason = f"Left out, as {MOST} other changes bring more: {left_out.title}."
        name = left_out.objective
        unchanged.append(Unchanged(name, titles[name], (reason,)))
    return Suggestions(tuple(one.change for one in found[:MOST]), tuple(unchanged))


def _known(one: Slo, history: History, until: int) -> History:
    """The history up to an instant, from when there is something of the objective.

    An objective that is younger than the history is judged by its own days.
    """
    firsts = [int(series.times[0]) for series in required_series(one, history) if series.times.size]
    first = min(firsts, default=until)
    start = history.span.start if first <= history.span.start + DAY else min(first, until)
    return History(history.series, Span(start, until), history.server_version, history.source)


def _looked_into(
    one: Slo, known: History, judged_by: JudgedBy, interval: int
) -> list[_Found] | Unchanged:
    """What an objective gives reason to change, or why it gives none."""
    covered = coverage(required_series(one, known), known.span)
    if covered < LEAST_COVERAGE:
        reason = f"There are samples over {percent(covered)} of the history only."
        return Unchanged(one.name, one.title, (reason,))
    truth = _known_by(judged_by(one, known), known.span.end)
    outlook = objective_outlook(one, known, truth.exclusions)
    target = list(_target(outlook))
    if target and outlook.hopeless:
        # Alerts on a budget that is always spent are a matter of the next target.
        return target
    study = tune(one, known, truth, interval=interval)
    few = low_traffic(one, known, truth.incidents)
    found = [*_alerts(study), *target]
    if known.span.length >= LEAST_TRAINING:
        found += _traffic(one, _staying(few, study))
    reasons = (_why_kept(study), _why_so(outlook))
    return found or Unchanged(one.name, one.title, reasons)


def _known_by(truth: GroundTruth, end: int) -> GroundTruth:
    """What was known of incidents at an instant: not when those end that still lasted."""
    incidents = tuple(
        replace(one, span=Span(one.span.start, min(one.span.end, end)))
        for one in truth.incidents
        if one.span.start < end
    )
    return replace(truth, incidents=incidents)


def _alerts(study: Study) -> Iterator[_Found]:
    """The policy that the tuner recommends, where the weeks that judge it are enough."""
    if not (study.changes and _is_proven(study)):
        return
    brings, amount, title = _gained(study)
    own = _full_name(study.slo)
    weeks = study.recommended.unseen.judged / WEEK
    yield _Found(
        brings,
        amount,
        SuggestedChange(
            title=title,
            evidence=f"{study.reason} The same {weeks:.1f} weeks judged both.",
            present=written(study.slo.policy) or "no alerts",
            suggested=written(study.recommended.policy),
            kind="alerts",
            objective=study.slo.name,
            command=f"slo tune {own} --diff",
            save=f"slo tune {own} --write",
            changes=study.changes,
            figures=tuple(_alert_figures(study)),
            notes=study.warnings,
        ),
    )


def _is_proven(study: Study) -> bool:
    """Whether a recommended change is more than luck.

    Where incidents were too few to tune by, only false pages can tell: those of the recommended
    policy have to lie below the present ones by more than their intervals.
    """
    if not study.declined:
        return True
    ours, theirs = study.recommended.bounds, study.present.bounds
    if ours is None or theirs is None:
        return False
    return ours.false_pages_a_week.high < theirs.false_pages_a_week.low


def _gained(study: Study) -> tuple[_Brings, float, str]:
    """What the recommended policy does better, how much of it, and so what to do."""
    ours, theirs = study.recommended.unseen, study.present.unseen
    weeks, name = ours.judged / WEEK, study.slo.title
    seen = len(theirs.missed) - len(ours.missed)
    if seen > 0:
        return _Brings.INCIDENTS_SEEN, seen / weeks, f"See incidents of {name} that no alert saw"
    paged = len(theirs.unpaged) - len(ours.unpaged)
    if paged > 0:
        title = f"Page for incidents of {name} of which only a ticket told"
        return _Brings.INCIDENTS_PAGED, paged / weeks, title
    false = len(theirs.false_pages) - len(ours.false_pages)
    if false > 0:
        return _Brings.FEWER_CALLS, false / weeks, f"Have fewer false pages for {name}"
    pages = len(theirs.pages) - len(ours.pages)
    if pages > 0:
        return _Brings.FEWER_CALLS, pages / weeks, f"Have fewer pages for {name}"
    sooner = theirs.spent_median - ours.spent_median
    limit = study.goals.detect_before
    if sooner > 0 or len(theirs.late(limit)) > len(ours.late(limit)):
        return _Brings.SOONER, sooner, f"See incidents of {name} sooner"
    tickets = max(
        len(theirs.tickets) - len(ours.tickets),
        len(theirs.false_tickets) - len(ours.false_tickets),
    )
    return _Brings.FEWER_TICKETS, tickets / weeks, f"Have fewer tickets for {name}"


def _alert_figures(study: Study) -> Iterator[Figure]:
    before, after = study.present, study.recommended
    for what, unit, name in _FIGURES:
        yield Figure(
            what,
            unit,
            getattr(before.unseen, name),
            getattr(after.unseen, name),
            getattr(before.bounds, name),
            getattr(after.bounds, name),
        )


def _staying(few: Sequence[AlertOnFewEvents], study: Study) -> list[AlertOnFewEvents]:
    """Alerts that no suggested policy replaces."""
    taken = study.changes and _is_proven(study)
    return [one for one in few if not taken or one.alert in study.recommended.policy.alerts]


def _traffic(one: Slo, few: Sequence[AlertOnFewEvents]) -> Iterator[_Found]:
    """Alerts that chance sets off, and alerts that see nothing."""
    # How seldom `for` makes chance calls is not known; the backtest says.
    by_chance = [x for x in few if x.fires_by_chance and not x.alert.hold]
    blind = [x for x in few if x.detectable == float("inf") and x not in by_chance]
    if by_chance:
        pages = any(x.alert.severity == "page" for x in by_chance)
        yield _Found(
            _Brings.FEWER_CALLS if pages else _Brings.FEWER_TICKETS,
            sum(x.false_a_week for x in by_chance),
            _traffic_change(
                one,
                by_chance,
                f"Let chance set off no alert of {one.title}",
                "; ".join(f"{x.alert.name}: {ways_out(x)}" for x in by_chance),
            ),
        )
    if blind:
        highest = f"{float(one.objective.highest_burn_rate):g}"
        yield _Found(
            _Brings.ALERTS_THAT_SEE,
            len(blind),
            _traffic_change(
                one,
                blind,
                f"Replace alerts of {one.title} that see not even a full outage",
                f"burn rates well below {highest}, which is every event, or longer windows",
            ),
        )


def _traffic_change(
    one: Slo, alerts: Sequence[AlertOnFewEvents], title: str, suggested: str
) -> SuggestedChange:
    possible = [x for x in alerts if x.alert.can_fire(one.objective)]
    told = [f"{x.alert.name}: {few_events(x)}." for x in possible]
    guarded = one.with_policy(AlertPolicy(tuple(x.alert for x in alerts)))
    return SuggestedChange(
        title=title,
        evidence=" ".join((*told, *(f"{line}." for line in unreachable(guarded)))),
        present=written(guarded.policy),
        suggested=suggested,
        kind="traffic",
        objective=one.name,
        command=f"slo objectives {_full_name(one)}",
    )


def _target(outlook: Outlook) -> Iterator[_Found]:
    """Another target, where the present one is out of reach or asks for far too little."""
    one, present = outlook.slo, outlook.present
    if not outlook.known:
        return
    if outlook.hopeless:
        likely = [x for x in outlook.prospects if x.objective == outlook.recommended]
        target = str(likely[0].objective) if likely else f"{100 * outlook.achievable:.4g} %"
        title = f"Promise {target} for {one.title}, or make it more reliable"
        change = _target_change(outlook, title, target, likely[0] if likely else None)
        yield _Found(_Brings.A_PROMISE_THAT_HOLDS, 1 - present.chance, change)
    elif outlook.too_loose and outlook.stricter:
        target = str(outlook.stricter.objective)
        title = f"Promise {target} for {one.title}, or spend its budget on changes"
        change = _target_change(outlook, title, target, outlook.stricter)
        ratio = one.objective.error_budget / outlook.stricter.objective.error_budget
        yield _Found(_Brings.A_PROMISE_THAT_ASKS_MORE, float(ratio), change)


def _target_change(
    outlook: Outlook, title: str, target: str, suggested: Prospect | None
) -> SuggestedChange:
    one, now, then = outlook.slo, outlook.present, suggested
    nan = float("nan")
    return SuggestedChange(
        title=title,
        evidence=f"{outlook.verdict} {_history(outlook)}.",
        present=str(one.objective),
        suggested=target,
        kind="objective",
        objective=one.name,
        command=f"slo objectives {_full_name(one)}",
        changes=(f"change target: {one.objective} to {target}",),
        figures=(
            Figure(
                "Chance to keep it over the next period",
                "share",
                now.chance,
                then.chance if then else nan,
                now.bounds,
                then.bounds if then else UNKNOWN,
            ),
            Figure(
                "Past periods that kept it",
                "share",
                now.kept,
                then.kept if then else nan,
                UNKNOWN,
                UNKNOWN,
            ),
            Figure(
                "Bad events that a period allows",
                "events",
                now.failures,
                then.failures if then else nan,
                UNKNOWN,
                UNKNOWN,
            ),
        ),
        notes=outlook.warnings,
    )


def _why_kept(study: Study) -> str:
    """Why no other alerts are suggested."""
    if study.changes:
        return (
            f"The workbook's alerts did better than the present ones, but {study.declined}: too "
            f"little to suggest them; see 'slo tune {_full_name(study.slo)}'."
        )
    if study.declined:
        return f"The alerts are kept: {study.declined}."
    return f"The alerts are kept. {study.reason}"


def _why_so(outlook: Outlook) -> str:
    """Why no other target is suggested."""
    if not outlook.known:
        few = next(iter(outlook.warnings), "")
        return outlook.verdict if not outlook.whole_periods else f"The target is kept: {few}."
    told = outlook.verdict
    if outlook.stricter:
        bounds = outlook.stricter.bounds
        told += (
            f" That is no reason to promise more yet: {_history(outlook)}, by which the chance "
            f"lies between {percent(bounds.low, 0)} and {percent(bounds.high, 0)}."
        )
    return told


def _history(outlook: Outlook) -> str:
    hold = counted(outlook.days, "day of history holds", "days of history hold")
    return f"{hold} {counted(outlook.whole_periods, 'whole period')}"


def _full_name(one: Slo) -> str:
    """By which commands find an objective, whatever other services there are."""
    return f"{one.service}/{one.name}"
