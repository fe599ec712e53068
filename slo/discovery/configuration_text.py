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
url = {url}
{credentials}
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
    named = {
        "token_env": server.token_env,
        "username_env": server.username_env,
        "password_env": server.password_env,
    }
    lines = [f"{name} = {toml_string(value)}\n" for name, value in named.items() if value]
    text = _TEXT.format(url=toml_string(server.url), credentials="".join(lines) or _NO_CREDENTIALS)
    return text + (_AGENT if agent else "")
