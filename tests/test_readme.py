"""README's picture and links: what a newcomer sees first."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from slo import cli

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
PICTURES = re.findall(r'(?:src|srcset)="([^"]+)"', README)


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_is_there_and_small(picture):
    content = (ROOT / picture).read_bytes()
    assert content.startswith(b"\x89PNG")
    assert 20_000 < len(content) < 300_000


def test_the_picture_is_as_large_as_readme_says():
    assert len(PICTURES) == 2
    said = [int(re.search(rf'{side}="(\d+)"', README)[1]) for side in ("width", "height")]
    for picture in PICTURES:
        header = (ROOT / picture).read_bytes()[16:24]
        assert [int.from_bytes(header[:4]), int.from_bytes(header[4:])] == said


def test_every_link_to_a_file_leads_to_one():
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert len(links) > 10
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_verb_that_is_named_is_there():
    named = set(re.findall(r"^\$ slo ([a-z-]+)", README, re.MULTILINE))
    assert named <= set(get_command(cli.app).commands)
    assert len(named) > 10
