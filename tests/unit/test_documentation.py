"""Addresses of pages, for who has the package alone."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from slo.documentation import SOURCE, documentation

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = {path: path.read_text() for path in (ROOT / "slo").rglob("*.py")}


def test_the_source_is_where_the_project_says():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["urls"]["Source"] == SOURCE


def test_pages_that_are_named_are_there():
    named = [re.findall(r"documentation\([\"']([\w.-]+)", text) for text in MESSAGES.values()]
    pages = {page for found in named for page in found}
    assert {"init.md", "specifications.md", "alerts.md"} <= pages
    assert [page for page in pages if not (ROOT / "docs" / page).is_file()] == []
    assert documentation("init.md") == f"{SOURCE}/blob/main/docs/init.md"


def messages(code: str) -> Iterator[str]:
    """Every text of a module that is no docstring."""
    tree = ast.parse(code)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_no_message_leads_into_a_checkout():
    """Docstrings speak to who has one; what is printed is read in a project of somebody's own."""
    inside = re.compile(r"(?<![\w/])docs/[\w/-]+\.md|README\.md")
    assert inside.search("see docs/init.md")
    holding = {p: text for p, text in MESSAGES.items() if inside.search(text)}
    assert holding
    leading = {
        path.name: [one for one in messages(text) if inside.search(one)]
        for path, text in holding.items()
    }
    assert {name: found for name, found in leading.items() if found} == {}
