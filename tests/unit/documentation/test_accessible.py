"""What pages lack after the theme has made them."""

import pytest

from tools.documentation.accessible import UnknownTheme, accessible

SEARCH = '<div class="md-search" data-md-component="search" role="dialog"></div>'


def mended(table: str) -> str:
    return accessible(SEARCH + table).partition("</div>")[2]


def test_the_search_has_a_name():
    assert 'role="dialog" aria-label="Search">' in accessible(SEARCH)


def test_a_theme_whose_search_is_another_is_told():
    with pytest.raises(UnknownTheme):
        accessible('<div class="md-search" role="dialog" id="new"></div>')


def test_a_head_without_words_goes_and_a_heading_without_words_is_a_cell():
    empty = "<thead>\n<tr>\n<th></th>\n<th> </th>\n</tr>\n</thead>"
    assert mended(f"<table>{empty}<tbody></tbody></table>") == "<table><tbody></tbody></table>"
    pandas = '<thead><tr><th scope="col">&nbsp;</th><th>there is</th></tr></thead>'
    assert mended(pandas) == "<thead><tr><td></td><th>there is</th></tr></thead>"


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("budgetingMethod", "budgeting<wbr>Method"),
        ("history/snapshot.parquet", "history/<wbr>snapshot.<wbr>parquet"),
        ("LLM", "LLM"),
        ("&lt;str&gt;", "&lt;str&gt;"),
        ("--config", "--config"),
    ],
)
def test_names_in_tables_break_at_their_joints(name, broken):
    cell = "<td><code>{}</code></td>"
    assert mended(cell.format(name)) == cell.format(broken)
    assert mended(f"<p><code>{name}</code></p>") == f"<p><code>{name}</code></p>"
