"""What really went wrong, as people and their tools wrote it down, and what is not to be judged.

Incidents come as CSV or JSON of slobook's own, as PagerDuty's exports, or as Grafana's
annotations; ``read_incidents`` tells them apart by what they hold. ``alerts_as_incidents`` takes
them from the ``ALERTS`` that Prometheus stored; ``slo.derive`` from the samples themselves.
"""

from slo.history.incidents.exclusions import read_exclusions
from slo.history.incidents.labelled import COLUMNS, write_incidents
from slo.history.incidents.reading import read_incidents
from slo.history.recorded import alerts_as_incidents

__all__ = [
    "COLUMNS",
    "alerts_as_incidents",
    "read_exclusions",
    "read_incidents",
    "write_incidents",
]
