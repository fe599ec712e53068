"""Prometheus rule files for objectives, and promtool tests that prove them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from slo.model import names
from slo.model.duration import MINUTE, format_duration
from slo.plan import Artefact
from slo.rules.annotations import Links
from slo.rules.burn_rate import burn_rate_rules
from slo.rules.format import rules_text, tests_text
from slo.rules.metadata import metadata_rules
from slo.rules.promtool_tests import service_tests
from slo.rules.recording import error_ratio_rules, period_rules
from slo.rules.rule import RuleGroup
from slo.rules.scenarios import is_testable
from slo.rules.threshold import threshold_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.service_alert import ServiceAlert
    from slo.model.slo import Slo
    from slo.rules.rule import Rule

__all__ = ["Links", "alert_group", "period_group", "rule_artefacts", "rule_groups"]

_NOWHERE = Links()
_PERIOD_INTERVAL = 4 * MINUTE
"""Ratios over a whole period are costly and change slowly, but a sample is only visible for five
minutes: at five there would be gaps."""


def rule_artefacts(
    slos: Sequence[Slo],
    interval: int,
    alerts: Sequence[ServiceAlert] = (),
    links: Links = _NOWHERE,
) -> tuple[Artefact, ...]:
    """Rule files of all services, and files of promtool tests for each, sorted by path.

    Alerts stand in a file of their own. What asks for whole periods stands in another: promtool
    evaluates every rule of a file in each test, and cannot hold as many samples.

    Args:
        slos: Objectives of any number of services.
        interval: Milliseconds between evaluations.
        alerts: On thresholds, of any services.
        links: Where runbooks and dashboards are.

    """
    alerting, recording = rule_groups(slos, interval, alerts, links)
    artefacts = _rule_file(names.ALERT_RULE_FILE, alerting)
    artefacts += _rule_file(names.RECORDING_RULE_FILE, recording)
    for service in _services(slos, alerts):
        tested = [slo for slo in _of(slos, service) if is_testable(slo)]
        for tests in service_tests(tested, _of(alerts, service)):
            path = names.rule_test_file(service, format_duration(tests.interval))
            artefacts.append(Artefact(path, tests_text(names.ALERT_RULE_FILE, tests)))
    return tuple(sorted(artefacts))


def rule_groups(
    slos: Sequence[Slo],
    interval: int,
    alerts: Sequence[ServiceAlert] = (),
    links: Links = _NOWHERE,
) -> tuple[tuple[RuleGroup, ...], tuple[RuleGroup, ...]]:
    """The groups with alerts that promtool can test, and the others; arguments as above."""
    alerting: list[RuleGroup] = []
    recording: list[RuleGroup] = []
    for service in _services(slos, alerts):
        own = _of(slos, service)
        for slo in own:
            where = alerting if is_testable(slo) else recording
            where.append(alert_group(slo, interval, links))
        thresholds = threshold_rules(_of(alerts, service), links)
        alerting.append(RuleGroup(names.threshold_group(service), interval, thresholds))
        recording += [period_group(slo, interval) for slo in own]
    return (
        tuple(group for group in alerting if group.rules),
        tuple(group for group in recording if group.rules),
    )


def alert_group(slo: Slo, interval: int, links: Links = _NOWHERE) -> RuleGroup:
    """Error ratios and the alerts on them, ratios first.

    Within a group a rule sees what the rules before it recorded at the same instant.
    """
    rules: tuple[Rule, ...] = (*error_ratio_rules(slo), *burn_rate_rules(slo, links))
    return RuleGroup(names.alert_group(slo.service, slo.name), interval, rules)


def period_group(slo: Slo, interval: int) -> RuleGroup:
    """What is known of the objective's whole period."""
    rules = (*metadata_rules(slo), *period_rules(slo))
    name = names.period_group(slo.service, slo.name)
    return RuleGroup(name, max(interval, _PERIOD_INTERVAL), rules)


def _services(slos: Sequence[Slo], alerts: Sequence[ServiceAlert]) -> list[str]:
    return sorted({*(slo.service for slo in slos), *(alert.service for alert in alerts)})


_Owned = TypeVar("_Owned", "Slo", "ServiceAlert")


def _of(owned: Sequence[_Owned], service: str) -> list[_Owned]:
    return sorted((one for one in owned if one.service == service), key=lambda one: one.name)


def _rule_file(path: str, groups: Sequence[RuleGroup]) -> list[Artefact]:
    return [Artefact(path, rules_text(groups))] if groups else []
