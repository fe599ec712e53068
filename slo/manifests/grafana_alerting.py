"""Alerts for Grafana: rule groups that Grafana evaluates itself.

Only alerts: Grafana can record since version 11, but the error ratios that alerts compare stay
where the raw samples are. Prometheus records them, and Grafana asks it for the alert's expression.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from slo.manifests.grafana_template import grafana_template
from slo.model import names
from slo.model.duration import SECOND, format_duration
from slo.plan import GENERATED, Artefact
from slo.rules.rule import AlertingRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.manifests.settings import GrafanaSettings
    from slo.rules.rule import RuleGroup

PATH = "grafana/alert-rules.json"

_INTERVAL_STEP = 10 * SECOND
"""Grafana evaluates at multiples of ten seconds."""

_LOOKBACK_SECONDS = 600
"""An instant query looks at the end of this range only, but Grafana wants one."""

_HAS_RESULT = "is_null($A) >= 0"
"""True wherever A has a result. A comparison in PromQL filters: what it leaves may be 0, negative
or NaN, so the value itself would not do. ``is_null`` is 0 or 1 for each, and keeps the labels."""


@dataclass(frozen=True)
class _Placed:
    """An alert, and what tells it from all others.

    Attributes:
        group: The name of its group.
        rule: The alert.
        uid: Stays as long as group, name and labels do, whatever becomes of the expression.

    """

    group: str
    rule: AlertingRule
    uid: str


def grafana_alert_rules(groups: Sequence[RuleGroup], settings: GrafanaSettings) -> Artefact:
    """The bodies for ``PUT /api/v1/provisioning/folder/<folder>/rule-groups/<title>``.

    Groups without alerts are left out.
    """
    placed = {group.name: _placed(group) for group in groups}
    titles = _titles([one for members in placed.values() for one in members])
    bodies = []
    for group in groups:
        title = group_title(group.name)
        rules = [_rule(one, title, titles[one.uid], settings) for one in placed[group.name]]
        body = {
            "title": title,
            "folderUid": settings.folder_uid,
            "interval": _interval_seconds(group.interval),
            "rules": rules,
        }
        bodies += [body] if rules else []
    tree = {"comment": GENERATED, "groups": bodies}
    return Artefact(PATH, json.dumps(tree, indent=2, ensure_ascii=False) + "\n")


def group_title(name: str) -> str:
    """A group's name in characters that stand in an address as they are."""
    title = re.sub(r"[^A-Za-z0-9_.-]+", " ", name).strip()
    # Names that differ in other characters only must not become one.
    return title if title.replace(" ", "/") == name else f"{title} {_digest(name)[:8]}"


def _placed(group: RuleGroup) -> tuple[_Placed, ...]:
    found: list[_Placed] = []
    for rule in group.rules:
        if isinstance(rule, AlertingRule):
            # Two alerts of a group may differ in nothing but their expressions: then order tells.
            alike = sum(
                one.rule.alert == rule.alert and one.rule.labels == rule.labels for one in found
            )
            identity = [group.name, rule.alert, sorted(rule.labels.items()), alike]
            uid = f"slobook-{_digest(json.dumps(identity))[:24]}"
            found.append(_Placed(group.name, rule, uid))
    return tuple(found)


def _titles(placed: Sequence[_Placed]) -> dict[str, str]:
    """Titles by uid, unique in the folder: the alert's name, and more only where others have it."""
    titles: dict[str, str] = {}
    for wording in (_by_name, _by_severity, _by_group):
        times = Counter(wording(one) for one in placed)
        titles = {one.uid: wording(one) for one in placed if times[wording(one)] == 1} | titles
    return titles


def _by_name(one: _Placed) -> str:
    return one.rule.alert


def _by_severity(one: _Placed) -> str:
    return f"{one.rule.alert} {one.rule.labels.get(names.SEVERITY_LABEL, '')}".strip()


def _by_group(one: _Placed) -> str:
    return f"{one.rule.alert} {one.group} {one.uid[-8:]}"


def _rule(one: _Placed, group_title: str, title: str, settings: GrafanaSettings) -> dict[str, Any]:
    rule = one.rule
    body: dict[str, Any] = {
        "uid": one.uid,
        "title": title,
        "folderUID": settings.folder_uid,
        "ruleGroup": group_title,
        "orgID": settings.organisation,
        "condition": "B",
        "for": format_duration(rule.hold),
        "noDataState": "OK",
        "execErrState": "Error",
        "labels": dict(rule.labels),
        "annotations": {name: grafana_template(text) for name, text in rule.annotations.items()},
        "data": [_query(rule.expr, settings.datasource_uid), _condition()],
    }
    if rule.keep_firing:
        body["keep_firing_for"] = format_duration(rule.keep_firing)
    return body


def _query(expr: str, datasource_uid: str) -> dict[str, Any]:
    model = {
        "refId": "A",
        "expr": expr,
        "instant": True,
        "range": False,
        "intervalMs": 1000,
        "maxDataPoints": 43200,
    }
    return _part("A", datasource_uid, model)


def _condition() -> dict[str, Any]:
    model = {"refId": "B", "type": "math", "expression": _HAS_RESULT}
    return _part("B", "__expr__", model)


def _part(ref_id: str, datasource_uid: str, model: dict[str, Any]) -> dict[str, Any]:
    return {
        "refId": ref_id,
        "datasourceUid": datasource_uid,
        "relativeTimeRange": {"from": _LOOKBACK_SECONDS, "to": 0},
        "model": model,
    }


def _interval_seconds(interval: int) -> int:
    """The group's interval, or the next longer one that Grafana has."""
    return -(-interval // _INTERVAL_STEP) * _INTERVAL_STEP // SECOND


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
