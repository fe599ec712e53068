"""Where a project's history comes from."""

import pytest

from slo.errors import ConfigError
from slo.project import open_project


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
