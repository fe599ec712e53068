"""Scenarios from small YAML files: what happens when, counted from the start.

start: 2026-10-05          # a date, in UTC
length: 4w
seed: 12                   # all that is left to chance
pods: 2
staging-pods: 1
traffic: 1.0               # times the usual 6,500 tickets a day
deployments: [1d10h]       # each week
surges:                    # each week: one more pod
- {at: 8h, lasts: 12h}
incidents:
- {kind: provider-outage, at: 1w4d14h20m, lasts: 55m, severity: 0.6}
gaps:                      # scrapes that are missing, of one pod or of all
- {at: 5d4h, lasts: 40m, pod: 1}
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from slo.errors import ConfigError, Fault, SpecError
from slo.model.duration import HOUR, WEEK, format_duration, parse_duration
from slo.model.span import Span, to_milliseconds
from slo.simulate.scenario import Gap, IncidentKind, PlannedIncident, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

_Location = tuple[str | int, ...]
"""Keys and list positions that lead to a field."""

_SAMPLES = files("slo.simulate") / "scenarios"
_SUFFIX = ".yaml"
_SHORTEST, _LONGEST = HOUR, 60 * WEEK
_YEARS = range(2000, 2100)
_EXPECTED = {
    "missing": "a value",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "tuple_type": "a list",
    "invalid_key": "the name of a field",
}
"""What fits better, by pydantic's name of the fault; others say so themselves."""


def _duration(value: object) -> int:
    try:
        milliseconds = parse_duration(value) if isinstance(value, str) else -1
    except ValueError:
        milliseconds = -1
    if milliseconds < 0:
        message = "a duration such as 1w4d14h20m"
        raise ValueError(message)
    return milliseconds


def _lasting(value: object) -> int:
    milliseconds = _duration(value)
    if not 0 < milliseconds <= _LONGEST:
        message = f"a duration above 0 and up to {format_duration(_LONGEST)}"
        raise ValueError(message)
    return milliseconds


def _length(value: object) -> int:
    milliseconds = _lasting(value)
    if milliseconds < _SHORTEST:
        message = f"a duration of {format_duration(_SHORTEST)} or more"
        raise ValueError(message)
    return milliseconds


def _date(value: object) -> datetime:
    # A moment is a date to Python; its hour would be lost.
    if isinstance(value, date) and not isinstance(value, datetime) and value.year in _YEARS:
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    message = f"a date such as 2026-10-05, from {_YEARS.start} to {_YEARS.stop - 1}"
    raise ValueError(message)


def _kind(value: object) -> object:
    if value not in get_args(IncidentKind):
        message = f"one of {', '.join(sorted(get_args(IncidentKind)))}"
        raise ValueError(message)
    return value


_Duration = Annotated[int, BeforeValidator(_duration)]
_Lasting = Annotated[int, BeforeValidator(_lasting)]
_Whole = Annotated[int, Field(strict=True)]
_Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class _Fields(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-")
    )


class _Surge(_Fields):
    at: _Duration
    lasts: _Lasting


class _Incident(_Fields):
    kind: Annotated[IncidentKind, BeforeValidator(_kind)]
    at: _Duration
    lasts: _Lasting
    severity: _Number = Field(gt=0, le=1)


class _Gap(_Fields):
    at: _Duration
    lasts: _Lasting
    pod: _Whole | None = Field(default=None, ge=0)


class _File(_Fields):
    start: Annotated[datetime, BeforeValidator(_date)]
    length: Annotated[int, BeforeValidator(_length)]
    seed: _Whole = Field(default=7, ge=0)
    pods: _Whole = Field(default=2, ge=1, le=20)
    staging_pods: _Whole = Field(default=0, ge=0, le=5)
    traffic: _Number = Field(default=1.0, gt=0, le=100)
    deployments: tuple[_Duration, ...] = ()
    surges: tuple[_Surge, ...] = ()
    incidents: tuple[_Incident, ...] = ()
    gaps: tuple[_Gap, ...] = ()

    @property
    def scenario(self) -> Scenario:
        weeks = range(0, self.length, WEEK)
        return Scenario(
            start=to_milliseconds(self.start),
            length=self.length,
            seed=self.seed,
            pods=self.pods,
            staging_pods=self.staging_pods,
            traffic=self.traffic,
            surges=tuple(
                Span(week + one.at, week + one.at + one.lasts)
                for week in weeks
                for one in self.surges
            ),
            deployments=tuple(week + at for week in weeks for at in self.deployments),
            incidents=tuple(
                PlannedIncident(one.kind, one.at, one.lasts, one.severity) for one in self.incidents
            ),
            gaps=tuple(Gap(one.at, one.lasts, one.pod) for one in self.gaps),
        )


def sample_scenarios() -> tuple[str, ...]:
    """The names of the scenarios that come with slobook."""
    names = (one.name for one in _SAMPLES.iterdir() if one.name.endswith(_SUFFIX))
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names))


def read_scenario(name: str) -> Scenario:
    """A scenario of ours by its name, or of a file.

    Raises:
        ConfigError: There is neither.
        SpecError: With everything in the file that does not fit.

    """
    if name in sample_scenarios():
        return _read(_SAMPLES / f"{name}{_SUFFIX}", name)
    path = Path(name)
    if not path.is_file():
        ours = ", ".join(sample_scenarios())
        raise ConfigError(f"there is no scenario {name!r}: expected a file, or one of {ours}")
    return _read(path, name)


def _read(file: Traversable, shown: str) -> Scenario:
    tree = _tree(file, shown)
    if not isinstance(tree, dict):
        expected = f"a mapping with the fields {', '.join(_fields(_File))}"
        found = "nothing" if tree is None else repr(tree)
        raise SpecError([Fault(shown, 0, "", found, expected)])
    try:
        read = _File.model_validate(tree)
    except ValidationError as error:
        faults = [_fault(shown, tree, entry) for entry in error.errors()]
        raise SpecError(faults) from None
    faults = [
        Fault(shown, _line(tree, location), _field(location), found, expected)
        for location, found, expected in _beyond(read)
    ]
    if faults:
        raise SpecError(faults)
    return read.scenario


def _tree(file: Traversable, shown: str) -> Any:  # noqa: ANN401  ruamel's nodes have no common type
    try:
        return YAML().load(file.read_text(encoding="utf-8-sig"))
    except RecursionError:
        raise SpecError([Fault(shown, 0, "", "fields nested too deeply", "YAML")]) from None
    # ruamel fails with ValueError on a date that no calendar has.
    except (OSError, YAMLError, ValueError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", -1) + 1
        reason = str(getattr(error, "problem", None) or error).partition("\n")[0]
        raise SpecError([Fault(shown, line, "", f"malformed text ({reason})", "YAML")]) from None


def _beyond(read: _File) -> Iterator[tuple[_Location, str, str]]:
    """What would never happen: plans after the end, gaps of pods that there are not."""
    end = f"a moment before the end at {format_duration(read.length)}"
    planned: dict[_Location, int] = {
        ("incidents", n, "at"): one.at for n, one in enumerate(read.incidents)
    }
    planned |= {("gaps", n, "at"): one.at for n, one in enumerate(read.gaps)}
    for location, at in planned.items():
        if at >= read.length:
            yield location, format_duration(at), end
    last = read.pods - 1 + bool(read.surges)
    for n, gap in enumerate(read.gaps):
        if gap.pod is not None and gap.pod > last:
            yield ("gaps", n, "pod"), str(gap.pod), f"a pod's number up to {last}"
    weekly: dict[_Location, int] = {
        ("surges", n, "at"): one.at for n, one in enumerate(read.surges)
    }
    weekly |= {("deployments", n): at for n, at in enumerate(read.deployments)}
    for location, at in weekly.items():
        if at >= WEEK:
            yield location, format_duration(at), "a moment of each week, before 7d"


def _fault(file: str, tree: Any, entry: Any) -> Fault:  # noqa: ANN401  ruamel's and pydantic's
    value, expected = entry["input"], entry["msg"].removeprefix("Value error, ")
    found = "nothing" if value is None else repr(value) if isinstance(value, str) else str(value)
    expected = _EXPECTED.get(entry["type"], expected.removeprefix("Input should be "))
    match entry["type"]:
        case "missing":
            found = "nothing"
        case "extra_forbidden":
            found, expected = "an unknown field", f"one of {', '.join(_known(entry['loc']))}"
        case "model_type":
            expected = f"a mapping with the fields {', '.join(_known((*entry['loc'], '')))}"
    return Fault(file, _line(tree, entry["loc"]), _field(entry["loc"]), found, expected)


def _field(location: _Location) -> str:
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def _known(location: _Location) -> list[str]:
    inner: dict[str, type[BaseModel]] = {
        "incidents": _Incident,
        "surges": _Surge,
        "gaps": _Gap,
    }
    return _fields(inner.get(str(location[0]), _File) if len(location) > 1 else _File)


def _fields(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _line(tree: Any, location: _Location) -> int:  # noqa: ANN401
    """The line of a field, or of the nearest one around it that is written."""
    line, here = 1, tree
    for step in location:
        try:
            marks = here.lc
            at = marks.item(step) if isinstance(step, int) else marks.key(step)
            line, here = at[0] + 1, here[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return int(line)
