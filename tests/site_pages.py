"""The built site as a reader's browser sees it: links, anchors, and what pages ask for."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

_ASKS = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "srcset",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
}
_LINKED = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "manifest"}


@dataclass
class SitePage(HTMLParser):
    """A page's ids, where it links to, and what it loads by itself."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "link" and _LINKED & set(given.get("rel", "").split()):
            self.loads.append(given["href"])
        if given.get(_ASKS.get(tag, "")):
            self.loads.append(given[_ASKS[tag]])


def read(folder: Path) -> dict[str, SitePage]:
    """Every page by its path in the site."""
    pages = {}
    for path in sorted(folder.rglob("*.html")):
        page = SitePage()
        page.feed(path.read_text(encoding="utf-8"))
        pages[path.relative_to(folder).as_posix()] = page
    return pages


def dead(folder: Path, pages: dict[str, SitePage]) -> list[str]:
    """Links within the site that lead nowhere, and files that pages miss."""
    found = []
    for name, page in pages.items():
        for link in (*page.links, *page.loads):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = _target(name, unquote(parts.path))
            wanted = unquote(parts.fragment)
            if not (folder / target).is_file() or (
                wanted and target in pages and wanted not in pages[target].ids
            ):
                found.append(f"{name}: {link}")
    return found


def _target(name: str, path: str) -> str:
    if not path:
        return name
    home = "" if path.startswith("/") else posixpath.dirname(name)
    led = posixpath.normpath(posixpath.join(home, path.lstrip("/")))
    return posixpath.join(led, "index.html") if path.endswith("/") or led == "." else led


def from_outside(pages: dict[str, SitePage]) -> list[str]:
    """What pages would ask other hosts for, by themselves."""
    return [
        f"{name}: {one}"
        for name, page in pages.items()
        for one in page.loads
        if urlsplit(one).scheme not in ("", "data") or urlsplit(one).netloc
    ]
