"""Panels, a function a kind; each wants texts, a unit and what it asks.

    stat(About("Open tickets", "What it means.", "What to do."), Display("short"), Query("..."))

Ids and places are the layout's: see ``slo.dashboards.layout``. Tables: ``slo.dashboards.table``.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from slo.dashboards import sdk
from slo.dashboards.display import DATASOURCE, RED
from slo.dashboards.query import at_the_end, over_range, referred

if TYPE_CHECKING:
    from slo.dashboards.display import About, Display
    from slo.dashboards.query import Query

LAST = "lastNotNull"
_LEGEND_FIGURES = [LAST, "mean", "max"]

_Builder = TypeVar(
    "_Builder",
    sdk.stat.Panel,
    sdk.gauge.Panel,
    sdk.bargauge.Panel,
    sdk.timeseries.Panel,
    sdk.piechart.Panel,
    sdk.table.Panel,
)


class Draw(Enum):
    """How series are drawn over time."""

    LINES = "lines"
    STEPS = "steps"
    STACKED_AREAS = "stacked areas"
    STACKED_BARS = "stacked bars"


def stat(about: About, display: Display, *queries: Query) -> sdk.models.Panel:
    """Big numbers, as they are at the end of the range; colour by threshold."""
    builder = dressed(sdk.stat.Panel(), about, display).targets([*at_the_end(queries)])
    builder.reduce_options(_last()).orientation(sdk.common_models.VizOrientation.AUTO)
    builder.color_mode(sdk.common_models.BigValueColorMode.VALUE)
    builder.graph_mode(sdk.common_models.BigValueGraphMode.NONE)
    builder.justify_mode(sdk.common_models.BigValueJustifyMode.AUTO)
    return builder.text_mode(sdk.common_models.BigValueTextMode.AUTO).build()


def name(about: About, display: Display, *queries: Query) -> sdk.models.Panel:
    """What a query's legend says, in big letters, instead of its number."""
    builder = dressed(sdk.stat.Panel(), about, display).targets([*at_the_end(queries)])
    builder.reduce_options(_last()).orientation(sdk.common_models.VizOrientation.AUTO)
    builder.color_mode(sdk.common_models.BigValueColorMode.NONE)
    builder.graph_mode(sdk.common_models.BigValueGraphMode.NONE)
    builder.justify_mode(sdk.common_models.BigValueJustifyMode.AUTO)
    return builder.text_mode(sdk.common_models.BigValueTextMode.NAME).build()


def gauge(about: About, display: Display, *queries: Query) -> sdk.models.Panel:
    """A dial from ``low`` to ``high``."""
    builder = dressed(sdk.gauge.Panel(), about, display).targets([*at_the_end(queries)])
    builder.reduce_options(_last()).orientation(sdk.common_models.VizOrientation.AUTO)
    return builder.show_threshold_labels(False).show_threshold_markers(True).build()


def bar_gauge(about: About, display: Display, *queries: Query) -> sdk.models.Panel:
    """A bar a series, one below the other."""
    builder = dressed(sdk.bargauge.Panel(), about, display).targets([*at_the_end(queries)])
    builder.reduce_options(_last()).orientation(sdk.common_models.VizOrientation.HORIZONTAL)
    return builder.display_mode(sdk.common_models.BarGaugeDisplayMode.BASIC).build()


def donut(about: About, display: Display, *queries: Query) -> sdk.models.Panel:
    """Shares of a whole, with values and percent in the legend."""
    builder = dressed(sdk.piechart.Panel(), about, display).targets([*at_the_end(queries)])
    builder.reduce_options(_last()).pie_type(sdk.piechart_models.PieChartType.DONUT)
    builder.color_scheme(_palette())
    shown = [sdk.piechart_models.PieChartLegendValues(v) for v in ("value", "percent")]
    legend = sdk.piechart.PieChartLegendOptions().values(shown).show_legend(True)
    legend.display_mode(sdk.common_models.LegendDisplayMode.TABLE)
    return builder.legend(legend.placement(sdk.common_models.LegendPlacement.BOTTOM)).build()


def timeseries(
    about: About, display: Display, *queries: Query, draw: Draw = Draw.LINES
) -> sdk.models.Panel:
    """Series over time; thresholds as dashed lines, figures in a table below."""
    builder = dressed(sdk.timeseries.Panel(), about, display).targets([*over_range(queries)])
    builder.color_scheme(_palette()).tooltip(_all_series()).legend(_legend())
    builder.show_points(sdk.common_models.VisibilityMode.AUTO).span_nulls(False)
    _drawn(builder, draw)
    dashed = sdk.common_models.GraphThresholdsStyleMode.DASHED
    off = sdk.common_models.GraphThresholdsStyleMode.OFF
    style = sdk.common.GraphThresholdsStyleConfig()
    builder.thresholds_style(style.mode(dashed if display.thresholds.steps else off))
    for ref, query in referred(queries):
        if own := _properties(query):
            builder.override_by_query(ref, own)
    return builder.build()


def note(title: str, markdown: str) -> sdk.models.Panel:
    """Text for people."""
    builder = sdk.text.Panel().title(title).mode(sdk.text_models.TextMode.MARKDOWN)
    return builder.content(markdown).build()


def dressed(builder: _Builder, about: About, display: Display) -> _Builder:
    """What every kind of panel has."""
    builder.title(about.title).description(about.description).datasource(DATASOURCE)
    builder.unit(display.unit).thresholds(display.thresholds.config).no_value(display.no_value)
    builder.color_scheme(sdk.dashboard.FieldColor().mode(sdk.models.FieldColorModeId.THRESHOLDS))
    if display.decimals is not None:
        builder.decimals(display.decimals)
    if display.low is not None:
        builder.min(display.low)
    if display.high is not None:
        builder.max(display.high)
    if display.words:
        builder.mappings(display.mappings)
    if display.links:
        builder.data_links([link.builder for link in display.links])
    return builder


def _last() -> sdk.common.ReduceDataOptions:
    return sdk.common.ReduceDataOptions().calcs([LAST]).fields("").values(False)


def _palette() -> sdk.dashboard.FieldColor:
    return sdk.dashboard.FieldColor().mode(sdk.models.FieldColorModeId.PALETTE_CLASSIC)


def _legend() -> sdk.common.VizLegendOptions:
    legend = sdk.common.VizLegendOptions().display_mode(sdk.common_models.LegendDisplayMode.TABLE)
    legend.placement(sdk.common_models.LegendPlacement.BOTTOM).show_legend(True)
    return legend.calcs(_LEGEND_FIGURES)


def _all_series() -> sdk.common.VizTooltipOptions:
    tooltip = sdk.common.VizTooltipOptions().mode(sdk.common_models.TooltipDisplayMode.MULTI)
    return tooltip.sort(sdk.common_models.SortOrder.DESCENDING)


def _drawn(builder: sdk.timeseries.Panel, draw: Draw) -> None:
    style = sdk.common_models.GraphDrawStyle
    stacked = sdk.common.StackingConfig().group("A").mode(sdk.common_models.StackingMode.NORMAL)
    match draw:
        case Draw.LINES:
            builder.draw_style(style.LINE).line_width(2).fill_opacity(0)
        case Draw.STEPS:
            builder.draw_style(style.LINE).line_width(2).fill_opacity(20)
            builder.line_interpolation(sdk.common_models.LineInterpolation.STEP_AFTER)
        case Draw.STACKED_AREAS:
            builder.draw_style(style.LINE).line_width(1).fill_opacity(60).stacking(stacked)
        case Draw.STACKED_BARS:
            builder.draw_style(style.BARS).line_width(1).fill_opacity(80).stacking(stacked)


def _properties(query: Query) -> list[sdk.models.DynamicConfigValue]:
    own = sdk.models.DynamicConfigValue
    found = []
    if query.right_unit:
        found += [own("unit", query.right_unit), own("custom.axisPlacement", "right")]
    if query.limit:
        found += [
            own("color", {"mode": "fixed", "fixedColor": RED}),
            own("custom.lineStyle", {"fill": "dash", "dash": [10, 10]}),
            own("custom.lineWidth", 1),
            own("custom.fillOpacity", 0),
            own("custom.stacking", {"mode": "none", "group": "A"}),
        ]
    return found
