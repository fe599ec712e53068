"""What people read off a panel: its texts, unit, colours, words for numbers, and links onwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from slo.dashboards import sdk

if TYPE_CHECKING:
    from collections.abc import Mapping

GREEN, YELLOW, ORANGE, RED = "green", "yellow", "orange", "red"
BLUE, GREY = "blue", "#8e8e8e"
"""Colours of Grafana; what they say is always said in words or by a threshold's line as well."""

NO_DATA = "no data"
INSUFFICIENT_DATA = "insufficient data"

DATASOURCE = sdk.common_models.DataSourceRef(type_val="prometheus", uid="${datasource}")
"""Whatever Prometheus the reader has chosen; never a literal uid, which differs per Grafana."""


@dataclass(frozen=True)
class About:
    """A panel's texts.

    Attributes:
        title: A few words.
        meaning: What the panel shows, in a sentence or two.
        action: What to do about it.

    """

    title: str
    meaning: str
    action: str

    @property
    def description(self) -> str:
        """Markdown that Grafana shows at the panel's corner."""
        return f"{self.meaning}\n\n**What to do:** {self.action}"


@dataclass(frozen=True)
class Thresholds:
    """Colours by value.

    Attributes:
        first: The colour below the first step.
        steps: Values in rising order, each with the colour from there on.

    """

    first: str
    steps: tuple[tuple[float, str], ...] = ()

    def __post_init__(self) -> None:
        values = [value for value, _ in self.steps]
        if values != sorted(set(values)):
            message = f"thresholds rise from step to step; these do not: {values}"
            raise ValueError(message)

    @property
    def config(self) -> sdk.dashboard.ThresholdsConfig:
        """For Grafana, whose first step has no value."""
        first = sdk.models.Threshold(None, self.first)
        steps = [first, *(sdk.models.Threshold(float(value), c) for value, c in self.steps)]
        mode = sdk.models.ThresholdsMode.ABSOLUTE
        return sdk.dashboard.ThresholdsConfig().mode(mode).steps(steps)


PLAIN = Thresholds(BLUE)
"""For numbers of which none is good or bad."""


def worse_above(*, critical: float, warning: float | None = None) -> Thresholds:
    """Green, then yellow from a warning's value, then red from a critical one's."""
    steps = () if warning is None else ((warning, YELLOW),)
    return Thresholds(GREEN, (*steps, (critical, RED)))


def worse_below(*, critical: float, warning: float | None = None) -> Thresholds:
    """Red below a critical value, yellow below a warning's, green above."""
    if warning is None:
        return Thresholds(RED, ((critical, GREEN),))
    return Thresholds(RED, ((critical, YELLOW), (warning, GREEN)))


@dataclass(frozen=True)
class Word:
    """What stands in place of a number.

    Attributes:
        value: The number; None for no number at all, NaN included.
        text: The word.
        color: Its colour.

    """

    value: float | None
    text: str
    color: str


@dataclass(frozen=True)
class Link:
    """To another dashboard, with the stretch of time and variables kept.

    Attributes:
        title: What it says.
        uid: The other dashboard's.
        kept: Variables of this dashboard that the other one has as well.
        given: The other's variables that are set, such as ``${__data.fields.slo}``.

    """

    title: str
    uid: str
    kept: tuple[str, ...] = ("datasource", "environment")
    given: Mapping[str, str] | None = None

    @property
    def address(self) -> str:
        """Relative to Grafana, wherever that is."""
        kept = [f"${{{name}:queryparam}}" for name in self.kept]
        given = [
            f"var-{name}={value if value.startswith('$') else quote(value, safe='')}"
            for name, value in (self.given or {}).items()
        ]
        return f"/d/{self.uid}?" + "&".join(["${__url_time_range}", *kept, *given])

    @property
    def builder(self) -> sdk.dashboard.DashboardLink:
        """For a panel's values."""
        return sdk.dashboard.DashboardLink(self.title).url(self.address)


@dataclass(frozen=True)
class Display:
    """How a panel shows values.

    Attributes:
        unit: Grafana's id of it, such as ``percentunit`` for ratios.
        decimals: Digits after the point; Grafana chooses if None.
        low: Where the axis or the bar begins.
        high: Where it ends.
        thresholds: Colours by value, from the specifications.
        words: What stands in place of some numbers.
        links: Where a click on a value leads.
        no_value: What stands where there is nothing.

    """

    unit: str
    decimals: int | None = None
    low: float | None = None
    high: float | None = None
    thresholds: Thresholds = PLAIN
    words: tuple[Word, ...] = ()
    links: tuple[Link, ...] = ()
    no_value: str = NO_DATA

    @property
    def mappings(self) -> list[sdk.models.ValueMapping]:
        """The words, for Grafana: of numbers first, then of what is no number."""
        results = {
            f"{word.value:g}": sdk.models.ValueMappingResult(word.text, word.color, index=index)
            for index, word in enumerate(self.words)
            if word.value is not None
        }
        found: list[sdk.models.ValueMapping] = [sdk.models.ValueMap(results)] if results else []
        for index, word in enumerate(self.words):
            if word.value is None:
                result = sdk.models.ValueMappingResult(word.text, word.color, index=index)
                match = sdk.models.SpecialValueMatch.NULL_AND_NAN
                options = sdk.models.DashboardSpecialValueMapOptions(match, result)
                found.append(sdk.models.SpecialValueMap(options))
        return found
