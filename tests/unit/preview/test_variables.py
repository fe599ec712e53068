import pytest

from slo.errors import ConfigError
from slo.model.duration import HOUR, MINUTE
from slo.model.grid import Grid
from slo.model.samples import series_of
from slo.model.span import Span
from slo.preview.dashboard import Variable
from slo.preview.reading import read_dashboard
from slo.preview.variables import Choice, Substitution, choose, chosen
from tests.preview_dashboards import code_variable, dashboard, write

SPAN = Span(0, 6 * HOUR)
GRID = Grid(0, 6 * HOUR, MINUTE)


def variable(**fields) -> Variable:
    return Variable(**({"name": "v", "kind": "query", "label": "V", "query": ""} | fields))


def put(text: str, *choices: Choice) -> str:
    return Substitution({one.variable.name: one for one in choices}, SPAN).into(text, GRID)


MULTI = variable(multi=True, include_all=True)


@pytest.mark.parametrize(
    ("choice", "text", "expected"),
    [
        (Choice(MULTI, ("a",)), 'x{l=~"$v"}', 'x{l=~"a"}'),
        (Choice(MULTI, ("a", "b")), 'x{l=~"$v"}', 'x{l=~"(a|b)"}'),
        (Choice(MULTI, ("a.b",)), 'x{l=~"${v}"}', 'x{l=~"a\\\\.b"}'),
        (Choice(MULTI, ("a", "b"), all=True), 'x{l=~"[[v]]"}', 'x{l=~"(a|b)"}'),
        (Choice(variable(multi=True, all_value=".*"), ("a",), all=True), "$v", ".*"),
        (Choice(variable(), ('say "a"',)), 'x{l="$v"}', 'x{l="say \\"a\\""}'),
        (Choice(MULTI, ("a", "b")), "${v:csv} ${v:pipe} ${v:raw}", "a,b a|b {a,b}"),
        (Choice(MULTI, ("a.b", "c")), "${v:regex}", r"(a\.b|c)"),
        (Choice(MULTI, ("a",)), "$vv $other $v", "$vv $other a"),
    ],
)
def test_values_go_into_expressions_as_grafana_puts_them(choice, text, expected):
    assert put(text, choice) == expected


def test_what_follows_from_range_and_step():
    text = "$__interval $__interval_ms $__rate_interval $__range ${__range_s} $__range_ms"
    assert put(text) == "1m 60000 4m 21600s 21600 21600000"


@pytest.mark.parametrize(
    ("one", "values", "wanted", "expected"),
    [
        (MULTI, ("a", "b"), (), (("a", "b"), True)),
        (variable(), ("a", "b"), (), (("a",), False)),
        (variable(chosen=("b",)), ("a", "b"), (), (("b",), False)),
        (variable(chosen=("gone",)), ("a", "b"), (), (("a",), False)),
        (MULTI, ("a", "b"), ("b",), (("b",), False)),
        (MULTI, ("a", "b"), ("All",), (("a", "b"), True)),
        (variable(), (), (), ((), False)),
    ],
)
def test_what_is_chosen(one, values, wanted, expected):
    found = chosen(one, values, wanted)
    assert (found.values, found.all) == expected


def test_a_value_that_is_not_there_is_refused():
    with pytest.raises(ConfigError, match="--var v: found c, expected a, b"):
        chosen(variable(), ("a", "b"), ("c",))


def test_later_variables_use_earlier_ones(tmp_path):
    asked = []

    def ask(expr):
        asked.append(expr)
        return tuple(series_of({"code": one, "pod": f"p{one}"}, [0], [1]) for one in "42")

    pod = code_variable(
        name="pod", query='label_values(up{code=~"$code"}, pod)', multi=False, includeAll=False
    )
    custom = {"name": "way", "type": "custom", "query": "up,down : lower"}
    tree = dashboard(variables=[code_variable(regex="/(2)/"), pod, custom])
    found = choose(read_dashboard(write(tmp_path, tree)), SPAN, {"way": ["lower"]}, ask)
    assert asked == ["group by (code) (requests_total)", 'group by (pod) (up{code=~"2"})']
    assert {name: one.shown for name, one in found.choices.items()} == {
        "datasource": "prometheus", "code": "All", "pod": "p2", "way": "lower"
    }  # fmt: skip


def test_a_query_that_is_not_known_is_refused(tmp_path):
    tree = dashboard(variables=[code_variable(query="label_names()")])
    with pytest.raises(ConfigError, match="expected label_values"):
        choose(read_dashboard(write(tmp_path, tree)), SPAN, {}, lambda _: ())
