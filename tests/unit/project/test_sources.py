"""Where a project's history comes from."""

from dataclasses import replace

import pytest

from slo.errors import ConfigError
from slo.project import open_project
from slo.project.sources import Sources
from tests.shop import availability


@pytest.fixture
def project(tmp_path):
    """A project whose Prometheus needs a token and is asked in small pieces."""
    (tmp_path / "slobook.toml").write_text(
        '[project]\nspecs = ["specs"]\n[prometheus]\nurl = "https://prometheus.example.com"\n'
        'token_env = "TOKEN"\nchunk = "6h"\n'
    )
    return open_project(tmp_path / "slobook.toml")


def test_another_address_keeps_all_else_that_the_configuration_says(project):
    there = project.configuration.prometheus
    here = project.asking("http://127.0.0.1:9090").configuration.prometheus
    assert here.url == "http://127.0.0.1:9090"
    assert here.model_dump(exclude={"url"}) == there.model_dump(exclude={"url"})
    assert (here.token_env, here.chunk) == ("TOKEN", 6 * 3_600_000)


def test_what_is_no_address_is_refused(project):
    with pytest.raises(ConfigError, match="--url: found 'prometheus'"):
        project.asking("prometheus")


@pytest.fixture
def several(project, monkeypatch):
    """Two services, both of which promise their availability, and one of them its latency."""
    shop = availability(), availability(name="latency")
    slos = (*shop, replace(shop[0], service="search"))
    monkeypatch.setattr(Sources, "slos", property(lambda _: slos))
    return project


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("latncy", "there is no objective 'latncy', the nearest is 'latency'"),
        ("shop/Latency", "no objective 'shop/Latency', the nearest is 'shop/latency'"),
        ("serch/availability", "the nearest is 'search/availability'"),
        ("nonsense", "there is no objective 'nonsense'; the project's are search/availability"),
        ("availability", "several have the name of objective 'availability'; name one of"),
    ],
)  # fmt: skip
def test_a_name_that_nothing_has_is_answered_with_the_nearest_or_all(several, name, expected):
    with pytest.raises(ConfigError) as refused:
        several[name]
    assert expected in str(refused.value)


def test_so_is_a_service(several):
    with pytest.raises(ConfigError, match=r"'shpo', the nearest is 'shop'; .* are search, shop"):
        several.of_service("shpo")
    with pytest.raises(ConfigError, match="name a service; the project's are search, shop"):
        several.of_service("")


def test_what_a_project_has_none_of_is_told_with_how_to_get_one(project, monkeypatch):
    monkeypatch.setattr(Sources, "slos", property(lambda _: ()))
    monkeypatch.setattr(Sources, "alerts", property(lambda _: ()))
    for asked in (lambda: project["any"], project.objective, lambda: project.of_service("")):
        with pytest.raises(ConfigError, match="the project has no objective: 'slo init' proposes"):
            asked()
    for name in ("", "queue"):
        with pytest.raises(ConfigError, match="no alert on a threshold: write a ThresholdAlert"):
            project.alert(name)


def test_without_a_name_it_is_the_first(several):
    assert several.objective() is several.slos[0]
    assert several.objective("search/availability").service == "search"
    with pytest.raises(ConfigError, match="name an objective; the project's are search/"):
        several[""]
