"""Reading slobook.toml: every fault of it at once, each with its line."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from slo.configuration.delivery import SECTIONS as DELIVERIES
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
    from collections.abc import Sequence
    from pathlib import Path

    from pydantic import BaseModel

_TAG = 2
"""Where in the place of a fault pydantic says which way a delivery has."""


def read_configuration(path: Path) -> Configuration:
    """Read a configuration file.

    Raises:
        ConfigError: The file is missing, is no TOML, or a field does not fit; lists every fault.

    """
    try:
        text = path.read_text(encoding="utf-8")
        tree = tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file. {_where_else(path)}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}; expected a TOML file") from None
    try:
        return Configuration.model_validate(tree)
    except ValidationError as error:
        faults = sorted(_fault(path, text, entry) for entry in error.errors())
        raise ConfigError("\n".join(map(str, faults)), faults) from None


def _where_else(path: Path) -> str:
    """Where a project is that was not found: below the folder, above it, or still to be made."""
    below = sorted(path.parent.glob(f"*/{path.name}"))
    if len(below) == 1:
        return f"There is one below: cd {below[0].parent}"
    if below:
        return f"There are some below: cd to {', '.join(str(one.parent) for one in below)}"
    for folder in path.absolute().parent.parents:
        if (folder / path.name).is_file():
            return f"There is one above: cd {folder}"
    return (
        "'slo init' writes one from what your Prometheus holds, --config names another, and "
        "'slo demo' in slobook's checkout shows an example"
    )


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
    names = _place(entry["loc"])
    field, line = _field(names), _line(text, names)
    if entry["type"] == "extra_forbidden":
        known = _known_fields([str(part) for part in entry["loc"]][:-1])
        close = get_close_matches(names[-1], known, n=1)
        expected = repr(close[0]) if close else "one of " + ", ".join(known)
        return Fault(str(path), line, field, "an unknown field", expected)
    if entry["type"] == "missing":
        return Fault(str(path), line, field, "nothing", "a value")
    if entry["type"] in ("union_tag_not_found", "union_tag_invalid"):
        ways = ", ".join(map(repr, DELIVERIES))
        found = "nothing" if entry["type"] == "union_tag_not_found" else "something else"
        line = _line(text, [*names, "to"])
        return Fault(str(path), line, f"{field}.to", found, f"one of {ways}")
    expected = entry["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    # A secret that was written in place of its file or variable is not repeated.
    keeps = names[0] in ("alertmanager", "delivery")
    secret = keeps or (names[0] == "grafana" and _may_hold_secrets(names))
    found = "something else" if secret else repr(entry["input"])
    return Fault(str(path), line, field, found, expected)


def _place(loc: Sequence[str | int]) -> list[str]:
    """Where a fault is in the file; pydantic also says which way a delivery has."""
    tagged = loc[0] == "delivery" and len(loc) > _TAG and loc[_TAG] in DELIVERIES
    return [str(part) for index, part in enumerate(loc) if not (tagged and index == _TAG)]


def _field(names: list[str]) -> str:
    """A field as people write it: ``delivery[0].host``."""
    if names[0] != "delivery" or len(names) == 1:
        return ".".join(names)
    return ".".join([f"delivery[{names[1]}]", *names[2:]])


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
    if section[:1] == ["delivery"]:
        fields = DELIVERIES[section[_TAG]].model_fields
        return [field.alias or name for name, field in fields.items()]
    return list(models[".".join(section)].model_fields)


def _line(text: str, names: list[str]) -> int:
    """Where a field stands, or else the table that lacks it: tomllib does not say.

    So its section and key are looked for. A table of a list has its number for a name.
    """
    section: list[str] = []
    tables: dict[str, int] = {}
    lacking = 0
    for number, content in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*(\[\[?)([^\[\]]+)\]", content)
        if header:
            section = _section(header[1], header[2].strip(), tables)
            if section == names:
                return number
            if len(section) > 1 and section[-1].isdigit() and section == names[: len(section)]:
                lacking = number
        key = re.match(r"\s*([\w-]+)\s*=", content)
        if key and [*section, key[1]] == names[: len(section) + 1] and len(section) < len(names):
            return number
    return lacking


def _section(bracket: str, name: str, tables: dict[str, int]) -> list[str]:
    """The place that a header begins, where ``tables`` counts those of each list so far."""
    head, dot, tail = name.partition(".")
    if bracket == "[[":
        tables[name] = tables.get(name, -1) + 1
        return [*name.split("."), str(tables[name])]
    if dot and head in tables:
        return [head, str(tables[head]), *tail.split(".")]
    return name.split(".")
