"""What is marked over time: deployments, incidents, reports, what alerts did in a backtest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.plan import Change, Plan
from slo.targets.grafana.marker import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slo.model.alert import Episode
    from slo.model.incident import Incident
    from slo.targets.grafana.standing import Standing

ANNOTATIONS = "annotations/"
SCOPE = "slobook:"
DEPLOY, INCIDENT, EPISODE, REPORT = "deploy", "incident", "episode", "report"
"""The tags by which dashboards and people find each kind."""


@dataclass(frozen=True)
class Annotation:
    """A mark over time, for the whole organisation.

    Attributes:
        kind: Its first tag.
        name: Unique among those of its kind; ``<kind>:<name>`` is the tag that it is found by.
        text: What people read.
        start: Unix milliseconds.
        end: The end of a stretch; None for an instant.
        more: Further tags.

    """

    kind: str
    name: str
    text: str
    start: int
    end: int | None = None
    more: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The tag that tells it from all others."""
        return f"{self.kind}:{self.name}"

    @property
    def path(self) -> str:
        """By which it is known in a plan."""
        return f"{ANNOTATIONS}{self.key}"

    @property
    def body(self) -> str:
        """It as Grafana keeps it, the tags sorted."""
        return annotation_text(
            self.text,
            self.start,
            self.start if self.end is None else self.end,
            [self.kind, self.key, *self.more],
        )


def annotation_text(text: str, start: int, end: int, tags: Sequence[str]) -> str:
    """An annotation in its normal form."""
    return canonical({"text": text, "time": start, "timeEnd": end, "tags": sorted(set(tags))})


def scope(folder_uid: str) -> str:
    """The tag of what a project pushes for review: another's is never touched."""
    return f"{SCOPE}{folder_uid}"


def deployment(
    version: str, at: int, name: str = "", environment: str = "", service: str = ""
) -> Annotation:
    """A deployment, once however often a pipeline runs.

    Args:
        version: What was deployed.
        at: When, in Unix milliseconds.
        name: What tells it from others; version and environment if empty.
        environment: Where it was deployed to.
        service: What was deployed.

    """
    known = name or "-".join(part for part in (service, version, environment) if part)
    tags = {"version": version, "environment": environment, "service": service}
    what = f"{service} {version}" if service else version
    return Annotation(
        DEPLOY,
        known,
        f"Deployed {what}{f' to {environment}' if environment else ''}",
        at,
        more=tuple(f"{key}:{value}" for key, value in tags.items() if value),
    )


def of_incident(incident: Incident, ours: str) -> Annotation:
    """An incident as a stretch; ``ours`` is the project's ``scope``."""
    notes = f": {incident.notes}" if incident.notes else ""
    services = (f"service:{incident.service}",) if incident.service else ()
    return Annotation(
        INCIDENT,
        incident.name,
        f"{incident.name} ({incident.kind}){notes}",
        incident.span.start,
        incident.span.end,
        (ours, *services),
    )


def of_episode(
    episode: Episode, service: str, slo: str, ours: str, until: int, *, is_false: bool
) -> Annotation:
    """What an alert would have done; ``until`` is the end of the history."""
    verdict = "belongs to no incident" if is_false else "belongs to an incident"
    more = (ours, f"service:{service}", f"slo:{slo}", *(("false-alert",) if is_false else ()))
    return Annotation(
        EPISODE,
        f"{service}/{slo}/{episode.alert}/{episode.start}",
        f"{slo}: {episode.alert} ({episode.severity}) would have fired; {verdict}",
        episode.start,
        until if episode.end is None else episode.end,
        more,
    )


def plan_annotations(
    standing: Mapping[str, Standing], wanted: Sequence[Annotation], target: str
) -> Plan:
    """What turns annotations that stand there into those that should; none is deleted.

    A deployment that is there stays as it is: it happened when it happened.
    """
    changes = []
    for path, one in {one.path: one for one in wanted}.items():
        present = standing.get(path)
        if present is None:
            changes.append(Change(path, "create", None, one.body))
        elif present.text != one.body and one.kind != DEPLOY:
            changes.append(Change(path, "update", present.text, one.body))
    return Plan(tuple(changes), len(standing), target)


def plan_removal(standing: Mapping[str, Standing], target: str) -> Plan:
    """What takes annotations away again that were pushed for review."""
    changes = [Change(path, "delete", one.text, None) for path, one in standing.items()]
    return Plan(tuple(changes), len(standing), target)
