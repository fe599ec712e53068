"""What a Grafana remembers, as plain records behind one lock."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from threading import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.grafana.profile import Profile

KEPT_VERSIONS = 20
"""Older versions of a dashboard are forgotten, as by Grafana's default."""


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Folder:
    id: int
    uid: str
    title: str
    by: str
    version: int = 1
    created: str = field(default_factory=now)
    updated: str = field(default_factory=now)
    updated_by: str = ""


@dataclass(frozen=True)
class Version:
    number: int
    body: dict[str, Any]
    message: str
    by: str
    restored_from: int = 0
    created: str = field(default_factory=now)


@dataclass
class Dashboard:
    id: int
    uid: str
    folder_uid: str
    versions: list[Version]
    provisioned: bool = False
    plugin: str = ""

    @property
    def newest(self) -> Version:
        return self.versions[-1]

    @property
    def title(self) -> str:
        return str(self.newest.body["title"])

    @property
    def tags(self) -> list[str]:
        return list(self.newest.body.get("tags") or [])


@dataclass
class Rule:
    """An alert rule as it is answered, defaults included; provenance stands beside."""

    body: dict[str, Any]
    provenance: str = ""


@dataclass(frozen=True)
class Thing:
    """Any object, for comparing what stood there with what stands.

    Attributes:
        kind: folder, dashboard, rule, annotation, contact-points or policies.
        uid: Of its kind.
        title: As people see it.
        folder_uid: Where it lies; empty at the root.
        tags: A dashboard's or annotation's; a rule's labels as ``name=value``.
        message: The newest version's, of a dashboard.
        content: All of it as JSON, with every version and time.

    """

    kind: str
    uid: str
    title: str
    folder_uid: str
    tags: tuple[str, ...]
    message: str
    content: str


class State:
    """Everything; hold ``lock`` while reading or writing it."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.lock = RLock()
        self.ids = count(1)
        self.folders: dict[str, Folder] = {}
        self.dashboards: dict[str, Dashboard] = {}
        self.rules: dict[str, Rule] = {}
        self.intervals: dict[tuple[str, str], int] = {}
        self.annotations: dict[int, dict[str, Any]] = {}
        self.data_sources: list[dict[str, Any]] = [
            {
                "id": 1,
                "uid": "prom-eu-1",
                "name": "Prometheus",
                "type": "prometheus",
                "url": "http://prometheus:9090",
                "isDefault": True,
            },
            {
                "id": 2,
                "uid": "loki-eu-1",
                "name": "Loki",
                "type": "loki",
                "url": "http://loki:3100",
                "isDefault": False,
            },
        ]
        self.sick_data_sources: set[str] = set()
        self.contact_points: list[dict[str, Any]] = [
            {
                "uid": "cp-default",
                "name": "grafana-default-email",
                "type": "email",
                "settings": {"addresses": "<example@email.com>"},
                "disableResolveMessage": False,
            }
        ]
        self.policies: dict[str, Any] = {
            "receiver": "grafana-default-email",
            "group_by": ["grafana_folder", "alertname"],
        }
        self.healthy = True
        self.hides_version = False
        self.least_refresh_seconds = 5

    def folder(self, uid: str) -> Folder | None:
        return self.folders.get(uid)

    def things(self) -> frozenset[Thing]:
        """Everything that stands here, each with all its content."""
        with self.lock:
            return frozenset(
                [
                    *self._folder_things(),
                    *self._dashboard_things(),
                    *self._rule_things(),
                    *self._annotation_things(),
                    _whole("contact-points", self.contact_points),
                    _whole("policies", self.policies),
                ]
            )

    def _folder_things(self) -> Iterator[Thing]:
        for one in self.folders.values():
            yield Thing("folder", one.uid, one.title, "", (), "", _text(vars(one)))

    def _dashboard_things(self) -> Iterator[Thing]:
        for one in self.dashboards.values():
            content = {**vars(one), "versions": [vars(version) for version in one.versions]}
            yield Thing(
                kind="dashboard",
                uid=one.uid,
                title=one.title,
                folder_uid=one.folder_uid,
                tags=tuple(one.tags),
                message=one.newest.message,
                content=_text(content),
            )

    def _rule_things(self) -> Iterator[Thing]:
        for uid, one in self.rules.items():
            place = (one.body["folderUID"], one.body["ruleGroup"])
            labels = one.body.get("labels") or {}
            yield Thing(
                kind="rule",
                uid=uid,
                title=one.body["title"],
                folder_uid=one.body["folderUID"],
                tags=tuple(f"{name}={value}" for name, value in sorted(labels.items())),
                message="",
                content=_text({**vars(one), "interval": self.intervals.get(place)}),
            )

    def _annotation_things(self) -> Iterator[Thing]:
        for number, one in self.annotations.items():
            tags = tuple(one["tags"])
            yield Thing("annotation", str(number), one["text"], "", tags, "", _text(one))


def _whole(kind: str, content: object) -> Thing:
    return Thing(kind, kind, kind, "", (), "", _text(content))


def _text(content: object) -> str:
    return json.dumps(deepcopy(content), sort_keys=True, default=str)
