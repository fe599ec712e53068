"""Names between quotes."""

from types import SimpleNamespace

import pytest

from slo.errors import SpecError
from slo.notebook.completion import names_begun
from slo.project import configured_project
from slo.project.sources import Sources, names_of
from slo.spec import Specs
from tests import shop

OBJECTIVES = (shop.availability(name="availability"), shop.availability(name="latency"))


@pytest.fixture
def project(tmp_path, monkeypatch):
    specs = Specs((), OBJECTIVES, ())
    monkeypatch.setattr(Sources, "specs", specs)
    return configured_project(tmp_path, ())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('project.tune_service("', ("", ["shop"])),
        ("x = project.of_service('sh", ("sh", ["shop"])),
        ('project.weekly_slo("2026-W45", service="s', ("s", ["shop"])),
        ('project.weekly_slo(week="2026-W45", service = "', ("", ["shop"])),
        ('project.weekly_slo("2026', ("2026", [])),
        ('project.tune_service("x', ("x", [])),
        ('other.tune_service("', ("", [])),
        ('number.tune_service("', ("", [])),
        ('project.tune_service("shop")', ("", [])),
        ('project.objective("lat', ("lat", ["latency"])),
    ],
)
def test_services(project, line, expected):
    assert names_begun(line, {"project": project, "number": 1}) == expected


def test_keys_are_the_shortest_names_that_mean_one(project):
    assert project._ipython_key_completions_() == ["availability", "latency"]
    twice = [SimpleNamespace(service=s, name=n) for s, n in (("a", "x"), ("b", "x"), ("b", "y"))]
    assert names_of(twice) == ["a/x", "b/x", "y"]


def test_specifications_with_faults_complete_nothing(tmp_path, monkeypatch):
    def faulty(_):
        raise SpecError(())

    monkeypatch.setattr(Sources, "specs", property(faulty))
    made = configured_project(tmp_path, ())
    assert names_begun('project.alert("a', {"project": made}) == ("a", [])
    assert made.card.tone == "bad"
