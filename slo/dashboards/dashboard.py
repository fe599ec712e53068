"""A whole dashboard, and its text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.dashboards import sdk
from slo.dashboards.layout import placed
from slo.plan import GENERATED, Artefact

if TYPE_CHECKING:
    from slo.dashboards.layout import Row

FOLDER = "dashboards"
TAG = "slobook"
"""All of our dashboards have it, and each links to all that do."""

SCHEMA_VERSION = 39
"""Of the classic model; older Grafanas take it, and newer ones migrate what they store."""


@dataclass(frozen=True)
class Dashboard:
    """What stands on a dashboard.

    Attributes:
        file: Its file's name, without a folder.
        uid: By which links and pushes know it; never changes.
        title: Its name for people.
        description: What it answers.
        rows: Headings and panels.
        variables: What the reader chooses, the data source first.
        annotations: What is marked in every panel over time.
        since: Where its stretch of time begins, such as ``now-6h``.
        refresh: How often it asks again.
        time_zone: Where days begin; ``browser`` for the reader's own.
        tags: Beside the one that all have.

    """

    file: str
    uid: str
    title: str
    description: str
    rows: tuple[Row, ...]
    variables: tuple[sdk.models.VariableModel, ...]
    annotations: tuple[sdk.models.AnnotationQuery, ...] = ()
    since: str = "now-6h"
    refresh: str = "1m"
    time_zone: str = "browser"
    tags: tuple[str, ...] = ()

    @property
    def model(self) -> sdk.models.Dashboard:
        """As Grafana's classic (v1) model."""
        annotations = sdk.models.AnnotationContainer(list_val=[*self.annotations])
        return sdk.models.Dashboard(
            uid=self.uid,
            title=self.title,
            description=f"{self.description}\n\n({GENERATED})",
            tags=[TAG, *self.tags],
            timezone=self.time_zone,
            editable=True,
            graph_tooltip=sdk.models.DashboardCursorSync.CROSSHAIR,
            time=sdk.models.DashboardDashboardTime(from_val=self.since, to="now"),
            refresh=self.refresh,
            schema_version=SCHEMA_VERSION,
            panels=placed(self.rows),
            templating=sdk.models.DashboardDashboardTemplating(list_val=[*self.variables]),
            annotations=annotations,
            links=[_our_dashboards()],
        )

    @property
    def artefact(self) -> Artefact:
        """The same dashboard gives the same bytes."""
        encoded = json.dumps(self.model, cls=sdk.JSONEncoder, indent=2, ensure_ascii=False)
        return Artefact(f"{FOLDER}/{self.file}", encoded + "\n")


def _our_dashboards() -> sdk.models.DashboardLink:
    link = sdk.dashboard.DashboardLink("Dashboards").tags([TAG]).as_dropdown(True)
    link.type(sdk.models.DashboardLinkType.DASHBOARDS).icon("external link")
    return link.keep_time(True).include_vars(True).build()
