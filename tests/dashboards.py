"""The generated dashboards, taken apart as Grafana does: panels, targets, variables put in."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

GENERATED = Path("generated/dashboards")
FILES = sorted(GENERATED.glob("*.json"))

_REFERENCE = re.compile(r"\$(?P<plain>[A-Za-z_]\w*)|\$\{(?P<braced>\w+)(?::\w+)?\}")
_SPECIAL = re.compile(r"[$^*{}\[\]'+?.()|]")
BUILT_IN = {
    "__rate_interval": "5m",
    "__interval": "1m",
    "__interval_ms": "60000",
    "__range": "86400s",
    "__range_s": "86400",
    "__range_ms": "86400000",
    "__from": "1700000000000",
    "__to": "1700086400000",
}

Values = Mapping[str, str | tuple[str, ...]]
"""What is chosen for each variable: one value, or any number of a variable that takes several."""


@dataclass(frozen=True)
class Target:
    """One expression of one panel."""

    dashboard: str
    panel: str
    kind: str
    ref: str
    expr: str

    def __str__(self) -> str:
        return f"{self.dashboard} / {self.panel} / {self.ref}"


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def panels_of(dashboard: dict) -> Iterator[dict]:
    """Every panel that shows something, those of collapsed rows among them."""
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            yield from panel.get("panels") or ()
        else:
            yield panel


def targets_of(dashboard: dict) -> Iterator[Target]:
    for panel in panels_of(dashboard):
        for target in panel.get("targets") or ():
            yield Target(
                dashboard["uid"], panel["title"], panel["type"], target["refId"], target["expr"]
            )


def variables_of(dashboard: dict) -> dict[str, dict]:
    return {one["name"]: one for one in dashboard["templating"]["list"]}


def annotation_exprs(dashboard: dict) -> list[str]:
    return [one["expr"] for one in dashboard["annotations"]["list"] if "expr" in one]


_LOOKUP = re.compile(r"label_values\((?P<selector>.+), *(?P<label>\w+)\)")


def lookups(dashboard: dict) -> list[str]:
    """What query variables look up, as expressions: the values of a label of some series.

    Raises:
        ValueError: A variable asks in another way.

    """
    found = []
    for one in variables_of(dashboard).values():
        if one["type"] == "query":
            asked = _LOOKUP.fullmatch(one["query"]["query"])
            if not asked:
                raise ValueError(one["query"]["query"])
            found.append(f"count by ({asked['label']}) ({asked['selector']})")
    return found


def names_in(text: str) -> set[str]:
    """Every variable that a text refers to; ``$1`` of label_replace is none."""
    return {m["plain"] or m["braced"] for m in _REFERENCE.finditer(text)}


def escaped(value: str) -> str:
    """A value inside of a regular expression inside of PromQL's quotes, as Grafana writes it."""
    doubled = value.replace("\\", "\\\\\\\\")
    return _SPECIAL.sub(lambda found: "\\\\" + found[0], doubled)


def put_in(text: str, values: Values, built_in: Mapping[str, str] = BUILT_IN) -> str:
    """A text with its variables' values: one as it is, several as ``(a|b)``, escaped.

    Raises:
        KeyError: Nobody knows the variable.

    """

    def value(found: re.Match[str]) -> str:
        name = found["plain"] or found["braced"]
        chosen = built_in[name] if name in built_in else values[name]
        if isinstance(chosen, str):
            return chosen
        every = [escaped(one) for one in chosen]
        return every[0] if len(every) == 1 else f"({'|'.join(every)})"

    return _REFERENCE.sub(value, text)


def sample_values(dashboard: dict) -> Values:
    """Something for each variable, where only the shape of an expression matters."""
    return {
        name: (".*" if one.get("includeAll") else "x")
        for name, one in variables_of(dashboard).items()
    }
