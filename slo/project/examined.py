"""What of a project its production checklist looks at."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from slo.doctor.check import NotConfigured
from slo.doctor.checks.metrics import Reader
from slo.doctor.checks.tls import Address
from slo.doctor.prometheus import asking
from slo.errors import ConfigError, HistoryError, SpecError
from slo.history.contents import required_selector
from slo.model import names
from slo.model.duration import MINUTE
from slo.model.grid import Grid
from slo.model.indicator import LatencyBuckets
from slo.model.measure import CounterRate, CounterShare
from slo.preview.reads import reads
from slo.project.generated import rule_files
from slo.report.kinds import KINDS
from slo.rules.rule import AlertingRule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from slo.doctor.alertmanager.server import AlertmanagerServer
    from slo.history.connection import PrometheusServer
    from slo.model.selector import Selector
    from slo.project.project import Project
    from slo.report.kinds import ReportKind
    from slo.rules.rule import Rule, RuleGroup

URGENT = ("page", "critical")
_RUNBOOK = "runbook_url"
_COST = "the cost report"
_AN_INSTANT = Grid(0, 0, MINUTE)


@dataclass(frozen=True)
class Examined:
    """A project as checks see it; what is not configured raises ``NotConfigured`` with its name.

    Attributes:
        project: The project.

    """

    project: Project

    def prepare(self) -> None:
        """Read what several checks need, once, before they run side by side."""
        with suppress(SpecError, ConfigError):  # a check says so
            self.groups  # noqa: B018  remembered

    @cached_property
    def groups(self) -> tuple[RuleGroup, ...]:
        """Every group of rules that Prometheus should evaluate."""
        files = rule_files(self.project).values()
        return tuple(group for of_file in files for group in of_file)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Their rules."""
        return tuple(rule for group in self.groups for rule in group.rules)

    @property
    def alerts(self) -> tuple[AlertingRule, ...]:
        """Those of them that tell somebody."""
        return tuple(rule for rule in self.rules if isinstance(rule, AlertingRule))

    @property
    def urgent(self) -> tuple[AlertingRule, ...]:
        """Those of them that call somebody."""
        return tuple(
            rule for rule in self.alerts if rule.labels.get(names.SEVERITY_LABEL) in URGENT
        )

    @property
    def prometheus(self) -> PrometheusServer:
        """The configured Prometheus."""
        if self.project.configuration.prometheus is None:
            raise NotConfigured("slobook.toml has no url under [prometheus]")
        return self.project.prometheus

    @property
    def alertmanager(self) -> AlertmanagerServer:
        """The configured Alertmanager."""
        server = self.project.configuration.alertmanager.server
        if server is None:
            raise NotConfigured("slobook.toml has no url under [alertmanager]")
        return server

    @property
    def prometheus_url(self) -> str:
        """Its address for people; empty where none is configured."""
        section = self.project.configuration.prometheus
        return section.server.shown_url if section else ""

    @property
    def alertmanager_url(self) -> str:
        """Likewise, that of the configured Alertmanager."""
        server = self.project.configuration.alertmanager.server
        return server.base_url if server else ""

    @property
    def environments(self) -> tuple[str, ...]:
        """Every configured Grafana by its environment; empty for the one that has none."""
        section = self.project.configuration.grafana
        named = (*([""] if section.url else []), *section.environments)
        if not named:
            raise NotConfigured("slobook.toml has no url under [grafana]")
        return named

    @property
    def external_labels(self) -> dict[str, str] | None:
        """What Prometheus adds to the labels of its alerts; None where it is not known."""
        try:
            with asking(self.prometheus) as server:
                tree = YAML(typ="safe", pure=True).load(server.told("status/config")["yaml"])
                return dict(tree["global"].get("external_labels") or {})
        except (NotConfigured, ConfigError, HistoryError, YAMLError, KeyError, TypeError):
            return None  # the check of Prometheus says why

    @property
    def indicators(self) -> tuple[Selector, ...]:
        """The series without which objectives cannot be judged, each selector once."""
        return tuple(dict.fromkeys(required_selector(one) for one in self.project.slos))

    @property
    def readers(self) -> tuple[Reader, ...]:
        """Objectives, with what they cannot be judged without."""
        found = []
        for one in self.project.slos:
            needed = [required_selector(one)]
            if isinstance(one.indicator, LatencyBuckets):
                needed.append(one.indicator.numerator)
            found.append(Reader(f"{one.service}/{one.name}", tuple(needed)))
        return tuple(found)

    @property
    def metrics_read(self) -> dict[str, tuple[str, ...]]:
        """Every metric that rules and cost reports read and no rule of ours makes, with readers."""
        found: dict[str, list[str]] = defaultdict(list)
        made = {rule.record for rule in self.rules if not isinstance(rule, AlertingRule)}
        for reader, selector in self._reads():
            if (
                selector.metric
                and selector.metric not in made
                and reader not in found[selector.metric]
            ):
                found[selector.metric].append(reader)
        return {metric: tuple(readers) for metric, readers in sorted(found.items()) if readers}

    def _reads(self) -> Iterator[tuple[str, Selector]]:
        for rule in self.rules:
            name = rule.alert if isinstance(rule, AlertingRule) else rule.record
            for read in reads(rule.expr, _AN_INSTANT):
                yield name, read.selector
        for selector in self.project.cost_selectors():
            yield _COST, selector

    @property
    def shortest_windows(self) -> tuple[tuple[Selector, int], ...]:
        """Counters and gauges, each with the shortest window in which an alert looks at them."""
        found: dict[Selector, int] = {}
        looked = [(required_selector(one), one.policy.windows) for one in self.project.slos]
        looked += [
            (one.alert.measure.required, one.alert.windows)
            for one in self.project.alerts
            if isinstance(one.alert.measure, CounterRate | CounterShare)
        ]
        for selector, windows in looked:
            if windows:
                found[selector] = min(found.get(selector, windows[0]), *windows)
        return tuple(found.items())

    @property
    def longest(self) -> int:
        """The longest period or window that anything looks back over, in milliseconds."""
        windows = [window for one in self.project.slos for window in one.policy.windows]
        windows += [window for one in self.project.alerts for window in one.alert.windows]
        return max([*(one.period.length for one in self.project.slos), *windows], default=MINUTE)

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Every server that is asked."""
        configuration = self.project.configuration
        found = []
        if configuration.prometheus:
            server = configuration.prometheus.server
            has = bool(server.token_env or server.username_env or server.header_envs)
            # An address with credentials in it carries them, too.
            found.append(Address("prometheus.url", server.url, has or "@" in server.url))
        if asked := configuration.alertmanager.server:
            found.append(Address("alertmanager.url", asked.url, asked.has_credentials))
        with suppress(NotConfigured):
            for name in self.environments:
                field = f"grafana.environments.{name}.url" if name else "grafana.url"
                found.append(Address(field, self.project.grafana(name).url, has_credentials=True))
        return tuple(found)

    @property
    def runbooks(self) -> dict[str, tuple[str, ...]]:
        """Runbooks as alerts link to them, with the alerts that do."""
        found: dict[str, list[str]] = defaultdict(list)
        for rule in self.alerts:
            if link := rule.annotations.get(_RUNBOOK):
                found[link].append(rule.alert)
        return {link: tuple(linking) for link, linking in sorted(found.items())}

    @property
    def runbook_base(self) -> str:
        """The address that alerts' links to runbooks begin with; empty where none is known."""
        return self.project.configuration.links.runbooks

    @property
    def without_runbook(self) -> tuple[str, ...]:
        """Alerts that call somebody and tell them nowhere to look."""
        return tuple(rule.alert for rule in self.urgent if not rule.annotations.get(_RUNBOOK))

    @cached_property
    def runbook_folders(self) -> tuple[Path, ...]:
        """Where files of runbooks may lie: beside the specifications, and in the project."""
        specs = [path if path.is_dir() else path.parent for path in self.project.spec_paths]
        # A folder of specifications is read with what is below it: a folder a service.
        read = [path for path in self.project.spec_paths if path.is_dir()]
        below = [one for path in read for one in sorted(path.rglob("*")) if one.is_dir()]
        places = [self.project.root, self.project.root / "docs", *specs]
        beside = [folder for place in places for folder in (place, place / "runbooks")]
        return tuple(dict.fromkeys([*beside, *below]))

    @property
    def reports(self) -> tuple[tuple[ReportKind, str], ...]:
        """Every report that there should be, of every service."""
        services = {
            "error": sorted({one.service for one in self.project.slos}),
            "cost": sorted({one.service for one in self.project.specs.cost_budgets}),
        }
        return tuple((kind, service) for kind in KINDS for service in services[kind.budget])

    @property
    def notification_test(self) -> Path:
        """Where it is written down when pages were last tested."""
        return self.project.snapshot_path.parent / "notification-test.json"
