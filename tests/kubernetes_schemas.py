"""Objects of Kubernetes, of the Prometheus operator and values of its chart, by their schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloudcoil.models.kubernetes.apps import v1 as apps
from cloudcoil.models.kubernetes.batch import v1 as batch
from cloudcoil.models.kubernetes.core import v1 as core
from cloudcoil.models.prometheus_operator import v1 as operator
from pydantic import ValidationError

if TYPE_CHECKING:
    from pydantic import BaseModel

_MODELS = {
    ("apps/v1", "Deployment"): apps.Deployment,
    ("batch/v1", "CronJob"): batch.CronJob,
    ("monitoring.coreos.com/v1", "PrometheusRule"): operator.PrometheusRule,
    ("monitoring.coreos.com/v1", "ServiceMonitor"): operator.ServiceMonitor,
    ("v1", "ConfigMap"): core.ConfigMap,
    ("v1", "PersistentVolumeClaim"): core.PersistentVolumeClaim,
    ("v1", "Service"): core.Service,
}

# What the chart takes beside, or under another name than, the operator's resources.
_CHART_ONLY = {
    "prometheus": {
        "podAntiAffinity",
        "ruleSelectorNilUsesHelmValues",
        "serviceMonitorSelectorNilUsesHelmValues",
        "storageSpec",
    },
    "alertmanager": {"podAntiAffinity", "useExistingSecret"},
}
_SPECS = {"prometheus": operator.PrometheusSpec, "alertmanager": operator.AlertmanagerSpec}
_OTHER_VALUES = {
    "grafana": {"admin": {"existingSecret", "userKey", "passwordKey"}},
}


def faults_of_object(tree: dict[str, Any]) -> list[str]:
    """What a cluster would not take, or would drop without a word."""
    model = _MODELS.get((tree.get("apiVersion"), tree.get("kind")))
    if model is None:
        return [f"no schema of {tree.get('apiVersion')} {tree.get('kind')}"]
    return _faults(model, tree, tree["kind"])


def faults_of_values(values: dict[str, Any]) -> list[str]:
    """What kube-prometheus-stack would not take, or would ignore."""
    found = []
    for name, given in values.items():
        if name in _SPECS:
            found += [f"{name}.{key}: unknown" for key in given if key != f"{name}Spec"]
            spec = dict(given.get(f"{name}Spec", {}))
            if "storageSpec" in spec:
                spec["storage"] = spec.pop("storageSpec")
            spec = {key: one for key, one in spec.items() if key not in _CHART_ONLY[name]}
            found += _faults(_SPECS[name], spec, f"{name}.{name}Spec")
        elif name in _OTHER_VALUES:
            for key, held in given.items():
                known = _OTHER_VALUES[name].get(key, set())
                found += [f"{name}.{key}.{one}: unknown" for one in held if one not in known]
        else:
            found.append(f"{name}: unknown")
    return found


def _faults(model: type[BaseModel], tree: dict[str, Any], place: str) -> list[str]:
    try:
        read = model.model_validate(tree)
    except ValidationError as error:
        return [f"{place}: {one['loc']}: {one['msg']}" for one in error.errors()]
    # The models ignore fields that they do not know, as a cluster does.
    kept = read.model_dump(by_alias=True, exclude_unset=True, mode="json")
    return list(_lost(tree, kept, place))


def _lost(given: Any, kept: Any, place: str) -> list[str]:
    if isinstance(given, dict) and isinstance(kept, dict):
        gone = [f"{place}.{key}: unknown" for key in given if key not in kept]
        both = given.keys() & kept.keys()
        return gone + [one for k in both for one in _lost(given[k], kept[k], f"{place}.{k}")]
    if isinstance(given, list) and isinstance(kept, list):
        pairs = enumerate(zip(given, kept, strict=True))
        return [one for n, (a, b) in pairs for one in _lost(a, b, f"{place}[{n}]")]
    return [] if given == kept else [f"{place}: {given!r} is read as {kept!r}"]
