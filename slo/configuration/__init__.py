"""slobook.toml: where a project keeps its specifications, its history and its output."""

from slo.configuration.fields import known_zone
from slo.configuration.reading import prometheus_section, read_configuration
from slo.configuration.sections import (
    FILE_NAME,
    Configuration,
    HistorySection,
    ProjectSection,
    PrometheusSection,
)

__all__ = [
    "FILE_NAME",
    "Configuration",
    "HistorySection",
    "ProjectSection",
    "PrometheusSection",
    "known_zone",
    "prometheus_section",
    "read_configuration",
]
