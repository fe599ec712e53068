"""``kubectl``, as far as pages use it: it refuses what a cluster would."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from tests.cluster.flags import Call, Refusal
from tests.cluster.memory import Memory, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANNOTATION_BYTES = 262_144
_OF_THE_OPERATOR = "monitoring.coreos.com/"
_PORTS = {"prometheus": "9090", "alertmanager": "9093", "grafana": "80"}
"""Of the chart's Services, by the last word of their names."""


def kubectl(call: Call, memory: Memory) -> str:
    """Carry a command out; returns what it prints.

    Raises:
        Refusal: The cluster would not take it.

    """
    namespace = call.one("namespace", "default")
    match call.verb:
        case "apply":
            return _applied(call, memory)
        case "create namespace":
            memory.new_namespace(call.arguments[0])
        case "create secret generic" | "create configmap":
            return _created(call, memory, namespace)
        case "create job":
            kind, _, source = call.one("from").partition("/")
            template = memory.found(namespace, kind_of(kind), source)["spec"]["jobTemplate"]
            memory.new(namespace, "Job", call.arguments[0], template)
        case "label":
            _labelled(call, memory, namespace)
        case "get":
            _looked_at(call, memory, namespace)
        case "describe":
            kind, name = call.arguments
            memory.found(namespace, kind_of(kind), name)
        case "port-forward":
            _forwarded(call, memory, namespace)
        case _:
            _of_one(call, memory, namespace)
    return f"{call.verb}: done"


def _labelled(call: Call, memory: Memory, namespace: str) -> None:
    kind, name, *labels = call.arguments
    memory.found(namespace, kind_of(kind), name)
    if not all("=" in one for one in labels):
        raise Refusal(f"found labels {labels}, expected name=value")


def _of_one(call: Call, memory: Memory, namespace: str) -> None:
    """What logs, waits for, or follows one object."""
    word = call.arguments[0]
    kind, name = word.split("/") if "/" in word else ("pod", word)
    body = memory.found(namespace, kind_of(kind), name)
    if "spec" not in body:
        return
    pod = body["spec"]["template"]["spec"]
    if kind_of(kind) == "Job":
        for container in pod["containers"]:
            if container["image"] not in memory.pushed:
                raise Refusal(f"ImagePullBackOff: {container['image']}")
    for volume in pod.get("volumes", ()):
        if "secret" in volume:
            memory.found(namespace, "Secret", volume["secret"]["secretName"])


def _applied(call: Call, memory: Memory) -> str:
    for path in call.flags["filename"]:
        text = sys.stdin.read() if path == "-" else _read(path)
        for body in YAML(typ="safe", pure=True).load_all(text):
            name, kind = body["metadata"]["name"], body["kind"]
            if body["apiVersion"].startswith(_OF_THE_OPERATOR) and not memory.releases:
                raise Refusal(f'no matches for kind "{kind}": install the operator first')
            if "server-side" not in call.flags and len(text.encode()) > _ANNOTATION_BYTES:
                raise Refusal(f'"{name}" is invalid: metadata.annotations: Too long')
            held = body.get("stringData", {}) if kind == "Secret" else body
            memory.put(body["metadata"].get("namespace", "default"), kind, name, held)
            if kind == "Service":
                memory.put(body["metadata"]["namespace"], "Endpoints", name, {})
    return "applied"


def _created(call: Call, memory: Memory, namespace: str) -> str:
    name, held = call.arguments[0], dict(_held(call))
    kind = "Secret" if "secret" in call.verb else "ConfigMap"
    if not held:
        raise Refusal(f"{kind} {name}: found nothing to put into it")
    if call.one("dry-run"):
        if (call.one("dry-run"), call.one("output")) != ("client", "yaml"):
            raise Refusal("expected --dry-run=client with -o yaml")
        body: dict[str, Any] = {"apiVersion": "v1", "kind": kind, "stringData": held}
        body["metadata"] = {"name": name, "namespace": namespace}
        YAML().dump(body, sys.stdout)
        return ""
    if sum(map(len, held.values())) > 1 << 20:
        raise Refusal(f"{kind} {name}: too large, expected at most 1 MiB")
    memory.new(namespace, kind, name, held)
    return f"{kind} {name} created"


def _held(call: Call) -> Iterator[tuple[str, str]]:
    for one in call.flags.get("from-literal", ()):
        key, _, value = one.partition("=")
        yield key, value
    for one in call.flags.get("from-file", ()):
        key, equals, path = one.partition("=")
        if not equals and Path(one).is_dir():
            yield from ((file.name, _read(str(file))) for file in sorted(Path(one).iterdir()))
        else:
            path = path or key
            yield key if equals else Path(path).name, _read(path)
    for path in call.flags.get("from-env-file", ()):
        for line in _read(path).splitlines():
            key, _, value = line.partition("=")
            yield key, value


def _read(path: str) -> str:
    if not Path(path).is_file() or not (text := Path(path).read_text()):
        raise Refusal(f"{path}: no such file, or nothing in it")
    return text


def _looked_at(call: Call, memory: Memory, namespace: str) -> None:
    if (output := call.one("output")) and not output.startswith(("jsonpath={", "yaml", "json")):
        raise Refusal(f"unknown output format {output!r}")
    kinds, *names = call.arguments
    for kind in map(kind_of, kinds.split(",")):
        for name in names:
            memory.found(namespace, kind, name)
        if not names and not memory.any_of(namespace, kind):
            raise Refusal(f"No resources of kind {kind} found in {namespace} namespace.")


def _forwarded(call: Call, memory: Memory, namespace: str) -> None:
    word, ports = call.arguments
    kind, _, name = word.partition("/")
    memory.found(namespace, kind_of(kind), name)
    remote = ports.rpartition(":")[2]
    if remote != _PORTS.get(name.rpartition("-")[2]):
        raise Refusal(f"Service {name} does not have a service port {remote}")
