"""What comes with the package of the guide, and how a terminal shows it."""

import re
from pathlib import Path

import pytest

from slo.doctor.expected import EXPECTED
from slo.doctor.explanation import explanation

ROOT = Path(__file__).resolve().parents[3]
PACKAGED = (ROOT / "slo" / "doctor" / "troubleshooting.md").read_text()
GUIDE = (ROOT / "docs" / "MONITORING_SETUP.md").read_text()
TITLES = re.findall(r"^### (.+)$", PACKAGED, re.MULTILINE)
TROUBLES = [title.lower().replace(" ", "-") for title in TITLES]


def test_the_package_holds_the_guides_words():
    start, end = GUIDE.index("## Troubleshooting"), GUIDE.index("## Maintenance schedule")
    copied = "copy that part of docs/MONITORING_SETUP.md to slo/doctor/troubleshooting.md"
    assert GUIDE[start:end] == PACKAGED, copied
    # Whatever a terminal's encoding is, it can show this.
    assert PACKAGED.isascii()


@pytest.mark.parametrize("check", EXPECTED)
def test_every_check_is_explained(check):
    told = explanation(check)
    assert told.startswith(f"{check}: ")
    assert f"\n  Expected: {EXPECTED[check]}\n" in told
    assert "](" not in told
    assert not re.search(r"^\||```", told, re.MULTILINE)


@pytest.mark.parametrize(("title", "trouble"), [*zip(TITLES, TROUBLES, strict=True)])
def test_nothing_of_a_trouble_is_lost(title, trouble):
    told = explanation(trouble)
    assert told.endswith(f"/docs/MONITORING_SETUP.md#{trouble}")
    _, _, section = PACKAGED.partition(f"### {title}\n")
    section = re.split(r"^##", section, maxsplit=1, flags=re.MULTILINE)[0]
    tables = re.findall(r"^\| .+ \|\n\|---.*\n((?:\| .+\n)+)", section, re.MULTILINE)
    rows = [row for table in tables for row in table.splitlines()]
    assert told.count("\n  - ") == len(rows)
    for command in re.findall(r"^\$ .+$", section, re.MULTILINE):
        assert f"\n    {command}\n" in told


def test_links_lead_somewhere_from_a_terminal():
    assert "replace the Secret ('slo doctor --explain secrets')" in explanation("notifications")
    reports = explanation("reports")
    page = "/docs/reports.md#what-may-happen-to-a-run"
    assert re.search(rf"next run: https://\S+{page}\.", reports)
    assert re.search(r"test \(https://\S+/docs/MONITORING_SETUP.md#alerts", explanation("secrets"))


def test_every_way_that_is_named_can_be_gone():
    named = [re.findall(r"--explain ([a-z-]+)", explanation(one)) for one in TROUBLES]
    for name in {name for found in named for name in found}:
        assert explanation(name)
