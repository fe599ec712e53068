"""``slo init`` as its user meets it, at a server that tests make up."""

import json

import pytest

from slo.errors import HistoryError
from slo.history.incidents import read_incidents
from slo.history.snapshot import read_snapshot
from slo.model.duration import DAY
from slo.model.span import Span
from slo.project import beginning, open_project
from tests.found import SPAN, discovery
from tests.init_world import WRITTEN, Keyboard, files


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


@pytest.mark.parametrize("there", ["specs", "history/incidents.csv"])
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
