"""Links to the documentation from elsewhere, and out of it: well formed, and never fetched."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.catalogue import SPECS
from tests.documented_commands import headings

ROOT = Path(__file__).resolve().parents[3]
WRITTEN = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "slobook.toml")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "slo/catalog").rglob("*.md")),
]
CODE = [
    path
    for part in ("slo", "exporter", "compose", "notebooks")
    for ending in ("py", "md", "yaml", "yml", "html", "ipynb", "toml")
    for path in sorted((ROOT / part).rglob(f"*.{ending}"))
]
GENERATED = [path for path in sorted((ROOT / "generated").rglob("*")) if path.is_file()]
PAGE = re.compile(r"(?<![\w./-])(docs/[\w/-]+\.md|README\.md|CONTRIBUTING\.md)((?:#[\w-]+)?)")
ADDRESS = re.compile(r"https?://[^\s\"'`<>)\]}\\|]+")
RUNBOOKS = "https://runbooks.example.com/support-agent/"
DASHBOARDS = "https://grafana.example.com/d/"


def of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def faults(text: str) -> list[str]:
    """Pages of ours that a text names and that are not there, or lack the heading."""
    found = []
    for name, anchor in PAGE.findall(text):
        path = ROOT / name
        if not path.is_file():
            found.append(name)
        elif anchor and anchor[1:] not in {one for _, one in headings(path.read_text())}:
            found.append(name + anchor)
    return found


def test_pages_that_messages_and_comments_name_are_there():
    texts = {of(path): path.read_text() for path in [*CODE, ROOT / "slobook.toml"]}
    assert sum(len(PAGE.findall(text)) for text in texts.values()) > 2
    assert {name: wrong for name, text in texts.items() if (wrong := faults(text))} == {}


def test_a_page_that_is_not_there_is_found():
    assert faults("see docs/nowhere.md") == ["docs/nowhere.md"]
    assert faults("docs/MONITORING_SETUP.md#no-such-trouble") == [
        "docs/MONITORING_SETUP.md#no-such-trouble"
    ]
    assert faults("docs/MONITORING_SETUP.md#troubleshooting, README.md") == []


@pytest.mark.parametrize("path", WRITTEN, ids=of)
def test_addresses_are_well_formed(path):
    for found in ADDRESS.findall(path.read_text()):
        if "..." in found or "$" in found:
            continue  # part of it is left to the reader
        address = found.rstrip(".,;:")
        parts = urlsplit(address)
        # A host of one word is a service's name within a cluster, and has a port.
        assert re.fullmatch(r"[a-z0-9.-]+", parts.hostname or ""), address
        assert "." in parts.hostname or parts.port or parts.hostname == "localhost", address
        assert "//" not in parts.path, address


def test_generated_files_link_runbooks_and_dashboards_that_are_there():
    dashboards = {
        json.loads(path.read_text())["uid"]
        for path in (ROOT / "generated" / "dashboards").glob("*.json")
    }
    runbooks = {path.name for path in (ROOT / "slo/catalog/ai_support/runbooks").glob("*.md")}
    objectives = {one.name for one in SPECS.slos}
    links = {one for path in GENERATED for one in ADDRESS.findall(path.read_text())}
    led = {one for one in links if one.startswith(RUNBOOKS)}
    assert len(led) > 20
    assert {one.removeprefix(RUNBOOKS) for one in led} <= runbooks
    shown = [urlsplit(one) for one in links if one.startswith(DASHBOARDS)]
    assert {one.path.rpartition("/")[2] for one in shown} <= dashboards
    named = {name for one in shown for name in parse_qs(one.query).get("var-slo", [])}
    assert {name for name in named if "$" not in name and "{" not in name} <= objectives
    assert len(named) > 10
