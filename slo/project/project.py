"""A project: the only place where configuration, sources, artefacts and reports meet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from slo.configuration import FILE_NAME, Configuration, ProjectSection, read_configuration
from slo.progress import progress_here
from slo.project.costs import Costs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from slo.backtest import AlertBacktest, Backtest, Replay
    from slo.budget import BudgetStatus
    from slo.model.alert import AlertPolicy
    from slo.model.incident import GroundTruth
    from slo.model.samples import History
    from slo.model.service_alert import ServiceAlert
    from slo.model.slo import Slo
    from slo.plan import Artefact
    from slo.preview.preview import Preview
    from slo.progress import Progress
    from slo.project.ready_plan import ReadyPlan
    from slo.project.state import State
    from slo.report.objectives.weekly_slo import WeeklySlo
    from slo.report.published import Published
    from slo.spec.revision import Change, Revisions
    from slo.targets.grafana.planning import Allowed
    from slo.targets.grafana.pulling import Pulled
    from slo.tune.goals import Goals
    from slo.tune.low_traffic import AlertOnFewEvents
    from slo.tune.outlook import Outlook
    from slo.tune.studies import Studies
    from slo.tune.study import Study


@dataclass(frozen=True)
class Project(Costs):
    """The specifications of some services, with what is made of them and their history."""

    def revised(self, *wanted: Slo | ServiceAlert) -> Revisions:
        """What the specifications would hold with other targets, policies, evidence, thresholds.

        Look at the ``diff``, then ``write()`` it; this project goes on with what it has read.

        Raises:
            ConfigError: A file was changed since it was read, or cannot be edited.

        """
        from slo.spec.revision import all_revised  # noqa: PLC0415  heavy, and seldom needed

        return all_revised(self.spec_paths, [self._change(one) for one in wanted])

    def _change(self, wanted: Slo | ServiceAlert) -> Change:
        from slo.model.service_alert import ServiceAlert  # noqa: PLC0415

        name = f"{wanted.service}/{wanted.name}"
        return (self.alert(name) if isinstance(wanted, ServiceAlert) else self[name]), wanted

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

    def replay(
        self,
        one: Slo,
        history: History,
        policies: Iterable[AlertPolicy] = (),
        offset: int | None = None,
    ) -> Replay:
        """An objective's history, replayed once for its own policy and for others.

        Raises:
            SpecError: A file of incidents or exclusions has faults.
            NotEnoughData: The history holds no series of the indicator's total.

        """
        from slo.backtest import replay  # noqa: PLC0415  loads numpy

        return replay(
            one,
            history,
            self.incidents(history.span),
            self.interval,
            exclusions=self.exclusions,
            windows={window for policy in policies for window in policy.windows},
            offset=offset,
            time_zone=self.configuration.project.time_zone,
        )

    def backtest(self, one: Slo, history: History | None = None) -> Backtest:
        """What an objective's alerts would have done over its history."""
        return self.replay(one, history or self.history(one)).backtest(one)

    def backtest_alert(self, one: ServiceAlert, history: History | None = None) -> AlertBacktest:
        """What an alert on a threshold would have done over its history.

        It is judged by the incidents that name its signal, or no objective and signal at all.

        Raises:
            SpecError: A file of incidents or exclusions has faults.
            NotEnoughData: The history holds none of the series that the alert reads.

        """
        from slo.backtest import backtest_alerts  # noqa: PLC0415  loads numpy

        past = history or self.alert_history(one)
        truth = self.alert_truth(one, past.span)
        return backtest_alerts(
            [one.alert],
            past,
            truth.incidents,
            self.interval,
            exclusions=truth.exclusions,
            time_zone=self.configuration.project.time_zone,
        )

    def tune(self, one: Slo, history: History | None = None, goals: Goals | None = None) -> Study:
        """The alerts that would have served an objective best, and how far to trust them.

        Raises:
            NotEnoughData: The history holds no series of the indicator's total.

        """
        from slo.tune.tuning import tune  # noqa: PLC0415  loads numpy

        past = history or self.history(one)
        return tune(one, past, self.ground_truth(one, past), goals, self.interval)

    def tune_service(self, service: str = "", goals: Goals | None = None) -> Studies:
        """A study of every objective of a service; may be empty where there is only one.

        Raises:
            ConfigError: There is no such service, or several and none was named.
            NotEnoughData: The history holds no series of an indicator's total.

        """
        from slo.tune.studies import Studies  # noqa: PLC0415

        slos = self.of_service(service)
        history = self.history(*slos)
        tuned = self.watched(slos, "Tuning")
        return Studies(tuple(self.tune(one, history, goals) for one in tuned))

    def outlook(self, one: Slo, history: History | None = None) -> Outlook:
        """The chance to keep each target over the next period, and what each nine costs.

        Raises:
            NotEnoughData: The history holds no series of the indicator's total.

        """
        from slo.tune.outlook import objective_outlook  # noqa: PLC0415  loads numpy

        return objective_outlook(one, history or self.history(one), self.exclusions)

    def low_traffic(self, one: Slo, history: History) -> tuple[AlertOnFewEvents, ...]:
        """What each alert means at the traffic of a history.

        Raises:
            NotEnoughData: The history holds no series of the indicator's total.

        """
        from slo.tune.low_traffic import low_traffic  # noqa: PLC0415  loads numpy

        return low_traffic(one, history, self.ground_truth(one, history).incidents)

    def budget(self, one: Slo, history: History | None = None) -> BudgetStatus:
        """An objective's error budget at the end of its history."""
        from slo.budget import budget_status  # noqa: PLC0415  loads numpy

        past = history or self.history(one)
        return budget_status(one, past, past.span.end, self.exclusions)

    def artefacts(self) -> tuple[Artefact, ...]:
        """Every file that belongs into the folder of generated artefacts.

        Raises:
            ConfigError: The dashboards are those of a service that the specifications lack.

        """
        from slo.project.generated import artefacts  # noqa: PLC0415  not needed to open a project

        return artefacts(self)

    def pushed_artefacts(self) -> tuple[Artefact, ...]:
        """Those of them that belong into Grafana: dashboards, and alerts that it evaluates itself.

        Raises:
            ConfigError: The dashboards are those of a service that the specifications lack.

        """
        from slo.project.generated import pushed_artefacts  # noqa: PLC0415

        return pushed_artefacts(self)

    def plan(
        self,
        target: Literal["generated", "grafana"] = "generated",
        *,
        environment: str = "",
        allowed: Allowed | None = None,
    ) -> ReadyPlan:
        """What writing the artefacts would change, in the folder or in Grafana.

        In a notebook it shows as a table; its ``apply()`` makes the changes.

        Args:
            target: ``generated`` for the folder, ``grafana`` for the server of an environment.
            environment: Of Grafana; may be empty where there is only one.
            allowed: What a push may do beside creating and updating what is its own.

        Raises:
            ConfigError: Grafana is not configured, or lacks a data source.
            GrafanaError: Grafana cannot be reached, or refuses.

        """
        from slo.project.ready_plan import ReadyPlan  # noqa: PLC0415  not needed to open a project

        if target == "generated":
            from slo.plan import plan  # noqa: PLC0415
            from slo.targets import folder  # noqa: PLC0415

            root = self.generated_path
            made = plan(folder.current(root), self.artefacts())
            return ReadyPlan.of(made, lambda plan, _: folder.apply(plan, root))
        from slo.targets.grafana.push import carried_out, planned  # noqa: PLC0415

        server = self.grafana(environment)
        source = self.configuration.grafana.datasource_uid
        made = planned(self.pushed_artefacts(), server, source, allowed)
        return ReadyPlan.of(made, lambda plan, advance: carried_out(plan, server, advance))

    def planned(self, file: str | Path, environment: str = "") -> ReadyPlan:
        """A plan that was reviewed, from the file that ``slo plan --out`` wrote.

        Raises:
            ConfigError: The file is none, was edited, or Grafana is not configured.

        """
        from slo.plan.file import read_plan  # noqa: PLC0415
        from slo.project.ready_plan import ReadyPlan  # noqa: PLC0415
        from slo.targets.grafana.push import carried_out  # noqa: PLC0415

        made = read_plan(Path(file))
        server = self.grafana(environment or self.environment_of(made.target))
        return ReadyPlan.of(made, lambda plan, advance: carried_out(plan, server, advance))

    def pull(self, *names: str, environment: str = "") -> tuple[Pulled, ...]:
        """What people edited in Grafana since the last push, or what is named, to look at.

        Raises:
            ConfigError: There is nothing of that name, or Grafana is not configured.
            GrafanaError: Grafana cannot be reached, or refuses.

        """
        from slo.targets.grafana.pulling import pulled  # noqa: PLC0415  an optional extra

        source = self.configuration.grafana.datasource_uid
        return pulled(self.pushed_artefacts(), self.grafana(environment), source, names)

    def weekly_slo(self, week: str = "", service: str = "") -> WeeklySlo:
        """The numbers of the weekly SLO report, with what it suggests to change.

        Args:
            week: An ISO week such as ``2026-W45``; the last closed week of the history if empty.
            service: The service; may be empty where the project has only one.

        Raises:
            NotEnoughData: The history does not reach into the week.

        """
        from slo.project.reports import weekly_slo  # noqa: PLC0415  loads pandas

        return weekly_slo(self, week, service)

    def write_weekly_slo(self, report: WeeklySlo, folder: str | Path) -> Path:
        """Write a weekly report, in every form, into a folder; returns the page's path."""
        from slo.report.objectives.files import write_weekly_slo  # noqa: PLC0415  loads plotly

        links = self.configuration.links
        return write_weekly_slo(report, folder, self.reports_path, links.reports)

    def preview(
        self,
        dashboards: Sequence[Path],
        page: Path,
        *,
        url: str = "",
        variables: Mapping[str, Sequence[str]] | None = None,
        hours: float | None = None,
        advance: Callable[[str, int, int], None] | None = None,
    ) -> Preview:
        """Write dashboards with their numbers as a page that needs no network.

        Args:
            dashboards: Files, or names or uids of generated ones; every generated one if empty.
            page: The file to write.
            url: Of a Prometheus to ask; else the snapshot, else the configured Prometheus.
            variables: Chosen values by variable.
            hours: How long a stretch is shown; each dashboard's own if not given.
            advance: Called with a dashboard's title, its panels that are done, and all of them.

        Raises:
            ConfigError: There is no such dashboard, variable or value.
            SpecError: A file is no dashboard of the classic schema.
            HistoryError: The source cannot be read or reached.
            RunError: The snapshot is asked, and Prometheus is not installed.

        """
        from slo.preview.page import write_page  # noqa: PLC0415  loads plotly
        from slo.preview.preview import preview  # noqa: PLC0415
        from slo.preview.reading import dashboard_files, read_dashboards  # noqa: PLC0415
        from slo.project.previewing import preview_source  # noqa: PLC0415

        files = dashboard_files(dashboards, self.generated_path / "dashboards")
        read = read_dashboards(files)
        with self.progress("Asking") as shown:
            told = advance or (lambda _, done, of: shown(done, of))
            found = preview(read, preview_source(self, url), variables, hours, told)
        write_page(found, page)
        return found

    def notebook(self, name: str) -> Path:
        """A notebook of the project's own, or slobook's where it has none or an untouched copy."""
        from slo.project.workbench import notebook  # noqa: PLC0415

        return notebook(self, name)

    def state(self) -> State:
        """What the project has so far, and what to do next; nobody is asked over the network."""
        from slo.project.state import state  # noqa: PLC0415  reads all that there is

        return state(self)

    def publish_weekly_slo(self, week: str = "", service: str = "") -> Published:
        """Run the weekly report's notebook and publish it under the reports' folder.

        Raises:
            RunError: The notebook failed; nothing is published.
            ConfigError: There is no such service, week or notebook.
            NotEnoughData: The history does not reach into the week.
            UnderWay: Another run makes the same report.

        """
        from slo.project.reports import publish  # noqa: PLC0415
        from slo.report.kinds import WEEKLY_SLO  # noqa: PLC0415

        return publish(self, WEEKLY_SLO, week, service)

    def publish_weekly_cost(self, week: str = "", service: str = "") -> Published:
        """Run the weekly cost report's notebook and publish it under the reports' folder.

        Raises:
            RunError: The notebook failed; nothing is published.
            ConfigError: There is no such service, budget, week or notebook.
            NotEnoughData: The history does not reach into the week.
            UnderWay: Another run makes the same report.

        """
        from slo.project.reports import publish  # noqa: PLC0415
        from slo.report.kinds import WEEKLY_COST  # noqa: PLC0415

        return publish(self, WEEKLY_COST, week, service)


def open_project(path: str | Path = FILE_NAME, progress: Progress | None = None) -> Project:
    """Open the project that a configuration file describes; nothing is fetched yet.

    Args:
        path: The configuration file.
        progress: How long work shows how far it is; in a notebook it does unless told otherwise.

    Raises:
        ConfigError: The file is missing or does not fit.

    """
    file = Path(path)
    shown = progress or progress_here()
    return Project(file.resolve().parent, read_configuration(file), file.resolve(), shown)


def configured_project(root: Path, specs: Sequence[Path]) -> Project:
    """A project of some specifications, with every other setting at its default."""
    section = ProjectSection(specs=tuple(path.absolute() for path in specs))
    return Project(root, Configuration(project=section), root / FILE_NAME)
