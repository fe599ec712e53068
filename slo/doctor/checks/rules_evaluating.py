"""``rules-evaluating``: are the loaded rules evaluated, in time and without errors?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.counting import counted, out_of
from slo.doctor.finding import Finding, attention, broken, fine, first_of, not_checked
from slo.doctor.loaded_rules import ours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.doctor.loaded_rules import LoadedRule
    from slo.rules.rule import RuleGroup

NAME = "rules-evaluating"
_ANCHOR = "rules-are-not-loaded"
_RULES, _GROUPS = ("rule", "rules"), ("group", "groups")
_NEED, _HAVE = ("needs", "need"), ("has", "have")
_LATE = 2.5
"""Intervals since the last evaluation after which one was missed."""

_BUSY = 0.5
"""The share of its interval above which a group is about to miss evaluations."""


def rules_evaluating(
    groups: Sequence[RuleGroup], loaded: Sequence[LoadedRule], now: float
) -> Finding:
    """Rules without errors, in groups that are evaluated when they should.

    Args:
        groups: What the specifications ask for.
        loaded: What the server has.
        now: The server's clock, in Unix seconds.

    """
    mine = ours(groups, loaded)
    if not mine:
        reason = "none of the rules is loaded"
        return not_checked(NAME, reason, "slo doctor --only rules-loaded")
    failing = [f"{one.title}: {one.last_error or one.health}" for one in mine if _fails(one)]
    if failing:
        fail = out_of(len(failing), len(mine), *_RULES, ("fails", "fail"))
        found = f"{fail}: their alerts cannot fire"
        to_do = "mend what the error names; 'many-to-many' means series that are there twice"
        return broken(NAME, found, to_do, _ANCHOR, first_of(failing))
    of_groups = {(one.file, one.group): one for one in mine}.values()
    late = [
        f"{one.group}: last {now - one.evaluated:.0f} s ago, interval {one.interval:g} s"
        for one in of_groups
        if one.evaluated and now - one.evaluated > _LATE * one.interval
    ]
    slow = [
        f"{one.group}: {one.group_seconds:.1f} s of {one.interval:g} s"
        for one in of_groups
        if one.group_seconds > _BUSY * one.interval
    ]
    never = [one.group for one in of_groups if not one.evaluated or one.health == "unknown"]
    if late:
        found = f"{out_of(len(late), len(of_groups), *_GROUPS)} not evaluated any more"
        to_do = "look at the server's log and load; a query that is too slow holds up its group"
        return broken(NAME, found, to_do, _ANCHOR, late)
    if slow:
        found = (
            f"{out_of(len(slow), len(of_groups), *_GROUPS, _NEED)} more than half of the interval"
        )
        to_do = "give Prometheus more CPU, or the project a longer evaluation_interval"
        return attention(NAME, found, to_do, _ANCHOR, slow)
    if never:
        found = f"{out_of(len(never), len(of_groups), *_GROUPS, _HAVE)} not been evaluated yet"
        return attention(
            NAME,
            found,
            "slo doctor --only rules-evaluating, when an interval has passed",
            _ANCHOR,
            never,
        )
    longest = max(one.group_seconds for one in of_groups)
    return fine(
        NAME,
        f"{counted(len(mine), *_RULES)} in {counted(len(of_groups), *_GROUPS)} are evaluated; the "
        f"slowest group needs "
        f"{longest:.2f} s",
    )


def _fails(one: LoadedRule) -> bool:
    return one.health == "err" or bool(one.last_error)
