"""Which candidates to take where nobody chooses: few, sure, and each for a question of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.discovery.agent_catalogue import SERVICE as AGENT
from slo.discovery.candidate import Certainty
from slo.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.discovery.candidate import Candidate, Discovery

MOST_SERVICES = 3
"""Of which objectives are proposed at once; more are more than one reads."""

MOST_OBJECTIVES = 4
"""Of one service."""


def chosen_services(found: Discovery, asked: Sequence[str] = ()) -> tuple[str, ...]:
    """The services that were asked for, or the best ones: surest first, then busiest.

    Infrastructure is taken only where there is nothing else.

    Raises:
        ConfigError: There is none of that name.

    """
    if unknown := [name for name in asked if name not in found.services]:
        also = (AGENT,) if found.agent is not None else ()
        known = ", ".join((*also, *found.services)) or "none"
        raise ConfigError(
            f"--service {unknown[0]}: {found.url} has no candidates of such a service; "
            f"there are {known}"
        )
    if asked:
        return tuple(dict.fromkeys(asked))
    worth = [name for name in found.services if choose(found.of(name))]
    own = [name for name in worth if not all(one.infrastructure for one in found.of(name))]
    return tuple(own or worth)[:MOST_SERVICES]


def choose(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The best candidate for each question about one service, at most four.

    What is no more than perhaps right is taken only where a service has nothing else; what has
    too few events for a promise is not taken at all.

    Args:
        candidates: Of one service, the surest first.

    """
    best: dict[str, Candidate] = {}
    for one in sorted(candidates, key=lambda candidate: candidate.order):
        if not one.rare:
            best.setdefault(one.question, one)
    sure = [one for one in best.values() if one.certainty < Certainty.PERHAPS]
    return tuple(sure or best.values())[:MOST_OBJECTIVES]
