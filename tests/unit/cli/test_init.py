"""``slo init`` as its user meets it, at a server that tests make up."""

import io
import json
import sys

import numpy as np
import pytest

from slo import cli
from slo.discovery import Certainty
from slo.discovery.services import Owner
from slo.errors import HistoryError
from slo.history.incidents import read_incidents
from slo.history.snapshot import read_snapshot
from slo.model.duration import DAY, MINUTE
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.project import beginning, open_project
from slo.project.beginning import FirstReport
from tests.found import SPAN, candidate, discovery, indicators

SHOP = (
    candidate(indicators()[0]),
    candidate(indicators()[1], name="latency", metric="d_seconds"),
    candidate(indicators()[3], name="queue-depth", certainty=Certainty.PERHAPS),
    candidate(owner=Owner("cart", "cart", ()), a_day=3),
)


def held(days: float) -> History:
    """What the server holds: one request in a thousand fails, one in two hundred is slow."""
    times = np.arange(SPAN.end - round(days * DAY), SPAN.end, 5 * MINUTE, dtype=np.int64)
    requests = np.cumsum(np.full(times.size, 1000.0))
    series = (
        series_of({"__name__": "requests_total"}, times, requests),
        series_of({"__name__": "failed_total"}, times, requests / 1000),
        series_of({"__name__": "d_seconds_count"}, times, requests),
        series_of({"__name__": "d_seconds_bucket", "le": "0.5"}, times, requests * 0.995),
        series_of({"__name__": "queue_depth"}, times, np.full(times.size, 3.0)),
    )
    return History(series, Span(SPAN.end - 42 * DAY, SPAN.end), "2.42.0", "a test")


class Keyboard(io.StringIO):
    """A terminal at which answers are typed; none where nobody sits."""

    def isatty(self) -> bool:
        return bool(self.getvalue())


class World:
    """What a server holds, and what was asked of it."""

    def __init__(self) -> None:
        self.found = discovery(*SHOP)
        self.days = 14.0
        self.servers = []

    def discover(self, server, end, days, advance):
        self.servers.append(server)
        return self.found

    def fetch(self, server, selectors, span, advance=None):
        series = held(self.days).restrict(selectors).series if self.days else ()
        return History(series, span, "2.42.0", "a test")


@pytest.fixture
def world(monkeypatch, tmp_path):
    made = World()
    monkeypatch.setattr("slo.discovery.discover", made.discover)
    monkeypatch.setattr(beginning, "fetch_history", made.fetch)
    monkeypatch.setattr(
        beginning, "first_report", lambda _, service: FirstReport(service, f"report of {service}")
    )
    monkeypatch.chdir(tmp_path)
    return made


@pytest.fixture
def slo(monkeypatch, capsys):
    def run(*arguments: str, typed: tuple[str, ...] = ()) -> tuple[int, str, str]:
        keyboard = Keyboard("".join(f"{answer}\n" for answer in typed))
        monkeypatch.setattr(sys, "argv", ["slo", "init", *arguments])
        monkeypatch.setattr(sys, "stdin", keyboard)
        with pytest.raises(SystemExit) as left:
            cli.main()
            raise SystemExit(0)
        output = capsys.readouterr()
        assert keyboard.read() == ""
        return int(left.value.code or 0), output.out, output.err

    return run


def files(folder) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


WRITTEN = ["history/incidents.csv", "history/snapshot.parquet", "slobook.toml", "specs/shop.yaml"]


def test_without_a_terminal_the_best_candidates_become_a_project(world, slo, tmp_path):
    code, out, _ = slo("p.test:9090", "--into", "mine")
    assert code == 0
    assert files(tmp_path / "mine") == WRITTEN
    assert world.servers[0].url == "http://p.test:9090"
    project = open_project(tmp_path / "mine" / "slobook.toml")
    assert {one.name: str(one.objective) for one in project.slos} == {
        "availability": "99.5 %",
        "latency": "99 %",
    }
    assert project.prometheus.url == "http://p.test:9090"
    assert read_incidents(project.incidents_path) == ()
    assert read_snapshot(project.snapshot_path).span == Span(SPAN.end - 14 * DAY, SPAN.end)
    for said in ("1* ", "report of shop", "slo generate", "Not taken: cart", "provisional"):
        assert said in out


def test_a_project_is_judged_by_what_its_history_shows_until_somebody_labels(world, slo, tmp_path):
    slo("p.test")
    project = open_project(tmp_path / "slobook.toml")
    one = project["availability"]
    assert project.ground_truth(one, project.history(one)).derived


@pytest.mark.parametrize("there", ["slobook.toml", "specs", "history/incidents.csv"])
def test_nothing_is_overwritten(world, slo, tmp_path, there):
    path = tmp_path / there
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    code, _, err = slo("p.test")
    assert code == 2
    assert f"found {there}, expected a folder without a project" in err
    assert path.read_text() == "mine"
    assert files(tmp_path) == [there]


@pytest.mark.parametrize("failing", ["write_snapshot", "write_incidents", "open_project"])
def test_what_fails_halfway_leaves_nothing(world, slo, tmp_path, monkeypatch, failing):
    def fail(*_):
        raise HistoryError("the disk is full")

    monkeypatch.setattr(beginning, failing, fail)
    code, _, err = slo("p.test", "--into", "mine")
    assert (code, err.splitlines()[-1]) == (2, "the disk is full")
    assert list(tmp_path.iterdir()) == []


def test_an_address_is_needed_where_nobody_can_be_asked(world, slo):
    code, _, err = slo("--yes")
    assert code == 2
    assert "slo init http://localhost:9090" in err


@pytest.mark.parametrize("url", ["http://me:secret@p.test", "me@p.test"])
def test_an_address_with_a_password_is_refused_and_not_repeated(world, slo, url, tmp_path):
    code, _, err = slo(url)
    assert code == 2
    assert "--password-env" in err
    assert "secret" not in err
    assert list(tmp_path.iterdir()) == []


def test_credentials_are_named_and_not_written(world, slo, tmp_path, monkeypatch):
    monkeypatch.setenv("PROM_TOKEN", "s3cret")
    assert slo("p.test", "--token-env", "PROM_TOKEN")[0] == 0
    text = (tmp_path / "slobook.toml").read_text()
    assert 'token_env = "PROM_TOKEN"' in text
    assert "s3cret" not in text


def test_a_person_is_asked(world, slo, tmp_path):
    code, out, _ = slo(typed=("p.test", "1, 3", "y"))
    assert code == 0
    project = open_project(tmp_path / "slobook.toml")
    assert [one.name for one in project.slos] == ["availability", "queue-depth"]
    assert "report of shop" in out


def test_a_person_who_mistypes_is_asked_again_and_may_change_their_mind(world, slo, tmp_path):
    code, out, _ = slo("p.test", typed=("7", "x", "all", "n"))
    assert code == 0
    assert "found '7', expected numbers from 1 to 4, all or none" in out
    assert "Nothing was written." in out
    assert list(tmp_path.iterdir()) == []


def test_enter_takes_what_is_proposed(world, slo, tmp_path):
    assert slo("p.test", typed=("", ""))[0] == 0
    assert len(open_project(tmp_path / "slobook.toml").slos) == 2


def test_yes_asks_nothing_even_of_a_person(world, slo, monkeypatch):
    monkeypatch.setattr(Keyboard, "isatty", lambda _: True)
    assert slo("p.test", "--yes")[0] == 0


def test_a_service_by_name(world, slo, tmp_path):
    code, _, err = slo("p.test", "--service", "shopp")
    assert code == 2
    assert "there are shop, cart" in err
    code, _, err = slo("p.test", "--service", "cart")
    assert code == 2
    assert "cart/availability: 3.0 (few) events a day are too few" in err
    assert list(tmp_path.iterdir()) == []
    assert slo("p.test", "--service", "shop")[0] == 0
    assert files(tmp_path) == WRITTEN


def test_json_is_one_value_with_all_of_it(world, slo, tmp_path):
    code, out, err = slo("p.test", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert [one["name"] for one in told["promises"]] == ["availability", "latency"]
    assert told["promises"][0]["target"] == "0.995"
    assert len(told["candidates"]) == 4
    assert told["candidates"][0]["error_share"] == pytest.approx(0.001)
    assert [path.rpartition("/")[2] for path in told["files"]] == [
        path.rpartition("/")[2] for path in WRITTEN
    ]
    assert told["reports"] == [{"service": "shop", "page": None, "said": "report of shop"}]


def test_a_server_without_anything_to_promise(world, slo, tmp_path):
    world.found = discovery(notes=("a note",))
    code, _, err = slo("p.test")
    assert code == 2
    assert "7 metrics, and none with traffic" in err
    assert "a note" in err
    assert list(tmp_path.iterdir()) == []


def test_a_history_that_is_not_there(world, slo, tmp_path):
    world.days = 0
    code, _, err = slo("p.test")
    assert code == 2
    assert "no file was written" in err
    assert "shop/availability: " in err
    assert list(tmp_path.iterdir()) == []


def test_the_exporters_metrics_get_the_catalogue(world, slo, tmp_path):
    world.found = discovery(agent={"namespace": "prod", "job": "agent"})
    code, out, err = slo("p.test")
    assert code == 0
    project = open_project(tmp_path / "slobook.toml")
    assert len(project.slos) == 13
    assert project.agent == "support-agent"
    assert "What the catalogue promises" in out
    assert (
        'namespace="prod"' in (tmp_path / "specs/support-agent/api-availability.yaml").read_text()
    )
    assert "api-availability" in err  # it is not in this server's history, which is said
