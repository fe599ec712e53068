"""Prometheus rule files for objectives, and promtool tests that prove them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from slo.model import names
from slo.model.duration import MINUTE, format_duration
from slo.model.indicator import TimeSlices
from slo.plan import Artefact
from slo.rules.annotations import Links
from slo.rules.burn_rate import burn_rate_rules
from slo.rules.burn_rate_scenarios import is_testable
from slo.rules.burn_rate_tests import burn_rate_tests
from slo.rules.format import rules_text, tests_text
from slo.rules.metadata import metadata_rules
from slo.rules.recording import current_rules, error_ratio_rules, period_rules
from slo.rules.rule import RuleGroup
from slo.rules.threshold import threshold_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.model.service_alert import ServiceAlert
    from slo.model.slo import Slo
    from slo.rules.promtool_case import TestFile
    from slo.rules.rule import Rule

__all__ = [
    "Links",
    "alert_group",
    "period_group",
    "rule_artefacts",
    "rule_file_artefacts",
    "rule_groups",
]

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

    promtool evaluates every rule of a file in each test: what is costly stands apart, and so does
    what asks for whole periods, of which it cannot hold the samples.

    Args:
        slos: Objectives of any number of services.
        interval: Milliseconds between evaluations.
        alerts: On thresholds, of any services.
        links: Where runbooks and dashboards are.

    """
    files = rule_file_artefacts(slos, interval, alerts, links)
    return tuple(sorted((*files, *_tests(slos, alerts))))


def rule_file_artefacts(
    slos: Sequence[Slo],
    interval: int,
    alerts: Sequence[ServiceAlert] = (),
    links: Links = _NOWHERE,
) -> tuple[Artefact, ...]:
    """The rule files alone, sorted by path: their tests take much longer. Arguments as above."""
    return tuple(
        Artefact(path, rules_text(groups))
        for path, groups in rule_groups(slos, interval, alerts, links).items()
    )


def _tests(slos: Sequence[Slo], alerts: Sequence[ServiceAlert]) -> list[Artefact]:
    # The engine tries every test of a threshold, and nothing else here needs it.
    from slo.rules.threshold_tests import threshold_tests  # noqa: PLC0415

    artefacts: list[Artefact] = []
    for service in _services(slos, alerts):
        tested = [slo for slo in _of(slos, service) if is_testable(slo)]
        for path in (names.BURN_RATE_RULE_FILE, names.TIME_SLICE_RULE_FILE):
            own = [slo for slo in tested if _file_of(slo) == path]
            artefacts += _test_files(service, path, burn_rate_tests(own))
        thresholds = threshold_tests(_of(alerts, service))
        artefacts += _test_files(service, names.ALERT_RULE_FILE, thresholds)
    return artefacts


def rule_groups(
    slos: Sequence[Slo],
    interval: int,
    alerts: Sequence[ServiceAlert] = (),
    links: Links = _NOWHERE,
) -> dict[str, tuple[RuleGroup, ...]]:
    """The groups of each rule file, by its path; arguments as above."""
    found: dict[str, list[RuleGroup]] = {}
    for service in _services(slos, alerts):
        for slo in _of(slos, service):
            found.setdefault(_file_of(slo), []).append(alert_group(slo, interval, links))
            period = period_group(slo, interval)
            found.setdefault(names.RECORDING_RULE_FILE, []).append(period)
        thresholds = threshold_rules(_of(alerts, service), links)
        group = RuleGroup(names.threshold_group(service), interval, thresholds)
        found.setdefault(names.ALERT_RULE_FILE, []).append(group)
    filled = {path: tuple(g for g in groups if g.rules) for path, groups in found.items()}
    return {path: groups for path, groups in sorted(filled.items()) if groups}


def _file_of(slo: Slo) -> str:
    if not is_testable(slo):
        return names.RECORDING_RULE_FILE
    sliced = isinstance(slo.indicator, TimeSlices)
    return names.TIME_SLICE_RULE_FILE if sliced else names.BURN_RATE_RULE_FILE


def alert_group(slo: Slo, interval: int, links: Links = _NOWHERE) -> RuleGroup:
    """Error ratios, what they say of now, and the alerts on them, ratios first.

    Within a group a rule sees what the rules before it recorded at the same instant.
    """
    recorded = (*error_ratio_rules(slo), *current_rules(slo))
    rules: tuple[Rule, ...] = (*recorded, *burn_rate_rules(slo, links))
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


def _test_files(service: str, rule_file: str, tests: Iterable[TestFile]) -> list[Artefact]:
    return [
        Artefact(
            names.rule_test_file(service, rule_file, format_duration(one.interval)),
            tests_text(rule_file, one),
        )
        for one in tests
    ]
