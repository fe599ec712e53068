"""Resources of a cluster: what is scraped, what runs on Mondays, what the chart is told."""

from dataclasses import replace

import pytest
from typer.main import get_command

from slo.cli import app
from slo.errors import UNDER_WAY
from slo.manifests import ManifestSettings
from slo.manifests.helm_values import retention
from slo.manifests.settings import WEEKLY_REPORTS, AlertmanagerSettings
from slo.report.kinds import KINDS
from slo.rules.rule import RecordingRule, RuleGroup
from tests.manifest_samples import manifest, parsed


def test_the_prometheus_rule_is_labelled_for_the_operator():
    (tree,) = parsed(manifest("kubernetes/prometheus-rule.yaml"))
    assert tree["apiVersion"] == "monitoring.coreos.com/v1"
    assert tree["kind"] == "PrometheusRule"
    assert tree["metadata"] == {
        "name": "slobook-rules",
        "namespace": "support",
        "labels": {
            "app.kubernetes.io/managed-by": "slobook",
            "release": "kube-prometheus-stack",
        },
    }


def test_the_service_monitor_scrapes_with_a_token_from_a_secret():
    (tree,) = parsed(manifest("kubernetes/service-monitor.yaml"))
    assert tree["kind"] == "ServiceMonitor"
    # The job that alerts on `up` ask for.
    assert tree["spec"]["jobLabel"] == "app.kubernetes.io/name"
    assert tree["spec"]["selector"] == {"matchLabels": {"app.kubernetes.io/name": "support-agent"}}
    (endpoint,) = tree["spec"]["endpoints"]
    assert endpoint["port"] == "metrics"
    assert endpoint["interval"] == "30s"
    assert endpoint["authorization"] == {
        "type": "Bearer",
        "credentials": {"name": "support-agent-metrics", "key": "token"},
    }


def cron_jobs() -> list[dict]:
    return parsed(manifest("kubernetes/cron-jobs.yaml"))[1:]


def test_reports_run_on_mondays_one_at_a_time():
    names = [job["metadata"]["name"] for job in cron_jobs()]
    assert names == ["weekly-slo-report", "weekly-cost-report"]
    # They share a volume that pods of another node may not mount meanwhile.
    schedules = [job["spec"]["schedule"] for job in cron_jobs()]
    assert schedules == ["0 6 * * 1", "30 6 * * 1"]
    for job in cron_jobs():
        assert job["apiVersion"] == "batch/v1"
        assert job["spec"]["timeZone"] == "UTC"
        assert job["spec"]["concurrencyPolicy"] == "Forbid"


def test_a_report_runs_without_privileges_and_keeps_its_files():
    volume = parsed(manifest("kubernetes/cron-jobs.yaml"))[0]
    for job in cron_jobs():
        pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert set(container["resources"]["requests"]) == {"cpu", "memory"}
        assert pod["volumes"][0]["persistentVolumeClaim"]["claimName"] == volume["metadata"]["name"]
        mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
        assert mounts == {"/project/history", "/project/reports", "/tmp"}  # noqa: S108
        assert {mount["name"] for mount in container["volumeMounts"]} == {
            volume["name"] for volume in pod["volumes"]
        }


def test_a_report_that_tells_of_a_spent_budget_is_no_failed_job():
    called = []
    for job in cron_jobs():
        (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
        called.append(container["args"][:3])
    assert called == [["run-due", "--kind", kind.name] for kind in KINDS]


def test_a_run_that_finds_another_at_work_is_tried_again_and_counted_as_no_failure():
    for job in cron_jobs():
        spec = job["spec"]["jobTemplate"]["spec"]
        pod = spec["template"]["spec"]
        (rule,) = spec["podFailurePolicy"]["rules"]
        assert (rule["action"], rule["onExitCodes"]["values"]) == ("Ignore", [UNDER_WAY])
        assert rule["onExitCodes"]["containerName"] == pod["containers"][0]["name"]
        # Kubernetes refuses the policy with any other, and tries again without an end otherwise.
        assert pod["restartPolicy"] == "Never"
        assert spec["activeDeadlineSeconds"] > 0


@pytest.mark.parametrize("report", WEEKLY_REPORTS, ids=lambda report: report.name)
def test_the_command_takes_what_a_cron_job_calls_it_with(report):
    command, arguments, name = get_command(app), list(report.arguments), "slo"
    while hasattr(command, "resolve_command"):
        context = command.make_context(name, [*arguments])
        name, command, arguments = command.resolve_command(context, arguments)
    # Parses, and refuses what is too much; nothing runs.
    command.make_context(name, arguments)


def test_the_chart_selects_what_is_labelled():
    (values,) = parsed(manifest("kubernetes/kube-prometheus-stack-values.yaml"))
    spec = values["prometheus"]["prometheusSpec"]
    (rule,) = parsed(manifest("kubernetes/prometheus-rule.yaml"))
    (monitor,) = parsed(manifest("kubernetes/service-monitor.yaml"))
    for selector, chosen in (("ruleSelector", rule), ("serviceMonitorSelector", monitor)):
        wanted = spec[selector]["matchLabels"].items()
        assert wanted
        assert wanted <= chosen["metadata"]["labels"].items()
        assert spec[f"{selector}NilUsesHelmValues"] is False


def test_prometheus_keeps_what_whole_periods_are_recorded_from():
    (values,) = parsed(manifest("kubernetes/kube-prometheus-stack-values.yaml"))
    assert values["prometheus"]["prometheusSpec"]["retention"] == "60d"
    quarter = RuleGroup("a", 60_000, (RecordingRule("r", "1", {"window": "90d"}),))
    assert retention([quarter]) == "180d"
    assert retention([]) == "60d"


def test_the_chart_mounts_the_secrets_that_alertmanager_reads():
    (values,) = parsed(manifest("kubernetes/kube-prometheus-stack-values.yaml"))
    assert values["alertmanager"]["alertmanagerSpec"] == {
        "useExistingSecret": True,
        "configSecret": "slobook-alertmanager",
        "secrets": ["pagerduty", "slack"],
    }


def test_the_secret_of_a_heartbeat_is_mounted_too():
    told = AlertmanagerSettings(heartbeat_url_file="/etc/alertmanager/secrets/heartbeat/url")
    settings = replace(ManifestSettings(), alertmanager=told)
    (values,) = parsed(manifest("kubernetes/kube-prometheus-stack-values.yaml", settings))
    mounted = values["alertmanager"]["alertmanagerSpec"]["secrets"]
    assert mounted == ["heartbeat", "pagerduty", "slack"]


def test_a_key_file_from_elsewhere_needs_no_secret():
    mixed = AlertmanagerSettings("/run/keys/pager", "/etc/alertmanager/secrets/chat/url")
    settings = replace(ManifestSettings(), alertmanager=mixed)
    (values,) = parsed(manifest("kubernetes/kube-prometheus-stack-values.yaml", settings))
    assert values["alertmanager"]["alertmanagerSpec"]["secrets"] == ["chat"]
