"""Variables: which values are chosen, and how they go into expressions, as Grafana does it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from slo.errors import ConfigError
from slo.model.duration import format_duration
from slo.preview.reads import ANYTHING
from slo.preview.time_range import rate_interval

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from slo.model.grid import Grid
    from slo.model.samples import Series
    from slo.model.span import Span
    from slo.preview.dashboard import Dashboard, Variable

    Ask = Callable[[str], tuple[Series, ...]]
    """What an expression is at the end of the shown range."""

_EVERYTHING = '{__name__!=""}'
_MENTION = re.compile(r"\$(\w+)|\$\{(\w+)(?:\.\w+)?(?::([^}]*))?\}|\[\[(\w+)(?::(\w+))?\]\]")
_LABEL_VALUES = re.compile(r"label_values\(\s*(?:(?P<of>.+),)?\s*(?P<label>\w+)\s*\)", re.DOTALL)
_QUERY_RESULT = re.compile(r"query_result\((?P<expr>.+)\)", re.DOTALL)
_METRICS = re.compile(r"metrics\((?P<pattern>.+)\)", re.DOTALL)
_OPTION = re.compile(r"(?<!\\),")
_SPECIAL = re.compile(r"[\\^$*+?.()|{}\[\]]")


def _alternatives(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"({'|'.join(values)})"


def _braced(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else "{" + ",".join(values) + "}"


_FORMS: dict[str, Callable[[Sequence[str]], str]] = {
    "raw": _braced,
    "glob": _braced,
    "queryparam": "&".join,
    "csv": ",".join,
    "pipe": "|".join,
    "regex": lambda values: _alternatives([_SPECIAL.sub(r"\\\g<0>", one) for one in values]),
    "doublequote": lambda values: ",".join(f'"{one}"' for one in values),
    "singlequote": lambda values: ",".join(f"'{one}'" for one in values),
}
"""Grafana's formats of ``${name:format}``."""


@dataclass(frozen=True)
class Choice:
    """What a variable stands for.

    Attributes:
        variable: The variable.
        values: Those that are chosen; empty where there are none to choose from.
        all: All are.

    """

    variable: Variable
    values: tuple[str, ...]
    all: bool = False

    @property
    def shown(self) -> str:
        """For people."""
        if self.all:
            return "All"
        return ", ".join(self.values) or "(no values)"

    def written(self, form: str) -> str:
        """As an expression holds it, in one of Grafana's formats; empty for that of PromQL."""
        if form == "text":
            return " + ".join(self.values) if not self.all else "All"
        if self.all and self.variable.all_value:
            return self.variable.all_value
        if form in _FORMS:
            return _FORMS[form](self.values)
        if self.variable.multi or self.variable.include_all:
            # PromQL reads a string first, then a regular expression: both are escaped.
            return _alternatives([_SPECIAL.sub(r"\\\\\g<0>", one) for one in self.values])
        return "".join(one.replace("\\", "\\\\").replace('"', '\\"') for one in self.values)


@dataclass(frozen=True)
class Substitution:
    """Puts values in the place of variables.

    Attributes:
        choices: By the variable's name.
        span: The shown range.

    """

    choices: Mapping[str, Choice]
    span: Span

    def into(self, text: str, grid: Grid | None = None) -> str:
        """A text with every known variable replaced; others stay, and a server will complain.

        Args:
            text: PromQL, a title, a link.
            grid: The instants that are asked about: the step and what follows from it.

        """
        built_in = self._built_in(grid)

        def put(found: re.Match[str]) -> str:
            name = found[1] or found[2] or found[4]
            if name in built_in:
                return built_in[name]
            if name in self.choices:
                return self.choices[name].written(found[3] or found[5] or "")
            return found[0]

        return _MENTION.sub(put, text)

    def for_people(self, text: str) -> str:
        """A title or a text, with what people call the values."""

        def put(found: re.Match[str]) -> str:
            name = found[1] or found[2] or found[4]
            known = name in self.choices
            return self.choices[name].shown if known else self._built_in(None).get(name, found[0])

        return _MENTION.sub(put, text)

    def _built_in(self, grid: Grid | None) -> dict[str, str]:
        seconds = round(self.span.length / 1000)
        known = {
            "__range": f"{seconds}s",
            "__range_s": str(seconds),
            "__range_ms": str(self.span.length),
            "__from": str(self.span.start),
            "__to": str(self.span.end),
        }
        if grid:
            known |= {
                "__interval": format_duration(grid.step),
                "__interval_ms": str(grid.step),
                "__rate_interval": format_duration(rate_interval(grid.step)),
                "__rate_interval_ms": str(rate_interval(grid.step)),
            }
        return known


def superset(dashboard: Dashboard, span: Span) -> Substitution:
    """Every variable that is asked for stands for whatever may be chosen."""
    return Substitution({one.name: _open(one) for one in dashboard.variables}, span)


def _open(variable: Variable) -> Choice:
    if not _is_asked(variable):
        return chosen(variable, _listed(variable), ())
    return Choice(replace(variable, all_value=ANYTHING), (), all=True)


def _is_asked(variable: Variable) -> bool:
    return variable.kind == "query"


def choose(
    dashboard: Dashboard, span: Span, wanted: Mapping[str, Sequence[str]], ask: Ask
) -> Substitution:
    """Choose values of all variables, in the dashboard's order.

    What is wanted, else what the dashboard was saved with, else All, else the first value.

    Args:
        dashboard: The dashboard.
        span: The shown range.
        wanted: Values by variables' names; others are left alone.
        ask: What an expression is at the end of the range.

    Raises:
        ConfigError: A wanted value does not exist.

    """
    choices: dict[str, Choice] = {}
    for one in dashboard.variables:
        made = Substitution(choices, span)
        values = _results(one, made.into(one.query), ask) if _is_asked(one) else _listed(one)
        choices[one.name] = chosen(one, values, tuple(wanted.get(one.name, ())))
    return Substitution(choices, span)


def chosen(variable: Variable, values: Sequence[str], wanted: Sequence[str]) -> Choice:
    """Which of a variable's values are chosen.

    Raises:
        ConfigError: A wanted value is none of them.

    """
    everything = Choice(variable, tuple(values), all=True)
    if wanted:
        if variable.include_all and [one.lower() for one in wanted] == ["all"]:
            return everything
        unknown = [one for one in wanted if one not in values]
        if unknown and variable.kind in ("query", "custom"):
            raise ConfigError(
                f"--var {variable.name}: found {', '.join(unknown)}, expected "
                + (", ".join(values) or "nothing, as the query has no values")
            )
        return Choice(variable, tuple(wanted))
    saved = tuple(one for one in variable.chosen if one in values)
    if saved:
        return Choice(variable, saved)
    if variable.include_all:
        return everything
    return Choice(variable, tuple(values[:1]))


def _listed(variable: Variable) -> list[str]:
    """Values that stand in the dashboard itself."""
    match variable.kind:
        case "custom" | "interval":
            parts = [part.strip() for part in _OPTION.split(variable.query)]
            return [part.split(" : ")[-1].strip().replace("\\,", ",") for part in parts if part]
        case "datasource":
            return [one for one in variable.chosen if one] or [variable.query or "default"]
        case _:
            return [variable.query or "".join(variable.chosen)]


def _results(variable: Variable, query: str, ask: Ask) -> list[str]:
    """Values of a query, filtered by its regex, each once."""
    found = _asked(query, ask)
    if variable.regex:
        pattern = re.compile(variable.regex.strip("/").replace("(?<", "(?P<"))
        matches = [pattern.search(one) for one in found]
        found = [match[1] if match.groups() else match[0] for match in matches if match]
    return list(dict.fromkeys(one for one in found if one))


def _asked(query: str, ask: Ask) -> list[str]:
    if labelled := _LABEL_VALUES.fullmatch(query.strip()):
        label = labelled["label"]
        rows = ask(f"group by ({label}) ({labelled['of'] or _EVERYTHING})")
        return sorted(dict(one.labels).get(label, "") for one in rows)
    if result := _QUERY_RESULT.fullmatch(query.strip()):
        return [f"{one} {one.values[-1]:g} {one.times[-1]}" for one in ask(result["expr"])]
    if metrics := _METRICS.fullmatch(query.strip()):
        rows = ask(f'group by (__name__) ({{__name__=~".*{metrics["pattern"]}.*"}})')
        return sorted(one.metric for one in rows)
    raise ConfigError(
        f"variable query: found {query!r}, expected label_values(), query_result() or metrics()"
    )


def asked_expression(query: str) -> str:
    """The expression that a variable's query looks at; empty for whatever else."""
    for syntax, group in ((_LABEL_VALUES, "of"), (_QUERY_RESULT, "expr")):
        if found := syntax.fullmatch(query.strip()):
            return found[group] or ""
    return ""
