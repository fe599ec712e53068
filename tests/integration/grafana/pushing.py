"""A push as the library makes it, with the configuration of one test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.targets.grafana.server import GrafanaServer

if TYPE_CHECKING:
    from tests.integration.grafana.site import Site


def configured(site: Site, **more: object) -> GrafanaServer:
    """The server of a test, in a folder of its own; other arguments are its fields."""
    fields = {
        "url": site.url,
        "folder_uid": site.folder_uid,
        "folder": site.folder,
        "timeout": 10.0,
        "retries": 0,
        **more,
    }
    return GrafanaServer(**fields)
