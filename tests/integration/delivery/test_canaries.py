"""Canaries in every variable with a secret: whatever leaks, none of them is found anywhere.

A notebook prints, logs, raises and publishes all of them; servers repeat what they were sent. What
is searched for them, in every encoding, is every file of the project and of where it is delivered,
what the command says, and what people get.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode
from pathlib import Path
from urllib.parse import quote

import fsspec
import nbformat
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from typer.testing import CliRunner

from slo.cli import app
from slo.delivery import trying
from slo.history.snapshot import write_snapshot
from slo.model.span import Span
from tests.grafana.exchange import Answer as GrafanaAnswer
from tests.grafana.server import standing_in
from tests.integration.shop_project import LAST, NOTEBOOK, SPEC, WEEKS
from tests.mail_server import MailServer, certificate, listening
from tests.published_report import files_below
from tests.shop import history
from tests.webhook_server import Answer, taking

pytestmark = pytest.mark.integration

HELD = {
    # None of these names looks like a secret's: the configuration says that they are.
    "PROM_LOGIN": 'cAnArY-prometheus-"quoted" & <b>1',
    "PROM_TENANT": "cAnArY-tenant-2",
    "MAIL_USER": "reports@example.com",
    "MAIL_WORD": "cAnArY-mail-3/+ü".replace("ü", "u"),
    "STORE_KEY": "cAnArY-store-4",
    "GRAFANA_LOGIN": "glsa_cAnArYgrafana5",
    "TEAM_CHANNEL": "/services/TcAnArY06/BcAnArY06/cAnArYslack000006",
    "BOSS_CHANNEL": "/workflows/0f/invoke?api-version=2016&sig=cAnArY-teams%2B7",
    # And one that is named like one, of which slobook.toml does not know.
    "OTHER_TOKEN": "cAnArY-other-8",
}

LEAK = """\
import base64, json, logging, os, urllib.parse
held = [os.environ[name] for name in {names!r}]
for one in held:
    print(one, json.dumps({{"held": one}}), repr(one), urllib.parse.quote(one, safe=""))
    print(base64.b64encode(("user:" + one).encode()).decode())
    logging.getLogger("shop").warning("a library says %s", one)
held"""

PUBLISH = """\
import html
from pathlib import Path
for file in Path(out).iterdir():
    if file.suffix == ".html":
        file.write_text(file.read_text() + "".join(f"<p>{html.escape(one)}</p>" for one in held))
names = ("report.md", "mail.html", "mail.txt", "chat.txt")
for name in names:
    Path(out, name).write_text("\\n".join(held))
for name in ("slack.json", "teams.json"):
    Path(out, name).write_text(json.dumps({"text": " ".join(held)}))"""


class Leaky(MemoryFileSystem):
    """A store that says its key where it fails."""

    protocol = "leaky"

    def __init__(self, key="", **options) -> None:
        super().__init__(**options)
        self.key = key

    def put_file(self, lpath, rpath, **options) -> None:
        raise OSError(f"SignatureDoesNotMatch: {self.key} for {quote(self.key, safe='')}")


def configuration(mail: MailServer, grafana: str, trusted: Path) -> str:
    return f"""\
[project]
specs = ["specs"]

[prometheus]
url = "http://127.0.0.1:9"
token_env = "PROM_LOGIN"
header_envs = {{ X-Scope-OrgID = "PROM_TENANT" }}
retries = 0

[grafana]
url = "{grafana}"
token_env = "GRAFANA_LOGIN"

[[delivery]]
to = "folder"
path = "../www"

[[delivery]]
to = "object-store"
url = "leaky://bucket"
option_envs = {{ key = "STORE_KEY" }}

[[delivery]]
to = "mail"
host = "127.0.0.1"
port = {mail.port}
from = "slo@example.com"
recipients = ["a@example.com"]
username_env = "MAIL_USER"
password_env = "MAIL_WORD"
ca_file = "{trusted}"

[[delivery]]
to = "slack"
url_env = "TEAM_CHANNEL"

[[delivery]]
to = "teams"
url_env = "BOSS_CHANNEL"

[[delivery]]
to = "grafana"
"""


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "shop"
    for folder in ("specs", "history", "notebooks"):
        (root / folder).mkdir(parents=True)
    (root / "specs" / "shop.yaml").write_text(SPEC)
    write_snapshot(
        history(span=Span(WEEKS[0].span.start, LAST.span.end)), root / "history/snapshot.parquet"
    )
    return root


@pytest.fixture(autouse=True)
def here(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setattr(trying, "sleep", lambda _: None)
    fsspec.register_implementation("leaky", Leaky, clobber=True)


@pytest.fixture
def site(root, tmp_path, monkeypatch):
    """Servers that know the canaries, and the project that is delivered to them."""
    trusted = certificate(tmp_path)
    login = (HELD["MAIL_USER"], HELD["MAIL_WORD"])
    with (
        listening(MailServer(certificate=trusted, login=login)) as mail,
        taking() as chat,
        standing_in() as grafana,
    ):
        for name, value in HELD.items():
            address = value.startswith("/")
            monkeypatch.setenv(name, chat.address(value) if address else value)
        monkeypatch.setenv("GRAFANA_LOGIN", grafana.token)
        (root / "slobook.toml").write_text(configuration(mail, grafana.url, trusted))
        yield mail, chat, grafana


def leaking_notebook(root: Path, *, publishes: bool) -> None:
    made = nbformat.read(Path("notebooks", NOTEBOOK), as_version=4)
    names = [name for name in HELD if name != "MAIL_USER"]
    made.cells.insert(2, nbformat.v4.new_code_cell(LEAK.format(names=names)))
    last = PUBLISH if publishes else "raise LookupError(' '.join(held))"
    made.cells.append(nbformat.v4.new_code_cell(last))
    nbformat.write(made, root / "notebooks" / NOTEBOOK)


def called(root, *arguments):
    return CliRunner().invoke(app, [*arguments, "--config", str(root / "slobook.toml")])


def secrets() -> list[str]:
    """What must stand nowhere: whole values, and the parts of addresses that open them."""
    whole = [os.environ[name] for name in HELD if name != "MAIL_USER"]
    return [*whole, "cAnArY", os.environ["GRAFANA_LOGIN"]]


def leaks(text: str) -> list[str]:
    """Canaries in a text, as they are, in JSON, in an address, in base64."""
    found = [one for one in secrets() if one in text or quote(one, safe="") in text]
    found += [one for one in secrets() if json.dumps(one)[1:-1] in text]
    for word in set(text.replace('"', " ").replace("\\n", " ").split()):
        if len(word) % 4 == 0 and len(word) > 8:
            try:
                plain = b64decode(word, validate=True)
            except ValueError:
                continue
            found += [one for one in secrets() if one.encode() in plain]
    return found


def searched(root: Path) -> list[str]:
    """Every file below a folder that holds a canary."""
    return [
        path
        for path, content in files_below(root).items()
        if leaks(content.decode(errors="replace"))
    ]


def test_the_search_finds_canaries(site, tmp_path):
    from base64 import b64encode

    assert leaks(f"it said {HELD['STORE_KEY']}")
    assert leaks(f"it said {json.dumps(HELD['PROM_LOGIN'])}")
    assert leaks(b64encode(f"user:{HELD['MAIL_WORD']}".encode()).decode())
    assert leaks("/services/TcAnArY06")
    assert not leaks("nothing of the kind")
    (tmp_path / "shop" / "leak.txt").write_text(HELD["OTHER_TOKEN"])
    assert searched(tmp_path / "shop") == ["leak.txt"]


def test_no_canary_is_published_logged_said_or_sent(root, site, tmp_path):
    mail, chat, grafana = site
    leaking_notebook(root, publishes=True)
    done = called(root, "run-due", "--weeks", "1")
    assert f"shop {LAST} (slo): made in" in done.stdout, done.output
    for way in ("folder", "mail", "slack", "teams", "grafana"):
        assert f"(slo) to {way}: delivered. " in done.stdout, done.output
    assert "to object-store: FAILED: leaky://bucket: OSError: SignatureDoesNotMatch: ***" in (
        done.stderr
    )
    assert leaks(done.output) == []
    assert searched(root) == []
    assert searched(tmp_path / "www") == []
    page = (root / "reports" / "shop" / str(LAST) / "weekly-slo.html").read_text()
    notebook = (root / "reports" / "shop" / str(LAST) / "notebook.ipynb").read_text()
    assert page.count("<p>***</p>") == len(HELD) - 1
    assert notebook.count("***") > len(HELD)
    # Each got its own, where it belongs: in the login and in the address, and nothing else.
    ((_, message),) = mail.arrived
    assert leaks(message.as_string()) == []
    assert mail.logins == [(HELD["MAIL_USER"], HELD["MAIL_WORD"])]
    assert [path for path, _ in chat.arrived] == [HELD["TEAM_CHANNEL"], HELD["BOSS_CHANNEL"]]
    assert [one for _, body in chat.arrived for one in leaks(body.decode())] == []
    marks = [one.request.body.decode() for one in grafana.writes]
    assert len(marks) == 1
    assert leaks(marks[0]) == []


def test_no_canary_is_said_where_everything_fails_and_repeats_what_it_was_sent(root, site):
    mail, chat, grafana = site
    leaking_notebook(root, publishes=True)
    assert called(root, "report").exit_code == 0
    mail.login = ("nobody", "nothing")
    mail.refusal = "535 5.7.8 {user} with {password} is nobody"
    chat.always = Answer(400, "nothing at {path}")
    grafana.before(
        lambda request, _: GrafanaAnswer(
            400, {"message": f"bad {request.headers.get('authorization', '')}"}
        )
    )
    for arguments in (
        ("run-due", "--weeks", "1"),
        ("run-due", "--weeks", "1", "--json"),
        ("run-due", "--weeks", "1", "--quiet"),
        ("deliver", "--json"),
        ("deliver", "--dry-run"),
        ("deliver", "--test"),
        ("deliver", "--test", "--json"),
        ("report", "--deliver"),
    ):
        done = called(root, *arguments)
        assert done.exit_code in (0, 2), done.output
        assert leaks(done.output) == [], arguments
        assert "Traceback" not in done.output
    told = json.loads(called(root, "deliver", "--json").stdout)
    details = {one["delivery"]: one["detail"] for one in told if one["state"] == "failed"}
    assert set(details) == {"object-store", "mail", "slack", "teams", "grafana"}
    assert all("***" in detail for detail in details.values()), details
    assert searched(root) == []


def test_no_canary_is_logged_where_the_notebook_fails(root, site):
    leaking_notebook(root, publishes=False)
    for arguments in (("run-due", "--weeks", "1"), ("report",)):
        done = called(root, *arguments)
        said = f"{done.output}{done.exception}"
        assert "LookupError" in said
        assert "***" in said
        assert leaks(said) == []
    log = root / "reports" / "shop" / f"{LAST}.log"
    assert "***" in log.read_text()
    assert searched(root) == []
