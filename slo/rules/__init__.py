"""Prometheus rule files for objectives, and promtool tests that prove them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model import names
from slo.model.duration import MINUTE, format_duration
from slo.plan import Artefact
from slo.rules.burn_rate import burn_rate_rules
from slo.rules.format import rules_text, tests_text
from slo.rules.metadata import metadata_rules
from slo.rules.promtool_tests import service_tests
from slo.rules.recording import error_ratio_rules, period_rules
from slo.rules.rule import RuleGroup
from slo.rules.scenarios import is_testable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.slo import Slo
    from slo.rules.rule import Rule

__all__ = ["alert_group", "period_group", "rule_artefacts"]

_PERIOD_INTERVAL = 4 * MINUTE
"""Ratios over a whole period are costly and change slowly, but a sample is only visible for five
minutes: at five there would be gaps."""


def rule_artefacts(slos: Sequence[Slo], interval: int) -> tuple[Artefact, ...]:
    """Rule files of every service and files of promtool tests for them, sorted by path.

    Alerts stand in a file of their own. What asks for whole periods stands in another: promtool
    evaluates every rule of a file in each test, and cannot hold as many samples.

    Args:
        slos: Objectives of any number of services.
        interval: Milliseconds between evaluations.

    """
    by_service: dict[str, list[Slo]] = {}
    for slo in sorted(slos, key=lambda slo: (slo.service, slo.name)):
        by_service.setdefault(slo.service, []).append(slo)
    artefacts = []
    for service, own in by_service.items():
        tested = [slo for slo in own if is_testable(slo)]
        alerting = [alert_group(slo, interval) for slo in tested]
        long = [alert_group(slo, interval) for slo in own if slo not in tested]
        long += [period_group(slo, interval) for slo in own]
        artefacts += _rule_file(names.rule_file(service), alerting)
        artefacts += _rule_file(names.long_rule_file(service), long)
        for tests in service_tests(tested):
            path = names.rule_test_file(service, format_duration(tests.interval))
            artefacts.append(Artefact(path, tests_text(names.rule_file(service), tests)))
    return tuple(sorted(artefacts))


def alert_group(slo: Slo, interval: int) -> RuleGroup:
    """Error ratios and the alerts on them, ratios first.

    Within a group a rule sees what the rules before it recorded at the same instant.
    """
    rules: tuple[Rule, ...] = (*error_ratio_rules(slo), *burn_rate_rules(slo))
    return RuleGroup(names.alert_group(slo.service, slo.name), interval, rules)


def period_group(slo: Slo, interval: int) -> RuleGroup:
    """What is known of the objective's whole period."""
    rules = (*metadata_rules(slo), *period_rules(slo))
    name = names.period_group(slo.service, slo.name)
    return RuleGroup(name, max(interval, _PERIOD_INTERVAL), rules)


def _rule_file(path: str, groups: Sequence[RuleGroup]) -> list[Artefact]:
    filled = [group for group in groups if group.rules]
    return [Artefact(path, rules_text(filled))] if filled else []
