import pytest

from slo.configuration import read_configuration
from slo.configuration.named_variables import named_variables
from slo.configuration.variables import secret_variables
from slo.errors import ConfigError

PROJECT = "[project]\nspecs = []\n"


def named(folder, text):
    path = folder / "slobook.toml"
    path.write_text(PROJECT + text)
    return dict(named_variables(read_configuration(path)))


def test_nothing_that_nobody_wrote_is_asked_for(tmp_path):
    assert named(tmp_path, "") == {}


def test_every_variable_is_found_wherever_it_stands(tmp_path):
    text = """
[prometheus]
url = "https://p.example.com"
token_env = "P"
header_envs = { X-Scope-OrgID = "TENANT" }
[alertmanager]
url = "https://a.example.com"
username_env = "A_USER"
password_env = "A_PASSWORD"
[grafana.environments.eu]
url = "https://g.example.com"
token_env = "G"
"""
    assert named(tmp_path, text) == {
        "prometheus.token_env": "P",
        "prometheus.header_envs.X-Scope-OrgID": "TENANT",
        "alertmanager.username_env": "A_USER",
        "alertmanager.password_env": "A_PASSWORD",
        "grafana.environments.eu.token_env": "G",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[grafana]\nurl = "https://g.example.com"\n', {"grafana.token_env": "GRAFANA_TOKEN"}),
        (
            '[grafana]\nurl = "https://g.example.com"\nusername_env = "U"\npassword_env = "W"\n',
            {"grafana.username_env": "U", "grafana.password_env": "W"},
        ),
        (
            '[grafana]\ntoken_env = "G"\n[grafana.environments.eu]\nurl = "https://g.example.com"\n',
            {"grafana.token_env": "G", "grafana.environments.eu.token_env": "G"},
        ),
    ],
)
def test_grafana_is_asked_with_a_token_unless_told(tmp_path, text, expected):
    assert named(tmp_path, text) == expected


@pytest.mark.parametrize(
    "url", ["alertmanager:9093", "https://me:s3cret@a.example.com", "https://a.example.com/?x=1"]
)
def test_an_address_of_alertmanager_holds_nothing_but_where_to_go(tmp_path, url):
    with pytest.raises(ConfigError, match=r"alertmanager\.url: found something else") as caught:
        named(tmp_path, f'[alertmanager]\nurl = "{url}"\n')
    assert "s3cret" not in str(caught.value)


def test_alertmanager_is_a_server_only_where_it_has_an_address(tmp_path):
    path = tmp_path / "slobook.toml"
    path.write_text(PROJECT)
    assert read_configuration(path).alertmanager.server is None
    path.write_text(PROJECT + '[alertmanager]\nurl = "https://a.example.com/"\n')
    configuration = read_configuration(path)
    assert configuration.alertmanager.server is not None
    assert configuration.alertmanager.server.base_url == "https://a.example.com"
    # What is generated knows nothing of where it is asked.
    assert configuration.manifests.alertmanager.chat_channel == "#support-agent-alerts"


def test_what_alertmanager_is_asked_with_stands_in_no_report(tmp_path):
    path = tmp_path / "slobook.toml"
    login = 'token_env = "A"\nusername_env = "U"\nheader_envs = { X-Scope-OrgID = "TENANT" }\n'
    path.write_text(f'{PROJECT}[alertmanager]\nurl = "https://a.example.com"\n{login}')
    secret = secret_variables(read_configuration(path))
    assert {"A", "TENANT"} <= set(secret)
    assert "U" not in secret
