"""What a preview of dashboards asks: a named Prometheus, the snapshot, or the configured one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.preview.sources import ServerSource, SnapshotSource

if TYPE_CHECKING:
    from slo.preview.sources import Source
    from slo.project.sources import Sources


def preview_source(project: Sources, url: str) -> Source:
    """The server at an address; without one the snapshot, else the configured Prometheus.

    Raises:
        ConfigError: There is none of them.

    """
    if url:
        return ServerSource(project.asking(url).prometheus)
    if project.snapshot_path.exists():
        rules = sorted((project.generated_path / "rules").glob("*.yml"))
        return SnapshotSource(project.snapshot_path, tuple(rules))
    return ServerSource(project.prometheus)
