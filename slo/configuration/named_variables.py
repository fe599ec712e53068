"""Every environment variable that slobook.toml names, with the field that does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slo.configuration.grafana import GrafanaEnvironment
    from slo.configuration.sections import Configuration


def named_variables(configuration: Configuration) -> tuple[tuple[str, str], ...]:
    """Fields such as ``prometheus.token_env``, each with the variable's name.

    What nobody wrote down is left out, but for the token that Grafana is asked with.
    """
    written = dict(_written(configuration, ""))
    return tuple({**written, **dict(_tokens(configuration))}.items())


def _written(value: object, field: str) -> Iterator[tuple[str, str]]:
    """What fields that end with ``_env`` or ``_envs`` hold, wherever they stand."""
    if isinstance(value, BaseModel):
        for name in sorted(value.model_fields_set):
            yield from _written(getattr(value, name), f"{field}.{name}" if field else name)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _written(one, f"{field}.{name}")
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from _written(one, f"{field}[{number}]")
    elif isinstance(value, str) and value and _names_variables(field):
        yield field, value


def _names_variables(field: str) -> bool:
    return field.endswith("_env") or "_envs." in field


def _tokens(configuration: Configuration) -> Iterator[tuple[str, str]]:
    grafana = configuration.grafana
    if grafana.url and not _has_login(grafana):
        yield "grafana.token_env", grafana.token_env
    for name, one in grafana.environments.items():
        if not (_has_login(grafana) or _has_login(one)):
            inherits = "token_env" not in one.model_fields_set
            variable = grafana.token_env if inherits else one.token_env
            yield f"grafana.environments.{name}.token_env", variable


def _has_login(one: GrafanaEnvironment) -> bool:
    return bool(one.username_env or one.password_env)
