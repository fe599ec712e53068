"""Links that work both where files are read in the repository and on the site."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = "https://github.com/slobook/slobook"
_LINK = re.compile(r'(\]\(\s*|\b(?:src|srcset)=")([^\s)"#:]+)(?=[)"#])')


class DeadLink(Exception):  # noqa: N818  it says what is wrong
    """A link to a file that is not there."""


def on_site(text: str, file: str) -> str:
    """A file's Markdown with its links as the site's page needs them.

    Args:
        text: Markdown, with links relative to the file.
        file: Its path in the repository; README.md becomes a page of docs/.

    Raises:
        DeadLink: A link out of docs/, or to a folder, leads to nothing.

    """
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
