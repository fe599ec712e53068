"""All files for other systems, from the same groups of rules."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from slo.manifests.alertmanager import alertmanager_config
from slo.manifests.config_map import config_map
from slo.manifests.cron_jobs import cron_jobs
from slo.manifests.grafana_alerting import grafana_alert_rules
from slo.manifests.helm_values import helm_values
from slo.manifests.mimir import mimir_rules
from slo.manifests.prometheus_rule import prometheus_rule
from slo.manifests.service_monitor import service_monitor
from slo.plan import Artefact
from slo.rules.format import rules_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.manifests.settings import ManifestSettings
    from slo.rules.rule import RuleGroup

ALL_RULES = "rules/prometheus-rules.yml"
"""What the ConfigMap holds where no rule files are given."""


def manifest_artefacts(
    groups: Sequence[RuleGroup],
    settings: ManifestSettings,
    rule_files: Sequence[Artefact] = (),
) -> tuple[Artefact, ...]:
    """Every file, sorted by path.

    Args:
        groups: All rule groups, recording and alerting, in the order of the rule files.
        settings: All that is not a rule.
        rule_files: The rule files, for the ConfigMap; one file of all groups where there are none.

    Raises:
        ValueError: Two groups, or two rule files, have one name.

    """
    times = Counter(group.name for group in groups)
    if repeated := sorted(name for name, count in times.items() if count > 1):
        message = f"Prometheus wants the groups of a file to differ; repeated: {repeated}"
        raise ValueError(message)
    filled = [group for group in groups if group.rules]
    files = rule_files or [Artefact(ALL_RULES, rules_text(filled))]
    return tuple(
        sorted(
            (
                alertmanager_config(settings.alertmanager),
                config_map(files, settings.kubernetes),
                cron_jobs(settings),
                grafana_alert_rules(filled, settings.grafana),
                helm_values(filled, settings),
                mimir_rules(filled, settings.mimir_namespace),
                prometheus_rule(filled, settings.kubernetes),
                service_monitor(settings.kubernetes),
            )
        )
    )
