"""A project: the only place where configuration, sources, artefacts and reports meet."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

from slo.configuration import (
    FILE_NAME,
    Configuration,
    ProjectSection,
    prometheus_section,
    read_configuration,
)
from slo.errors import ConfigError, NotEnoughData
from slo.model.duration import DAY, format_duration
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from slo.backtest import Backtest, Replay
    from slo.budget import BudgetStatus
    from slo.history.prometheus import PrometheusServer
    from slo.model.incident import GroundTruth, Incident
    from slo.model.samples import History
    from slo.model.slo import Slo
    from slo.plan import Artefact, Plan
    from slo.report.runner import Published
    from slo.report.weekly_slo import WeeklySlo
    from slo.spec import Specs
    from slo.spec.revision import Revision
    from slo.tune.goals import Goals
    from slo.tune.study import Study


@dataclass(frozen=True)
class Project:
    """The specifications of some services, with their history and their output.

    Attributes:
        root: The folder that relative paths start from.
        configuration: What slobook.toml says.
        file: The configuration file; a notebook opens it again.

    """

    root: Path
    configuration: Configuration
    file: Path

    def reading(self, **files: Path | tuple[Path, ...]) -> Project:
        """The same project with another ``snapshot``, or other files of ``incidents``."""
        history = self.configuration.history.model_copy(update=files)
        return replace(
            self, configuration=self.configuration.model_copy(update={"history": history})
        )

    def writing(self, generated: Path) -> Project:
        """The same project with another folder of generated artefacts."""
        section = self.configuration.project.model_copy(update={"generated": generated})
        return replace(
            self, configuration=self.configuration.model_copy(update={"project": section})
        )

    def sleeping_in(self, time_zone: str) -> Project:
        """The same project with the nights of another IANA time zone."""
        section = self.configuration.project.model_copy(update={"time_zone": time_zone})
        return replace(
            self, configuration=self.configuration.model_copy(update={"project": section})
        )

    def asking(self, url: str) -> Project:
        """The same project with Prometheus at another address, credentials kept.

        Raises:
            ConfigError: It is not an address.

        """
        present = self.configuration.prometheus
        fields = present.model_dump() if present else {}
        section = prometheus_section({**fields, "url": url})
        return replace(
            self, configuration=self.configuration.model_copy(update={"prometheus": section})
        )

    @cached_property
    def specs(self) -> Specs:
        """Services and objectives, read once.

        Raises:
            SpecError: With every fault of every file.

        """
        from slo.spec import read_specs  # noqa: PLC0415  heavy, and not needed to open a project

        return read_specs(self.spec_paths)

    @property
    def spec_paths(self) -> tuple[Path, ...]:
        """Files and folders of specifications."""
        return tuple(self.root / path for path in self.configuration.project.specs)

    def revised(self, wanted: Slo) -> Revision:
        """What an objective's file would hold with another target, policy or evidence.

        Look at its ``diff``, then ``write()`` it; this project goes on with what it has read.

        Raises:
            ConfigError: The file was changed since it was read, or cannot be edited.

        """
        from slo.spec.revision import revised  # noqa: PLC0415  heavy, and seldom needed

        return revised(self.spec_paths, self[f"{wanted.service}/{wanted.name}"], wanted)

    @property
    def slos(self) -> tuple[Slo, ...]:
        """Every objective of every service."""
        return self.specs.slos

    def __getitem__(self, name: str) -> Slo:
        found = [one for one in self.slos if name in (one.name, f"{one.service}/{one.name}")]
        if len(found) == 1:
            return found[0]
        names = ", ".join(sorted(f"{one.service}/{one.name}" for one in self.slos))
        many = "several objectives are named" if found else "there is no objective"
        raise ConfigError(f"{many} {name!r}; the project's are {names}")

    def __iter__(self) -> Iterator[Slo]:
        return iter(self.slos)

    @property
    def interval(self) -> int:
        """Milliseconds between evaluations."""
        return self.configuration.project.evaluation_interval

    @property
    def snapshot_path(self) -> Path:
        """The Parquet file of raw samples."""
        return self.root / self.configuration.history.snapshot

    @property
    def incidents_path(self) -> Path:
        """The first file of labelled incidents, which the simulator writes."""
        return self.root / self.configuration.history.incidents[0]

    @property
    def reports_path(self) -> Path:
        """The folder of reports."""
        return self.root / self.configuration.project.reports

    @property
    def generated_path(self) -> Path:
        """The folder of generated artefacts."""
        return self.root / self.configuration.project.generated

    def history(self, *slos: Slo, days: float | None = None) -> History:
        """The raw samples that objectives read: of all of them where none is named.

        From the snapshot where there is one, else from Prometheus (42 days unless told).

        Raises:
            HistoryError: There is neither, or it cannot be read.
            NotEnoughData: The snapshot is shorter than ``days``.

        """
        if not self.snapshot_path.exists():
            return self.fetch(*slos, days=days or 42)
        from slo.backtest.recorded import selectors_read  # noqa: PLC0415  loads numpy
        from slo.history.snapshot import read_snapshot  # noqa: PLC0415  loads pyarrow

        history = read_snapshot(self.snapshot_path, selectors_read(slos or self.slos))
        if days and history.span.length < days * DAY:
            raise NotEnoughData(
                f"{self.snapshot_path} covers {format_duration(history.span.length)}, "
                f"not {days:g} days; fetch more with 'slo snapshot --days {days:g}'"
            )
        return history

    def fetch(
        self,
        *slos: Slo,
        days: float,
        end: int | None = None,
        advance: Callable[[int, int], None] | None = None,
    ) -> History:
        """Raw samples from Prometheus, of the days before ``end`` (Unix milliseconds, now).

        Raises:
            ConfigError: No Prometheus is configured.
            HistoryError: It cannot be reached or refuses.

        """
        from slo.backtest.recorded import selectors_read  # noqa: PLC0415
        from slo.history.prometheus import fetch_history  # noqa: PLC0415  loads requests

        until = end if end is not None else int(time() * 1000)
        span = Span(until - round(days * DAY), until)
        return fetch_history(self.prometheus, selectors_read(slos or self.slos), span, advance)

    @property
    def prometheus(self) -> PrometheusServer:
        """The configured server.

        Raises:
            ConfigError: There is none.

        """
        section = self.configuration.prometheus
        if section is None:
            raise ConfigError(
                f"there is no snapshot at {self.snapshot_path} and no [prometheus] section with "
                f"a url in {FILE_NAME}: 'slo simulate' makes a history, 'slo snapshot --url' "
                "fetches one"
            )
        return section.server

    def incidents(self, span: Span | None = None) -> tuple[Incident, ...]:
        """The labelled incidents that overlap a span; none where there is no file.

        Raises:
            SpecError: A file has faults.

        """
        from slo.ground_truth import labelled_incidents  # noqa: PLC0415  loads numpy

        return labelled_incidents(self.root, self.configuration.history, span)

    def ground_truth(self, one: Slo, history: History) -> GroundTruth:
        """What an objective's alerts are judged by.

        Labelled incidents, or where there is no file of them stretches of the history that spent
        1 % of the budget or more, said to be derived; and what is excluded.

        Raises:
            SpecError: A file has faults.
            NotEnoughData: The history holds no series of the indicator's total.

        """
        from slo.ground_truth import ground_truth  # noqa: PLC0415  loads numpy

        return ground_truth(self.root, self.configuration.history, one, history)

    def replay(self, one: Slo, history: History, offset: int | None = None) -> Replay:
        """An objective's history, replayed once for any number of policies.

        Raises:
            SpecError: A file of incidents or exclusions has faults.
            NotEnoughData: The history holds no series of the indicator's total.

        """
        from slo.backtest import replay  # noqa: PLC0415  loads numpy
        from slo.ground_truth import exclusions  # noqa: PLC0415
        from slo.tune.presets import presets  # noqa: PLC0415

        windows = {window for policy in presets(one).values() for window in policy.windows}
        return replay(
            one,
            history,
            self.incidents(history.span),
            self.interval,
            exclusions=exclusions(self.root, self.configuration.history),
            windows=windows,
            offset=offset,
            time_zone=self.configuration.project.time_zone,
        )

    def backtest(self, one: Slo, history: History | None = None) -> Backtest:
        """What an objective's alerts would have done over its history."""
        return self.replay(one, history or self.history(one)).backtest(one)

    def tune(self, one: Slo, history: History | None = None, goals: Goals | None = None) -> Study:
        """The alerts that would have served an objective best, and how far to trust them.

        Raises:
            NotEnoughData: The history holds no series of the indicator's total.

        """
        from slo.tune.tuning import tune  # noqa: PLC0415  loads numpy

        past = history or self.history(one)
        return tune(one, past, self.ground_truth(one, past), goals, self.interval)

    def budget(self, one: Slo, history: History | None = None) -> BudgetStatus:
        """An objective's error budget at the end of its history."""
        from slo.budget import budget_status  # noqa: PLC0415  loads numpy

        past = history or self.history(one)
        return budget_status(one, past, past.span.end)

    def artefacts(self) -> tuple[Artefact, ...]:
        """Every file that belongs into the folder of generated artefacts."""
        from slo.rules import rule_artefacts  # noqa: PLC0415  not needed to open a project

        return rule_artefacts(self.slos, self.interval)

    def plan(self) -> Plan:
        """What writing the artefacts would change in the folder."""
        from slo.plan import plan  # noqa: PLC0415  not needed to open a project
        from slo.targets.folder import current  # noqa: PLC0415

        return plan(current(self.generated_path), self.artefacts())

    def weekly_slo(self, week: str = "", service: str = "") -> WeeklySlo:
        """The numbers of the weekly SLO report.

        Args:
            week: An ISO week such as ``2026-W45``; the last closed week of the history if empty.
            service: The service; may be empty where the project has only one.

        Raises:
            NotEnoughData: The history does not reach into the week.

        """
        from slo.report.weekly_slo import weekly_slo  # noqa: PLC0415  loads pandas
        from slo.report.weeks import week_within  # noqa: PLC0415

        slos = self.of_service(service)
        history = self.history(*slos)
        chosen = week_within(week, history.span)
        return weekly_slo(slos, history, self.incidents(history.span), chosen, self.interval)

    def write_weekly_slo(self, report: WeeklySlo, folder: str | Path) -> Path:
        """Write a weekly report's page and numbers into a folder; returns the page's path."""
        from slo.report.files import write_weekly_slo  # noqa: PLC0415  loads plotly

        return write_weekly_slo(report, folder)

    def notebook(self, name: str) -> Path:
        """A notebook of the project's own, or slobook's where the project has none."""
        own = self.root / self.configuration.project.notebooks / name
        ours = Path(__file__).resolve().parent.parent / "notebooks" / name
        return own if own.exists() or not ours.exists() else ours

    def publish_weekly_slo(self, week: str = "", service: str = "") -> Published:
        """Run the weekly report's notebook and publish it under the reports' folder.

        Raises:
            RunError: The notebook failed; nothing is published.
            ConfigError: There is no such service, week or notebook.
            NotEnoughData: The history does not reach into the week.

        """
        from slo.report.files import PAGE, RESULT  # noqa: PLC0415  loads plotly
        from slo.report.runner import Published, run_notebook  # noqa: PLC0415
        from slo.report.weeks import week_within  # noqa: PLC0415

        slos = self.of_service(service)
        chosen = week_within(week, self._covered(slos).span)
        folder = self.reports_path / slos[0].service / str(chosen)
        notebook = self.notebook("weekly_slo_report.ipynb")
        named = {"config": str(self.file), "week": str(chosen), "service": slos[0].service}
        run_notebook(notebook, named, folder)
        return Published(folder / PAGE, json.loads((folder / RESULT).read_text(encoding="utf-8")))

    def _covered(self, slos: Sequence[Slo]) -> History:
        """A history whose span is right; the snapshot's samples are not read for it."""
        from slo.history.snapshot import read_snapshot  # noqa: PLC0415  loads pyarrow

        if self.snapshot_path.exists():
            return read_snapshot(self.snapshot_path, ())
        return self.history(*slos)

    def of_service(self, service: str) -> tuple[Slo, ...]:
        """The objectives of a service, or of the only one.

        Raises:
            ConfigError: There is no such service, or several and none was named.

        """
        services = sorted({one.service for one in self.slos})
        if service not in services and (service or len(services) != 1):
            asked = f"there is no service {service!r}" if service else "name a service"
            raise ConfigError(f"{asked}; the project's are {', '.join(services)}")
        return tuple(one for one in self.slos if one.service == (service or services[0]))


def open_project(path: str | Path = FILE_NAME) -> Project:
    """Open the project that a configuration file describes; nothing is fetched yet.

    Raises:
        ConfigError: The file is missing or does not fit.

    """
    file = Path(path)
    return Project(file.resolve().parent, read_configuration(file), file.resolve())


def configured_project(root: Path, specs: Sequence[Path]) -> Project:
    """A project of some specifications, with every other setting at its default."""
    section = ProjectSection(specs=tuple(path.absolute() for path in specs))
    return Project(root, Configuration(project=section), root / FILE_NAME)
