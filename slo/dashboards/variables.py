"""What the reader of a dashboard chooses."""

from __future__ import annotations

from slo.dashboards import sdk
from slo.dashboards.display import DATASOURCE

EVERYTHING = ".*"


def datasource() -> sdk.models.VariableModel:
    """The Prometheus that is asked; stands first, as all other variables ask it."""
    variable = sdk.dashboard.DatasourceVariable("datasource").label("Data source")
    return variable.type("prometheus").build()


def environment(selector: str = "up") -> sdk.models.VariableModel:
    """Any number of environments, each a namespace of the series of a selector; all at first.

    Expressions match it by ``namespace=~"$environment"``.
    """
    everything = sdk.models.VariableOption(True, ["All"], ["$__all"])
    variable = sdk.dashboard.QueryVariable("environment").label("Environment")
    variable.query(_values(selector, "namespace")).multi(True).include_all(True)
    variable.all_value(EVERYTHING).current(everything)
    return _asked_anew(variable, _text(selector, "namespace")).build()


def handed_on(selector: str = "up") -> sdk.models.VariableModel:
    """The environment, where nothing depends on it: kept for the links onwards, not shown."""
    variable = environment(selector)
    variable.hide = sdk.models.VariableHide.HIDE_VARIABLE
    return variable


def choice(name: str, label: str, selector: str, of: str = "") -> sdk.models.VariableModel:
    """One value of a label, by default the one with the variable's name.

    Expressions match it by ``=``.
    """
    variable = sdk.dashboard.QueryVariable(name).label(label)
    variable.query(_values(selector, of or name)).multi(False).include_all(False)
    return _asked_anew(variable, _text(selector, of or name)).build()


def _text(selector: str, label: str) -> str:
    return f"label_values({selector}, {label})"


def _values(selector: str, label: str) -> dict[str, object]:
    return {"query": _text(selector, label), "refId": "StandardVariableQuery"}


def _asked_anew(
    variable: sdk.dashboard.QueryVariable, definition: str
) -> sdk.dashboard.QueryVariable:
    """Values are looked up whenever the stretch of time changes."""
    variable.datasource(DATASOURCE).definition(definition)
    variable.refresh(sdk.models.VariableRefresh.ON_TIME_RANGE_CHANGED)
    return variable.sort(sdk.models.VariableSort.ALPHABETICAL_ASC)
