"""What a run says of itself, in Prometheus' text format, and as a file for node_exporter.

https://github.com/prometheus/node_exporter#textfile-collector
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.atomic import replacing
from slo.model import names
from slo.report.published import making_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from slo.report.runs.run_due import Outcome

_HELP = {
    names.REPORT_RUN: "When the runner last ran to its end, in Unix seconds.",
    names.REPORT_LAST_SUCCESS: "When the newest report was made, in Unix seconds.",
    names.REPORT_WEEK_END: "Up to when the newest report tells, in Unix seconds.",
    names.REPORT_DURATION: "How long the notebook of the newest report ran.",
    names.REPORT_FAILURES: "Reports that the last run could not make.",
    names.REPORT_MISSING: "Closed weeks without a report, after the run.",
}


def write_textfile(outcomes: Sequence[Outcome], now: float, path: Path) -> None:
    """Write a run's metrics, as a whole: the collector never reads half a file.

    Times and durations are those of the newest report that lies there, whoever made it, so a run
    that makes nothing does not forget them.

    Args:
        outcomes: What became of every report that was due.
        now: Unix seconds.
        path: The file; the collector reads those whose names end with ``.prom``.

    Raises:
        WriteError: It cannot be written.

    """
    with replacing(path) as file:
        file.write_text(textfile(outcomes, now), encoding="utf-8")


def textfile(outcomes: Sequence[Outcome], now: float) -> str:
    """A run's metrics in Prometheus' text format."""
    samples: dict[str, list[str]] = {name: [] for name in _HELP}
    samples[names.REPORT_RUN].append(f"{names.REPORT_RUN} {now!r}")
    for (kind, service), of_report in by_report(outcomes).items():
        labels = f'{{kind="{_escaped(kind)}",service="{_escaped(service)}"}}'
        for name, value in _values(of_report).items():
            samples[name].append(f"{name}{labels} {value!r}")
    lines = []
    for name, text in _HELP.items():
        if samples[name]:
            lines += [f"# HELP {name} {text}", f"# TYPE {name} gauge", *samples[name]]
    return "\n".join(lines) + "\n"


def by_report(outcomes: Sequence[Outcome]) -> dict[tuple[str, str], list[Outcome]]:
    """Outcomes by kind of report and service, in the order of these."""
    found: dict[tuple[str, str], list[Outcome]] = {}
    for one in sorted(outcomes, key=lambda one: (one.due.kind.name, one.due.service)):
        found.setdefault((one.due.kind.name, one.due.service), []).append(one)
    return found


def _values(outcomes: Sequence[Outcome]) -> dict[str, float]:
    values: dict[str, float] = {
        names.REPORT_FAILURES: sum(one.state == "failed" for one in outcomes),
        names.REPORT_MISSING: sum(one.due.published is None for one in outcomes),
    }
    there = [one.due for one in outcomes if one.due.published]
    if there:
        newest = max(there, key=lambda due: due.week)
        values[names.REPORT_WEEK_END] = newest.week.span.end / 1000
        if making := making_of(newest.folder):
            values[names.REPORT_LAST_SUCCESS] = making.ended
            values[names.REPORT_DURATION] = making.seconds
    return values


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
