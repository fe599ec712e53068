import pytest

from slo.model.samples import series_of
from slo.preview.dashboard import Target, Transformation
from slo.preview.frames import Field, Frame, answered
from slo.preview.reducers import REDUCERS
from slo.preview.transformations import UnknownTransformation, transformed


def frame(ref="", **columns) -> Frame:
    return Frame(
        tuple(
            Field(
                name.replace("_", " "),
                "string" if isinstance(next(v for v in values if v is not None), str) else "number",
                tuple(values),
                ref,
            )
            for name, values in columns.items()
        ),
        ref,
    )


def after(kind, options, *frames):
    (made,) = transformed(frames, [Transformation(kind, options)])
    return {f.name: f.values for f in made.fields}


A = frame("A", slo=("x", "y"), Value_A=(1.0, 2.0))
B = frame("B", slo=("y", "x"), Value_B=(20.0, 10.0))


def test_merge_joins_rows_of_equal_labels():
    assert after("merge", {}, A, B) == {
        "slo": ("x", "y"), "Value A": (1.0, 2.0), "Value B": (10.0, 20.0)
    }  # fmt: skip


def test_merge_keeps_rows_apart_that_say_different_things():
    # Grafana's tables have the metric's name as a column: two names never become one row.
    first = frame("A", __name__=("m1",), slo=("x",), a=(1.0,))
    second = frame("B", __name__=("m2",), slo=("x",), b=(2.0,))
    third = frame("C", slo=("x",), c=(3.0,))
    found = after("merge", {}, first, second, third)
    assert found["a"] == (1.0, None)
    assert found["b"] == (None, 2.0)
    assert found["c"] == (3.0, 3.0)


def test_join_by_a_field():
    outer = after("joinByField", {"byField": "slo"}, A, frame(slo=("z",), Value_C=(3.0,)))
    assert outer["slo"] == ("x", "y", "z")
    assert outer["Value C"] == (None, None, 3.0)
    inner = after(
        "joinByField", {"byField": "slo", "mode": "inner"}, A, frame(slo=("y",), c=(3.0,))
    )
    assert inner == {"slo": ("y",), "Value A": (2.0,), "c": (3.0,)}


def test_organize_leaves_out_orders_and_renames():
    options = {
        "excludeByName": {"slo": True},
        "indexByName": {"b": 0, "a": 1},
        "renameByName": {"a": "first"},
    }
    found = after("organize", options, frame(slo=("x",), a=(1.0,), b=(2.0,)))
    assert list(found.items()) == [("b", (2.0,)), ("first", (1.0,))]


def test_sorting_puts_what_is_missing_last():
    three = frame(slo=("x", "y", "z"), v=(None, 1.0, 2.0))
    by = {"sort": [{"field": "v", "desc": True}]}
    assert after("sortBy", by, three)["slo"] == ("z", "y", "x")


@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        ("filterFieldsByName", {"include": {"names": ["slo"]}}, {"slo": ("x", "y")}),
        ("filterFieldsByName", {"exclude": {"pattern": "^Val"}}, {"slo": ("x", "y")}),
        ("limit", {"limitField": 1}, {"slo": ("x",), "Value A": (1.0,)}),
        ("renameByRegex", {"regex": "Value (.)", "renamePattern": "$1!"},
         {"slo": ("x", "y"), "A!": (1.0, 2.0)}),
        ("reduce", {"reducers": ["sum", "max"]},
         {"Field": ("Value A",), "Total": (3.0,), "Max": (2.0,)}),
        ("filterByValue", {"type": "include", "match": "any", "filters": [
            {"fieldName": "Value A", "config": {"id": "greater", "options": {"value": 1}}}]},
         {"slo": ("y",), "Value A": (2.0,)}),
    ],
)  # fmt: skip
def test_each_step(kind, options, expected):
    assert after(kind, options, A) == expected


def test_labels_become_columns():
    series = [series_of({"pod": "a"}, [0], [1]), series_of({"pod": "b"}, [0], [2])]
    found = after("labelsToFields", {}, *answered(Target("A", "x"), "{{pod}}", series, alone=True))
    assert found == {"Time": (0.0, 0.0), "pod": ("a", "b"), "Value": (1.0, 2.0)}


def test_what_is_not_known_is_named():
    with pytest.raises(UnknownTransformation, match="smoothing"):
        transformed([A], [Transformation("smoothing", {})])


def test_a_table_has_a_column_for_each_label_and_the_metrics_name():
    series = [series_of({"__name__": "m", "pod": "a"}, [5], [1]), series_of({"pod": "b"}, [5], [2])]
    (found,) = answered(Target("B", "x", table=True), "", series, alone=False)
    assert {f.name: f.values for f in found.fields} == {
        "Time": (5.0, 5.0), "__name__": ("m", None), "pod": ("a", "b"), "Value #B": (1.0, 2.0)
    }  # fmt: skip


def test_series_are_named_by_legend_labels_or_metric():
    one = series_of({"__name__": "m", "pod": "a"}, [0], [1])
    given = (("{{pod}} now", True), ("__auto", True), ("", False))
    frames = [answered(Target("A", "x"), legend, [one], alone=alone) for legend, alone in given]
    assert [frame.fields[1].name for (frame,) in frames] == ["a now", "m", 'm{pod="a"}']


def test_reducers_leave_out_what_is_missing():
    values = (None, 1.0, 3.0, None)
    assert {n: REDUCERS[n](values) for n in ("lastNotNull", "last", "mean", "diff", "range")} == {
        "lastNotNull": 3.0, "last": None, "mean": 2.0, "diff": 2.0, "range": 2.0
    }  # fmt: skip
    assert REDUCERS["mean"]((None,)) is None
