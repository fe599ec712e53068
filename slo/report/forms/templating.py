"""Templates of forms: what they are given stays text."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from slo.report.looks import LOOKS, SIGNS


def rendered(template: str, **context: Any) -> str:  # noqa: ANN401  the template's
    """A template of this package as HTML, which knows how states look.

    Args:
        template: Its name.
        context: What else it asks for.

    """
    return _templates().get_template(template).render(looks=LOOKS, signs=SIGNS, **context)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("slo.report.forms"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
