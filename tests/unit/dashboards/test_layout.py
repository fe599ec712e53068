"""Where panels stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.dashboards.display import About, Display
from slo.dashboards.layout import Row, Tile, placed
from slo.dashboards.panel import stat
from slo.dashboards.query import Query
from tests.dashboard_lint import ids_are_unique, panels_fit_the_grid, reads_well_on_a_phone


def panel(title="x"):
    return stat(About(title, "What it is.", "What to do."), Display("none"), Query("up"))


tiles = st.builds(Tile, st.builds(panel), st.integers(1, 24), st.integers(4, 12))
rows = st.builds(Row, st.just("row"), st.lists(tiles, max_size=9).map(tuple), st.booleans())


def as_json(value):
    if hasattr(value, "to_json"):
        value = value.to_json()
    if isinstance(value, dict):
        return {name: as_json(one) for name, one in value.items()}
    return [as_json(one) for one in value] if isinstance(value, list) else value


@given(st.lists(rows, max_size=5))
def test_any_rows_fit_the_grid_in_reading_order_with_ids_of_their_own(rows):
    dashboard = {"panels": as_json(placed(rows))}
    for rule in (panels_fit_the_grid, ids_are_unique, reads_well_on_a_phone):
        assert list(rule(dashboard, {})) == []
    shown = sum(not row.collapsed for row in rows)
    assert sum(one["type"] == "row" for one in dashboard["panels"]) == len(rows)
    assert (
        sum(one["type"] == "row" and not one["collapsed"] for one in dashboard["panels"]) == shown
    )


def test_panels_fill_a_row_from_the_left_and_begin_a_new_line_where_they_must():
    row = Row("row", tuple(Tile(panel(), width, height) for width, height in ((12, 4), (12, 8))))
    row = Row("row", (*row.tiles, Tile(panel(), 6, 4)))
    _, first, second, third = placed([row])
    assert [(p.grid_pos.x, p.grid_pos.y) for p in (first, second, third)] == [
        (0, 1),
        (12, 1),
        (0, 9),
    ]


def test_a_collapsed_row_holds_its_panels():
    closed, after = placed([Row("details", (Tile(panel(), 24, 8),), collapsed=True), Row("x", ())])
    assert [one.title for one in closed.panels] == ["x"]
    assert (closed.grid_pos.y, after.grid_pos.y) == (0, 1)


def test_the_same_panel_may_stand_in_two_places():
    one = panel()
    _, first, second = placed([Row("row", (Tile(one, 12, 4), Tile(one, 12, 4)))])
    assert (first.id_val, second.id_val) == (2, 3)
    assert one.grid_pos is None


@pytest.mark.parametrize(("width", "height"), [(25, 4), (0, 4), (6, 3)])
def test_a_tile_that_cannot_be_read_is_refused(width, height):
    with pytest.raises(ValueError, match=f"x: {width} x {height}"):
        Tile(panel(), width, height)
