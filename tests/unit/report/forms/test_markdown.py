"""The whole report as Markdown, read by a parser of GitHub's tables: names stay names."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from slo.model.cost_model import CategoryBudget, ContractPrice, CostModel, FixedCost, HumanCost
from slo.model.duration import MINUTE
from slo.model.incident import Exclusion
from slo.model.samples import History
from slo.model.span import Week
from slo.report.cost.weekly_cost import weekly_cost
from slo.report.forms.cost_digest import cost_digest
from slo.report.forms.cost_markdown import cost_markdown
from slo.report.forms.markdown import code, escaped, table
from slo.report.forms.slo_digest import slo_digest
from slo.report.forms.slo_markdown import slo_markdown
from slo.report.objectives.suggestions import Figure, SuggestedChange, Unchanged
from slo.report.objectives.weekly_slo import weekly_slo
from slo.spec.cost_model import CALENDAR_MONTH
from slo.tune.bootstrap import Interval
from tests import digests
from tests.agent_costs import BUDGETS, SPAN, costs, with_category
from tests.agent_costs import WEEK as COST_WEEK
from tests.digests import HOSTILE
from tests.shop import SPAN as SHOP_SPAN
from tests.shop import WEEK, availability, history, stretch

GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])


OUTAGE = stretch(2, 2)
DRILL = Exclusion(HOSTILE, OUTAGE, HOSTILE, HOSTILE)
UNKNOWN = Interval(float("nan"), float("nan"))
CHANGE = SuggestedChange(
    HOSTILE, HOSTILE, HOSTILE, HOSTILE, "alerts", "availability", f"slo tune {HOSTILE}",
    save=HOSTILE, changes=(HOSTILE,), notes=(HOSTILE,),
    figures=(Figure(HOSTILE, "a week", 1.0, 0.25, Interval(0.5, 2.0), UNKNOWN),),
)  # fmt: skip
MODEL = CostModel(
    HOSTILE, "agent", (FixedCost(HOSTILE, 300.0),),
    (CategoryBudget("billing", 100.0, CALENDAR_MONTH),), HumanCost(5.0, ((HOSTILE, 8.0),)),
    (ContractPrice("acme", HOSTILE, "input", 2.0),), owner=HOSTILE, file=HOSTILE,
)  # fmt: skip


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
    changed = replace(
        weekly_slo(
            (availability(),), history((OUTAGE, 0.5)), (), WEEK, MINUTE, exclusions=(DRILL,)
        ),
        suggestions=(CHANGE,),
        unchanged=(Unchanged("other", HOSTILE, (HOSTILE,)),),
    )
    yield "hostile changes", slo_markdown(changed, slo_digest(changed))
    assumed = weekly_cost("agent", BUDGETS, with_category(costs()), COST_WEEK, MODEL)
    yield "hostile model", cost_markdown(assumed, cost_digest(assumed))
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
        *("Objectives, the worst first", "Each objective", "Incidents", "Alert quality"),
        *("Corrections", "Data quality", "Provenance"),
    ]
    for one in digests.slo_week().slos:
        assert TEXTS["slo"].count(f"### {escaped(one.slo.title)}\n") == 1
    assert "| outage |" in TEXTS["slo"]


def test_what_is_suggested_and_excluded_stands_with_its_evidence():
    text = TEXTS["hostile changes"]
    assert headings("hostile changes")[1] == "Suggested changes"
    shown_name = escaped(HOSTILE)
    assert f"### {shown_name}\n\n{shown_name}\n" in text
    assert f"| {shown_name} a week | 1.00 (0.50 to 2.00) | 0.25 |" in text
    assert f"- To make the change: {code(HOSTILE)}" in text
    assert f"| {shown_name} | 2026-11-18 00:00 | 2026-11-18 02:00 | {shown_name} |" in text
    # The outage failed 3,600 of 7,200; without it nothing did.
    assert "| 100.00 % (99.40 %) | 100.0 % (80.2 %) | 3,600 | 7,200 |" in text


def test_what_people_configured_stands_in_the_cost_report():
    text = TEXTS["hostile model"]
    assert headings("hostile model")[-2] == f"What people configured: {escaped(HOSTILE)}"
    assert f"| {escaped(HOSTILE)} | always | \\$300.00 | \\$70.00 |" in text
    assert f"\\$5.00, {escaped(HOSTILE)} \\$8.00" in text
    assert "| the category billing | overspent | \\$100.00 |" in text


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
