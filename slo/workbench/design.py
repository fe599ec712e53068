"""Sliders over an objective and its burn rates: what they would have meant, at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from slo.errors import ConfigError
from slo.workbench.bench import WIDE, Bench, Failures, button, shown_as_html
from slo.workbench.course_view import CourseView
from slo.workbench.numbers import compared
from slo.workbench.policy_trial import objectives, policy_past, with_numbers
from slo.workbench.saving import Saving

if TYPE_CHECKING:
    from slo.figures.episodes import Row
    from slo.figures.theme import Figure
    from slo.model.samples import History
    from slo.model.slo import Slo
    from slo.model.span import Span
    from slo.project import Project
    from slo.workbench.policy_trial import PolicyPast

_HIGHEST = 300.0
_DIGITS = (*range(10, 30), *range(30, 60, 2), *range(60, 100, 5))


def design(project: Project, slo: Slo, history: History, *, interactive: bool = True) -> Any:  # noqa: ANN401
    """See what an objective and its burn rates would have meant while you drag them.

    Everything that costs time is computed once; a move replays the alerts over it. A click on an
    incident or an episode looks at it more closely, with all the points that there are. What you
    choose can be saved to the specification, its diff first.

    Args:
        project: Whose incidents judge, and whose specification is saved to.
        slo: The objective, with at least one alert.
        history: Raw samples.
        interactive: Whether somebody is there to move sliders; a plain figure if not.

    Raises:
        ConfigError: The objective has no alert to look at.
        SpecError: A file of incidents or exclusions has faults.
        NotEnoughData: The history holds no series of the indicator's total.

    """
    if not slo.policy.alerts:
        raise ConfigError(f"{slo.name} has no alert; give it one under alertPolicies")
    past = policy_past(project, slo, history)
    return Design(project, past) if interactive else past.tried(slo).drawn()[1]


class Design(Bench):
    """The workbench of one objective.

    Attributes:
        objective: The slider of the target.
        burn_rates: A slider for each alert, by its name.
        looked_at: Which alert's burn rates are drawn.
        numbers: What the specification does, and what is tried.
        back: Back to the specification's values.
        saving: The way into the specification.
        course: The figure.

    """

    def __init__(self, project: Project, past: PolicyPast) -> None:
        self._past, self._present = past, past.replayed.slo
        self._specified = self._trial = past.tried(self._present)
        self._still = False
        failures = Failures()
        guarding = failures.guarding
        self.objective = _objective_slider(self._present)
        self.burn_rates = {
            alert.name: _burn_rate_slider(alert.name, alert.factor)
            for alert in self._present.policy.alerts
        }
        self.looked_at = widgets.Dropdown(
            options=list(self.burn_rates),
            description="burn rates of",
            tooltip="the alert whose burn rates are drawn below",
            **WIDE,
        )
        self.looked_at.add_class("slobook-alert")
        self.numbers = shown_as_html("slobook-numbers")
        self.back = button(
            "Back to the specification's values", "slobook-back", "Undo every move",
            guarding(self._back),
        )  # fmt: skip
        self.saving = Saving(project, self._wanted, failures, self._saved)
        self.course = CourseView(self._drawn, past.replayed.span, failures)
        super().__init__(
            failures,
            [
                self.objective, *self.burn_rates.values(), self.numbers, self.looked_at,
                self.course.widget, widgets.HBox([self.back, self.course.whole]), self.saving,
            ],
        )  # fmt: skip
        self._say()
        self.objective.observe(guarding(self._moved), names="value")
        for name, slider in self.burn_rates.items():
            slider.observe(guarding(lambda _, name=name: self._moved_alert(name)), names="value")
        self.looked_at.observe(guarding(self._draw), names="value")

    @property
    def chosen(self) -> Slo:
        """The objective as the sliders have it."""
        factors = {name: slider.value for name, slider in self.burn_rates.items()}
        return with_numbers(self._present, self.objective.value, factors)

    def _moved_alert(self, name: str) -> None:
        # Who drags an alert wants to see its line.
        still, self._still = self._still, True
        self.looked_at.value = name
        self._still = still
        self._moved()

    def _moved(self, *_: object) -> None:
        if self._still:
            return
        self._trial = self._past.tried(self.chosen)
        self.saving.forget()
        self._say()
        self._draw()

    def _draw(self, *_: object) -> None:
        if not self._still:
            self.course.refresh()

    def _drawn(self, shown: Span | None) -> tuple[tuple[Row, ...], Figure]:
        return self._trial.drawn(self.looked_at.value, shown)

    def _say(self) -> None:
        tried = self._trial
        self.numbers.value = compared(
            self._present.title, self._specified.numbers, tried.numbers, tried.notes
        )

    def _back(self, _: object) -> None:
        self._still = True
        self.objective.value = self._present.objective
        for alert in self._present.policy.alerts:
            self.burn_rates[alert.name].value = alert.factor
        self._still = False
        self._moved()

    def _wanted(self) -> Slo:
        chosen = self.chosen
        if chosen == self._present:
            return chosen
        return replace(chosen, evidence=self._trial.evidence)

    def _saved(self, written: Slo) -> None:
        self._present = written
        self._specified = self._trial
        self._say()


def _objective_slider(slo: Slo) -> Any:  # noqa: ANN401  ipywidgets has no types
    made = widgets.SelectionSlider(
        options=[(str(one), one) for one in objectives(slo.objective)],
        value=slo.objective,
        description="objective",
        tooltip="share of good events that is promised",
        **WIDE,
    )
    made.add_class("slobook-objective")
    return made


def _burn_rate_slider(name: str, factor: float) -> Any:  # noqa: ANN401  ipywidgets has no types
    # A slider of floats would move to a multiple of its step by itself: no specified value is one.
    made = widgets.SelectionSlider(
        options=[(f"{one:g}x", one) for one in burn_rates(factor)],
        value=factor,
        description=f"{name} at",
        tooltip=f"burn rate above which {name} fires",
        **WIDE,
    )
    made.add_class("slobook-burn-rate")
    made.add_class(f"slobook-burn-rate-{name}")
    return made


def burn_rates(present: float) -> list[float]:
    """From 0.1 to 300 in steps of a few percent, as a person would write them, and the present."""
    steps = (float(f"{digits}e{power}") for power in (-2, -1, 0, 1) for digits in _DIGITS)
    return sorted({*(one for one in steps if one <= _HIGHEST), present})
