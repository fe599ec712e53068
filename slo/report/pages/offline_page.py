"""A page as one file that opens from disk, asks nobody for anything, and prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from slo.figures.javascript import (
    as_script,
    content_security_policy,
    drawing,
    plotly_javascript,
)
from slo.figures.theme import CONFIG
from slo.model.duration import format_duration
from slo.report import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.figures.theme import Figure

_FILTERS = {
    "beside": wording.percent_beside,
    "count": wording.count,
    "day": wording.day,
    "dollars": wording.dollars,
    "duration": wording.duration,
    "instant": wording.instant,
    "minutes": wording.minutes,
    "more": wording.more_dollars,
    "percent": wording.percent,
    "points": wording.points,
    "share_more": wording.percent_more,
    "unit": wording.unit_dollars,
    "window": format_duration,
}


def offline_page(template: str, figures: Mapping[str, Figure], **context: Any) -> str:  # noqa: ANN401  the template's
    """A template as HTML, with plotly.js, five megabytes.

    Args:
        template: Its name among this package's.
        figures: By the id of the element that each is drawn in.
        context: What else the template asks for.

    """
    environment = Environment(
        loader=PackageLoader("slo.report.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= _FILTERS
    plotly, draw = plotly_javascript(), _source(environment, "report.js")
    drawings = {name: drawing(figure) for name, figure in figures.items()}
    return environment.get_template(template).render(
        plotly=plotly,
        draw=draw,
        figures=as_script({"config": {**CONFIG, "displayModeBar": False}, "figures": drawings}),
        policy=content_security_policy(plotly, draw),
        **context,
    )


def _source(environment: Environment, name: str) -> str:
    """A template's text as it is: a script's hash is over every character."""
    loader = environment.loader
    return loader.get_source(environment, name)[0] if loader else ""
