"""What the SLO report suggests to change, as GitHub Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.report.forms.markdown import code, escaped, table

if TYPE_CHECKING:
    from slo.report.objectives.suggestions import SuggestedChange
    from slo.report.objectives.weekly_slo import WeeklySlo


def suggested_changes(report: WeeklySlo) -> list[str]:
    """Each change with its evidence, then where nothing is suggested, and why."""
    if report.suggestions:
        lines = ["What brings most first; intervals hold with 90 %.", ""]
    else:
        lines = ["No change is suggested.", ""]
    lines += [line for one in report.suggestions for line in _change(one)]
    for one in report.unchanged:
        lines.append(f"- {escaped(one.title)}: {escaped(' '.join(one.reasons))}")
    return lines


def _change(one: SuggestedChange) -> list[str]:
    lines = [f"### {escaped(one.title)}", "", escaped(one.evidence), ""]
    if one.figures:
        rows = [
            (
                f"{figure.what} a week" if figure.unit == "a week" else figure.what,
                figure.before,
                figure.after,
            )
            for figure in one.figures
        ]
        lines += [*table(("Figure", "Present", "Suggested"), rows), ""]
    lines += [f"- Present: {code(one.present)}", f"- Suggested: {code(one.suggested)}"]
    lines += [f"- {code(line)}" for line in one.changes]
    lines += [f"- {escaped(line)}" for line in one.notes]
    lines.append(f"- More: {code(one.command)}")
    if one.save:
        lines.append(f"- To make the change: {code(one.save)}")
    return [*lines, ""]
