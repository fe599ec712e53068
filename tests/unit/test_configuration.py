from pathlib import Path

import pytest

from slo.configuration import prometheus_section, read_configuration
from slo.errors import ConfigError
from slo.model.duration import HOUR, MINUTE


def written(folder: Path, text: str) -> Path:
    path = folder / "slobook.toml"
    path.write_text(text)
    return path


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read_configuration(written(folder, text))
    return str(caught.value).replace(str(folder), "")


def test_a_short_file_is_enough(tmp_path):
    configuration = read_configuration(written(tmp_path, '[project]\nspecs = ["a.yaml"]\n'))
    assert configuration.project.specs == (Path("a.yaml"),)
    assert configuration.project.evaluation_interval == MINUTE
    assert configuration.prometheus is None


def test_durations_are_read(tmp_path):
    text = """
        [project]
        specs = []
        evaluation_interval = "30s"
        [prometheus]
        url = "https://prometheus.example.com"
        chunk = "6h"
        header_envs = { X-Scope-OrgID = "TENANT" }
    """
    configuration = read_configuration(written(tmp_path, text))
    assert configuration.project.evaluation_interval == 30_000
    assert configuration.prometheus is not None
    assert configuration.prometheus.chunk == 6 * HOUR
    assert configuration.prometheus.header_envs == {"X-Scope-OrgID": "TENANT"}


def test_every_fault_is_listed_with_its_line(tmp_path):
    text = """[project]
specs = ["a.yaml"]
evaluation_interval = "often"
raports = "reports"
[prometheus]
url = "prometheus:9090"
retries = -1
"""
    assert complaint(tmp_path, text).splitlines() == [
        "/slobook.toml:3: project.evaluation_interval: found 'often', "
        "expected a positive duration such as '1m'",
        "/slobook.toml:4: project.raports: found an unknown field, expected 'reports'",
        "/slobook.toml:6: prometheus.url: found 'prometheus:9090', "
        "expected an address such as http://127.0.0.1:9090",
        "/slobook.toml:7: prometheus.retries: found -1, expected greater than or equal to 0",
    ]


def test_a_missing_section_is_named(tmp_path):
    assert complaint(tmp_path, "") == "/slobook.toml: project: found nothing, expected a value"


def test_an_unknown_section_is_refused(tmp_path):
    message = complaint(tmp_path, '[project]\nspecs = []\n[prometeus]\nurl = "http://x"\n')
    assert message == "/slobook.toml:3: prometeus: found an unknown field, expected 'prometheus'"


def test_what_is_no_toml_is_refused_with_its_line(tmp_path):
    assert "line 1" in complaint(tmp_path, "[project] specs")


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(ConfigError, match="there is no such file. 'slo init' writes one"):
        read_configuration(tmp_path / "slobook.toml")


def test_an_address_from_the_command_line_is_checked():
    with pytest.raises(ConfigError, match="--url: found 'nowhere', expected an address"):
        prometheus_section({"url": "nowhere"})


def test_what_belongs_to_other_systems_is_checked_too(tmp_path):
    text = """[project]
specs = ["a.yaml"]
[kubernetes]
namespace = "Support Team"
images = "slobook:1"
labels = { release = 3 }
[alertmanager]
pagerduty_key_file = "R0UT1NGK3Y"
pagerduty_key = "R0UT1NGK3Y"
chat_url_file = "https://hooks.example.com/T0K3N"
heartbeat_url_file = "https://hc.example.com/T0K3N"
[grafana]
folder_uid = "a b"
[mimir]
namespace = "../rules"
"""
    message = complaint(tmp_path, text)
    assert message.splitlines() == [
        "/slobook.toml:4: kubernetes.namespace: found 'Support Team', "
        "expected a name of Kubernetes such as 'support-agent'",
        "/slobook.toml:5: kubernetes.images: found an unknown field, expected 'image'",
        "/slobook.toml:6: kubernetes.labels.release: found 3, expected a valid string",
        "/slobook.toml:8: alertmanager.pagerduty_key_file: found something else, "
        "expected the absolute path of a file with the secret",
        "/slobook.toml:9: alertmanager.pagerduty_key: found an unknown field, "
        "expected 'pagerduty_key_file'",
        "/slobook.toml:10: alertmanager.chat_url_file: found something else, "
        "expected the absolute path of a file with the secret",
        "/slobook.toml:11: alertmanager.heartbeat_url_file: found something else, "
        "expected the absolute path of a file with the secret",
        "/slobook.toml:13: grafana.folder_uid: found 'a b', "
        "expected letters, digits, _ and -, at most 40",
        "/slobook.toml:15: mimir.namespace: found '../rules', expected letters, digits, _, . and -",
    ]
    # A key that was written in place of its file reaches no log.
    assert "R0UT1NGK3Y" not in message
    assert "T0K3N" not in message


GRAFANA = """[project]
specs = ["a.yaml"]
[grafana]
folder = "Promises"
datasources = { prometheus = "mimir" }
[grafana.environments.staging]
url = "https://grafana.staging.example.com/monitoring/"
token_env = "STAGING_TOKEN"
[grafana.environments.production]
url = "https://grafana.example.com"
folder_uid = "promises"
datasources = { prometheus = "P18" }
ca_file = "ca.pem"
"""


def test_an_environment_says_what_differs_from_the_section_of_grafana(tmp_path):
    section = read_configuration(written(tmp_path, GRAFANA)).grafana
    staging = section.server("staging", tmp_path)
    assert (staging.base_url, staging.environment, staging.token_env) == (
        "https://grafana.staging.example.com/monitoring",
        "staging",
        "STAGING_TOKEN",
    )
    assert (staging.folder_uid, staging.folder, staging.datasources) == (
        "slobook",
        "Promises",
        (("prometheus", "mimir"),),
    )
    production = section.server("production", tmp_path)
    assert (production.datasources, production.token_env) == (
        (("prometheus", "P18"),),
        "GRAFANA_TOKEN",
    )
    assert production.ca_file == str(tmp_path / "ca.pem")
    assert production.target == "https://grafana.example.com folder promises"


def test_the_only_grafana_needs_no_name(tmp_path):
    text = '[project]\nspecs = []\n[grafana]\nurl = "http://127.0.0.1:3000"\n'
    section = read_configuration(written(tmp_path, text)).grafana
    assert section.server("", tmp_path).environment == ""
    with pytest.raises(ConfigError, match="--env: found 'x', expected none: there is only"):
        section.server("x", tmp_path)
    text = '[project]\nspecs = []\n[grafana.environments.eu]\nurl = "http://127.0.0.1:3000"\n'
    section = read_configuration(written(tmp_path, text)).grafana
    assert section.server("", tmp_path).environment == "eu"


def test_an_environment_that_nobody_described_is_told(tmp_path):
    section = read_configuration(written(tmp_path, GRAFANA)).grafana
    with pytest.raises(ConfigError, match="--env: found nothing, expected one of staging, prod"):
        section.server("", tmp_path)
    with pytest.raises(ConfigError, match="--env: found 'prod', expected one of staging"):
        section.server("prod", tmp_path)
    section = read_configuration(written(tmp_path, "[project]\nspecs = []\n")).grafana
    with pytest.raises(ConfigError, match=r"grafana\.url: found nothing, expected Grafana's addr"):
        section.server("", tmp_path)


def test_faults_of_an_environment_have_their_lines(tmp_path):
    text = """[project]
specs = []
[grafana]
proxies = { https = "http://me:s3cret@proxy:3128" }
token_env = "glsa_s3cret"
[grafana.environments.staging]
url = "https://admin:s3cret@grafana.example.com"
[grafana.environments.production]
url = "https://grafana.example.com?verify=false"
folder_id = "x"
"""
    message = complaint(tmp_path, text)
    assert message.splitlines() == [
        "/slobook.toml:4: grafana.proxies: found something else, expected an address without "
        "credentials, which belong into the variable HTTPS_PROXY",
        "/slobook.toml:5: grafana.token_env: found something else, expected the name of an "
        "environment variable, which holds the secret",
        "/slobook.toml:7: grafana.environments.staging.url: found something else, expected an "
        "address without credentials, which belong into token_env, or username_env and "
        "password_env",
        "/slobook.toml:9: grafana.environments.production.url: found something else, expected an "
        "address without ? and #",
        "/slobook.toml:10: grafana.environments.production.folder_id: found an unknown field, "
        "expected 'folder_uid'",
    ]
    assert "s3cret" not in message
