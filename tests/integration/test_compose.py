"""The Compose file, and what it starts: by its schema, and with the same programs and files."""

from __future__ import annotations

import json
import re
import subprocess
import time
from importlib.resources import files
from pathlib import Path
from urllib.error import HTTPError

import jsonschema
import pytest
from packaging.requirements import Requirement
from ruamel.yaml import YAML

from slo.simulate.local_prometheus import program
from tests.integration.alertmanager import DIRECT, amtool
from tests.integration.compose_stack import COMPOSE, prometheus_settings, running

pytestmark = pytest.mark.integration

FOLDER = Path("compose")
DOCKERFILES = (Path("Dockerfile"), FOLDER / "agent.Dockerfile")
SERVICES = COMPOSE["services"]
MOUNTED = {
    one.split(":")[1]: FOLDER / one.split(":")[0]
    for service in SERVICES.values()
    for one in service.get("volumes", ())
    if one.startswith(".")
}


def loaded(path: Path) -> dict:
    return YAML(typ="safe").load(path.read_text())


def test_the_compose_file_is_what_the_specification_allows():
    vendored = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    schema = json.loads(vendored.read_text())
    jsonschema.validate(COMPOSE, schema)
    broken = {**COMPOSE, "services": {"agent": {"imagee": "x"}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_pinned_healthy_restrained_and_on_loopback(name):
    service = SERVICES[name]
    if "image" in service:
        assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+\.\d+", service["image"])
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert [port.split(":")[0] for port in service["ports"]] == ["127.0.0.1"]


def test_secrets_stand_in_files_that_git_and_images_do_not_see():
    for secret in COMPOSE["secrets"].values():
        assert list(secret) == ["file"]
        path = FOLDER / secret["file"]
        subprocess.run(["git", "check-ignore", "--quiet", str(path)], check=True)
    assert "*" in Path(".dockerignore").read_text().splitlines()
    used = {
        one if isinstance(one, str) else one["source"]
        for service in SERVICES.values()
        for one in service["secrets"]
    }
    assert used == set(COMPOSE["secrets"])


def test_what_is_mounted_is_there_and_where_it_is_looked_for():
    assert all(path.exists() for path in MOUNTED.values())
    (pattern,) = loaded(FOLDER / "prometheus.yml")["rule_files"]
    assert {path.suffix for path in MOUNTED[str(Path(pattern).parent)].iterdir()} == {".yml"}
    (provider,) = loaded(FOLDER / "grafana/dashboards/slobook.yaml")["providers"]
    assert len(list(MOUNTED[provider["options"]["path"]].glob("*.json"))) == 4
    for name in ("prometheus", "alertmanager"):
        (config,) = [
            one.partition("=")[2]
            for one in SERVICES[name]["command"]
            if one.startswith("--config.file=")
        ]
        assert MOUNTED[config].is_file()


def test_grafana_is_provisioned_with_the_data_source_that_generated_files_name():
    tree = loaded(FOLDER / "grafana/datasources/prometheus.yaml")
    assert tree["apiVersion"] == 1
    (source,) = tree["datasources"]
    assert (source["type"], source["access"], source["isDefault"]) == ("prometheus", "proxy", True)
    assert source["url"] == "http://prometheus:9090"
    rules = json.loads(Path("generated/grafana/alert-rules.json").read_text())
    assert source["uid"] == rules["groups"][0]["rules"][0]["data"][0]["datasourceUid"]
    (provider,) = loaded(FOLDER / "grafana/dashboards/slobook.yaml")["providers"]
    assert provider["folderUid"] == rules["groups"][0]["folderUid"]
    assert provider["type"] == "file"


def test_prometheus_keeps_as_long_as_in_a_cluster():
    values = loaded(Path("generated/kubernetes/kube-prometheus-stack-values.yaml"))
    kept = values["prometheus"]["prometheusSpec"]["retention"]
    assert f"--storage.tsdb.retention.time={kept}" in SERVICES["prometheus"]["command"]


def test_the_programs_take_their_configurations_and_flags(tmp_path):
    settings = prometheus_settings("agent:8000", "alertmanager:9093", tmp_path / "token")
    (tmp_path / "token").write_text("m3tr1cs")
    settings["rule_files"] = [str(Path("generated/rules").resolve() / "*.yml")]
    with (tmp_path / "prometheus.yml").open("w") as file:
        YAML().dump(settings, file)
    done = subprocess.run(
        [program("promtool"), "check", "config", tmp_path / "prometheus.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 rule files found" in done.stdout
    assert "SUCCESS" in amtool("check-config", "generated/alertmanager/alertmanager.yml")
    for name, binary in (("prometheus", "prometheus"), ("alertmanager", "prometheus-alertmanager")):
        said = subprocess.run(
            [program(binary), *SERVICES[name]["command"], "--help"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, said.stderr


def instructions(path: Path) -> list[tuple[str, str]]:
    text = path.read_text().replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


@pytest.mark.parametrize("path", DOCKERFILES, ids=str)
def test_a_dockerfile_is_pinned_without_root_and_copies_what_is_there(path):
    steps = instructions(path)
    known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "ENTRYPOINT", "CMD"}
    assert {name for name, _ in steps} <= known
    assert steps[0][0] == "FROM"
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", steps[0][1])
    users = [rest for name, rest in steps if name == "USER"]
    assert users == ["10001:10001"]
    context = {line[1:] for line in Path(".dockerignore").read_text().split() if line[0] == "!"}
    for name, rest in steps:
        if name == "COPY":
            for source in rest.split()[:-1]:
                assert Path(source).exists()
                assert source.split("/")[0] in context
        if name in {"ENTRYPOINT", "CMD"}:
            assert all(isinstance(one, str) for one in json.loads(rest))


def test_the_context_holds_what_is_copied_and_nothing_else():
    context = {line[1:] for line in Path(".dockerignore").read_text().split() if line[0] == "!"}
    copied = {
        source.split("/")[0]
        for path in DOCKERFILES
        for name, rest in instructions(path)
        if name == "COPY"
        for source in rest.split()[:-1]
    }
    assert context == copied


@pytest.mark.parametrize("path", DOCKERFILES, ids=str)
def test_an_image_gets_the_locked_versions(path):
    (step,) = [rest for name, rest in instructions(path) if name == "RUN"]
    expression = re.match(r"sed -n '([^']+)' requirements.lock", step)
    # Continued lines were joined, and with them the end of the expression's first command.
    script = path.read_text().split("sed -n '")[1].split("'")[0]
    assert expression
    made = subprocess.run(
        ["sed", "-n", script, "requirements.lock"], capture_output=True, text=True, check=True
    )
    pins = [Requirement(line) for line in made.stdout.splitlines()]
    assert {"flask", "prometheus-client", "papermill"} <= {one.name.lower() for one in pins}
    assert all(str(one.specifier).startswith("==") for one in pins)


def test_the_image_of_the_reports_is_what_the_cron_jobs_run():
    steps = dict(instructions(Path("Dockerfile")))
    for job in list(YAML(typ="safe").load_all(Path("generated/kubernetes/cron-jobs.yaml")))[1:]:
        pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        assert container["command"] == json.loads(steps["ENTRYPOINT"])
        assert container["workingDir"] == steps["WORKDIR"]
        user = f"{pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}"
        assert user == steps["USER"]


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with running(tmp_path_factory.mktemp("compose")) as one:
        yield one


def test_every_target_is_up_and_the_agent_asks_for_the_token(stack):
    assert stack.until("sum(up) == 3") == [3.0]
    with pytest.raises(HTTPError, match="401"):
        DIRECT.open(f"{stack.agent}/metrics", timeout=10)


def test_every_rule_is_loaded_and_evaluates(stack):
    wanted = {
        (rule.get("alert") or rule["record"])
        for path in Path("generated/rules").iterdir()
        for group in loaded(path)["groups"]
        for rule in group["rules"]
    }
    stack.until('count(slo:objective:ratio{service="support-agent"}) == 13')
    groups = stack.prometheus.get("rules")["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert {rule["name"] for rule in rules} == wanted
    assert [rule["lastError"] for rule in rules if rule.get("lastError")] == []


def test_what_the_demonstration_does_is_in_the_dashboards_recordings(stack):
    stack.until("sum(support_agent_tickets_processed_total) > 5")
    stack.until("namespace_code_class:support_agent_http_requests:rate5m > 0")


def test_an_agent_that_is_gone_calls_somebody(stack):
    stack.until('up{job="support-agent"} == 1')
    # Before the first scrape it was down, too.
    stack.until('absent(ALERTS{alertname="ServiceDown"})')
    stack.receiver.received.clear()
    stack.process.terminate()
    stack.process.wait(timeout=60)
    stack.until('ALERTS{alertname="ServiceDown", alertstate="firing"}')
    deadline = time.monotonic() + 60
    while not any(
        (one["event_action"], one["payload"]["class"]) == ("trigger", "ServiceDown")
        and one["routing_key"] == "R0UT1NGK3Y"
        for one in stack.receiver.received.get("/pager", [])
    ):
        assert time.monotonic() < deadline, stack.receiver.received
        time.sleep(0.1)
