"""Rule groups as a project has them: the catalogue's objectives, and alerts on thresholds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from slo.manifests import ManifestSettings, manifest_artefacts
from slo.model.duration import MINUTE
from slo.rules import alert_group, period_group
from slo.rules.rule import AlertingRule, RecordingRule, RuleGroup
from tests.catalogue import SPECS

if TYPE_CHECKING:
    from slo.plan import Artefact

_SOME = ("ai-resolution-rate", "api-availability", "queue-freshness")
SLOS = tuple(slo for slo in SPECS.slos if slo.name in _SOME)


def threshold_rule(severity: str, signal: str, expr: str, **annotations: str) -> AlertingRule:
    """An alert on a plain threshold of the support agent."""
    return AlertingRule(
        alert="".join(word.title() for word in signal.split("-")),
        expr=expr,
        hold=5 * MINUTE,
        keep_firing=0 if severity == "ticket" else 10 * MINUTE,
        labels={"service": "support-agent", "severity": severity, "signal": signal},
        annotations=annotations,
    )


THRESHOLDS = RuleGroup(
    "support-agent/alerts",
    15_000,
    (
        RecordingRule("queue:depth:sum", "sum(support_agent_queue_depth)", {}),
        threshold_rule(
            "page",
            "queue-depth",
            "queue:depth:sum > 500",
            summary="{{ $value | humanize }} tickets wait",
            action='a: \'b\'\n# c "on" {{ "{{" }} $value }}',
        ),
        threshold_rule("ticket", "queue-depth", "queue:depth:sum > 100", summary="é ✓ wait"),
        threshold_rule("warning", "idle", "queue:depth:sum <= 0", summary="yes"),
        threshold_rule("critical", "no-metrics", 'absent(up{job="support-agent"})'),
    ),
)
GROUPS = (
    *(alert_group(slo, MINUTE) for slo in SLOS),
    THRESHOLDS,
    *(period_group(slo, MINUTE) for slo in SLOS),
)
ALERTS = [rule for group in GROUPS for rule in group.rules if isinstance(rule, AlertingRule)]


@cache
def default_manifests() -> tuple[Artefact, ...]:
    """Every file, with the settings that nobody changed."""
    return manifest_artefacts(GROUPS, ManifestSettings())


def manifest(path: str, settings: ManifestSettings | None = None) -> str:
    """The text of one of the files."""
    made = manifest_artefacts(GROUPS, settings) if settings else default_manifests()
    (text,) = [artefact.text for artefact in made if artefact.path == path]
    return text


def parsed(text: str, version: tuple[int, int] = (1, 1)) -> list[dict]:
    """The documents of a text, as a reader of a version of YAML sees them."""
    yaml = YAML(typ="safe", pure=True)
    yaml.version = version
    return list(yaml.load_all(text))
