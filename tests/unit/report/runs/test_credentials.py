import json
from base64 import b64encode, urlsafe_b64encode
from functools import partial
from html import escape
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from slo.errors import ConfigError
from slo.report.runs.credentials import refuse_credentials, scrub_folder, scrubbed


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


VARIABLE = "CHANNEL_OF_OURS"  # named like no secret

ESCAPED = [
    str,
    json.dumps,
    partial(json.dumps, ensure_ascii=False),
    lambda text: json.dumps(json.dumps(text)),
    lambda text: json.dumps(json.dumps(text, ensure_ascii=False), ensure_ascii=False),
    lambda text: json.dumps(json.dumps(text), ensure_ascii=False),
    repr,
    escape,
    quote,
    quote_plus,
    lambda text: quote(text, safe=""),
]
SECRETS = st.text(st.characters(codec="latin-1", min_codepoint=33), min_size=12, max_size=40)


@pytest.fixture
def held(monkeypatch):
    def hold(value):
        monkeypatch.setenv(VARIABLE, value)

    return hold


@given(secret=SECRETS, escaped=st.sampled_from(ESCAPED))
def test_no_escaped_form_of_a_configured_secret_stays(secret, escaped):
    assume(secret.strip() == secret)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, secret)
        clean = scrubbed(f"it said {escaped(secret)}, sadly", [VARIABLE])
    assert set(clean.removeprefix("it said ").removesuffix(", sadly")) <= set('"*\\' + "'")
    assert "***" in clean


@given(
    secret=SECRETS,
    before=st.sampled_from(["", "user:", "ab:", "\0reports@example.com\0"]),
    encode=st.sampled_from([b64encode, urlsafe_b64encode]),
)
def test_no_secret_stays_in_base64_but_letters_that_its_neighbours_share(secret, before, encode):
    assume(secret.strip() == secret)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, secret)
        clean = scrubbed(encode(f"{before}{secret}".encode()).decode(), [VARIABLE])
    left, _, right = clean.partition("***")
    assert len(left) <= len(before) * 8 / 6 + 1
    assert len(right.rstrip("=")) <= 1


@pytest.mark.parametrize(
    "said",
    [
        "https://hooks.example.com/services/T0000000A/B0000000B/sEcReTsEcReTsEcReT",
        "Max retries exceeded with url: /services/T0000000A/B0000000B/sEcReTsEcReTsEcReT (Caused",
        "no channel for sEcReTsEcReTsEcReT in T0000000A",
        "Location: //hooks.example.com/services/T0000000A/B0000000B/sEcReTsEcReTsEcReT",
    ],
)
def test_no_piece_of_a_webhooks_address_stays(held, said):
    held("https://hooks.example.com/services/T0000000A/B0000000B/sEcReTsEcReTsEcReT")
    clean = scrubbed(said, [VARIABLE])
    assert "sEcReT" not in clean
    assert "T0000000A" not in clean
    assert "***" in clean


def test_a_signature_in_a_query_is_masked(held):
    held(
        "https://logic.example.com/workflows/0f3a/paths/invoke?api-version=2016&sig=Ab%2Bc_dEf-012"
    )
    clean = scrubbed("bad sig Ab+c_dEf-012, Ab%2Bc_dEf-012 of workflows", [VARIABLE])
    assert clean == "bad sig ***, *** of workflows"


def test_ordinary_words_of_an_address_stay(held):
    held("https://hooks.example.com/services/T0000000A/B0000000B/sEcReTsEcReTsEcReT")
    text = "The services of hooks.example.com are kept."
    assert scrubbed(text, [VARIABLE]) == text


def test_only_variables_that_are_named_count(held):
    held("correct horse battery")
    assert scrubbed("correct horse battery") == "correct horse battery"
    assert scrubbed("correct horse battery", [VARIABLE]) == "***"
    with pytest.raises(ConfigError, match="'week' looks like a credential"):
        refuse_credentials({"week": "correct horse battery"}, [VARIABLE])


def test_every_text_of_a_folder_is_scrubbed_and_nothing_else_is_touched(held, tmp_path):
    held("correct horse battery")
    (tmp_path / "figures").mkdir()
    (tmp_path / "page.html").write_text("<p>correct horse battery</p>")
    (tmp_path / "figures" / "one.json").write_text('{"note": "correct horse battery"}')
    (tmp_path / "clean.md").write_text("nothing")
    (tmp_path / "headline.png").write_bytes(b"\x89PNG\xff")
    before = (tmp_path / "clean.md").stat().st_mtime_ns
    scrub_folder(tmp_path, [VARIABLE])
    assert (tmp_path / "page.html").read_text() == "<p>***</p>"
    assert (tmp_path / "figures" / "one.json").read_text() == '{"note": "***"}'
    assert (tmp_path / "clean.md").stat().st_mtime_ns == before
    assert (tmp_path / "headline.png").read_bytes() == b"\x89PNG\xff"
