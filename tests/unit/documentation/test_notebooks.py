"""Notebooks as pages: order, text, outputs."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.documentation.notebooks import in_order, rendered

HERE = Path("/somewhere")
FIGURE = {"data": [{"y": [1]}], "layout": {"height": 300, "title": {"text": "</script>"}}}


def notebook(*outputs) -> nbformat.NotebookNode:
    injected = new_code_cell("out = '/somewhere'", metadata={"tags": ["injected-parameters"]})
    cells = [
        new_markdown_cell("# A title\n\nWords."),
        injected,
        new_code_cell("x", outputs=list(outputs)),
    ]
    return new_notebook(cells=cells)


def test_notebooks_stand_in_the_order_of_the_work_and_others_follow():
    names = ["weekly_slo_report", "zebra", "tune_alerts", "start_here", "ant"]
    found = [path.stem for path in in_order(Path(f"{name}.ipynb") for name in names)]
    assert found == ["start_here", "tune_alerts", "weekly_slo_report", "ant", "zebra"]


def test_a_page_has_the_title_the_code_and_a_mark_for_the_output():
    page = rendered(notebook(new_output("stream", text="a < b")), "one", HERE)
    assert page.title == "A title"
    assert "```python\nx\n```\n\n<!-- drawn: one-1 -->" in page.markdown
    assert "/somewhere" not in page.markdown
    assert page.drawn == {"one-1": '<div class="output"><pre>a &lt; b</pre></div>'}


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ({"text/plain": "<x>"}, "<pre>&lt;x&gt;</pre>"),
        ({"text/plain": "x", "text/html": "<b>x</b>"}, "<b>x</b>"),
        ({"text/plain": "x", "application/vnd.plotly.v1+json": FIGURE}, 'data-draws="one-1"'),
    ],
)
def test_the_richest_form_of_an_output_is_shown(held, shown):
    page = rendered(notebook(new_output("display_data", data=held)), "one", HERE)
    assert shown in page.drawn["one-1"]
    # Names that people chose cannot end the element that holds them.
    assert page.drawn["one-1"].count("</script>") <= 1


def test_how_far_work_was_is_left_out_and_what_was_said_stays():
    said = [new_output("stream", text=f"Tuning: {done} %\n") for done in (0, 50, 100)]
    page = rendered(
        notebook(*said, new_output("stream", text="Asking: 0 %\nDone: 2 %.\n")), "one", HERE
    )
    assert list(page.drawn.values()) == ['<div class="output"><pre>Done: 2 %.</pre></div>']


def test_the_folder_that_it_ran_in_is_not_shown():
    page = rendered(notebook(new_output("stream", text="wrote /somewhere/page.html")), "one", HERE)
    assert "wrote project/page.html" in page.drawn["one-1"]


def test_links_lead_to_pages_and_tables_are_left_to_their_cards():
    html = (
        '<a href="two.ipynb">x</a> <a href="history/a.csv">y</a><table><tr><td>1</td></tr></table>'
    )
    page = rendered(notebook(new_output("display_data", data={"text/html": html})), "one", HERE)
    assert '<a href="two.html">x</a> y<table class="rendered">' in page.drawn["one-1"]
