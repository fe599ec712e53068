"""Reading slobook.toml: every fault of it at once, each with its line."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from slo.configuration.grafana import GrafanaEnvironment, GrafanaSection
from slo.configuration.sections import (
    AlertmanagerSection,
    Configuration,
    DashboardsSection,
    HistorySection,
    KubernetesSection,
    LinksSection,
    MimirSection,
    ProjectSection,
    PrometheusSection,
)
from slo.errors import ConfigError, Fault

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel


def read_configuration(path: Path) -> Configuration:
    """Read a configuration file.

    Raises:
        ConfigError: The file is missing, is no TOML, or a field does not fit; lists every fault.

    """
    try:
        text = path.read_text(encoding="utf-8")
        tree = tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: there is no such file; name another with --config, or write one that says "
            '[project] specs = ["slo-specs"]'
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}; expected a TOML file") from None
    try:
        return Configuration.model_validate(tree)
    except ValidationError as error:
        faults = sorted(_fault(path, text, entry) for entry in error.errors())
        raise ConfigError("\n".join(str(fault) for fault in faults)) from None


def prometheus_section(fields: dict[str, Any]) -> PrometheusSection:
    """How to reach the Prometheus that a command's options describe.

    Raises:
        ConfigError: An option does not fit.

    """
    try:
        return PrometheusSection.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        expected = first["msg"].removeprefix("Value error, ")
        raise ConfigError(
            f"--{first['loc'][0]}: found {first['input']!r}, expected {expected}"
        ) from None


def _fault(path: Path, text: str, entry: Any) -> Fault:  # noqa: ANN401  pydantic's ErrorDetails
    names = [str(part) for part in entry["loc"]]
    field, line = ".".join(names), _line(text, names)
    if entry["type"] == "extra_forbidden":
        known = _known_fields(names[:-1])
        close = get_close_matches(names[-1], known, n=1)
        expected = repr(close[0]) if close else "one of " + ", ".join(known)
        return Fault(str(path), line, field, "an unknown field", expected)
    if entry["type"] == "missing":
        return Fault(str(path), line, field, "nothing", "a value")
    expected = entry["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    # A secret that was written in place of its file or variable is not repeated.
    secret = names[0] == "alertmanager" or (names[0] == "grafana" and _may_hold_secrets(names))
    found = "something else" if secret else repr(entry["input"])
    return Fault(str(path), line, field, found, expected)


def _may_hold_secrets(names: list[str]) -> bool:
    return any(name in ("url", "proxies") or name.endswith(("_env", "_envs")) for name in names)


def _known_fields(section: list[str]) -> list[str]:
    models: dict[str, type[BaseModel]] = {
        "": Configuration,
        "project": ProjectSection,
        "history": HistorySection,
        "prometheus": PrometheusSection,
        "links": LinksSection,
        "kubernetes": KubernetesSection,
        "alertmanager": AlertmanagerSection,
        "grafana": GrafanaSection,
        "mimir": MimirSection,
        "dashboards": DashboardsSection,
    }
    if section[:2] == ["grafana", "environments"]:
        return list(GrafanaEnvironment.model_fields)
    return list(models[".".join(section)].model_fields)


def _line(text: str, names: list[str]) -> int:
    """Where a field stands: tomllib does not say, so its section and key are looked for."""
    section = ""
    for number, content in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[([^\[\]]+)\]", content)
        section = header[1].strip() if header else section
        key = re.match(r"\s*([\w-]+)\s*=", content)
        if header and section == ".".join(names):
            return number
        path = [*filter(None, section.split("."))]
        if key and [*path, key[1]] == names[: len(path) + 1] and len(path) < len(names):
            return number
    return 0
