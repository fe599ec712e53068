"""Print environment.yml: the direct dependencies at the locked versions, for conda users."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = "3.11"
NOT_ON_CONDA_FORGE = {
    "cloudcoil-models-kubernetes",
    "cloudcoil-models-prometheus-operator",
    "grafana-foundation-sdk",
    "promql-parser",
    "types-requests",
}
CONDA_NAMES = {
    "jupyter-client": "jupyter_client",
    "prometheus-client": "prometheus_client",
    "ruamel-yaml": "ruamel.yaml",
}


def direct_dependencies() -> set[str]:
    """Names of what pyproject.toml asks for, extras included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    names = {re.split(r"[\[<>=!~ ;]", one)[0].lower().replace(".", "-") for one in wanted}
    return names - {project["name"]}


def locked_versions() -> dict[str, str]:
    """Every pinned version that applies to the Python of the environment."""
    versions = {}
    for line in (ROOT / "requirements.lock").read_text().splitlines():
        pin = re.match(r"([A-Za-z0-9._-]+)==([^ ;]+)(?: ; (.*?))? *\\?$", line)
        if pin and _applies(pin[3] or ""):
            versions[pin[1].lower().replace(".", "-")] = pin[2]
    return versions


def _applies(marker: str) -> bool:
    from packaging.markers import Marker

    environment = {"python_version": PYTHON, "python_full_version": f"{PYTHON}.9"}
    return not marker or Marker(marker).evaluate(environment)


def environment() -> str:
    """The text of environment.yml."""
    versions = locked_versions()
    names = sorted(direct_dependencies())
    conda = [
        f"  - {CONDA_NAMES.get(name, name)}={versions[name]}"
        for name in names
        if name not in NOT_ON_CONDA_FORGE
    ]
    pip = [f"      - {name}=={versions[name]}" for name in names if name in NOT_ON_CONDA_FORGE]
    head = ["# Written by `make lock`: the same versions as requirements.lock.", "name: slobook"]
    head += ["channels:", "  - conda-forge", "dependencies:", f"  - python={PYTHON}"]
    return "\n".join([*head, *conda, "  - pip", "  - pip:", *pip, "      - -e .", ""])


if __name__ == "__main__":
    print(environment(), end="")
