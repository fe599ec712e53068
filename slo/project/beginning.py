"""A new project from what a Prometheus holds: its files, whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from slo.atomic import place_new
from slo.budget import LEAST_COVERAGE
from slo.configuration import FILE_NAME
from slo.discovery import Promise, promise
from slo.discovery.agent_catalogue import SERVICE, catalogue_files
from slo.discovery.candidate import shown_length
from slo.discovery.configuration_text import configuration_text
from slo.discovery.spec_text import specification
from slo.engine.events import event_counts
from slo.errors import ConfigError, NotEnoughData, SloError, WriteError
from slo.history.contents import what_is_missing
from slo.history.incidents import write_incidents
from slo.history.prometheus import fetch_history
from slo.history.recorded import selectors_read
from slo.history.snapshot import write_snapshot
from slo.model.duration import DAY
from slo.model.samples import History
from slo.model.span import Span, Week, format_instant
from slo.project.project import Project, open_project

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.discovery import Candidate, Discovery
    from slo.history.connection import PrometheusServer
    from slo.model.slo import Slo

    Advance = Callable[[int, int], None]

_MOST_SAMPLES = 40_000_000
_SAMPLES_A_DAY = 5_760
"""Of a series that is scraped every 15 seconds, as most are."""

_SNAPSHOT, _INCIDENTS, _SPECS = "history/snapshot.parquet", "history/incidents.csv", "specs"


@dataclass(frozen=True, eq=False)
class Beginning:
    """What a new project will hold.

    Attributes:
        found: What it was made of.
        promises: Its objectives.
        dropped: Candidates that history supports no promise for, each with the reason.
        history: Raw samples of what the promises read; it begins with the first of them.
        days: How many days were fetched.
        catalogue: Whether the catalogue of the AI support agent is in it.

    """

    found: Discovery
    promises: tuple[Promise, ...]
    dropped: tuple[tuple[Candidate, str], ...]
    history: History
    days: float
    catalogue: bool

    @property
    def named(self) -> tuple[str, ...]:
        """The services that something is promised of, each once."""
        return tuple(dict.fromkeys(one.slo.service for one in self.promises))

    @property
    def services(self) -> tuple[str, ...]:
        """The same, and that of the catalogue."""
        return tuple(dict.fromkeys((*((SERVICE,) if self.catalogue else ()), *self.named)))


@dataclass(frozen=True)
class FirstReport:
    """What became of a service's first report.

    Attributes:
        service: The service.
        said: Its verdict and place, or why there is none and what to do.
        page: None where none was made.

    """

    service: str
    said: str
    page: Path | None = None


def refuse_what_is_there(root: Path) -> None:
    """Check that a folder holds no project yet.

    Raises:
        ConfigError: It does; says what is there.

    """
    there = [name for name in (FILE_NAME, _SPECS, _SNAPSHOT, _INCIDENTS) if (root / name).exists()]
    if there:
        raise ConfigError(
            f"{root}: found {', '.join(there)}, expected a folder without a project, or one with a "
            f"{FILE_NAME}: nothing is ever overwritten; name another folder with --into"
        )


def promised(
    found: Discovery,
    taken: Sequence[Candidate],
    server: PrometheusServer,
    days: float,
    advance: Advance | None = None,
    *,
    catalogue: bool = False,
) -> Beginning:
    """Fetch the history of candidates, and see what it lets somebody promise.

    Args:
        found: What the server holds.
        taken: The candidates.
        server: The server.
        days: How many days back; fewer where that would be more than 40 million samples.
        advance: Called with the requests done and all requests.
        catalogue: Whether to take the catalogue of the AI support agent as well.

    Raises:
        HistoryError: The server cannot be reached, or refuses.

    """
    series = 2 * sum(one.evidence.series for one in taken)
    bearable = _MOST_SAMPLES / (_SAMPLES_A_DAY * max(1, series))
    fetched = min(days, max(0.25, bearable))
    end = found.span.end
    span = Span(end - round(fetched * DAY), end)
    selectors = tuple(dict.fromkeys(s for one in taken for s in one.indicator.selectors))
    whole = fetch_history(server, selectors, span, advance) if taken else History((), span)
    promises, dropped = [], []
    for one in taken:
        try:
            made = promise(one, whole)
        except NotEnoughData as error:
            dropped.append((one, str(error)))
            continue
        if made is None:
            dropped.append((one, "half of its events are bad or more: it says something else"))
        else:
            promises.append(made)
    history = whole.from_first_sample(slack=0)
    return Beginning(found, tuple(promises), tuple(dropped), history, fetched, catalogue)


def write_project(
    begun: Beginning, server: PrometheusServer, root: Path, advance: Advance | None = None
) -> tuple[Path, ...]:
    """Write a new project into a folder: everything, checked, or nothing.

    Returns:
        The files that were written.

    Raises:
        ConfigError: There is a project in the folder already.
        WriteError: A file cannot be written.
        HistoryError: The catalogue's history cannot be fetched.

    """
    refuse_what_is_there(root)
    new = not root.exists()
    try:
        root.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".slo-init-", dir=root) as folder:
            staged = Path(folder)
            _write(begun, server, staged, advance)
            return place_new(staged, root)
    except OSError as error:
        raise WriteError(f"{root} cannot be written: {error.strerror or error}") from None
    finally:
        if new:
            with suppress(OSError):
                root.rmdir()  # only where nothing was written


def missing(project: Project, slos: Sequence[Slo] = ()) -> tuple[str, ...]:
    """What the snapshot of a project lacks of its objectives: of all where none is named."""
    return what_is_missing(slos or project.slos, project.history(*slos))


def so_far(project: Project, service: str) -> tuple[tuple[Slo, float, float], ...]:
    """A service's objectives with the bad and all events that the snapshot holds of them."""
    history = project.history()
    counts = {one: event_counts(one.indicator, history) for one in project.of_service(service)}
    return tuple((one, *counted.between(history.span)) for one, counted in counts.items())


def first_report(project: Project, service: str) -> FirstReport:
    """Make a service's first weekly report: of the last closed week, or of the one that runs.

    Where it cannot be made the project is as good as with it, so that nothing is raised.
    """
    from slo.project.reports import publish, reach  # noqa: PLC0415
    from slo.report.kinds import WEEKLY_SLO  # noqa: PLC0415

    span = reach(project)
    length = max(one.period.length for one in project.of_service(service))
    week = Week.last_closed(span.end)
    if _covered(week.span.end, length, span) < LEAST_COVERAGE:
        week = Week.of(span.end - 1)
    if _covered(span.end, length, span) < LEAST_COVERAGE:
        ready = format_instant(span.start + round(LEAST_COVERAGE * length))
        return FirstReport(
            service,
            f"none yet: {shown_length(span.length)} of history are less than half of a period of "
            f"{shown_length(length)}, which a verdict needs. From {ready} on: slo snapshot, then "
            f"slo report --service {service}. 'slo demo' shows what one is like",
        )
    again = f"slo report --week {week} --service {service}"
    try:
        published = publish(project, WEEKLY_SLO, str(week), service)
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        return FirstReport(
            service,
            f"none: {library} is not installed; pip install 'slobook[report]', then {again}",
        )
    except SloError as error:
        return FirstReport(service, f"none: {error}; when that is mended: {again}")
    running = f" (week {week} still runs)" if week.span.end > span.end else ""
    said = f"{published.verdict}{running} Open {published.page}"
    return FirstReport(service, said, published.page)


def _covered(until: int, length: int, span: Span) -> float:
    """The share of the period that ends at an instant of which there is history."""
    seen = Span(until - length, until).overlap(span)
    return seen.length / length if seen else 0.0


def _write(begun: Beginning, server: PrometheusServer, root: Path, advance: Advance | None) -> None:
    for folder in (_SPECS, "history"):
        (root / folder).mkdir()
    text = configuration_text(server, agent=begun.catalogue)
    (root / FILE_NAME).write_text(text, encoding="utf-8")
    for service in begun.named:
        own = [one for one in begun.promises if one.slo.service == service]
        path = root / _SPECS / f"{service}.yaml"
        path.write_text(specification(begun.found, own), encoding="utf-8")
    files = catalogue_files(begun.found.agent or {}) if begun.catalogue else {}
    for name, text in files.items():
        path = root / _SPECS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    project = open_project(root / FILE_NAME)
    project.slos  # noqa: B018  a specification that does not validate is never left behind
    write_snapshot(_snapshot(begun, project, advance), root / _SNAPSHOT)
    write_incidents((), root / _INCIDENTS)


def _snapshot(begun: Beginning, project: Project, advance: Advance | None) -> History:
    """What all objectives read, those of the catalogue among them, and what rules recorded."""
    known = {s for one in begun.promises for s in one.slo.indicator.selectors}
    more = [s for s in (*selectors_read(project.slos), *project.selectors) if s not in known]
    end = begun.found.span.end
    span = Span(end - round(begun.days * DAY), end)
    rest = fetch_history(project.prometheus, more, span, advance)
    series = {one.labels: one for one in (*rest.series, *begun.history.series)}
    together = History(tuple(series.values()), span, rest.server_version, rest.source)
    return together.from_first_sample(slack=0)
