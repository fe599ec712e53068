"""``slo.tune``: search policies over an objective's history, judge them on weeks unseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.backtest import replay
from slo.model.alert import SEVERITIES
from slo.model.duration import MINUTE
from slo.model.incident import GroundTruth
from slo.model.span import Span
from slo.tune.contender import PRESENT, WORKBOOK, Contender, FoldResult
from slo.tune.design import design, standing_policy
from slo.tune.evidence import evidence
from slo.tune.folds import cuts, walk_forward
from slo.tune.front import front
from slo.tune.goals import Goals
from slo.tune.performance import performance, preference, together, worth_a_change
from slo.tune.search import AIMS
from slo.tune.space import conditions
from slo.tune.study import Study
from slo.tune.trial import trial
from slo.tune.uncertainty import uncertainty
from slo.tune.wording import changes, evidence_text, reason, warnings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.backtest import Backtest
    from slo.model.alert import AlertPolicy, Severity
    from slo.model.incident import Incident
    from slo.model.samples import History
    from slo.model.slo import Slo
    from slo.tune.evidence import Evidence
    from slo.tune.folds import Fold
    from slo.tune.performance import Performance
    from slo.tune.search import Aim
    from slo.tune.trial import Trial
    from slo.tune.uncertainty import Uncertainty


def tune(
    slo: Slo,
    history: History,
    truth: GroundTruth | Iterable[Incident],
    goals: Goals | None = None,
    interval: int = MINUTE,
) -> Study:
    """Find the alerts that would have served an objective best, and say how far to trust them.

    Conditions of long and short windows, burn rates and ``for`` are tried by the thousand, and
    sets of one or two a severity ranked by the goals. What is recommended is judged by weeks
    that did not choose it: the search is run again on what came before each stretch of the
    history (walk-forward), and the present policy and the workbook's are judged by the same
    stretches. The tuned one is recommended only where it serves better there.

    Args:
        slo: The objective, with its present policy.
        history: Raw samples; three weeks and a test of one at least.
        truth: What had to be seen, and what is not judged; incidents alone do.
        goals: What is asked for; ``Goals()`` if nothing.
        interval: Milliseconds between evaluations.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    judged_by = truth if isinstance(truth, GroundTruth) else GroundTruth(tuple(truth))
    asked = goals or Goals()
    workbook = standing_policy(slo)
    tried = {severity: conditions(slo, severity, asked, interval) for severity in SEVERITIES}
    pairs = [pair for one in tried.values() for pair in one.pairs]
    windows = {*(w for pair in pairs for w in pair), *workbook.windows, *slo.policy.windows}
    replayed = replay(
        slo,
        history,
        judged_by.incidents,
        interval,
        exclusions=judged_by.exclusions,
        windows=windows,
    )
    past = evidence(replayed, asked)
    folds = walk_forward(history.span, max(long for long, _ in pairs))
    borders = cuts(folds, history.span)
    trials = {severity: trial(past, one, borders, asked.margin) for severity, one in tried.items()}
    search = _Search(past, trials, asked, folds)
    contenders = [search.standing(PRESENT, slo.policy)]
    if workbook != slo.policy:
        contenders.append(search.standing(WORKBOOK, workbook))
    found = {aim: design(past, trials, asked, history.span, aim) for aim in AIMS}
    tuned = [search.tuned(aim, one.policy) for aim, one in found.items() if one.rankings]
    contenders += tuned[:1] if len({(one.policy, one.unseen) for one in tuned}) == 1 else tuned
    best = _recommended(contenders, asked)
    quick = found["quick"]
    return Study(
        slo=slo,
        goals=asked,
        span=history.span,
        interval=interval,
        incidents=past.incidents,
        derived=judged_by.derived,
        front=front(quick, trials["page"], search.whole),
        contenders=tuple(contenders),
        recommended=best,
        reason=reason(best, [one for one in contenders if one is not best]),
        changes=changes(slo.policy, best.policy),
        evidence=evidence_text(past, judged_by, best, contenders[0]),
        declined="" if quick.rankings else "; ".join(quick.notes),
        warnings=warnings(past, quick, best, asked, judged_by),
    )


def _recommended(contenders: Sequence[Contender], goals: Goals) -> Contender:
    """Who did best in weeks unseen, or the present policy where that is not worth a change."""
    present, *others = contenders
    if present.bounds is None:
        return present
    best = min(others, key=lambda one: preference(one.unseen, goals), default=present)
    return best if worth_a_change(best.unseen, present.unseen, goals) else present


@dataclass(frozen=True, eq=False)
class _Search:
    """What policies are designed from, and what judges them."""

    past: Evidence
    trials: dict[Severity, Trial]
    goals: Goals
    folds: Sequence[Fold]

    def replay(self, policy: AlertPolicy) -> Backtest:
        return self.past.replayed.backtest(self.past.slo.with_policy(policy))

    def performed(self, policy: AlertPolicy, during: Iterable[Span]) -> Performance:
        return performance(self.replay(policy), self.past, during)

    def whole(self, policy: AlertPolicy) -> Performance:
        return self.performed(policy, (self.past.span,))

    def standing(self, name: str, policy: AlertPolicy) -> Contender:
        """A policy that no week of the history has chosen."""
        result = self.replay(policy)
        unseen = performance(result, self.past, (fold.test for fold in self.folds))
        whole = performance(result, self.past, (self.past.span,))
        return Contender(name, policy, unseen, self.bounds(unseen), whole)

    def tuned(self, aim: Aim, policy: AlertPolicy) -> Contender:
        """A policy that the whole history chose, judged by what parts of it would have chosen."""
        results = tuple(self.fold_result(fold, aim) for fold in self.folds)
        unseen = together([result.performance for result in results])
        return Contender(aim, policy, unseen, self.bounds(unseen), self.whole(policy), results)

    def bounds(self, unseen: Performance) -> Uncertainty | None:
        if not self.folds:
            return None
        return uncertainty(unseen, Span(self.folds[0].test.start, self.folds[-1].test.end))

    def fold_result(self, fold: Fold, aim: Aim) -> FoldResult:
        """Choose by what came before a stretch, and judge by the stretch."""
        policy = design(self.past, self.trials, self.goals, fold.training, aim).policy
        return FoldResult(fold, policy, self.performed(policy, (fold.test,)))
