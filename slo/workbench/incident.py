"""An incident on the screen, zoomed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slo.figures.incident_course import around
from slo.workbench.bench import Bench, Failures
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
        story: Who noticed it, and what it cost: what readers without widgets see.
        course: The figure.

    """

    def __init__(self, story: IncidentStory) -> None:
        failures = Failures()
        self.story = story
        self.course = CourseView(
            story.drawn, around(story.incident.span), failures, "Back to the incident"
        )
        super().__init__(failures, [self.course.widget, self.course.whole])

    @property
    def summary(self) -> str:
        """The story."""
        return self.story.card.html
