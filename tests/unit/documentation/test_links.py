"""Links that work in the repository and on the site."""

import re
from pathlib import Path

import pytest

from tools.documentation.links import REPOSITORY, DeadLink, in_scheme, on_site

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = sorted((ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize(
    ("file", "link", "led"),
    [
        ("README.md", "docs/alerts.md#names", "alerts.md#names"),
        ("README.md", "docs/images/weekly-report.png", "images/weekly-report.png"),
        ("README.md", "LICENSE", f"{REPOSITORY}/blob/main/LICENSE"),
        ("docs/alerts.md", "grafana.md", "grafana.md"),
        (
            "docs/alerts.md",
            "../slo/catalog/ai_support",
            f"{REPOSITORY}/tree/main/slo/catalog/ai_support",
        ),
        ("docs/reports.md", "schemas", f"{REPOSITORY}/tree/main/docs/schemas"),
        ("docs/concepts/sli.md", "../tuning.md", "../tuning.md"),
        ("docs/alerts.md", "#here", "#here"),
        ("docs/alerts.md", "https://example.com/x", "https://example.com/x"),
    ],
)
def test_a_link_leads_to_the_page_or_to_the_repository(file, link, led):
    assert on_site(f"See [it]({link}).", file) == f"See [it]({led})."


def test_pictures_are_links_too():
    text = '<source srcset="docs/images/a.png"><img src="docs/images/b.png">'
    assert on_site(text, "README.md") == '<source srcset="images/a.png"><img src="images/b.png">'


def test_a_link_that_is_called_as_its_file_gets_the_title_of_the_page():
    assert (
        on_site("[docs/cost.md](docs/cost.md) has it", "README.md")
        == "[*What a week cost*](cost.md) has it"
    )
    assert on_site("[cost.md](cost.md#x)", "docs/alerts.md") == "[*What a week cost*](cost.md#x)"
    assert on_site("[that](cost.md)", "docs/alerts.md") == "[that](cost.md)"
    told = f"[CONTRIBUTING.md]({REPOSITORY}/blob/main/CONTRIBUTING.md)"
    assert on_site("[CONTRIBUTING.md](CONTRIBUTING.md)", "README.md") == told


def test_a_picture_in_two_schemes_follows_the_switch_of_the_site():
    text = (ROOT / "README.md").read_text()
    shown = in_scheme(text)
    assert "<picture>" not in shown
    assert '<img src="docs/images/weekly-report.png#only-light" alt=' in shown
    assert '<img src="docs/images/weekly-report-dark.png#only-dark" alt=' in shown


def test_a_link_to_nothing_is_refused():
    with pytest.raises(DeadLink, match="docs/alerts.md: ../slo/nothing.py"):
        on_site("[it](../slo/nothing.py)", "docs/alerts.md")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_of_documents_work_where_they_are_read_in_the_repository(path):
    links = re.findall(r"\]\(\s*(?!https?:|#)([^)#\s]+)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_tests_that_the_page_of_trust_names_are_there():
    text = (ROOT / "docs" / "trust.md").read_text()
    named = re.findall(r"tests/[\w/.]+", text)
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []
