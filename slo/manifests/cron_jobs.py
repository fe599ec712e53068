"""Reports every Monday: CronJobs, and a volume for what they read and write.

The volume holds the project's ``history/`` (incidents and exclusions; where no snapshot lies there
a report asks Prometheus) and ``reports/``. What the project calls by the names of environment
variables, such as a token for Prometheus, comes from the Secret ``slobook-environment``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slo.errors import UNDER_WAY
from slo.manifests.kubernetes import resource
from slo.manifests.yaml_text import yaml_text
from slo.plan import Artefact

if TYPE_CHECKING:
    from slo.manifests.settings import KubernetesSettings, ManifestSettings, ScheduledReport

PATH = "kubernetes/cron-jobs.yaml"

ENVIRONMENT_SECRET = "slobook-environment"  # noqa: S105  a Secret's name, not its content

_VOLUME = "slobook-files"
_USER = 10001


def cron_jobs(settings: ManifestSettings) -> Artefact:
    """The volume, and a CronJob for each report."""
    kubernetes = settings.kubernetes
    jobs = [_cron_job(report, settings) for report in kubernetes.reports]
    return Artefact(PATH, yaml_text(_volume(kubernetes), *jobs))


def _volume(settings: KubernetesSettings) -> dict[str, Any]:
    tree = resource("v1", "PersistentVolumeClaim", _VOLUME, settings)
    tree["spec"] = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "10Gi"}},
    }
    return tree


def _cron_job(report: ScheduledReport, settings: ManifestSettings) -> dict[str, Any]:
    tree = resource("batch/v1", "CronJob", report.name, settings.kubernetes)
    tree["spec"] = {
        "schedule": report.schedule,
        "timeZone": settings.time_zone,
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 3600,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 3,
        "jobTemplate": {"spec": _job(report, settings.kubernetes)},
    }
    return tree


def _job(report: ScheduledReport, settings: KubernetesSettings) -> dict[str, Any]:
    return {
        "backoffLimit": 2,
        "podFailurePolicy": {"rules": [_later(report)]},
        "activeDeadlineSeconds": 3600,
        "ttlSecondsAfterFinished": 604800,
        "template": {"spec": _pod(report, settings)},
    }


def _later(report: ScheduledReport) -> dict[str, Any]:
    """Another run makes the report already: try again until the deadline, and count no failure.

    Kubernetes waits longer before each attempt. The policy is on by default from 1.26, and needs
    ``restartPolicy: Never``: https://kubernetes.io/docs/tasks/job/pod-failure-policy/
    """
    codes = {"containerName": report.name, "operator": "In", "values": [UNDER_WAY]}
    return {"action": "Ignore", "onExitCodes": codes}


def _pod(report: ScheduledReport, settings: KubernetesSettings) -> dict[str, Any]:
    return {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _USER,
            "runAsGroup": _USER,
            "fsGroup": _USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [_container(report, settings)],
        "volumes": [
            {"name": "files", "persistentVolumeClaim": {"claimName": _VOLUME}},
            {"name": "scratch", "emptyDir": {"sizeLimit": "1Gi"}},
        ],
    }


def _container(report: ScheduledReport, settings: KubernetesSettings) -> dict[str, Any]:
    kept = [
        {"name": "files", "mountPath": f"{settings.project}/{folder}", "subPath": folder}
        for folder in ("history", "reports")
    ]
    # The image is read-only: compiled kernels and notebooks' own files go to the scratch volume.
    scratch = {"HOME": "/tmp", "NUMBA_CACHE_DIR": "/tmp/numba"}  # noqa: S108  a pod's own
    return {
        "name": report.name,
        "image": settings.image,
        "command": ["slo"],
        "args": list(report.arguments),
        "workingDir": settings.project,
        "env": [{"name": name, "value": value} for name, value in scratch.items()],
        "envFrom": [{"secretRef": {"name": ENVIRONMENT_SECRET, "optional": True}}],
        "resources": {
            "requests": {"cpu": "500m", "memory": "1Gi"},
            "limits": {"memory": "2Gi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [*kept, {"name": "scratch", "mountPath": "/tmp"}],  # noqa: S108  its own
    }
