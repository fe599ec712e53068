"""``slo init`` in a project: a service more, and nothing that is there is changed."""

import json
import shutil
from dataclasses import replace

import pytest

from slo.discovery.services import Owner
from slo.errors import HistoryError
from slo.history.snapshot import read_snapshot, write_snapshot
from slo.project import adding, open_project
from tests.found import candidate, discovery, indicators
from tests.init_world import SHOP, files

CART = candidate(
    indicators()[1], owner=Owner("cart", "cart", ()), name="latency", metric="d_seconds"
)


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """Where the project is kept that every test begins with."""
    return tmp_path_factory.mktemp("begun") / "project"


@pytest.fixture
def project(begun, world, slo, tmp_path):
    """A project of the shop's availability, beside which the server holds a cart's latency."""
    if not begun.exists():
        world.found = discovery(SHOP[0])
        assert slo("p.test", "--into", str(begun))[0] == 0
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    world.found = discovery(SHOP[0], CART)
    return tmp_path


def held_by(folder) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in files(folder)}


def test_a_second_service_is_added_and_nothing_else_changes(project, slo):
    before = held_by(project)
    shop = read_snapshot(project / "history/snapshot.parquet")
    code, out, _ = slo("--service", "cart")
    assert code == 0
    after = held_by(project)
    assert set(after) - set(before) == {"specs/cart.yaml"}
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"history/snapshot.parquet"}
    both = read_snapshot(project / "history/snapshot.parquet")
    assert both.span == shop.span
    kept = [one for one in both.series if one.metric in ("requests_total", "failed_total")]
    assert [one.values.tolist() for one in kept] == [one.values.tolist() for one in shop.series]
    assert {one.metric for one in both.series} > {"d_seconds_bucket", "d_seconds_count"}
    opened = open_project(project / "slobook.toml")
    assert {f"{one.service}/{one.name}" for one in opened.slos} == {
        "shop/availability",
        "cart/latency",
    }
    # What is added is shown before it is written.
    for one in ("specs/cart.yaml: new, ", "snapshot.parquet: 2 more series"):
        assert out.index(one) < out.index("Added cart")
    assert "report of cart" in out
    assert "report of shop" not in out


def test_json_says_what_was_added_to(project, slo):
    code, out, _ = slo("--service", "cart", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["files"] == [str(project / "specs/cart.yaml")]
    assert told["added_to"] == [str(project / "history/snapshot.parquet")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--service", "shop"],
            "specs/shop.yaml, expected one that the project lacks",
        ),
        ([], "expected --service NAME, the service to add to it: there are cart"),
        (["--yes"], "expected --service NAME"),
        (["--service", "till"], "has no candidates of such a service; there are cart"),
        (["q.test", "--service", "cart"], "found the address http://q.test, expected none beside"),
        (["--service", "cart", "--token-env", "X"], "found --token-env, expected none beside"),
    ],
)
def test_what_cannot_be_added_is_one_message_and_nothing_written(project, slo, arguments, said):
    before = held_by(project)
    code, _, err = slo(*arguments)
    assert code == 2
    (message,) = [one for one in err.splitlines() if not one.startswith(("Looking", "Fetching"))]
    assert said in message
    assert held_by(project) == before


def test_a_file_in_the_place_of_the_new_one_is_left(project, slo):
    till = "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: till}\n"
    (project / "specs/cart.yaml").write_text(till)
    before = held_by(project)
    code, _, err = slo("--service", "cart")
    assert code == 2
    assert "specs/cart.yaml: found a file, expected none" in err
    assert held_by(project) == before


def test_a_person_in_a_project_chooses_sees_and_may_decline(project, slo):
    before = held_by(project)
    code, out, _ = slo(typed=("1", "n"))
    assert code == 0
    assert "specs/cart.yaml: new, " in out
    assert out.endswith("Nothing was written.\n")
    assert held_by(project) == before
    assert slo(typed=("", ""))[0] == 0
    assert (project / "specs/cart.yaml").exists()


def test_specifications_that_are_listed_one_by_one_get_an_entry(project, slo):
    file = project / "slobook.toml"
    file.write_text(file.read_text().replace('["specs"]', '["specs/shop.yaml"]'))
    before = file.read_text()
    code, out, _ = slo("--service", "cart")
    assert code == 0
    assert '+specs = ["specs/cart.yaml", "specs/shop.yaml"]' in out
    listed = before.replace('["specs/shop.yaml"]', '["specs/cart.yaml", "specs/shop.yaml"]')
    assert file.read_text() == listed
    assert len(open_project(file).slos) == 2


def test_a_list_that_cannot_be_added_to_is_left(project, slo):
    file = project / "slobook.toml"
    file.write_text(
        'project = {specs = ["specs/shop.yaml"]}\n[prometheus]\nurl = "http://p.test"\n'
    )
    before = held_by(project)
    code, _, err = slo("--service", "cart")
    assert code == 2
    assert 'add "specs/cart.yaml" there' in err
    assert held_by(project) == before


def test_a_project_without_a_prometheus_gets_one(project, slo):
    file = project / "slobook.toml"
    file.write_text('[project]\nspecs = ["specs"]')
    assert slo("--service", "cart")[0] == 2
    code, out, _ = slo("p.test", "--service", "cart", "--token-env", "TOKEN")
    assert code == 0
    added = '\n\n[prometheus]\nurl = "http://p.test"\ntoken_env = "TOKEN"\n'
    assert file.read_text() == f'[project]\nspecs = ["specs"]{added}'
    assert '+url = "http://p.test"' in out


def test_specifications_that_declare_no_service_get_none_declared(project, slo):
    spec = project / "specs/shop.yaml"
    spec.write_text(spec.read_text().partition("---\n")[2])
    assert slo("--service", "cart")[0] == 0
    assert "kind: Service" not in (project / "specs/cart.yaml").read_text()
    assert len(open_project(project / "slobook.toml").slos) == 2


def test_a_snapshot_of_another_source_is_left_and_said_to_be(project, slo, world):
    path = project / "history/snapshot.parquet"
    write_snapshot(replace(read_snapshot(path), source="a simulation"), path)
    before = path.read_bytes()
    code, out, _ = slo("--service", "cart")
    assert code == 0
    assert "history/snapshot.parquet is of a simulation and is left as it is" in out
    assert path.read_bytes() == before


@pytest.mark.parametrize("failing", ["write_snapshot", "place_new"])
def test_an_addition_that_fails_leaves_the_project_as_it_was(project, slo, monkeypatch, failing):
    def fail(*_):
        raise HistoryError("the disk is full")

    file = project / "slobook.toml"
    file.write_text(file.read_text().replace('["specs"]', '["specs/shop.yaml"]'))
    before = held_by(project)
    monkeypatch.setattr(adding, failing, fail)
    code, _, err = slo("--service", "cart")
    assert (code, err.splitlines()[-1]) == (2, "the disk is full")
    assert held_by(project) == before
