"""Where the forms of a report send their readers."""

import shutil
from pathlib import Path

import pytest

from slo.errors import ConfigError
from slo.project import open_project
from slo.report.forms.names import CHAT
from tests.digests import cost_week, slo_week

ROOT = Path(__file__).resolve().parents[3]


def project(folder, links):
    (folder / "slobook.toml").write_text(f'[project]\nspecs = ["specs"]\n{links}')
    return open_project(folder / "slobook.toml")


@pytest.fixture(autouse=True)
def _without_pages(monkeypatch):
    monkeypatch.setattr("slo.report.objectives.files.page", lambda *_: "")
    monkeypatch.setattr("slo.report.cost.files.cost_page", lambda *_: "")


def test_they_link_to_the_configured_address(tmp_path):
    made = project(tmp_path, '[links]\nreports = "https://r.example.com/slo"\n')
    made.write_weekly_slo(slo_week(), tmp_path / "slo")
    made.write_weekly_cost(cost_week(), tmp_path / "cost")
    last = [(tmp_path / name / CHAT).read_text().splitlines()[-1] for name in ("slo", "cost")]
    assert last == [
        "https://r.example.com/slo/shop/2026-W47/weekly-slo.html",
        "https://r.example.com/slo/agent/cost/2026-W47/weekly-cost.html",
    ]


def test_what_is_generated_knows_nothing_of_it(tmp_path):
    """It did once, and could not be generated."""
    with_it = tmp_path / "with"
    with_it.mkdir()
    for folder in (tmp_path, with_it):
        shutil.copytree(ROOT / "slo/catalog/ai_support", folder / "specs")
    links = '[links]\nrunbooks = "https://runbooks.example.com"\n'
    plain = project(tmp_path, links)
    linked = project(with_it, links + 'reports = "https://r.example.com"\n')
    assert linked.pushed_artefacts() == plain.pushed_artefacts()


def test_without_one_they_link_nowhere(tmp_path):
    project(tmp_path, "").write_weekly_cost(cost_week(), tmp_path / "cost")
    assert "://" not in (tmp_path / "cost" / CHAT).read_text()


def test_what_is_no_address_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"reports: found 'reports'"):
        project(tmp_path, '[links]\nreports = "reports"\n')
