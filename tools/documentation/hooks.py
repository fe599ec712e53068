"""What happens while mkdocs builds the site: pages that are made, links, figures, the menu."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # hooks are loaded as files

from mkdocs.structure.files import File  # noqa: E402  after the path
from mkdocs.utils import get_relative_url  # noqa: E402

from slo.figures.javascript import plotly_javascript  # noqa: E402
from tools.documentation import command, configuration, links, metrics, python_api, results, specs  # noqa: E402
from tools.documentation.accessible import accessible  # noqa: E402
from tools.documentation.drawings import concepts  # noqa: E402
from tools.documentation.example import example  # noqa: E402
from tools.documentation.notebooks import executed, in_order, rendered  # noqa: E402

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

REFERENCE = {
    "command": command.page,
    "specs": specs.page,
    "configuration": configuration.page,
    "metrics": metrics.page,
    "results": results.page,
    "python": python_api.page,
}
_MARKER = re.compile(r"<!-- (?:figure|drawn): ([\w-]+) -->")
_PLOTLY, _DRAWS = "assets/plotly.min.js", "assets/figures.js"
_DEPTH, _NOTEBOOKS = "In depth", "Notebooks"


def on_config(config: MkDocsConfig) -> None:
    """Add pages of docs/ that the menu does not name to those in depth, and notebooks to theirs."""
    named = set(_pages(config.nav))
    docs = Path(config.docs_dir)
    rest = sorted(path.name for path in docs.glob("*.md") if path.name not in named)
    _entry(config.nav, _DEPTH).extend(rest)
    paths = in_order((ROOT / "notebooks").glob("*.ipynb"))
    _entry(config.nav, _NOTEBOOKS).extend(f"notebooks/{path.stem}.md" for path in paths)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is made: home from README, the reference, notebooks, plotly.js."""
    made = {f"reference/{name}.md": page() for name, page in REFERENCE.items()}
    made["index.md"] = (ROOT / "README.md").read_text(encoding="utf-8")
    made[_PLOTLY] = plotly_javascript()
    with example() as folder:
        drawn = concepts(folder)
        for path in in_order((folder / "notebooks").glob("*.ipynb")):
            one = rendered(executed(path, folder), path.stem, folder)
            made[f"notebooks/{path.stem}.md"] = one.markdown
            drawn |= one.drawn
    for uri, content in made.items():
        files.append(File.generated(config, uri, content=content))
    config.extra["drawn"] = drawn
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links out of docs/ to the repository."""
    del config, files
    uri = page.file.src_uri
    if uri == "index.md":
        return links.in_scheme(links.on_site(markdown, "README.md"))
    return links.on_site(markdown, f"docs/{uri}")


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Put figures and tables where pages have marks for them, and mend what the theme left.

    Late, so that the search index holds words and not numbers.

    Raises:
        KeyError: A page asks for a figure that nobody draws.
        UnknownTheme: The theme's pages are made in another way.

    """
    text, count = _MARKER.subn(lambda mark: config.extra["drawn"][mark[1]], output)
    text = accessible(text)
    if not count:
        return text
    scripts = "".join(
        f'<script src="{get_relative_url(one, page.url)}"></script>\n' for one in (_PLOTLY, _DRAWS)
    )
    head, body, tail = text.rpartition("</body>")
    return f"{head}{scripts}{body}{tail}"


def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:
    """Mend what the theme left on the page of dead links, too."""
    del config
    return accessible(output) if template_name.endswith(".html") else output


def _entry(nav: Any, title: str) -> list[Any]:  # noqa: ANN401  what YAML holds
    return next(one[title] for one in nav if title in one)


def _pages(nav: Any) -> list[str]:  # noqa: ANN401
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav
    return [page for part in parts for page in _pages(part)]
