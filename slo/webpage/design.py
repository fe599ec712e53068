"""How the pages of a package are made of its templates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from slo.webpage.policy import content_security_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from slo.webpage.figures import Figures


@dataclass(frozen=True)
class Design:
    """What the pages of a package have in common.

    Attributes:
        package: Its folder ``templates`` holds templates that extend ``webpage.html``, by the
            blocks ``title`` and ``body``.
        style: Name of the style sheet among them.
        script: Name of a script beside the one that draws; empty for none.
        filters: What templates may call.

    """

    package: str
    style: str
    script: str = ""
    filters: Mapping[str, Callable[..., Any]] = field(default_factory=dict)

    def page(self, template: str, figures: Figures | None = None, **context: Any) -> str:  # noqa: ANN401  the template's
        """A template as a page: HTML that runs its own scripts, and fetches plotly.js at most.

        Args:
            template: Its name.
            figures: What is drawn; None for a page without scripts.
            context: What else the template asks for.

        """
        made = self._environment()
        scripts = self._scripts(made, figures) if figures else ()
        loads = bool(figures and figures.plotly)
        return made.get_template(template).render(
            style=self.style,
            scripts=scripts,
            figures=figures,
            policy=content_security_policy(*scripts, loads=loads),
            **context,
        )

    def _environment(self) -> Environment:
        made = Environment(
            loader=ChoiceLoader([PackageLoader(self.package), PackageLoader("slo.webpage")]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.filters |= self.filters
        return made

    def _scripts(self, made: Environment, figures: Figures) -> tuple[str, ...]:
        """Texts to the character: the policy has their hashes."""
        draw = made.get_template("figures.js").render(plotly=figures.where_plotly_is())
        own = made.get_template(self.script).render() if self.script else ""
        return tuple(script for script in (figures.held, draw, own) if script)
