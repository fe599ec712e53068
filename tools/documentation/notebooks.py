"""Notebooks as pages: run by papermill on the example, without widgets, and written as Markdown."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

import nbformat
import papermill
from traitlets.config import Config

from slo.lab.notebooks import ORDER
from tools.documentation.drawings import fragment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_PROGRESS = re.compile(r"^[\w ]+: +\d+ %$", re.MULTILINE)
_FIGURE = "application/vnd.plotly.v1+json"


@dataclass(frozen=True)
class Rendered:
    """A notebook as a page.

    Attributes:
        title: Its first heading.
        markdown: Text with a marker, ``<!-- drawn: KEY -->``, for each output of HTML.
        drawn: HTML by key.

    """

    title: str
    markdown: str
    drawn: dict[str, str] = field(default_factory=dict)


def in_order(paths: Iterable[Path]) -> list[Path]:
    """Notebooks in the order of the work, others behind them."""
    known = {name: place for place, name in enumerate(ORDER)}
    return sorted(paths, key=lambda path: (known.get(path.stem, len(known)), path.stem))


def executed(path: Path, folder: Path) -> Any:  # noqa: ANN401  nbformat's nodes
    """A notebook of the example's folder with its outputs.

    Raises:
        papermill.PapermillExecutionError: A cell failed.

    """
    # Figures as JSON; plotly would otherwise put five megabytes of script into each.
    os.environ["PLOTLY_RENDERER"] = "plotly_mimetype"
    known = papermill.inspect_notebook(path)
    wanted = {"interactive": False, "out": str(folder / "drafts" / path.stem)}
    written = folder / f"{path.stem}.executed.ipynb"
    # Sockets in the file system, for ipykernel warns of others.
    sockets = {
        "transport": "ipc",
        "ip": str(folder / f"{path.stem}.s"),
        "connection_file": str(folder / f"{path.stem}.kernel.json"),
    }
    papermill.execute_notebook(
        path,
        written,
        {name: value for name, value in wanted.items() if name in known},
        cwd=path.parent,
        progress_bar=False,
        log_output=False,
        config=Config({"KernelManager": sockets}),
    )
    return nbformat.read(written, as_version=4)


def rendered(notebook: Any, name: str, folder: Path) -> Rendered:  # noqa: ANN401
    """An executed notebook as a page.

    What papermill put in is left out, and so is how far work was.

    Args:
        notebook: The notebook with its outputs.
        name: Its file's, without the ending.
        folder: Where it ran, which is gone when the page is read; pages call it ``project``.

    """
    drawn: dict[str, str] = {}
    text: list[str] = []
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "markdown":
            text.append(re.sub(r"\]\((\w+)\.ipynb\)", r"](\1.md)", cell.source))
        elif cell.cell_type == "code":
            text.append(f"```python\n{cell.source}\n```")
            for output in cell.outputs:
                key = f"{name}-{len(drawn) + 1}"
                if html := _html(output, key):
                    drawn[key] = html.replace(str(folder), "project")
                    text.append(f"<!-- drawn: {key} -->")
    title = text[0].partition("\n")[0].removeprefix("# ")
    note = f"*`notebooks/{name}.ipynb`, run on the simulated history of the embedded example.*"
    text.insert(1, note)
    return Rendered(title, "\n\n".join(text) + "\n", drawn)


def _html(output: Any, key: str) -> str:  # noqa: ANN401
    if output.output_type == "stream":
        said = _PROGRESS.sub("", output.text).strip()
        return f'<div class="output"><pre>{escape(said)}</pre></div>' if said else ""
    held = output.get("data", {})
    if _FIGURE in held:
        return fragment(key, {part: held[_FIGURE][part] for part in ("data", "layout")})
    if "text/html" in held:
        return f'<div class="output">{_led(held["text/html"])}</div>'
    plain = held.get("text/plain", "")
    return f'<div class="output"><pre>{escape(plain)}</pre></div>' if plain else ""


def _led(html: str) -> str:
    """Links to notebooks lead to their pages; what lies in the example's folder is named only.

    Tables have a class, so that the theme leaves them to the card that they stand in.
    """
    html = html.replace("<table>", '<table class="rendered">')
    to_pages = re.sub(r'href="(\w+)\.ipynb"', r'href="\1.html"', html)
    local = r'<a\b[^>]*href="(?!https?:|#|\w+\.html")[^"]*"[^>]*>(.*?)</a>'
    return re.sub(local, r"\1", to_pages, flags=re.DOTALL)
