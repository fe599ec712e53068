"""Which variables of the environment slobook.toml names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from slo.configuration.delivery import GrafanaMarkSection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.configuration.sections import Configuration, PrometheusSection
    from slo.targets.grafana.server import GrafanaServer


def variables_of_runs(configuration: Configuration) -> tuple[str, ...]:
    """The variables that making and delivering reports asks for, each once."""
    names: list[str] = []
    if asked := configuration.prometheus:
        names += [*_of_login(asked), *asked.header_envs.values()]
    for one in configuration.delivery:
        names += one.variables
        if isinstance(one, GrafanaMarkSection):
            server = configuration.grafana.server(one.environment, Path())
            names += [*_of_login(server), *dict(server.header_envs).values()]
    return _each_once(names)


def secret_variables(configuration: Configuration) -> tuple[str, ...]:
    """Every variable whose value must stand in no notebook, log, page or message, each once.

    Names of users are none: they open nothing, and are often words.
    """
    grafana = configuration.grafana
    names = [grafana.pagerduty_key_env, grafana.chat_url_env]
    asked = (configuration.prometheus, configuration.alertmanager)
    for login in (*asked, grafana, *grafana.environments.values()):
        if login:
            names += [login.token_env, login.password_env, *login.header_envs.values()]
    for one in configuration.delivery:
        names += one.secret_variables
    return _each_once(names)


def _of_login(login: PrometheusSection | GrafanaServer) -> tuple[str, ...]:
    """What is asked for: a user and a password, or a token."""
    if login.username_env or login.password_env:
        return (login.username_env, login.password_env)
    return (login.token_env,)


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
