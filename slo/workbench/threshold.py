"""Sliders over an alert's threshold and durations: what it would have called for, at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import numpy as np

from slo.backtest import replay_alerts
from slo.figures.alert_course import computed, figure
from slo.figures.reduce import drawn
from slo.model.duration import HOUR, MINUTE, format_duration
from slo.workbench.bench import WIDE, Bench, Failures, button, shown_as_html
from slo.workbench.course_view import CourseView
from slo.workbench.numbers import as_duration, as_part, as_rate, as_share, compared
from slo.workbench.saving import Saving

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.backtest import AlertBacktest, AlertReplay
    from slo.figures.episodes import Row
    from slo.figures.theme import Figure
    from slo.model.samples import History
    from slo.model.service_alert import ServiceAlert
    from slo.model.span import Span
    from slo.project import Project

_DURATIONS = (*(minutes * MINUTE for minutes in (0, 1, 2, 3, 5, 10, 15, 20, 30, 45)), HOUR)
_DIGITS = 2


def threshold(
    project: Project, one: ServiceAlert, history: History, *, interactive: bool = True
) -> Any:  # noqa: ANN401  a widget, or a figure where there is nobody to move it
    """See what an alert on a threshold would have called for while you drag it.

    The measure stands beside its distribution. A move of the threshold, of ``for`` or of how long
    it keeps firing replays the alert; incidents are those that name its signal, or none at all.

    Args:
        project: Whose incidents judge, and whose specification is saved to.
        one: The alert.
        history: Raw samples.
        interactive: Whether somebody is there to move sliders; a plain figure if not.

    Raises:
        SpecError: A file of incidents or exclusions has faults.
        NotEnoughData: The history holds none of the series that the alert reads.

    """
    past = _past(project, one, history)
    if interactive:
        return Threshold(project, one, past)
    return AlertTrial(one, past.backtest((one.alert,))).drawn()[1]


@dataclass(frozen=True, eq=False)
class AlertTrial:
    """One alert on a threshold, tried on the past.

    Attributes:
        one: What was tried.
        result: What it would have done.

    """

    one: ServiceAlert
    result: AlertBacktest

    @property
    def numbers(self) -> dict[str, str]:
        """What people compare, by its name."""
        score = self.result.score(self.one.name)
        return {
            "alert": str(self.one.alert),
            "incidents caught (recall)": as_part(score.detected, score.incidents),
            "calls a week": as_rate(score.episodes_a_week),
            "calls without an incident": as_part(
                score.episodes - score.true_episodes, score.episodes
            ),
            "detection time (median)": as_duration(score.detection_median),
            "time in alert": as_share(score.time_in_alert),
        }

    def drawn(self, shown: Span | None = None) -> tuple[tuple[Row, ...], Figure]:
        """The rows of its timeline, and its figure."""
        found = computed(self.result, self.one.unit, shown)
        return found.rows, figure(found)


class Threshold(Bench):
    """The workbench of one alert on a threshold.

    Attributes:
        threshold: The slider of the threshold, as fine as the measure is dense.
        hold: The slider of ``for``.
        keep: The slider of how long it keeps firing.
        numbers: What the specification does, and what is tried.
        back: Back to the specification's values.
        saving: The way into the specification.
        course: The figure.

    """

    def __init__(self, project: Project, one: ServiceAlert, past: AlertReplay) -> None:
        self._past, self._present = past, one
        self._specified = self._trial = self._tried(one)
        self._still = False
        failures = Failures()
        guarding = failures.guarding
        alert = one.alert
        values = drawn(past.values[alert.measure, alert.long])
        self.threshold = _slider(
            f"fires at {alert.comparison}", "the threshold", "slobook-threshold", alert.threshold,
            [(f"{level:.6g}", level) for level in levels(values, alert.threshold)],
        )  # fmt: skip
        self.hold = _slider(
            "for", "how long that must last before it fires", "slobook-for", alert.hold,
            _durations(alert.hold),
        )  # fmt: skip
        self.keep = _slider(
            "keeps firing for", "how long it fires on when that is over", "slobook-keep",
            alert.keep_firing, _durations(alert.keep_firing),
        )  # fmt: skip
        self.numbers = shown_as_html("slobook-numbers")
        self.back = button(
            "Back to the specification's values", "slobook-back", "Undo every move",
            guarding(self._back),
        )  # fmt: skip
        self.saving = Saving(project, lambda: self.chosen, failures, self._saved)
        self.course = CourseView(self._drawn, past.span, failures)
        sliders = [self.threshold, self.hold, self.keep]
        super().__init__(
            failures,
            [
                *sliders, self.numbers, self.course.widget,
                widgets.HBox([self.back, self.course.whole]), self.saving,
            ],
        )  # fmt: skip
        self._say()
        for slider in sliders:
            slider.observe(guarding(self._moved), names="value")

    @property
    def chosen(self) -> ServiceAlert:
        """The alert as the sliders have it."""
        return replace(
            self._present,
            alert=replace(
                self._present.alert,
                threshold=self.threshold.value,
                hold=self.hold.value,
                keep_firing=self.keep.value,
            ),
        )

    def _tried(self, one: ServiceAlert) -> AlertTrial:
        return AlertTrial(one, self._past.backtest((one.alert,)))

    def _drawn(self, shown: Span | None) -> tuple[tuple[Row, ...], Figure]:
        return self._trial.drawn(shown)

    def _moved(self, *_: object) -> None:
        if self._still:
            return
        self._trial = self._tried(self.chosen)
        self.saving.forget()
        self._say()
        self.course.refresh()

    def _say(self) -> None:
        self.numbers.value = compared(
            self._present.name, self._specified.numbers, self._trial.numbers
        )

    def _back(self, _: object) -> None:
        alert = self._present.alert
        self._still = True
        self.threshold.value, self.hold.value = alert.threshold, alert.hold
        self.keep.value = alert.keep_firing
        self._still = False
        self._moved()

    def _saved(self, written: ServiceAlert) -> None:
        self._present, self._specified = written, self._trial
        self._say()


def levels(values: Iterable[float], present: float) -> list[float]:
    """Thresholds with few digits, dense where the measure is, and the present one; rising."""
    measured = np.asarray(values, dtype=np.float64)
    finite = measured[np.isfinite(measured)]
    if not finite.size:
        return [present]
    spread = np.concatenate(
        [np.quantile(finite, np.linspace(0, 1, 120)), np.linspace(finite.min(), finite.max(), 80)]
    )
    return sorted({*(float(f"{value:.{_DIGITS}g}") for value in spread), present})


def _past(project: Project, one: ServiceAlert, history: History) -> AlertReplay:
    truth = project.alert_truth(one, history.span)
    return replay_alerts(
        [one.alert],
        history,
        truth.incidents,
        project.interval,
        exclusions=truth.exclusions,
        time_zone=project.configuration.project.time_zone,
    )


def _durations(present: int) -> list[tuple[str, int]]:
    return [(format_duration(one) if one else "0m", one) for one in sorted({*_DURATIONS, present})]


def _slider(
    description: str, tooltip: str, name: str, value: float, options: list[tuple[str, Any]]
) -> Any:  # noqa: ANN401  ipywidgets has no types
    made = widgets.SelectionSlider(
        options=options, value=value, description=description, tooltip=tooltip, **WIDE
    )
    made.add_class(name)
    return made
