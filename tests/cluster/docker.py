"""``docker`` with Compose, as far as pages use it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from tests.cluster.flags import Call, Refusal

if TYPE_CHECKING:
    from tests.cluster.memory import Memory


def docker(call: Call, memory: Memory) -> str:
    """Carry a command out; returns what it prints.

    Raises:
        Refusal: Docker would not take it, or what it starts would not come up.

    """
    if call.verb.startswith("compose "):
        return _compose(call, memory)
    if call.verb == "build":
        dockerfile = Path(call.one("file", str(Path(call.arguments[0], "Dockerfile"))))
        if not dockerfile.is_file():
            raise Refusal(f"failed to read dockerfile: {dockerfile}: no such file or directory")
        memory.built += call.flags["tag"]
    else:
        if call.arguments[0] not in memory.built:
            raise Refusal(f"An image does not exist locally with the tag: {call.arguments[0]}")
        memory.pushed.append(call.arguments[0])
    return f"{call.verb}: done"


def _compose(call: Call, memory: Memory) -> str:
    path = Path(call.one("file", "compose.yaml"))
    if not path.is_file():
        raise Refusal(f"open {path}: no such file or directory")
    tree = YAML(typ="safe").load(path.read_text())
    for service in call.arguments:
        if service not in tree["services"]:
            raise Refusal(f"no such service: {service}")
    match call.verb:
        case "compose up":
            _comes_up(path.parent, tree)
            memory.running.append(str(path))
        case "compose down":
            memory.running.remove(str(path))
        case _ if str(path) not in memory.running:
            raise Refusal(f"{path}: nothing runs")
    return "\n".join(tree["services"])


def _comes_up(folder: Path, tree: dict[str, Any]) -> None:
    for name, secret in tree["secrets"].items():
        file = folder / secret["file"]
        if not file.is_file() or not file.read_text().strip():
            raise Refusal(f"secret {name}: {file}: no such file, or nothing in it")
        if not file.stat().st_mode & 0o004:
            raise Refusal(f"secret {name}: {file} cannot be read by a container's user")
    for name, service in tree["services"].items():
        build = service.get("build")
        if build and not (folder / build["context"] / build["dockerfile"]).is_file():
            raise Refusal(f"{name}: {build['dockerfile']}: no such file or directory")
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith(".") and not (folder / source).exists():
                raise Refusal(f"{name}: {source}: no such file or directory")
            if not source.startswith(".") and source not in tree["volumes"]:
                raise Refusal(f"{name}: volume {source} is not declared")
