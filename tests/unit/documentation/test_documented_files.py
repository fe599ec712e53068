"""Specifications and configurations that the documentation shows are ones that slobook reads."""

from pathlib import Path

import pytest

import slo
from slo.configuration import read_configuration
from tests.documented_commands import blocks

ROOT = Path(__file__).resolve().parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
OWN = ("apiVersion: openslo/v1", "apiVersion: slobook/v1")


def shown(language: str) -> list:
    return [
        pytest.param(block.text, id=f"{page.relative_to(ROOT)}:{block.line}")
        for page in PAGES
        for block in blocks(page.read_text())
        if block.language == language
    ]


SPECIFICATIONS = [one for one in shown("yaml") if one.values[0].startswith(OWN)]
# The exporter's file of prices is another kind of TOML.
CONFIGURATIONS = [one for one in shown("toml") if "[[price]]" not in one.values[0]]
# What a page's specification speaks about and another page shows.
BESIDE = {
    "CostModel": ("docs/alerts.md", "CostBudget"),
    "ErrorBudgetPolicy": ("docs/specifications.md", "SLO"),
}


def test_they_are_found():
    assert len(SPECIFICATIONS) >= 5
    assert len(CONFIGURATIONS) >= 10


@pytest.mark.parametrize("text", SPECIFICATIONS)
def test_a_specification_is_valid(tmp_path, text):
    parts = [text]
    for kind, (page, wanted) in BESIDE.items():
        if f"kind: {kind}\n" in text:
            every = blocks((ROOT / page).read_text())
            parts += [one.text for one in every if f"kind: {wanted}\n" in one.text]
    (tmp_path / "shown.yaml").write_text("---\n".join(parts))
    read = slo.read_specs([tmp_path / "shown.yaml"])
    assert read.slos or read.alerts


@pytest.mark.parametrize("text", CONFIGURATIONS)
def test_a_configuration_is_valid(tmp_path, text):
    path = tmp_path / "slobook.toml"
    path.write_text(text if "[project]" in text else f'[project]\nspecs = ["specs"]\n{text}')
    read_configuration(path)
