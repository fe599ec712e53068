"""Finding objectives, alerts and services by the names that people type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

from slo.documentation import documentation
from slo.errors import ConfigError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.model.service_alert import CostBudget, ServiceAlert
    from slo.model.slo import Slo

_Named = TypeVar("_Named", "Slo", "ServiceAlert")

What = Literal["objective", "alert on a threshold", "budget of money"]

_NONE_YET: dict[What, str] = {
    "objective": "'slo init' proposes some, and how they are written is shown at "
    f"{documentation('specifications.md')}",
    "alert on a threshold": "write a ThresholdAlert beside the objectives, as shown at "
    f"{documentation('alerts.md')}",
    "budget of money": "write a CostBudget beside the objectives, as shown at "
    f"{documentation('alerts.md')}",
}
"""What to do where a project has none at all."""


def none_yet(what: What) -> ConfigError:
    """That a project has none of something, and what to do."""
    return ConfigError(f"the project has no {what}: {_NONE_YET[what]}")


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
    if not known:
        raise none_yet("objective" if what == "error" else "budget of money")
    if asked not in known and (asked or len(known) != 1):
        missing = f"{asked!r} has no {what} budget" if asked else "name a service"
        close = nearest(asked, known)
        raise ConfigError(f"{missing}{close}; those with one are {', '.join(known)}")
    return asked or known[0]


def names_of(known: Sequence[Slo] | Sequence[ServiceAlert]) -> list[str]:
    """The shortest names that mean one each: the service's comes first where two are the same."""
    own = [one.name for one in known]
    return [one.name if own.count(one.name) == 1 else f"{one.service}/{one.name}" for one in known]


def named(name: str, known: Iterable[_Named], what: What) -> _Named:
    """By its name, or by its service's and its own.

    Raises:
        ConfigError: There is none, or there are several; says what there is, and the nearest.

    """
    by_name = {f"{one.service}/{one.name}": one for one in known}
    found = [one for full, one in by_name.items() if name in (one.name, full)]
    if len(found) == 1:
        return found[0]
    if not by_name:
        raise none_yet(what)
    if not name:
        raise ConfigError(f"name an {what}; {_listed(by_name)}")
    if found:
        many = ", ".join(f"{one.service}/{one.name}" for one in found)
        raise ConfigError(f"several have the name of {what} {name!r}; name one of {many}")
    raise ConfigError(f"there is no {what} {name!r}{_instead(name, by_name)}")


_MOST = 12
"""More names than these are no answer that anybody reads."""


def _instead(name: str, by_name: dict[str, _Named]) -> str:
    """What somebody may have meant who typed a name that is none."""
    of_service = sorted(one.name for one in by_name.values() if one.service == name)
    if of_service:
        return f"; that is a service, which has {', '.join(of_service)}"
    known = {*(one.name for one in by_name.values()), *by_name}
    return nearest(name, known) or f"; {_listed(by_name)}"


def _listed(by_name: dict[str, _Named]) -> str:
    names = sorted(by_name)
    more = f", and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f"the project's are {', '.join(names[:_MOST])}{more}"
