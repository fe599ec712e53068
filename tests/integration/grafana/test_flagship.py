"""The whole AI support agent, pushed: every dashboard and alert rule that slobook makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from slo.project import open_project
from tests.grafana.faults import broken
from tests.grafana.profile import GRAFANA_9_4

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(grafana, server, tmp_path):
    text = (ROOT / "slobook.toml").read_text().replace('"slo/catalog', f'"{ROOT}/slo/catalog')
    server.state.data_sources[0]["uid"] = "prometheus"
    (tmp_path / "slobook.toml").write_text(
        f'{text}\n[grafana]\nurl = "{grafana.url}"\nretries = 0\n'
    )
    return open_project(tmp_path / "slobook.toml")


def test_it_is_pushed_once_whole_and_stays(project, server):
    plan = project.plan("grafana")
    assert len(plan.changes) > 4
    assert {change.kind for change in plan.changes} == {"create"}
    plan.apply()
    assert project.plan("grafana").changes == ()
    rules = server.state.rules.values()
    assert len(rules) > 20
    assert {one.provenance for one in rules} == {""}
    kept = {one.body.get("keep_firing_for") for one in rules}
    assert ("30m" in kept) is (server.profile is not GRAFANA_9_4)
    before = server.state.things()
    plan.apply()
    assert server.state.things() == before


def test_an_old_server_that_fails_halfway_through_its_rules_is_finished(project, server):
    seen = []

    def hook(asked, state):
        if asked.writes and asked.path.endswith("/alert-rules"):
            seen.append(asked)
            return broken(502) if len(seen) == 12 else None
        return None

    server.before(hook)
    plan = project.plan("grafana")
    if server.profile is GRAFANA_9_4:
        with pytest.raises(Exception, match="502"):
            plan.apply()
        server.without_hooks()
        assert {one.kind for one in project.plan("grafana").changes} <= {"create", "update"}
        project.plan("grafana").apply()
    else:
        plan.apply()
        assert seen == []
    assert project.plan("grafana").changes == ()
