"""The figures of a page, as its script draws them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from slo.figures.javascript import as_script, drawing, plotly_javascript
from slo.figures.theme import FITTING
from slo.webpage.policy import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.figures.theme import Figure


@dataclass(frozen=True)
class Figures:
    """What is drawn on a page, and with what.

    Attributes:
        drawn: Figures by the id of the element that each is drawn in.
        plotly: Address of the file of plotly.js, relative to the page; empty where the page holds
            plotly.js itself, five megabytes.
        narrow: Windows of less pixels get smaller letters.
        margins: Margins in such windows, in pixels by ``l``, ``r``, ``t``, ``b``.
        paper: Width on paper, in pixels; 0 leaves figures as wide as they are.

    """

    drawn: Mapping[str, Figure]
    plotly: str = ""
    narrow: int = 600
    margins: Mapping[str, int] = field(default_factory=dict)
    paper: int = 0

    @property
    def held(self) -> str:
        """The text of plotly.js where the page holds it; else empty."""
        return "" if self.plotly else plotly_javascript()

    @property
    def file(self) -> str:
        """Name of the file of plotly.js; empty where the page holds it."""
        return PurePosixPath(self.plotly).name

    def as_json(self) -> str:
        """What is drawn, for a script element of type JSON."""
        drawn: dict[str, Any] = {name: drawing(one) for name, one in self.drawn.items()}
        return as_script(
            {
                "config": {**FITTING, "displayModeBar": False},
                "narrow": {"below": self.narrow, "margins": dict(self.margins)},
                "paper": self.paper,
                "figures": drawn,
            }
        )

    def where_plotly_is(self) -> str:
        """The file and its hash as JSON, null where the page holds plotly.js.

        It stands in the text of the script that loads the file, so the policy's hash covers it.
        """
        if not self.plotly:
            return "null"
        return as_script({"src": self.plotly, "integrity": digest(plotly_javascript())})
