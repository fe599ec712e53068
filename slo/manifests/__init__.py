"""The same rules for other systems: the Prometheus operator, Mimir, Grafana, Alertmanager.

for artefact in manifest_artefacts(groups, ManifestSettings()):
    print(artefact.path)
"""

from typing import TYPE_CHECKING

from slo.face import lazily

if TYPE_CHECKING:
    from slo.manifests.artefacts import manifest_artefacts
    from slo.manifests.settings import ManifestSettings

__all__ = ["ManifestSettings", "manifest_artefacts"]

# A configuration needs the settings alone.
lazily(
    __name__,
    {
        "ManifestSettings": "slo.manifests.settings",
        "manifest_artefacts": "slo.manifests.artefacts",
    },
)
