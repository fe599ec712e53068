"""A choice saved to the specification: first its diff, then, if somebody says so, the file."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from slo.workbench.bench import button, shown_as_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from slo.model.service_alert import ServiceAlert
    from slo.model.slo import Slo
    from slo.project import Project
    from slo.spec.revision import Revisions
    from slo.workbench.bench import Failures

_ADDED, _REMOVED = "rgba(0,158,115,0.22)", "rgba(213,94,0,0.22)"


class Saving(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """The way from a choice to its file.

    Attributes:
        save: Shows what would change.
        write: Writes it; hidden until there is something to write.
        cancel: Forgets it.
        shown: The diff, or what was written where.

    """

    def __init__(
        self,
        project: Project,
        wanted: Callable[[], Slo | ServiceAlert],
        failures: Failures,
        written: Callable[[Any], None],
    ) -> None:
        """Offer to save.

        Args:
            project: Whose specification it is.
            wanted: What is chosen at present.
            failures: Where refusals are shown.
            written: Called with what was written.

        """
        self._project, self._wanted, self._written = project, wanted, written
        self._pending: tuple[Any, Revisions] | None = None
        guarding = failures.guarding
        self.save = button(
            "Save to the specification", "slobook-save", "Show what would change in which file",
            guarding(self._preview), button_style="primary",
        )  # fmt: skip
        self.write = button(
            "Write the file", "slobook-write", "Write what is shown into the specification",
            guarding(self._write), button_style="warning",
        )  # fmt: skip
        self.cancel = button(
            "Cancel", "slobook-cancel", "Leave the file alone", guarding(self.forget)
        )
        self.shown = shown_as_html("slobook-diff")
        self._answers = widgets.HBox([self.write, self.cancel])
        super().__init__([self.save, self.shown, self._answers])
        self.forget()

    def forget(self, *_: object) -> None:
        """Show nothing, as what was shown is no longer what is chosen."""
        self._pending = None
        self.shown.value = ""
        self._answers.layout.display = "none"

    def _preview(self, _: object) -> None:
        self.forget()
        wanted = self._wanted()
        revisions = self._project.revised(wanted)
        if not revisions.diff:
            self.shown.value = "<p role='status'>Nothing to save: this is what stands there.</p>"
            return
        self._pending = wanted, revisions
        self.shown.value = coloured(revisions.diff)
        self._answers.layout.display = ""

    def _write(self, _: object) -> None:
        if self._pending is None:
            return
        wanted, revisions = self._pending
        self.forget()
        revisions.write()
        # What the project has read is no longer what stands there: a copy reads it again.
        self._project = replace(self._project)
        places = escape(", ".join(f"{one.file}:{one.line}" for one in revisions.files))
        self.shown.value = f"<p role='status'>Written: <code>{places}</code></p>"
        self._written(wanted)


def coloured(diff: str) -> str:
    """A unified diff as HTML; signs say what the colours say."""
    lines = []
    for line in diff.splitlines():
        colour = {"+": _ADDED, "-": _REMOVED}.get(line[:1], "transparent")
        ground = "transparent" if line.startswith(("+++", "---")) else colour
        lines.append(f"<span style='background:{ground}'>{escape(line)}</span>")
    return f"<pre>{chr(10).join(lines)}</pre>"
