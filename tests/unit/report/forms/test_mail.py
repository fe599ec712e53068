"""The mail's body and its plain-text twin: small, whole in every mail program, the same numbers."""

import re

import pytest
from hypothesis import given, settings

from slo.report.forms.mail import WIDTH, mail_html, mail_html_with_picture, mail_text
from tests.digests import DIGESTS, digests
from tests.parsed_page import Page

GMAIL_CUTS_AT = 102_000
LIMIT = 100_000
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "table", "tr", "td", "th", "p", "h1"),
    *("h2", "span", "a", "img", "ul", "li", "br", "div"),
}


@pytest.fixture(params=DIGESTS)
def digest(request):
    return DIGESTS[request.param]()


@pytest.fixture(params=[mail_html, mail_html_with_picture])
def html(request, digest):
    return request.param(digest)


def test_it_is_far_from_what_gmail_cuts_off(html):
    assert len(html.encode()) < LIMIT < GMAIL_CUTS_AT


@settings(max_examples=30)
@given(digests())
def test_any_digest_is_small_nests_and_stays_text(digest):
    html = mail_html_with_picture(digest)
    assert len(html.encode()) < LIMIT
    parsed = Page(html)
    assert (parsed.crooked, parsed.open) == ([], [])
    assert {element[0] for element in parsed.elements} <= ALLOWED
    (headline,) = parsed.of("h1")
    assert headline[2] == digest.verdict
    assert [img[1]["alt"] for img in parsed.of("img")] == [digest.picture]


def test_elements_nest_and_are_those_that_mail_programs_know(html):
    parsed = Page(html)
    assert (parsed.crooked, parsed.open) == ([], [])
    assert {element[0] for element in parsed.elements} <= ALLOWED


def test_nothing_runs_and_nothing_is_fetched(html, digest):
    parsed = Page(html)
    for _, attributes, _ in parsed.elements:
        assert not any(name.startswith("on") for name in attributes)
        assert set(attributes).isdisjoint({"srcset", "background", "data", "action", "poster"})
        assert "url(" not in attributes.get("style", "")
    (style,) = parsed.of("style")
    assert "url(" not in style[2]
    assert "@import" not in style[2]
    values = [value for element in parsed.elements for value in element[1].values() if value]
    addresses = {value for value in values if "//" in value} - {digest.picture}
    assert addresses <= {digest.link, "http://www.w3.org/1999/xhtml"}
    assert {link[1]["href"] for link in parsed.of("a")} <= {digest.link}


def test_a_picture_is_asked_for_only_where_there_is_one(digest):
    assert Page(mail_html(digest)).of("img") == []
    (img,) = Page(mail_html_with_picture(digest)).of("img")
    assert img[1]["src"] == "cid:headline"
    assert img[1]["alt"] == digest.picture
    assert len(img[1]["alt"]) > 20


def test_styles_are_inline(html):
    parsed = Page(html)
    for tag in ("td", "th", "p", "h1", "h2", "a", "img"):
        assert all("style" in element[1] for element in parsed.of(tag)), tag


def test_tables_that_only_lay_out_say_so(html, digest):
    tables = Page(html).of("table")
    told = [table for table in tables if table[1].get("role") != "presentation"]
    assert len(told) == (1 if digest.rows else 0)
    assert all(table[1]["cellpadding"] == "0" for table in tables)


def numbers(text):
    """Every number with its sign and unit."""
    return set(re.findall(r"[−+]?\$?\d[\d,.]*\d(?: %)?|[−+]?\d(?: %)?", text))  # noqa: RUF001


def test_both_hold_the_same_numbers(digest):
    parsed = Page(mail_html(digest))
    shown = " ".join(element[2] for element in parsed.elements if element[0] != "style")
    plain = mail_text(digest).replace(digest.link or "\0", "")
    told = [digest.verdict, digest.title, digest.window, *digest.suggestions]
    told += [text for tile in digest.tiles for text in (tile.value, tile.change)]
    told += [text for row in digest.rows for text in (*row.values, row.detail)]
    for text in told:
        assert numbers(text) <= numbers(shown), text
        assert numbers(text) <= numbers(" ".join(plain.split())), text


def test_every_text_is_in_both(digest):
    parsed = Page(mail_html(digest))
    shown = {element[2].strip() for element in parsed.elements}
    plain = "".join(mail_text(digest).split())
    for text in (digest.verdict, digest.window, *(row.name for row in digest.rows)):
        assert text in shown
    for text in (digest.verdict, digest.window, *digest.suggestions):
        assert "".join(text.split()) in plain
    assert (digest.link in mail_text(digest)) == (digest.link in mail_html(digest))


@settings(max_examples=30)
@given(digests())
def test_no_line_of_the_plain_text_is_longer_than_72(digest):
    lines = mail_text(digest).splitlines()
    assert [one for one in lines if len(one) > WIDTH and one != digest.link] == []


def test_columns_are_aligned():
    text = mail_text(DIGESTS["slo"]())
    lines = text.splitlines()
    head = next(line for line in lines if "Budget left" in line and "Change" in line)
    rows = [line for line in lines if line.endswith(("points", "comparison"))][-5:]
    assert len(rows) == 5
    at_right_edge = {len(line) for line in (head, *rows)}
    assert len(at_right_edge) == 1
    end = head.index("Budget left") + len("Budget left")
    assert all(line[end - 1] == "%" for line in rows)
