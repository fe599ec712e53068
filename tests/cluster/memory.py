"""What a stand-in for a cluster remembers from one command to the next."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from tests.cluster.flags import Refusal

if TYPE_CHECKING:
    from pathlib import Path

KINDS = {
    name: kind
    for kind, names in {
        "ConfigMap": "configmap cm",
        "CronJob": "cronjob cj",
        "Deployment": "deployment deploy",
        "Endpoints": "endpoints",
        "Job": "job",
        "PersistentVolumeClaim": "persistentvolumeclaim pvc",
        "Pod": "pod po",
        "Prometheus": "prometheus",
        "PrometheusRule": "prometheusrule",
        "Secret": "secret",
        "Service": "service svc",
        "ServiceMonitor": "servicemonitor",
        "StatefulSet": "statefulset sts",
    }.items()
    for name in names.split()
}


@dataclass
class Memory:
    """A cluster, a machine with Docker, and what Helm knows.

    Attributes:
        namespaces: By name.
        objects: Bodies by ``namespace/Kind/name``.
        repositories: Helm's, by name.
        releases: Helm's, each with its namespace.
        built: Images that Docker has built.
        pushed: Images that can be pulled.
        running: Compose files whose services run.

    """

    namespaces: list[str] = field(default_factory=lambda: ["default", "kube-system"])
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    repositories: list[str] = field(default_factory=list)
    releases: dict[str, str] = field(default_factory=dict)
    built: list[str] = field(default_factory=list)
    pushed: list[str] = field(default_factory=list)
    running: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> Memory:
        """What was kept; an empty cluster if nothing was."""
        return cls(**json.loads(path.read_text())) if path.exists() else cls()

    def keep(self, path: Path) -> None:
        """Keep it for the next command."""
        path.write_text(json.dumps(asdict(self)))

    def new_namespace(self, name: str) -> None:
        """Remember a namespace that is not there yet."""
        if name in self.namespaces:
            raise Refusal(f'namespaces "{name}" already exists')
        self.namespaces.append(name)

    def put(self, namespace: str, kind: str, name: str, body: dict[str, Any]) -> None:
        """Remember an object."""
        if namespace not in self.namespaces:
            raise Refusal(f'namespaces "{namespace}" not found')
        self.objects[f"{namespace}/{kind}/{name}"] = body

    def new(self, namespace: str, kind: str, name: str, body: dict[str, Any]) -> None:
        """Remember an object that is not there yet."""
        if f"{namespace}/{kind}/{name}" in self.objects:
            raise Refusal(f'{kind} "{name}" already exists')
        self.put(namespace, kind, name, body)

    def found(self, namespace: str, kind: str, name: str) -> dict[str, Any]:
        """An object that has to be there."""
        try:
            return self.objects[f"{namespace}/{kind}/{name}"]
        except KeyError:
            raise Refusal(f'{kind} "{name}" not found in namespace {namespace!r}') from None

    def secret(self, namespace: str, name: str, key: str) -> str:
        """What a Secret holds under a key."""
        held = self.found(namespace, "Secret", name)
        if not held.get(key):
            raise Refusal(f'Secret "{name}" has no key {key!r}, only {sorted(held)}')
        return held[key]

    def any_of(self, namespace: str, kind: str) -> bool:
        """Whether there is an object of a kind."""
        return any(one.startswith(f"{namespace}/{kind}/") for one in self.objects)


def kind_of(word: str) -> str:
    """The kind that a word on the command line stands for."""
    if word.lower() not in KINDS:
        raise Refusal(f'the server does not have a resource type "{word}"')
    return KINDS[word.lower()]
