"""The tables of a page as people see them: rows of cells' texts, by caption."""

from __future__ import annotations

from html.parser import HTMLParser


class Tables(HTMLParser):
    """Every table's rows; what is small in a cell stands behind a space."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.captions: list[str] = []
        self.rows: list[list[list[str]]] = []
        self._into: str = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.captions.append("")
            self.rows.append([])
        elif tag == "tr":
            self.rows[-1].append([])
        elif tag in ("td", "th"):
            self.rows[-1][-1].append("")
            self._into = tag
        elif tag == "caption":
            self._into = tag
        elif self._into:
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "caption"):
            self._into = ""

    def handle_data(self, data: str) -> None:
        if self._into == "caption":
            self.captions[-1] += data
        elif self._into:
            self.rows[-1][-1][-1] += data

    def table(self, caption: str) -> dict[str, list[str]]:
        """The rows below the head of the only table whose caption begins so, by first cell."""
        found = [
            rows
            for said, rows in zip(self.captions, self.rows, strict=True)
            if " ".join(said.split()).startswith(caption)
        ]
        (rows,) = found
        texts = [[" ".join(cell.split()) for cell in row] for row in rows[1:]]
        return {first: others for first, *others in texts}


def element_text(html: str, name: str) -> str:
    """The text of the element with an id, without what it nests in elements of its own name."""
    reader = _Element(name)
    reader.feed(html)
    return " ".join("".join(reader.said).split())


class _Element(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.tag, self.depth = name, "", 0
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.tag and dict(attrs).get("id") == self.name:
            self.tag, self.depth = tag, 1
        elif self.depth and tag == self.tag:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if self.depth and tag == self.tag:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.said.append(data)
