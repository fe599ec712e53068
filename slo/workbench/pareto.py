"""A point of the Pareto front, chosen: its alerts, what they would have done, their diff."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from slo.figures.live import LiveFigure
from slo.figures.pareto_front import choices, pareto_front
from slo.workbench.bench import WIDE, Bench, Failures, shown_as_html
from slo.workbench.course_view import CourseView
from slo.workbench.numbers import as_rate, as_share, compared
from slo.workbench.policy_trial import policy_past
from slo.workbench.saving import Saving

if TYPE_CHECKING:
    from slo.figures.episodes import Row
    from slo.figures.pareto_front import Choice
    from slo.figures.theme import Figure
    from slo.model.samples import History
    from slo.model.slo import Slo
    from slo.model.span import Span
    from slo.project import Project
    from slo.tune.study import Study
    from slo.workbench.policy_trial import PolicyPast


def pareto(project: Project, study: Study, history: History, *, interactive: bool = True) -> Any:  # noqa: ANN401  a widget, or a figure where there is nobody to choose
    """Choose a policy of a study by a click on its point, or from a list.

    Its alerts are replayed beside those of the specification, and can be saved, the diff first.

    Args:
        project: Whose incidents judge, and whose specification is saved to.
        study: A search's answer.
        history: Raw samples that the study was made of.
        interactive: Whether somebody is there to choose; the plain front if not.

    Raises:
        SpecError: A file of incidents or exclusions has faults.
        NotEnoughData: The history holds no series of the indicator's total.

    """
    if not interactive:
        return pareto_front(study)
    policies = [choice.policy for trace in choices(study) for choice in trace]
    return Pareto(project, study, policy_past(project, study.slo, history, policies))


@dataclass(frozen=True)
class _Option:
    """A choice as the list has it, and what it would write."""

    text: str
    wanted: Slo


class Pareto(Bench):
    """The workbench of a study.

    Attributes:
        front: The figure whose points are chosen from.
        choice: The same as a list; the present alerts until something is chosen.
        policy: The chosen alerts.
        numbers: What the specification does, and what is chosen.
        saving: The way into the specification.
        course: What the chosen alerts would have done.

    """

    def __init__(self, project: Project, study: Study, past: PolicyPast) -> None:
        self._past = past
        self._specified = self._trial = past.tried(study.slo)
        self._traces = [[_option(study, past, one) for one in of] for of in choices(study)]
        failures = Failures()
        guarding = failures.guarding
        listed = [
            _Option("the present alerts", study.slo),
            *chain.from_iterable(self._traces),
        ]
        self.choice = widgets.Dropdown(
            options=[(one.text, number) for number, one in enumerate(listed)],
            description="alerts", tooltip="alerts to look at: a point of the figure above",
            style=WIDE["style"], layout={"width": "auto", "max_width": "60em"},
        )  # fmt: skip
        self.choice.add_class("slobook-choice")
        self._listed = listed
        self.policy, self.numbers = map(shown_as_html, ("slobook-policy", "slobook-numbers"))
        self.front = LiveFigure(pareto_front(study))
        self.saving = Saving(project, lambda: self.chosen, failures, self._saved)
        self.course = CourseView(self._drawn, past.replayed.span, failures)
        self._replayed = widgets.VBox([self.course.widget, self.course.whole])
        super().__init__(
            failures,
            [
                self.front.widget, self.choice, self.policy, self.numbers, self._replayed,
                self.saving,
            ],
        )  # fmt: skip
        self._say()
        self.choice.observe(guarding(self._chosen), names="value")
        self.front.on_click(guarding(self._clicked))

    @property
    def chosen(self) -> Slo:
        """The objective with the chosen alerts, and what they rest on."""
        number: int = self.choice.value
        return self._listed[number].wanted

    def _clicked(self, trace: int, index: int) -> None:
        before = sum(map(len, self._traces[:trace]))
        self.choice.value = 1 + before + index

    def _chosen(self, _: object) -> None:
        self._trial = self._past.tried(self.chosen)
        self.saving.forget()
        self._say()
        # Other alerts are other rows: a picture of its own.
        self.course = CourseView(self._drawn, self._past.replayed.span, self.failures)
        self._replayed.children = [self.course.widget, self.course.whole]

    def _drawn(self, shown: Span | None) -> tuple[tuple[Row, ...], Figure]:
        return self._trial.drawn("", shown)

    def _say(self) -> None:
        tried = self._trial
        self.policy.value = tried.slo.policy.card.html
        self.numbers.value = compared(
            tried.slo.title, self._specified.numbers, tried.numbers, tried.notes
        )

    def _saved(self, _: Slo) -> None:
        self._specified = self._trial
        self._say()


def _option(study: Study, past: PolicyPast, choice: Choice) -> _Option:
    done = choice.performance
    text = (
        f"{choice.name}: {as_rate(done.pages_a_week)} pages a week, {done.caught} of "
        f"{done.required} seen, {as_share(done.spent_median)} spent at detection"
    )
    if choice.policy == study.slo.policy:
        return _Option(text, study.slo)
    if choice.policy == study.recommended.policy:
        return _Option(text, study.chosen)
    wanted = study.slo.with_policy(choice.policy)
    return _Option(text, replace(wanted, evidence=past.tried(wanted).evidence))
