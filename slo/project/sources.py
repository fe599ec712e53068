"""What a project's configuration names: specifications, history, incidents, folders."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from time import time
from typing import TYPE_CHECKING, Self, TypeVar

from slo.card import Card, Shown
from slo.configuration import FILE_NAME, Configuration, prometheus_section
from slo.errors import ConfigError, NotEnoughData, nearest
from slo.model.duration import DAY, format_duration
from slo.model.span import Span
from slo.progress import Progress, each, silent
from slo.project.names import named, names_of, none_yet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from slo.history.prometheus import PrometheusServer
    from slo.model.incident import Exclusion, GroundTruth, Incident
    from slo.model.samples import History
    from slo.model.selector import Selector
    from slo.model.service_alert import ServiceAlert
    from slo.model.slo import Slo
    from slo.spec import Specs
    from slo.targets.grafana.notifications import Notifications
    from slo.targets.grafana.server import GrafanaServer

_Thing = TypeVar("_Thing")


@dataclass(frozen=True)
class Sources(Shown):
    """The specifications of some services, and where their history and output are.

    Attributes:
        root: The folder that relative paths start from.
        configuration: What slobook.toml says.
        file: The configuration file; a notebook opens it again.
        progress: How long work shows how far it is.

    """

    root: Path
    configuration: Configuration
    file: Path
    progress: Progress = field(default=silent, repr=False, compare=False)

    @property
    def card(self) -> Card:
        """What the project has, and what to do next; faults of its specifications."""
        from slo.project.overview import project_card  # noqa: PLC0415  it needs sources itself

        return project_card(self)

    def showing(self, progress: Progress) -> Self:
        """The same project, whose long work shows otherwise how far it is."""
        return replace(self, progress=progress)

    def watched(self, things: Sequence[_Thing], label: str = "Working") -> Iterator[_Thing]:
        """One thing after the other, showing how many are done.

        ``[project.budget(one, history) for one in project.watched(project.slos)]``
        """
        return each(things, label, self.progress)

    def reading(self, **files: Path | tuple[Path, ...]) -> Self:
        """The same project with another ``snapshot``, or other files of ``incidents``."""
        history = self.configuration.history.model_copy(update=files)
        return replace(
            self, configuration=self.configuration.model_copy(update={"history": history})
        )

    def writing(self, generated: Path) -> Self:
        """The same project with another folder of generated artefacts."""
        section = self.configuration.project.model_copy(update={"generated": generated})
        return replace(
            self, configuration=self.configuration.model_copy(update={"project": section})
        )

    def sleeping_in(self, time_zone: str) -> Self:
        """The same project with the nights of another IANA time zone."""
        section = self.configuration.project.model_copy(update={"time_zone": time_zone})
        return replace(
            self, configuration=self.configuration.model_copy(update={"project": section})
        )

    def asking(self, url: str) -> Self:
        """The same project with Prometheus at another address, credentials kept.

        Raises:
            ConfigError: It is not an address.

        """
        present = self.configuration.prometheus
        section = prometheus_section({"url": url})
        if present:
            # What was read stands as read: a duration is no text any more.
            section = present.model_copy(update={"url": section.url})
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

    @property
    def slos(self) -> tuple[Slo, ...]:
        """Every objective of every service."""
        return self.specs.slos

    @property
    def alerts(self) -> tuple[ServiceAlert, ...]:
        """Every alert on a threshold of every service, those on cost budgets among them."""
        return self.specs.alerts

    def __getitem__(self, name: str) -> Slo:
        return named(name, self.slos, "objective")

    def _ipython_key_completions_(self) -> list[str]:
        return names_of(self.slos)

    def objective(self, name: str = "") -> Slo:
        """An objective, by its name, or by its service's and its own; the first one if empty.

        Raises:
            ConfigError: There is none, or there are several.

        """
        return self.slos[0] if self.slos and not name else self[name]

    def alert(self, name: str = "") -> ServiceAlert:
        """An alert on a threshold, likewise.

        Raises:
            ConfigError: There is none, or there are several.

        """
        alerts = self.alerts
        return alerts[0] if alerts and not name else named(name, alerts, "alert on a threshold")

    def __iter__(self) -> Iterator[Slo]:
        return iter(self.slos)

    @property
    def interval(self) -> int:
        """Milliseconds between evaluations."""
        return self.configuration.project.evaluation_interval

    @property
    def agent(self) -> str:
        """The service with dashboards of its operations and cost; empty if there is none.

        Raises:
            ConfigError: The specifications know no service of that name.

        """
        agent = self.configuration.dashboards.agent
        guarded = {one.service for one in self.alerts}
        services = sorted({one.service for one in self.slos} | guarded)
        if agent and agent not in services:
            raise ConfigError(
                f"{self.file}: dashboards.agent: found {agent!r}, expected one of "
                + ", ".join(services)
            )
        return agent

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

        From the snapshot where there is one, else from Prometheus (42 days unless told, or
        what it remembers of them).

        Raises:
            HistoryError: There is neither, or it cannot be read.
            NotEnoughData: The snapshot is shorter than ``days``.

        """
        if not self.snapshot_path.exists():
            return self.fetch(*slos, days=days or 42).from_first_sample()
        from slo.history.recorded import selectors_read  # noqa: PLC0415  loads numpy
        from slo.history.snapshot import read_snapshot  # noqa: PLC0415  loads pyarrow

        history = read_snapshot(self.snapshot_path, selectors_read(slos or self.slos))
        if days and history.span.length < days * DAY:
            raise NotEnoughData(
                f"{self.snapshot_path} covers {format_duration(history.span.length)}, "
                f"not {days:g} days; fetch more with 'slo snapshot --days {days:g}'"
            )
        return history

    def alert_history(self, *alerts: ServiceAlert) -> History:
        """The raw samples that alerts on thresholds read: of all where none is named.

        Raises:
            HistoryError: There is neither a snapshot nor a Prometheus, or it cannot be read.

        """
        if not self.snapshot_path.exists():
            return self.fetch(days=42).from_first_sample()
        from slo.history.snapshot import read_snapshot  # noqa: PLC0415  loads pyarrow

        read = (s for one in alerts or self.alerts for s in one.alert.selectors)
        return read_snapshot(self.snapshot_path, tuple(dict.fromkeys(read)))

    def fetch(
        self,
        *slos: Slo,
        days: float,
        end: int | None = None,
        advance: Callable[[int, int], None] | None = None,
    ) -> History:
        """Raw samples from Prometheus, of the days before ``end`` (Unix milliseconds, now).

        Where no objective is named, those that all objectives, alerts and cost reports read.

        Raises:
            ConfigError: No Prometheus is configured.
            HistoryError: It cannot be reached or refuses.

        """
        from slo.history.prometheus import fetch_history  # noqa: PLC0415  loads requests
        from slo.history.recorded import selectors_read  # noqa: PLC0415

        until = end if end is not None else int(time() * 1000)
        span = Span(until - round(days * DAY), until)
        selectors = selectors_read(slos or self.slos)
        if not slos:
            selectors = tuple(dict.fromkeys((*selectors, *self.selectors)))
        server = self.prometheus
        if advance:
            return fetch_history(server, selectors, span, advance)
        with self.progress(f"Fetching from {server.shown_url}") as shown:
            return fetch_history(server, selectors, span, shown)

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """What all objectives, alerts on thresholds and cost reports read, each once."""
        from slo.model.slo import selectors_of  # noqa: PLC0415

        of_alerts = (s for one in self.alerts for s in one.alert.selectors)
        read = (*selectors_of(self.slos), *of_alerts, *self.cost_selectors())
        return tuple(dict.fromkeys(read))

    def cost_selectors(self, service: str = "") -> tuple[Selector, ...]:
        """What cost reports read: of a service, or of all that have a budget of money."""
        from slo.cost.sources import cost_sources  # noqa: PLC0415

        budgets = self.specs.cost_budgets
        services = [service] if service else sorted({one.service for one in budgets})
        found = (
            selector
            for name in services
            for selector in cost_sources([b for b in budgets if b.service == name]).selectors
        )
        return tuple(dict.fromkeys(found))

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

    def grafana(self, environment: str = "") -> GrafanaServer:
        """The Grafana of an environment, or the only one.

        Raises:
            ConfigError: There is no such environment, or none at all.

        """
        try:
            return self.configuration.grafana.server(environment, self.root)
        except ConfigError as error:
            raise ConfigError(f"{self.file}: {error}") from None

    @property
    def has_grafana(self) -> bool:
        """Whether any Grafana is configured."""
        section = self.configuration.grafana
        return bool(section.url or section.environments)

    @property
    def notifications(self) -> Notifications:
        """Who is told by Grafana's own alerting."""
        from slo.targets.grafana.notifications import Notifications  # noqa: PLC0415

        section = self.configuration.grafana
        channel = self.configuration.alertmanager.chat_channel
        return Notifications(section.pagerduty_key_env, section.chat_url_env, channel)

    def environment_of(self, target: str) -> str:
        """The environment that a plan was made for; empty where none is, or the only one."""
        section = self.configuration.grafana
        named = {self.grafana(name).target: name for name in section.environments}
        return named.get(target, "")

    def incidents(self, span: Span | None = None) -> tuple[Incident, ...]:
        """The labelled incidents that overlap a span; none where there is no file.

        Raises:
            SpecError: A file has faults.

        """
        from slo.ground_truth import labelled_incidents  # noqa: PLC0415  loads numpy

        return labelled_incidents(self.root, self.configuration.history, span)

    @property
    def exclusions(self) -> tuple[Exclusion, ...]:
        """What is not judged.

        Raises:
            SpecError: The file has faults.

        """
        from slo.ground_truth import exclusions  # noqa: PLC0415  loads numpy

        return exclusions(self.root, self.configuration.history)

    def alert_truth(self, one: ServiceAlert, span: Span | None = None) -> GroundTruth:
        """What an alert on a threshold is judged by, as far as it overlaps a span.

        Labelled incidents and exclusions that name its signal, or no objective and signal at all.

        Raises:
            SpecError: A file has faults.

        """
        from slo.model.incident import GroundTruth  # noqa: PLC0415  not needed to open a project

        return GroundTruth(
            tuple(i for i in self.incidents(span) if i.touches(one.service, one.signal)),
            tuple(e for e in self.exclusions if e.touches(one.service, one.signal)),
        )

    def of_service(self, service: str) -> tuple[Slo, ...]:
        """The objectives of a service, or of the only one.

        Raises:
            ConfigError: There is no such service, or several and none was named.

        """
        services = sorted({one.service for one in self.slos})
        if not services:
            raise none_yet("objective")
        if service not in services and (service or len(services) != 1):
            asked = f"there is no service {service!r}" if service else "name a service"
            names = ", ".join(services)
            raise ConfigError(f"{asked}{nearest(service, services)}; the project's are {names}")
        return tuple(one for one in self.slos if one.service == (service or services[0]))
