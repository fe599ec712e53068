"""What all workbenches share: a column of widgets that shows its failures, and says what it is."""

from __future__ import annotations

import traceback
from functools import wraps
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from slo.errors import SloError
from slo.workbench.names import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

WIDE = {"style": {"description_width": "11em"}, "layout": {"width": "40em"}}
"""Sliders whose descriptions are read whole."""


class Failures(widgets.Output):  # type: ignore[misc]  # ipywidgets has no types
    """Where a widget's failures appear: Jupyter writes those of callbacks into a log."""

    def __init__(self) -> None:
        super().__init__()
        self.outputs: tuple[dict[str, Any], ...] = ()
        self.add_class("slobook-failures")

    def guarding(self, call: Callable[..., None]) -> Callable[..., None]:
        """The same call, whose failure is shown; the next success takes it away."""

        @wraps(call)
        def guarded(*arguments: Any) -> None:  # noqa: ANN401  whatever the call takes
            try:
                call(*arguments)
            except SloError as error:
                self._show(_message(str(error)))
            except Exception as error:  # noqa: BLE001  whatever it is, somebody must see it
                self._show(_traceback(error))
            else:
                self.outputs = ()

        return guarded

    def _show(self, output: dict[str, Any]) -> None:
        self.outputs = (output,)


class Bench(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A column of widgets; readers that have none of them see a summary as HTML.

    Attributes:
        failures: What went wrong in the last callback.

    """

    def __init__(self, failures: Failures, children: Iterable[Any]) -> None:
        super().__init__([*children, failures, Names()])
        self.failures = failures
        self.add_class("slobook-workbench")

    @property
    def summary(self) -> str:
        """What is on the screen, as HTML without widgets."""
        numbers = [one.value for one in self.children if isinstance(one, widgets.HTML)]
        return "".join(numbers)

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:  # noqa: ANN401  Jupyter's
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        note = "<p>Run the notebook in JupyterLab to move the sliders.</p>"
        return {**bundle, "text/html": self.summary + note}


def shown_as_html(name: str) -> Any:  # noqa: ANN401  ipywidgets has no types
    """An empty piece of HTML with a class of its own."""
    made = widgets.HTML()
    made.add_class(name)
    return made


def button(text: str, name: str, tooltip: str, call: Callable[..., None], **how: str) -> Any:  # noqa: ANN401
    """A button that is as wide as its text, with a class of its own."""
    made = widgets.Button(
        description=text,
        tooltip=tooltip,
        layout={"width": "auto", "align_self": "flex-start"},
        **how,
    )
    made.add_class(name)
    made.on_click(call)
    return made


def _message(text: str) -> dict[str, Any]:
    lines = escape(text).replace("\n", "<br>")
    html = f'<p role="alert" class="slobook-refusal"><strong>Not done.</strong> {lines}</p>'
    return {
        "output_type": "display_data",
        "data": {"text/html": html, "text/plain": f"Not done. {text}"},
        "metadata": {},
    }


def _traceback(error: Exception) -> dict[str, Any]:
    return {
        "output_type": "error",
        "ename": type(error).__name__,
        "evalue": str(error),
        "traceback": traceback.format_exception(error),
    }
