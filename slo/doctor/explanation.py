"""What a check looks at, why, and what to do: the guide's words, which come with the package.

``troubleshooting.md`` is a part of docs/MONITORING_SETUP.md, letter for letter; a test compares.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from slo.doctor.expected import EXPECTED
from slo.documentation import documentation
from slo.errors import ConfigError, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_GUIDE = "MONITORING_SETUP.md"
_SECTION = re.compile(r"^### (.+)\n\n", re.MULTILINE)
_ROW = re.compile(r"^\| (?P<asks>.+) \| `(?P<check>[a-z-]+)` \| (?P<then>.+) \|$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\(([\w.-]*)(?:#([\w-]+))?\)")
_CELL = re.compile(r" \| (?=\S)")
_YOURS = (
    "Names and addresses are those of the guide's example (support-agent, the namespaces support "
    "and monitoring, 127.0.0.1): put yours in their place."
)


class _Line(NamedTuple):
    """A line of the guide's checklist: what it asks, the check's name, where it leads."""

    asks: str
    check: str
    then: str


def explanation(name: str) -> str:
    """What a check asks, what it expects, and what to do where it is not so; plain text.

    Args:
        name: A check, or the trouble that a finding leads to, such as ``rules-are-not-loaded``.

    Raises:
        ConfigError: There is neither.

    """
    text = files("slo.doctor").joinpath("troubleshooting.md").read_text(encoding="utf-8")
    troubles, checklist = _troubles(text), [_Line(*row) for row in _ROW.findall(text)]
    led = {one.check: _LINK.search(one.then) for one in checklist}
    leads = {check: link[3] if link else "" for check, link in led.items()}
    asked = [one for one in checklist if name in (one.check, leads[one.check])]
    if name in leads:
        asked = [one for one in checklist if one.check == name]
    if not asked:
        close = nearest(name, leads)
        raise ConfigError(
            f"--explain: found {name!r}{close}, expected one of the checks: {', '.join(leads)}"
        )
    head = [line for one in asked for line in (_asks(one), f"  Expected: {EXPECTED[one.check]}")]
    trouble = leads[asked[0].check]
    if not trouble:
        return "\n".join((*head, "", f"To do: {asked[0].then.strip('`')}"))
    place = documentation(f"{_GUIDE}#{trouble}")
    body = [_linked(line, troubles) for line in _plain(troubles[trouble].strip().splitlines())]
    return "\n".join((*head, "", *body, "", _YOURS, f"All of the guide: {place}"))


def _asks(one: _Line) -> str:
    return f"{one.check}: {one.asks}"


def _troubles(text: str) -> dict[str, str]:
    """The guide's sections by their anchors."""
    section, _, _ = text.partition("\n## ")
    _, *parts = _SECTION.split(section)
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {title.lower().replace(" ", "-"): body for title, body in pairs}


def _plain(lines: Sequence[str]) -> Iterator[str]:
    """Markdown as a terminal reads it: commands indented, a row of a table as a sentence."""
    in_block, above = False, ""
    for line in lines:
        if line.startswith("```"):
            in_block = not in_block
        elif in_block:
            yield f"    {line}"
        elif line.startswith("|---"):
            pass
        elif line.startswith("| ") and above.startswith("|"):
            seen, then = _CELL.split(line.strip("| "), maxsplit=1)
            yield f"  - {seen}: {then}"
        elif not line.startswith("| "):
            yield line
        above = line


def _linked(text: str, troubles: Collection[str]) -> str:
    """A line with the way to what it links to, as a terminal can go it."""

    def way(link: re.Match[str]) -> str:
        title, page, anchor = link.groups()
        if anchor in troubles and not page:
            return f"{title} ('slo doctor --explain {anchor}')"
        place = documentation(f"{page or _GUIDE}#{anchor}" if anchor else page)
        return place if title == page else f"{title} ({place})"

    return _LINK.sub(way, text)
