"""``helm`` with kube-prometheus-stack, as far as pages use it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from slo.manifests.settings import MOUNTED_SECRETS
from tests.cluster.flags import Call, Refusal

if TYPE_CHECKING:
    from tests.cluster.memory import Memory

_CHART = "kube-prometheus-stack"
_REPOSITORY = "https://prometheus-community.github.io/helm-charts"


def helm(call: Call, memory: Memory) -> str:
    """Carry a command out; returns what it prints.

    Raises:
        Refusal: Helm would not take it, or what it starts would not come up.

    """
    namespace = call.one("namespace", "default")
    match call.verb:
        case "repo add":
            if call.arguments[1] != _REPOSITORY:
                raise Refusal(f"{call.arguments[1]!r} is not a valid chart repository")
            memory.repositories.append(call.arguments[0])
        case "repo update":
            if not {*call.arguments} <= {*memory.repositories}:
                raise Refusal(f"no repositories found matching {call.arguments}")
        case "upgrade":
            _upgraded(call, memory, namespace)
        case "history" | "rollback":
            if memory.releases.get(call.arguments[0]) != namespace:
                raise Refusal("release: not found")
        case "list":
            return "\n".join(name for name, place in memory.releases.items() if place == namespace)
    return f"{call.verb}: done"


def _upgraded(call: Call, memory: Memory, namespace: str) -> None:
    release, chart = call.arguments
    repository, _, name = chart.partition("/")
    if repository not in memory.repositories or name != _CHART:
        raise Refusal(f"chart {chart!r} not found")
    if release not in memory.releases and "install" not in call.flags:
        raise Refusal(f'"{release}" has no deployed releases')
    if namespace not in memory.namespaces and "create-namespace" not in call.flags:
        raise Refusal(f'namespaces "{namespace}" not found')
    values: dict[str, Any] = {}
    for path in call.flags.get("values", ()):
        if not Path(path).is_file():
            raise Refusal(f"open {path}: no such file or directory")
        values = merged(values, YAML(typ="safe", pure=True).load(Path(path).read_text()))
    _secrets_are_there(values, memory, namespace)
    memory.releases[release] = namespace
    for kind, names in _objects(release, values).items():
        for one in names:
            memory.put(namespace, kind, one, {})


def merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Values under values, as Helm lays files over each other."""
    both = {
        key: merged(one[key], other[key])
        for key in one.keys() & other.keys()
        if _maps(one[key], other[key])
    }
    return {**one, **other, **both}


def _maps(*values: object) -> bool:
    return all(isinstance(value, dict) for value in values)


def _secrets_are_there(values: dict[str, Any], memory: Memory, namespace: str) -> None:
    """Without them pods wait for ever, or Alertmanager and Grafana do not start."""
    alertmanager = values["alertmanager"]["alertmanagerSpec"]
    config = memory.secret(namespace, alertmanager["configSecret"], "alertmanager.yaml")
    for name in alertmanager["secrets"]:
        memory.found(namespace, "Secret", name)
    for line in config.splitlines():
        if MOUNTED_SECRETS in line:
            secret, _, key = line.partition(MOUNTED_SECRETS)[2].strip().partition("/")
            if memory.secret(namespace, secret, key).endswith("\n"):
                raise Refusal(f"Secret {secret}: what is under {key} ends with a line break")
            if secret not in alertmanager["secrets"]:
                raise Refusal(f"Secret {secret} is not mounted")
    if admin := values.get("grafana", {}).get("admin"):
        for key in ("userKey", "passwordKey"):
            memory.secret(namespace, admin["existingSecret"], admin[key])


def _objects(release: str, values: dict[str, Any]) -> dict[str, list[str]]:
    """The chart's objects that pages name."""
    sets = {
        f"{one}-{release}-{one}": values[one][f"{one}Spec"].get("replicas", 1)
        for one in ("prometheus", "alertmanager")
    }
    return {
        "Deployment": [f"{release}-operator", f"{release}-grafana"],
        "Pod": [f"{name}-{number}" for name, count in sets.items() for number in range(count)],
        "Prometheus": [f"{release}-prometheus"],
        "Service": [f"{release}-{one}" for one in ("prometheus", "alertmanager", "grafana")],
        "StatefulSet": list(sets),
    }
