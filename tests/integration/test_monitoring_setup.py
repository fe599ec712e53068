"""docs/MONITORING_SETUP.md, followed from its first command to its last."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ruamel.yaml import YAML

from tests.documented_commands import Block, blocks
from tests.grafana.people import Person
from tests.grafana.server import standing_in
from tests.integration.compose_stack import SECRETS, running
from tests.integration.guide_walk import Walk
from tests.kubernetes_schemas import faults_of_object, faults_of_values

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.integration

BLOCKS = list(blocks(Path("docs/MONITORING_SETUP.md").read_text()))
GENERATED = Path("generated/kubernetes")


def read(name: str) -> list[dict]:
    return list(YAML(typ="safe", pure=True).load_all((GENERATED / name).read_text()))


@pytest.fixture(scope="module")
def walked(tmp_path_factory) -> Iterator[Walk]:
    """A reader who has followed the whole page."""
    folder = tmp_path_factory.mktemp("guide")
    (folder / "stack").mkdir()
    with running(folder / "stack") as stack, standing_in() as grafana:
        stack.until("count(slo:objective:ratio) == 13")
        stack.until("support_agent_metrics_scrape_incomplete")
        here = {
            "http://127.0.0.1:8000": stack.agent,
            "http://127.0.0.1:9090": stack.prometheus.url,
            "http://127.0.0.1:9093": stack.alertmanager,
            "https://prometheus.example.com": stack.prometheus.url,
            "https://grafana.example.com folder": f"{grafana.url} folder",
            "https://alertmanager.example.com": stack.alertmanager,
            'url = "https://grafana.example.com"': f'url = "{grafana.url}"',
        }
        answers = {
            "PAGERDUTY_ROUTING_KEY": "R0UT1NGK3Y",
            "SLACK_WEBHOOK_URL": f"{stack.receiver.url}/chat",
            "GRAFANA_TOKEN": grafana.token,
        }
        walk = Walk.begun(folder, here, answers)
        for block in BLOCKS:
            walk.through(block)
            # The page makes a token; agent and Prometheus read theirs at every scrape.
            if (token := walk.folder / "compose" / "secrets" / "metrics-token").exists():
                (folder / "stack" / "secrets" / "metrics-token").write_text(token.read_text())
        told = {
            path: [str(one) for one in messages]
            for path, messages in stack.receiver.received.items()
        }
        yield walk, told, Person(grafana.url, grafana.token)


def test_every_block_is_gone_through_once(walked):
    walk, _, _ = walked
    assert walk.done == [block.line for block in BLOCKS]
    assert len(walk.done) > 30


def test_the_test_alerts_reach_pagerduty_and_the_chat(walked):
    _, told, _ = walked
    for path in ("/pager", "/chat"):
        assert any("A test of notifications: nothing is wrong" in one for one in told[path])


def test_the_dashboards_are_in_grafana(walked):
    *_, person = walked
    assert {one["uid"] for one in person.found("")} >= {"slobook-slo-001", "ai-support-ops-001"}


def test_secrets_are_readable_by_containers_and_end_without_a_line_break(walked):
    walk, _, _ = walked
    folder = walk.folder / "compose" / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in folder.iterdir()} == {*SECRETS, "grafana-admin-password"}
    assert not [path for path in folder.iterdir() if path.read_text().endswith("\n")]


def test_the_service_is_what_the_service_monitor_looks_for(walked):
    walk, _, _ = walked
    text = (walk.folder / "support-agent.yaml").read_text()
    service, deployment = YAML(typ="safe", pure=True).load_all(text)
    (monitor,) = read("service-monitor.yaml")
    wanted = monitor["spec"]["selector"]["matchLabels"].items()
    assert wanted <= service["metadata"]["labels"].items()
    (endpoint,) = monitor["spec"]["endpoints"]
    (port,) = service["spec"]["ports"]
    assert port["name"] == endpoint["port"]
    pod = deployment["spec"]["template"]
    assert service["spec"]["selector"].items() <= pod["metadata"]["labels"].items()
    (container,) = pod["spec"]["containers"]
    assert port["targetPort"] in [one["name"] for one in container["ports"]]
    (volume,) = pod["spec"]["volumes"]
    credentials = endpoint["authorization"]["credentials"]
    assert volume["secret"]["secretName"] == credentials["name"]
    assert container["env"][0]["value"].endswith(f"/{credentials['key']}")


@pytest.mark.parametrize(
    "name",
    [
        "cron-jobs.yaml",
        "prometheus-rule.yaml",
        "prometheus-rules-configmap.yaml",
        "service-monitor.yaml",
    ],
)
def test_generated_objects_are_what_their_schemas_allow(name):
    assert [fault for tree in read(name) for fault in faults_of_object(tree)] == []


def test_generated_values_are_what_the_chart_takes():
    (values,) = read("kube-prometheus-stack-values.yaml")
    assert faults_of_values(values) == []


def test_what_no_schema_knows_is_a_fault():
    (monitor,) = read("service-monitor.yaml")
    monitor["spec"]["endpoints"][0]["intervall"] = "30s"
    assert faults_of_object(monitor) == ["ServiceMonitor.spec.endpoints[0].intervall: unknown"]
    (values,) = read("kube-prometheus-stack-values.yaml")
    values["prometheus"]["prometheusSpec"]["retentions"] = "60d"
    assert faults_of_values(values) == ["prometheus.prometheusSpec.retentions: unknown"]


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("bash", "slo validate\n", "nobody checks 'bash'"),
        ("console", "$ terraform apply\n", "nobody checks the program 'terraform'"),
        ("console", "$ slo validate --nonsense\n", "No such option"),
        ("console", "$ kubectl get secret nothing\n", "not found"),
        ("console", "$ helm upgrade a b --instal\n", "unknown flag --instal"),
        ("console", "$ printf yes\nno\n", "yes"),
        ("console", "$ slo validate  # exits with 1\n", "slo validate"),
        ("yaml", "# a.yaml\nkind: Pods\napiVersion: v1\n", "no schema of v1 Pods"),
    ],
)
def test_a_broken_block_is_refused(language, text, said, tmp_path):
    walk = Walk.begun(tmp_path, {}, {})
    with pytest.raises(AssertionError, match=said):
        walk.through(Block(language, text, 1))
