"""The tables [[delivery]] of slobook.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from slo.configuration import read_configuration
from slo.configuration.variables import secret_variables, variables_of_runs
from slo.errors import ConfigError

HEAD = '[project]\nspecs = ["specs"]\n'
MAIL = """\
[[delivery]]
to = "mail"
host = "smtp.example.com"
from = "Reports <slo@example.com>"
recipients = ["a@example.com"]
"""


def read(folder: Path, text: str):
    path = folder / "slobook.toml"
    path.write_text(HEAD + text)
    return read_configuration(path)


def complaint(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    return str(caught.value).replace(str(folder / "slobook.toml"), "").splitlines()


EVERY = """\
[links]
reports = "https://reports.example.com"
[prometheus]
url = "https://prometheus.example.com"
token_env = "PROM_TOKEN"
[grafana.environments.production]
url = "https://grafana.example.com"
username_env = "GRAFANA_USER"
password_env = "GRAFANA_PASSWORD"
header_envs = { X-Org = "GRAFANA_ORG" }

[[delivery]]
to = "folder"
path = "/srv/www/reports"

[[delivery]]
name = "archive"
to = "object-store"
url = "s3://bucket/reports"
option_envs = { key = "S3_KEY", secret = "S3_SECRET" }
reports = ["cost"]

[[delivery]]
to = "mail"
host = "smtp.example.com"
from = "Reports <slo@example.com>"
recipients = ["a@example.com", "B <b@example.com>"]
username_env = "MAIL_USER"
password_env = "MAIL_PASSWORD"
attach_pdf = true

[[delivery]]
to = "slack"
url_env = "SLACK_CHANNEL"
services = ["support-agent"]
when = "falls short"

[[delivery]]
to = "teams"
url_env = "TEAMS_CHANNEL"

[[delivery]]
to = "grafana"
environment = "production"
"""


def test_every_way_is_read(tmp_path):
    configuration = read(tmp_path, EVERY)
    folder, store, mail, slack, teams, grafana = configuration.delivery
    assert [one.called for one in configuration.delivery] == [
        *("folder", "archive", "mail", "slack", "teams", "grafana"),
    ]
    assert folder.path == Path("/srv/www/reports")
    assert (store.url, store.reports) == ("s3://bucket/reports", ("cost",))
    assert (mail.sender, mail.recipients[1]) == ("Reports <slo@example.com>", "B <b@example.com>")
    assert (mail.security, mail.port, mail.attach_pdf) == ("starttls", 0, True)
    assert (slack.services, slack.when) == (("support-agent",), "falls short")
    assert (teams.to, grafana.environment) == ("teams", "production")
    assert configuration.links.reports == "https://reports.example.com"


def test_a_project_without_deliveries_has_none(tmp_path):
    assert read(tmp_path, "").delivery == ()


def test_schedulers_hear_of_every_variable_that_a_run_needs(tmp_path):
    assert variables_of_runs(read(tmp_path, EVERY)) == (
        "PROM_TOKEN",
        *("S3_KEY", "S3_SECRET", "MAIL_USER", "MAIL_PASSWORD", "SLACK_CHANNEL", "TEAMS_CHANNEL"),
        *("GRAFANA_USER", "GRAFANA_PASSWORD", "GRAFANA_ORG"),
    )
    assert variables_of_runs(read(tmp_path, "")) == ()


def test_what_must_stand_nowhere_is_every_variable_but_names_of_users(tmp_path):
    secret = secret_variables(read(tmp_path, EVERY))
    assert set(secret) >= set(variables_of_runs(read(tmp_path, EVERY))) - {
        "MAIL_USER",
        "GRAFANA_USER",
    }
    assert not {"MAIL_USER", "GRAFANA_USER"} & set(secret)
    assert {"SLACK_WEBHOOK_URL", "PAGERDUTY_KEY", "GRAFANA_TOKEN"} <= set(secret)


def test_every_fault_has_its_line_and_repeats_no_secret(tmp_path):
    text = """\
[[delivery]]
to = "folder"
path = "/srv/www/reports"
pth = "S3CR3T"

[[delivery]]
to = "mail"
host = "smtp://me:S3CR3T@smtp.example.com"
recipients = ["a@example.com", "S3CR3T"]
from = "slo@example.com\\nBcc: S3CR3T@example.com"
[[delivery]]
to = "object-store"
url = "s3://key:S3CR3T@bucket/reports"
[delivery.option_envs]
secret = "S3CR3T of ours"
[[delivery]]
to = "https://hooks.example.com/S3CR3T"
[[delivery]]
name = "S3CR3T"
[[delivery]]
to = "slack"
name = "chat"
url_env = "https://hooks.example.com/S3CR3T"
when = "S3CR3T"
reports = ["slo", "S3CR3T"]
[[delivery]]
to = "teams"
"""
    faults = complaint(tmp_path, text)
    assert "S3CR3T" not in "\n".join(faults)
    variable = "the name of an environment variable, which holds the secret"
    ways = "'folder', 'object-store', 'mail', 'slack', 'teams', 'grafana'"
    other = "found something else, expected"
    assert faults == [
        ":6: delivery[0].pth: found an unknown field, expected 'path'",
        f":10: delivery[1].host: {other} a host's name such as 'smtp.example.com', "
        "without a scheme and credentials",
        f":11: delivery[1].recipients: {other} addresses such as 'sre@example.com'",
        f":12: delivery[1].from: {other} addresses such as 'sre@example.com'",
        f":15: delivery[2].url: {other} an address without credentials, "
        "which belong into option_envs",
        f":17: delivery[2].option_envs.secret: {other} {variable}",
        f":19: delivery[3].to: {other} one of {ways}",
        f":20: delivery[4].to: found nothing, expected one of {ways}",
        f":25: delivery[5].url_env: {other} {variable}",
        f":26: delivery[5].when: {other} 'always' or 'falls short'",
        f":27: delivery[5].reports: {other} some of 'slo', 'cost'",
        ":28: delivery[6].url_env: found nothing, expected a value",
    ]


def test_two_deliveries_have_two_names(tmp_path):
    twice = MAIL + MAIL
    assert complaint(tmp_path, twice) == [
        ":8: delivery[1].name: found something else, expected a name of its own, not 'mail' again"
    ]
    named = MAIL + MAIL.replace("[[delivery]]", '[[delivery]]\nname = "bosses"')
    assert [one.called for one in read(tmp_path, named).delivery] == ["mail", "bosses"]


@pytest.mark.parametrize("name", ['"a\\nb"', '""', '" "', '" a"', f'"{"a" * 61}"'])
def test_a_name_is_a_line(tmp_path, name):
    (fault,) = complaint(tmp_path, MAIL.replace("[[delivery]]", f"[[delivery]]\nname = {name}"))
    assert ":4: delivery[0].name: " in fault


def test_one_bracket_is_one_too_few(tmp_path):
    (fault,) = complaint(tmp_path, MAIL.replace("[[delivery]]", "[delivery]"))
    assert fault == (
        ":3: delivery: found something else, expected a list of tables, each under [[delivery]] "
        "with two brackets"
    )


def test_a_password_is_not_sent_for_all_to_read(tmp_path):
    login = 'username_env = "U"\npassword_env = "P"\n'
    assert read(tmp_path, MAIL + login).delivery
    (fault,) = complaint(tmp_path, f'{MAIL}{login}security = "none"\n')
    assert "security 'starttls' or 'tls'" in fault
    (fault,) = complaint(tmp_path, MAIL + 'username_env = "U"\n')
    assert "username_env and password_env, or neither" in fault


@pytest.mark.parametrize(
    ("environment", "grafana", "expected"),
    [
        ("", "", "[grafana] with a url, which is not there"),
        ("prod", '[grafana.environments.live]\nurl = "https://g"\n', "one of 'live'"),
        ("prod", '[grafana]\nurl = "https://g"\n', "none: there is only [grafana]"),
    ],
)
def test_a_mark_needs_a_grafana(tmp_path, environment, grafana, expected):
    text = f'{grafana}[[delivery]]\nto = "grafana"\nenvironment = "{environment}"\n'
    (fault,) = complaint(tmp_path, text)
    assert "delivery[0].environment: found something else, expected " in fault
    assert expected in fault
    line = int(fault.split(":")[1])
    assert (HEAD + text).splitlines()[line - 1].startswith("environment")


@pytest.mark.parametrize(
    "url", ["gs://b/p", "abfs://c@account.dfs.core.windows.net/p", "file:///a"]
)
def test_addresses_of_stores(tmp_path, url):
    text = f'[[delivery]]\nto = "object-store"\nurl = "{url}"\n'
    assert read(tmp_path, text).delivery[0].url == url


@pytest.mark.parametrize(
    "url", ["bucket/reports", "simplecache::s3://b", "s3://", "s3://b?key=S3CR3T", "ftp://u@h/p"]
)
def test_no_addresses_of_stores(tmp_path, url):
    (fault,) = complaint(tmp_path, f'[[delivery]]\nto = "object-store"\nurl = "{url}"\n')
    assert fault.startswith(":5: delivery[0].url: found something else, expected an address ")
    assert "S3CR3T" not in fault
