"""The page of metrics: the exporter's table."""

from __future__ import annotations

from exporter.table import metric_table

_PAGE = """\
# Metrics

What `exporter` exposes, from its definitions. [The exporter](../exporter.md) says what is counted
when, and [the metrics endpoint](../metrics-endpoint.md) where Prometheus reads it.

"""


def page() -> str:
    """The page in Markdown."""
    return _PAGE + metric_table()
