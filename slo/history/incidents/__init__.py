"""What really went wrong, as people and their tools wrote it down, and what is not to be judged.

Incidents come as CSV or JSON of slobook's own, as PagerDuty's exports, or as Grafana's
annotations; ``read_incidents`` tells them apart by what they hold.
"""

from slo.history.incidents.exclusions import read_exclusions
from slo.history.incidents.labelled import COLUMNS, write_incidents
from slo.history.incidents.reading import read_incidents

__all__ = ["COLUMNS", "read_exclusions", "read_incidents", "write_incidents"]
