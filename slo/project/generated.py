"""A project's artefacts: rules and their tests, manifests, dashboards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.dashboards import dashboard_artefacts
from slo.dashboards.recordings import recorded_for_dashboards, recording_artefacts
from slo.manifests import manifest_artefacts
from slo.manifests.grafana_alerting import grafana_alert_rules
from slo.model import names
from slo.plan import plan
from slo.rules import Links, rule_artefacts, rule_file_artefacts, rule_groups
from slo.targets import folder

if TYPE_CHECKING:
    from slo.plan import Artefact, Plan
    from slo.project.project import Project
    from slo.project.sources import Sources
    from slo.rules.rule import RuleGroup


def artefacts(project: Project) -> tuple[Artefact, ...]:
    """Every file that belongs into the folder of generated artefacts, sorted by path.

    Raises:
        ConfigError: The dashboards are those of a service that the specifications lack.

    """
    rules = rule_artefacts(project.slos, project.interval, project.alerts, _links(project))
    return _with_others(project, rules)


def loaded_plan(project: Project) -> Plan:
    """What writing them would change in what programs load: in everything but promtool's tests.

    Tests follow from the same specifications as the rules that they test, and making them is
    most of the work; ``Project.plan`` compares them, too.

    Raises:
        ConfigError: The dashboards are those of a service that the specifications lack.

    """
    rules = rule_file_artefacts(project.slos, project.interval, project.alerts, _links(project))
    loaded = [name for name in folder.FOLDERS if name != names.TESTS_FOLDER]
    return plan(folder.current(project.generated_path, loaded), _with_others(project, rules))


def _with_others(project: Project, rules: tuple[Artefact, ...]) -> tuple[Artefact, ...]:
    """Rules, and all that is made beside them, sorted by path."""
    rules += recording_artefacts(_recorded(project))
    files = rule_files(project)
    groups = [group for of_file in files.values() for group in of_file]
    held = [artefact for artefact in rules if artefact.path in files]
    manifests = manifest_artefacts(groups, project.configuration.manifests, held)
    return tuple(sorted((*rules, *manifests, *_dashboards(project))))


def rule_files(project: Sources) -> dict[str, tuple[RuleGroup, ...]]:
    """The groups of every rule file that Prometheus evaluates, by its path.

    Raises:
        ConfigError: The dashboards are those of a service that the specifications lack.

    """
    groups = rule_groups(project.slos, project.interval, project.alerts, _links(project))
    return groups | _recorded(project)


def _recorded(project: Sources) -> dict[str, tuple[RuleGroup, ...]]:
    budgets = project.specs.cost_budgets
    return recorded_for_dashboards(project.agent, budgets, project.interval)


def pushed_artefacts(project: Project) -> tuple[Artefact, ...]:
    """Those of them that belong into Grafana: dashboards, and alerts that it evaluates itself.

    Raises:
        ConfigError: The dashboards are those of a service that the specifications lack.

    """
    files = rule_groups(project.slos, project.interval, project.alerts, _links(project))
    groups = [group for of_file in files.values() for group in of_file if group.rules]
    alerts = grafana_alert_rules(groups, project.configuration.manifests.grafana)
    return (alerts, *_dashboards(project))


def _links(project: Sources) -> Links:
    links = project.configuration.links
    return Links(links.runbooks, links.dashboards)


def _dashboards(project: Project) -> tuple[Artefact, ...]:
    budgets = project.specs.cost_budgets
    return dashboard_artefacts(
        project.slos, project.alerts, budgets, project.agent, _links(project)
    )
