"""An incident on the screen, zoomed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slo.figures.incident_course import around
from slo.workbench.bench import Bench, Failures, shown_as_html
from slo.workbench.course_view import CourseView

if TYPE_CHECKING:
    from slo.workbench.incident_story import IncidentStory


def incident(story: IncidentStory, *, interactive: bool = True) -> Any:  # noqa: ANN401
    """Look at an incident through time; zooming out shows what surrounds it.

    Args:
        story: What ``incident_story`` found.
        interactive: Whether somebody is there to zoom; a plain figure if not.

    """
    return IncidentView(story) if interactive else story.drawn()[1]


class IncidentView(Bench):
    """The workbench of one incident.

    Attributes:
        numbers: Who noticed it, and what it cost.
        course: The figure.

    """

    def __init__(self, story: IncidentStory) -> None:
        failures = Failures()
        self.numbers = shown_as_html("slobook-numbers")
        self.numbers.value = story.card.html
        self.course = CourseView(
            story.drawn, around(story.incident.span), failures, "Back to the incident"
        )
        super().__init__(failures, [self.numbers, self.course.widget, self.course.whole])
