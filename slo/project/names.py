"""Finding objectives, alerts and services by the names that people type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

from slo.errors import ConfigError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.model.service_alert import CostBudget, ServiceAlert
    from slo.model.slo import Slo

_Named = TypeVar("_Named", "Slo", "ServiceAlert")


def service_with(
    budgets: Sequence[Slo] | Sequence[CostBudget], what: Literal["error", "cost"], asked: str
) -> str:
    """The service that was asked for, or the only one that has a budget.

    Args:
        budgets: Objectives, or budgets of money, of all services.
        what: What they are budgets of.
        asked: The service; empty where there is only one.

    Raises:
        ConfigError: There is no such service, or several and none was named.

    """
    known = sorted({one.service for one in budgets})
    if asked not in known and (asked or len(known) != 1):
        missing = f"{asked!r} has no {what} budget" if asked else "name a service"
        close = nearest(asked, known)
        raise ConfigError(f"{missing}{close}; those with one are {', '.join(known) or 'none'}")
    return asked or known[0]


def names_of(known: Sequence[Slo] | Sequence[ServiceAlert]) -> list[str]:
    """The shortest names that mean one each: the service's comes first where two are the same."""
    own = [one.name for one in known]
    return [one.name if own.count(one.name) == 1 else f"{one.service}/{one.name}" for one in known]


def named(name: str, known: Iterable[_Named], what: str) -> _Named:
    """By its name, or by its service's and its own."""
    by_name = {f"{one.service}/{one.name}": one for one in known}
    found = [one for full, one in by_name.items() if name in (one.name, full)]
    if len(found) == 1:
        return found[0]
    many = f"several have the name of {what}" if found else f"there is no {what}"
    own = {full.partition("/")[2] for full in by_name}
    close = "" if found else nearest(name, own.union(by_name))
    names = ", ".join(sorted(by_name)) or "none"
    raise ConfigError(f"{many} {name!r}{close}; the project's are {names}")
