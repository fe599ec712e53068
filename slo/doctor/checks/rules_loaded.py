"""``rules-loaded``: has Prometheus loaded the rules that the specifications ask for?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from slo.counting import counted, every, out_of
from slo.doctor.finding import Finding, attention, broken, fine, first_of, not_checked
from slo.doctor.loaded_rules import identity_of, ours, same_expression, title_of
from slo.model.duration import SECOND, format_duration
from slo.rules.rule import AlertingRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slo.doctor.loaded_rules import LoadedRule
    from slo.rules.rule import Rule, RuleGroup

NAME = "rules-loaded"
_ANCHOR = "rules-are-not-loaded"
_TO_DO = (
    "slo generate, then load it: kubectl apply --server-side -f "
    "generated/kubernetes/prometheus-rule.yaml; or name generated/rules/*.yml under rule_files in "
    "prometheus.yml, and reload Prometheus (kill -HUP)"
)


def rules_loaded(groups: Sequence[RuleGroup], loaded: Sequence[LoadedRule]) -> Finding:
    """Every rule loaded once, with the same expression and the same waits; and none that is left.

    Args:
        groups: What the specifications ask for.
        loaded: What the server has.

    """
    wanted = {identity_of(rule): (rule, group) for group in groups for rule in group.rules}
    if not wanted:
        return not_checked(NAME, "the specifications ask for no rules")
    mine = ours(groups, loaded)
    there = {one.identity for one in mine}
    missing = [title_of(identity) for identity in wanted if identity not in there]
    if missing:
        return broken(
            NAME,
            f"{out_of(len(missing), len(wanted), 'rule', 'rules')} not loaded",
            _TO_DO,
            _ANCHOR,
            # Of alerts somebody waits to be told.
            first_of(sorted(f"missing: {title}" for title in missing)),
        )
    different = [
        text
        for one in mine
        if one.identity in wanted
        for text in _differs(one, *wanted[one.identity])
    ]
    left = [f"not in the specifications: {one.title}" for one in mine if one.identity not in wanted]
    twice = [
        f"loaded {counted(count, 'time')}: {title_of(identity)}"
        for identity, count in Counter(one.identity for one in mine).items()
        if count > 1
    ]
    loaded_ones = f"{every(len(wanted), 'rule is', 'rules are')} loaded"
    if details := [*different, *left, *twice]:
        told = (
            counted(len(different), "difference was found", "differences were found"),
            counted(len(left), "rule is left over", "rules are left over"),
            counted(len(twice), "is there more than once", "are there more than once"),
        )
        said = [one for one in told if not one.startswith("no ")]
        found = f"{loaded_ones}, but {', '.join(said)}"
        return attention(NAME, found, _TO_DO, _ANCHOR, first_of(details))
    return fine(NAME, f"{loaded_ones} as the specifications ask for")


def _differs(one: LoadedRule, rule: Rule, group: RuleGroup) -> Iterator[str]:
    if not same_expression(rule.expr, one.query):
        yield f"another expression: {one.title}: {one.query}"
    if one.interval != group.interval / SECOND:
        wanted = format_duration(group.interval)
        yield f"evaluated every {one.interval:g} s, not every {wanted}: {one.title}"
    if not isinstance(rule, AlertingRule):
        return
    if one.hold != rule.hold / SECOND:
        yield f"for {one.hold:g} s, not {format_duration(rule.hold)}: {one.title}"
    if one.keep_firing is not None and one.keep_firing != rule.keep_firing / SECOND:
        wanted = format_duration(rule.keep_firing)
        yield f"keep_firing_for {one.keep_firing:g} s, not {wanted}: {one.title}"
