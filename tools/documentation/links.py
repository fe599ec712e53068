"""Links that work both where files are read in the repository and on the site."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = "https://github.com/slobook/slobook"
_NAMED = re.compile(r"\[(?:[\w./-]*/)?([\w-]+\.md)\]\(([\w./-]*\1)((?:#[\w-]+)?)\)")
_PICTURE = re.compile(
    r'<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">\s*'
    r'<img src="([^"]+)"([^>]*)>\s*</picture>'
)
_LINK = re.compile(r'(\]\(\s*|\b(?:src|srcset)=")([^\s)"#:]+)(?=[)"#])')


class DeadLink(Exception):  # noqa: N818  it says what is wrong
    """A link to a file that is not there."""


def on_site(text: str, file: str) -> str:
    """A file's Markdown with its links as the site's page needs them.

    A link that is called what its file is called gets the title of that page.

    Args:
        text: Markdown, with links relative to the file.
        file: Its path in the repository; README.md becomes a page of docs/.

    Raises:
        DeadLink: A link out of docs/, or to a folder, leads to nothing.

    """
    text = _NAMED.sub(lambda link: _titled(link, posixpath.dirname(file)), text)
    home, page_home = posixpath.dirname(file), posixpath.dirname(file) or "docs"

    def led(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(home, link[2]))
        if target.startswith("docs/") and not (ROOT / target).is_dir():
            return link[1] + posixpath.relpath(target, page_home)
        if not (ROOT / target).exists():
            raise DeadLink(f"{file}: {link[2]}")
        kind = "tree" if (ROOT / target).is_dir() else "blob"
        return f"{link[1]}{REPOSITORY}/{kind}/main/{target}"

    return _LINK.sub(led, text)


def in_scheme(text: str) -> str:
    """Pictures that come light and dark, as the site's own switch and not the system chooses."""
    return _PICTURE.sub(r'<img src="\2#only-light"\3>\n<img src="\1#only-dark"\3>', text)


def _titled(link: re.Match[str], home: str) -> str:
    target = posixpath.normpath(posixpath.join(home, link[2]))
    if not target.startswith("docs/") or not (ROOT / target).is_file():
        return link[0]
    first = (ROOT / target).read_text(encoding="utf-8").partition("\n")[0]
    return f"[*{first.removeprefix('# ')}*]({link[2]}{link[3]})"
