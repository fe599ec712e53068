"""plotly.js as a file that the pages of a folder share: five megabytes once, not in each."""

from __future__ import annotations

import os
from pathlib import Path

from slo.atomic import forget_unfinished, replacing
from slo.figures.javascript import plotly_javascript, plotly_version

PLOTLY = f"plotly-{plotly_version()}.min.js"
"""The file's name: pages go on with the version that they were made with."""


def shared_plotly(folder: str | Path, shelf: str | Path | None = None) -> str:
    """See to it that plotly.js lies where a page finds it, and say where that is.

    A file that is there and whole stays; one that is damaged is written anew. It appears as a
    whole, so any number of runs may do this at once.

    Args:
        folder: Where the page will lie.
        shelf: The folder whose pages share the file; a page that does not lie below it has the
            file beside it.

    Returns:
        The file's address, relative to the page.

    Raises:
        WriteError: The file cannot be written.

    """
    lies, holds = Path(folder).resolve(), Path(shelf or folder).resolve()
    if not lies.is_relative_to(holds):
        holds = lies
    holds.mkdir(parents=True, exist_ok=True)
    file, text = holds / PLOTLY, plotly_javascript().encode()
    if not (file.is_file() and file.read_bytes() == text):
        forget_unfinished(file)
        with replacing(file) as unfinished:
            unfinished.write_bytes(text)
    return Path(os.path.relpath(file, lies)).as_posix()
