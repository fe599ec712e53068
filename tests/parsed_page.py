"""A page as its elements, and whether they nest."""

from html.parser import HTMLParser

VOID = {"meta", "img", "br", "link", "line", "path", "rect"}


class Page(HTMLParser):
    """Elements with their attributes and texts, and whether they nest."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.open, self.crooked = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append([tag, dict(attrs), ""])
        if tag not in VOID:
            self.open.append((tag, len(self.elements) - 1))

    def handle_startendtag(self, tag, attrs):
        self.elements.append([tag, dict(attrs), ""])

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.crooked.append((tag, self.getpos()))
        else:
            self.open.pop()

    def handle_data(self, data):
        if self.open:
            self.elements[self.open[-1][1]][2] += data

    def of(self, tag, **attributes):
        return [e for e in self.elements if e[0] == tag and e[1] | attributes == e[1]]
