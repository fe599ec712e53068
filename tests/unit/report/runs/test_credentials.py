import pytest

from slo.errors import ConfigError
from slo.report.runs.credentials import refuse_credentials, scrubbed


@pytest.mark.parametrize(
    "parameters",
    [
        {"token": "abc"},
        {"grafana_api_key": "abc"},
        {"password": "hunter2"},
        {"url": "https://me:hunter2@prometheus.example.com"},
        {"header": "Bearer abcdefghijkl"},
        {"note": "glsa_abcdefghijklmnop"},
        {"note": "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.x"},
        {"key": "-----BEGIN RSA PRIVATE KEY-----"},
    ],
)
def test_what_looks_like_a_secret_is_refused_without_repeating_it(parameters):
    ((name, value),) = parameters.items()
    with pytest.raises(ConfigError, match="looks like a credential") as refused:
        refuse_credentials(parameters)
    assert name in str(refused.value)
    assert value not in str(refused.value)


def test_a_secret_of_the_environment_is_refused_under_any_name(monkeypatch):
    monkeypatch.setenv("PROMETHEUS_TOKEN", "correct horse battery")
    with pytest.raises(ConfigError, match="'week' looks like a credential"):
        refuse_credentials({"week": "correct horse battery"})


def test_names_of_variables_and_ordinary_values_pass():
    refuse_credentials(
        {
            "token_env": "PROMETHEUS_TOKEN",
            "config": "/srv/slobook.toml",
            "week": "2026-W46",
            "url": "https://prometheus.example.com:9090/path@2",
            "token": "",
            "tokens_per_ticket": 0,
            "days": 42,
        }
        | {"tokens_per_ticket": None}
    )


def test_secrets_are_masked_also_as_json_writes_them(monkeypatch):
    monkeypatch.setenv("DB_PASSWORD", 'with "quotes"')
    monkeypatch.setenv("SHORT_TOKEN", "abc")
    monkeypatch.setenv("TOKEN_FILE", "/run/secrets/token")
    text = 'plain: with "quotes"; json: "with \\"quotes\\""; abc; /run/secrets/token'
    assert scrubbed(text) == 'plain: ***; json: "***"; abc; /run/secrets/token'
