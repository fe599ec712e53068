"""Names for those who do not see: ipywidgets gives the handles of its sliders none."""

from __future__ import annotations

from pathlib import Path

from anywidget import AnyWidget

_SCRIPT = Path(__file__).with_name("names.js")


class Names(AnyWidget):
    """Nothing to see: it lets a bench's sliders be read aloud, in whatever shows widgets."""

    _esm = _SCRIPT.read_text(encoding="utf-8")

    def __init__(self) -> None:
        super().__init__()
        self.layout.display = "none"
