"""What to evaluate before a dashboard can be asked: the rules it reads, and what those read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.errors import SelectorError
from slo.preview.reads import Read, reads, within

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.model.grid import Grid
    from slo.preview.recorded_rules import RecordedRule

_SAMPLES = 240
"""How many evaluations of a rule a long window over its results holds."""

_MOST_EVALUATIONS = 5_000


@dataclass(frozen=True)
class Evaluation:
    """A rule and the instants at which somebody looks at its results."""

    rule: RecordedRule
    grids: tuple[Grid, ...]


@dataclass(frozen=True)
class Rehearsal:
    """What a Prometheus needs so that it can answer.

    Attributes:
        reads: Of samples; some may be the rules' own.
        levels: Evaluations; those of a level read nothing of the same level or of a later one.

    """

    reads: tuple[Read, ...]
    levels: tuple[tuple[Evaluation, ...], ...]


def rehearsal(questions: Iterable[tuple[str, Grid]], rules: Sequence[RecordedRule]) -> Rehearsal:
    """Follow expressions down to samples.

    Expressions that are not PromQL read nothing: a server will say what is wrong with them.

    Args:
        questions: PromQL, and the instants at which it is asked.
        rules: Those whose results are to be computed.

    """
    raw: dict[Read, None] = {}
    wanted: dict[int, dict[Grid, None]] = {}
    above: dict[int, set[int]] = {}
    waiting: list[tuple[str, Grid, int]] = [(expr, grid, -1) for expr, grid in questions]
    while waiting:
        expr, grid, asker = waiting.pop()
        for read in _reads(expr, grid):
            raw[read] = None
            for number, rule in enumerate(rules):
                if number == asker or not rule.may_be(read.selector):
                    continue
                above.setdefault(number, set()).add(asker)
                for each in _looked_at(read, rule):
                    if each not in wanted.setdefault(number, {}):
                        wanted[number][each] = None
                        waiting.append((rule.expr, each, number))
    depths = _depths(above)
    levels = [
        tuple(
            Evaluation(rules[number], tuple(sorted(wanted[number])))
            for number in sorted(wanted)
            if depths[number] == depth
        )
        for depth in sorted(set(depths.values()), reverse=True)
    ]
    return Rehearsal(tuple(raw), tuple(levels))


def _reads(expr: str, grid: Grid) -> tuple[Read, ...]:
    try:
        return reads(expr, grid)
    except SelectorError:
        return ()


def _looked_at(read: Read, rule: RecordedRule) -> tuple[Grid, ...]:
    """Instants of a rule's evaluations that a read of its results wants."""
    if not read.counted:
        return (read.grid,)
    length = read.grid.end - read.grid.start + read.window
    least = max(rule.interval, read.window // _SAMPLES, length // _MOST_EVALUATIONS)
    step = -(-least // rule.interval) * rule.interval
    return within(read.grid, read.window, step)


def _depths(above: dict[int, set[int]]) -> dict[int, int]:
    """How far each rule is from the questions, by the longest way; rules in a circle stay put."""
    depths = dict.fromkeys(above, 0)
    for _ in above:
        deeper = {
            number: 1 + max((depths[one] for one in askers if one >= 0), default=-1)
            for number, askers in above.items()
        }
        if deeper == depths:
            break
        depths = deeper
    return depths
