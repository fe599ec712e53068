"""Grafana dashboards, from the same specifications as the rules.

for artefact in dashboard_artefacts(slos):
    print(artefact.path)

They are built with grafana-foundation-sdk, which comes with the extra ``grafana``.
"""

from typing import TYPE_CHECKING

from slo.face import lazily

if TYPE_CHECKING:
    from slo.dashboards.artefacts import dashboard_artefacts

__all__ = ["dashboard_artefacts"]

lazily(__name__, {"dashboard_artefacts": "slo.dashboards.artefacts"})
