"""The whole report as Markdown, read by a parser of GitHub's tables: names stay names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from slo.model.duration import MINUTE
from slo.model.samples import History
from slo.model.span import Week
from slo.report.cost.weekly_cost import weekly_cost
from slo.report.forms.cost_digest import cost_digest
from slo.report.forms.cost_markdown import cost_markdown
from slo.report.forms.markdown import code, escaped, table
from slo.report.forms.slo_digest import slo_digest
from slo.report.forms.slo_markdown import slo_markdown
from slo.report.objectives.weekly_slo import weekly_slo
from tests import digests
from tests.agent_costs import BUDGETS, SPAN, costs
from tests.shop import SPAN as SHOP_SPAN
from tests.shop import WEEK, availability

GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def on_one_line(text):
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def shown(text):
    """What a reader sees of inline tokens: texts, and nothing that is formatted."""
    tokens = [child for token in GITHUB.parse(text) for child in token.children or ()]
    assert {token.type for token in tokens} <= {"text", "text_special"}, tokens
    return "".join(token.content for token in tokens)


MARKUP = st.text(st.sampled_from(list("\\`*_[](){}<>|~&$#+-=.!:1ab \n"))) | st.text()


@given(MARKUP)
def test_any_name_is_shown_as_it_is_in_a_paragraph(name):
    line = on_one_line(name)
    if line:
        assert {token.type for token in GITHUB.parse(escaped(name))} == {
            *("paragraph_open", "inline", "paragraph_close"),
        }
    assert shown(escaped(name)) == line


@given(MARKUP, MARKUP)
def test_any_name_stays_in_its_cell(one, other):
    lines = table(("Name", "Other"), [(one, other)])
    tokens = GITHUB.parse("\n".join(lines))
    cells = [
        "".join(child.content for child in token.children)
        for token in tokens
        if token.type == "inline"
    ]
    assert cells == ["Name", "Other", on_one_line(one), on_one_line(other)]


@given(MARKUP)
def test_any_query_is_shown_as_code(query):
    line = on_one_line(query)
    if line:
        (inline,) = (token for token in GITHUB.parse(f"- {code(query)}") if token.type == "inline")
        (child,) = inline.children
        assert (child.type, child.content) == ("code_inline", line)


def reports():
    slo, hostile = digests.slo_week(), digests.hostile_slo_week()
    yield "slo", slo_markdown(slo, slo_digest(slo, digests.REPORTS))
    yield "hostile slo", slo_markdown(hostile, slo_digest(hostile))
    cost, hostile = digests.cost_week(), digests.hostile_cost_week()
    yield "cost", cost_markdown(cost, cost_digest(cost, digests.REPORTS))
    yield "hostile cost", cost_markdown(hostile, cost_digest(hostile))
    empty = weekly_slo((availability(),), History((), SHOP_SPAN), (), WEEK, MINUTE)
    yield "empty slo", slo_markdown(empty, slo_digest(empty))
    first = weekly_cost("agent", BUDGETS, costs(human=None), Week.of(SPAN.start))
    yield "first cost", cost_markdown(first, cost_digest(first))


TEXTS = dict(reports())
TOKENS = {name: GITHUB.parse(text) for name, text in TEXTS.items()}


@pytest.mark.parametrize("name", TEXTS)
def test_a_report_holds_no_html_and_no_link_but_its_own(name):
    tokens = TOKENS[name]
    inline = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in (*tokens, *inline)}
    assert kinds.isdisjoint({"html_block", "html_inline", "image", "code_block", "s_open"})
    links = [token.attrs["href"] for token in inline if token.type == "link_open"]
    assert all(link.startswith(digests.REPORTS) for link in links)
    assert len(links) == (1 if name in ("slo", "cost") else 0)


@pytest.mark.parametrize("name", TEXTS)
def test_every_line_of_a_table_has_as_many_cells_as_its_head(name):
    tokens = TOKENS[name]
    heads, cells, tables = 0, 0, 0
    for token in tokens:
        if token.type == "table_open":
            heads, tables = 0, tables + 1
        heads += token.type == "th_open"
        if token.type == "tr_open":
            cells = 0
        cells += token.type in ("td_open", "th_open")
        if token.type == "tr_close":
            assert cells == heads
    assert tables >= 2


def headings(name):
    tokens = TOKENS[name]
    return [
        tokens[index + 1].content
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h2"
    ]


def test_the_slo_report_is_whole():
    assert headings("slo") == [
        *("Objectives, the worst first", "Each objective", "Incidents", "Data quality"),
        "Provenance",
    ]
    for one in digests.slo_week().slos:
        assert TEXTS["slo"].count(f"### {escaped(one.slo.title)}\n") == 1
    assert "| outage |" in TEXTS["slo"]


def test_the_cost_report_is_whole():
    wanted = [f"Cost by {cut.by}" for cut in digests.cost_week().allocations]
    assert len(wanted) > 2
    assert [one for one in headings("cost") if one.startswith("Cost by")] == wanted
    assert headings("cost")[-2:] == ["Data quality", "Provenance"]
    for query in digests.cost_week().provenance.queries:
        assert f"- {code(query)}" in TEXTS["cost"]


def test_an_objective_without_data_says_why():
    ((_, reason),) = weekly_slo(
        (availability(),), History((), SHOP_SPAN), (), WEEK, MINUTE
    ).without_data
    assert escaped(reason) in TEXTS["empty slo"]


def test_dollars_are_no_formula():
    assert re.findall(r"(?<!\\)\$", TEXTS["cost"]) == []
