"""The catalogue of the AI support agent, fitted to the labels that its metrics have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CATALOGUE = Path(__file__).resolve().parents[1] / "catalog" / "ai_support"
SERVICE = "support-agent"
"""The name of the service in the catalogue."""

_NAMESPACE = 'namespace="support"'
_JOB = 'job="support-agent"'
_NEED_A_NAMESPACE = ("alerts-", "cost-model")


def catalogue_files(labels: Mapping[str, str]) -> dict[str, str]:
    """The catalogue's texts by their paths below the folder of specifications.

    The catalogue asks for ``namespace="support"``, its environment. Where the metrics have
    another namespace that one is asked for; where they have none nothing is, and alerts on
    thresholds and on cost, which would then mean every pod of a cluster, are left out.

    Args:
        labels: ``namespace`` and ``job`` of the agent's metrics; either may be missing.

    """
    namespace = labels.get("namespace", "")
    files = {
        path.relative_to(CATALOGUE).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(CATALOGUE.rglob("*"))
        if path.is_file()
    }
    if not namespace:
        files = {
            name: text for name, text in files.items() if not name.startswith(_NEED_A_NAMESPACE)
        }
    return {f"{SERVICE}/{name}": _fitted(text, namespace, labels) for name, text in files.items()}


def _fitted(text: str, namespace: str, labels: Mapping[str, str]) -> str:
    job = labels.get("job") or SERVICE
    fitted = text.replace(_JOB, _matcher("job", job))
    if namespace:
        return fitted.replace(_NAMESPACE, _matcher("namespace", namespace))
    return fitted.replace("{" + _NAMESPACE + "}", "").replace(_NAMESPACE + ",", "")


def _matcher(label: str, value: str) -> str:
    """A condition that may stand unquoted in the catalogue's YAML."""
    return f'{label}="{value}"' if value.replace("-", "").isalnum() else f'{label}=~".+"'
