"""The first slobook.toml of a project, with comments that explain it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.discovery.scalars import toml_string

if TYPE_CHECKING:
    from slo.history.connection import PrometheusServer

_TEXT = """\
# A project of slobook, begun by 'slo init'. 'slo --help' lists what to do with it.

[project]
specs = ["specs"]             # what your services promise
generated = "generated"       # rules, tests and dashboards, by 'slo generate': to be committed
reports = "reports"           # weekly reports, by 'slo report'
evaluation_interval = "1m"    # of your Prometheus' rules
time_zone = "UTC"             # in which the people on duty sleep, such as "Europe/Berlin"

[prometheus]
{prometheus}
[history]
snapshot = "history/snapshot.parquet"   # raw samples, by 'slo snapshot'
incidents = "history/incidents.csv"     # label what went wrong; without any, it is derived

# Where alerts send their readers:
# [links]
# runbooks = "https://runbooks.example.com/checkout"
# dashboards = "https://grafana.example.com/d"

# Where 'slo plan' and 'slo apply' push to:
# [grafana]
# url = "https://grafana.example.com"
# token_env = "GRAFANA_TOKEN"           # the variable's name, never the token
"""
_AGENT = """
# Dashboards of the operations and cost of the service that exposes the exporter's metrics.
[dashboards]
agent = "support-agent"
"""
_NO_CREDENTIALS = '# token_env = "PROMETHEUS_TOKEN"   # the variable\'s name, never the token\n'


def configuration_text(server: PrometheusServer, *, agent: bool) -> str:
    """slobook.toml for a server; secrets by the names of their variables.

    Args:
        server: Where history comes from.
        agent: Whether the catalogue of the AI support agent is among the specifications.

    """
    lines = prometheus_lines(server) + ("" if _named(server) else _NO_CREDENTIALS)
    return _TEXT.format(prometheus=lines) + (_AGENT if agent else "")


def prometheus_lines(server: PrometheusServer) -> str:
    """What stands below ``[prometheus]``."""
    told = {"url": server.url, **_named(server)}
    return "".join(f"{name} = {toml_string(value)}\n" for name, value in told.items())


def agent_section() -> str:
    """The section of the agent's dashboards."""
    return _AGENT


def _named(server: PrometheusServer) -> dict[str, str]:
    """Names of the variables that hold credentials, as far as there are any."""
    named = {
        "token_env": server.token_env,
        "username_env": server.username_env,
        "password_env": server.password_env,
    }
    return {name: value for name, value in named.items() if value}
