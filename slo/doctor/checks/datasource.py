"""``datasource``: has Grafana the Prometheus that dashboards and alert rules ask?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.doctor.finding import Finding, fine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.targets.grafana.datasources import Datasource

NAME = "datasource"


def datasource(found: Mapping[str, Datasource]) -> Finding:
    """A data source in every Grafana.

    Args:
        found: The data source that was found, by the Grafana's address.

    """
    told = [f"{url}: {one}" for url, one in found.items()]
    return fine(NAME, "the data source is there in every Grafana that is configured", told)
