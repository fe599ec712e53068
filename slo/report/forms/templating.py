"""Templates of forms: what they are given stays text."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from slo.report.forms.digest import LOOKS, SIGNS


def rendered(template: str, **context: Any) -> str:  # noqa: ANN401  the template's
    """A template of this package as HTML, which knows how states look.

    Args:
        template: Its name.
        context: What else it asks for.

    """
    environment = Environment(
        loader=PackageLoader("slo.report.forms"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(looks=LOOKS, signs=SIGNS, **context)
