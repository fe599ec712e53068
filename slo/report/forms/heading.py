"""How every report begins and ends as Markdown: the digest, and what it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.report.forms.markdown import code, escaped, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.report.forms.digest import Digest


def beginning(digest: Digest, verdict: str) -> list[str]:
    """Title, verdict, days, key numbers.

    Args:
        digest: The report in short.
        verdict: Its verdict in full.

    """
    lines = [
        f"# {escaped(digest.title)}",
        "",
        f"**{digest.sign} {digest.state}.** {escaped(verdict)}",
        "",
        escaped(digest.window),
        "",
        *table(("", "", ""), [(t.name, t.value, t.change) for t in digest.tiles], texts=3),
    ]
    if digest.link:
        lines += ["", f"[The whole report with its figures](<{digest.link}>)"]
    return lines


def section(title: str, *lines: str) -> list[str]:
    """A section with its heading."""
    return ["", f"## {title}", "", *lines]


def provenance(facts: Sequence[tuple[str, str]], queries: Sequence[str]) -> list[str]:
    """What a report was made of, and what was read as PromQL."""
    listed = [f"- {name}: {escaped(value)}" for name, value in facts]
    read = [f"- {code(query)}" for query in queries]
    return section("Provenance", *listed, "", "What was read, as PromQL:", "", *read)
