"""What a dashboard must keep to, beyond Grafana's schema: a rule a function, each named.

After grafana/dashboard-linter, and what readers on phones and people who import it elsewhere need.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from hashlib import md5
from itertools import combinations

import promql_parser

from slo.model.duration import DAY, HOUR, parse_duration
from slo.plan import GENERATED
from tests.dashboards import (
    BUILT_IN,
    annotation_exprs,
    names_in,
    panels_of,
    put_in,
    sample_values,
    targets_of,
    variables_of,
)

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
ON_TIME_CHANGE = 2
COLUMNS = 24
MOST_TABLE_COLUMNS = 6
NOW = {"stat", "gauge", "bargauge", "piechart", "table"}
"""Panels that show what is: they ask for an instant, so that what has ended is not shown."""
RATES = {"rate", "irate", "increase"}
OVER_COUNTERS = {*RATES, "resets", "changes", "count", "group", "absent", "absent_over_time"}

ELSEWHERE = {
    # Kubernetes / Compute Resources / Pod, of kube-prometheus-stack
    md5(b"k8s-resources-pod.json", usedforsecurity=False).hexdigest(): {
        "datasource",
        "cluster",
        "namespace",
        "pod",
    },
}
"""Dashboards that others install, by uid, and their variables."""

Fault = str
Others = Mapping[str, dict]
"""Every dashboard that links may lead to, by uid."""


def faults_of(dashboard: dict, others: Others) -> list[Fault]:
    """Every fault, with the rule's name first."""
    return [
        f"{rule.__name__}: {fault}" for rule in RULES for fault in rule(dashboard, others) if fault
    ]


def can_be_imported(dashboard: dict, _: Others) -> Iterator[Fault]:
    if not re.fullmatch(r"[A-Za-z0-9_-]{8,40}", dashboard.get("uid") or ""):
        yield f"uid {dashboard.get('uid')!r}"
    if dashboard.get("id") is not None:
        yield f"an id of one Grafana: {dashboard['id']}"
    if GENERATED not in (dashboard.get("description") or ""):
        yield "the description does not say who wrote it"


def links_to_its_family(dashboard: dict, _: Others) -> Iterator[Fault]:
    wanted = {"type": "dashboards", "asDropdown": True, "keepTime": True, "includeVars": True}
    links = dashboard.get("links") or []
    if not any(
        wanted.items() <= link.items() and set(link["tags"]) <= set(dashboard["tags"])
        for link in links
    ):
        yield "no dropdown of links that keeps time and variables"


def shares_its_crosshair(dashboard: dict, _: Others) -> Iterator[Fault]:
    if dashboard.get("graphTooltip") != 1:
        yield f"graphTooltip {dashboard.get('graphTooltip')}"


def asks_the_chosen_datasource_first(dashboard: dict, _: Others) -> Iterator[Fault]:
    first = next(iter(variables_of(dashboard).values()), {})
    if (first.get("name"), first.get("type"), first.get("query")) != (
        *("datasource", "datasource"),
        "prometheus",
    ):
        yield "the first variable does not choose a Prometheus data source"


def variables_follow_the_time(dashboard: dict, _: Others) -> Iterator[Fault]:
    for name, one in variables_of(dashboard).items():
        if one["type"] != "query":
            continue
        if one.get("refresh") != ON_TIME_CHANGE:
            yield f"{name} is not looked up again when the time changes"
        if one.get("datasource") != DATASOURCE:
            yield f"{name} asks {one.get('datasource')}"
        if one.get("includeAll") and one.get("allValue") != ".*":
            yield f"all of {name} is {one.get('allValue')!r}"


def panels_ask_the_chosen_datasource(dashboard: dict, _: Others) -> Iterator[Fault]:
    for panel in _asking(dashboard):
        if panel.get("datasource") != DATASOURCE:
            yield f"{_title(panel)} asks {panel.get('datasource')}"
        for target in panel.get("targets") or ():
            if target.get("datasource") != DATASOURCE:
                yield f"{_title(panel)} {target['refId']} asks {target.get('datasource')}"


def panels_ask_something(dashboard: dict, _: Others) -> Iterator[Fault]:
    for panel in _asking(dashboard):
        targets = panel.get("targets") or []
        if not targets or not all(target.get("expr", "").strip() for target in targets):
            yield f"{_title(panel)} asks nothing"
        refs = [target["refId"] for target in targets]
        if len(refs) != len(set(refs)):
            yield f"{_title(panel)} has two targets of one name"


def panels_explain_themselves(dashboard: dict, _: Others) -> Iterator[Fault]:
    titles = [panel.get("title") for panel in panels_of(dashboard)]
    for panel in panels_of(dashboard):
        if not (panel.get("title") or "").strip():
            yield f"panel {panel.get('id')} has no title"
        elif titles.count(panel["title"]) > 1:
            yield f"two panels are called {panel['title']!r}"
    for panel in _asking(dashboard):
        meaning, _, action = (panel.get("description") or "").partition("**What to do:** ")
        if len(meaning.split()) < 4 or len(action.split()) < 3:
            yield f"{_title(panel)} does not say what it means and what to do"


def panels_have_units(dashboard: dict, _: Others) -> Iterator[Fault]:
    for panel in _asking(dashboard):
        defaults = panel["fieldConfig"]["defaults"]
        if not (defaults.get("unit") or defaults.get("mappings")):
            yield f"{_title(panel)} has no unit"
        if panel["type"] in NOW and not defaults.get("noValue"):
            yield f"{_title(panel)} does not say what stands where there is nothing"


def thresholds_rise_from_nothing(dashboard: dict, _: Others) -> Iterator[Fault]:
    for panel in _asking(dashboard):
        overrides = panel["fieldConfig"].get("overrides") or ()
        own = [
            p["value"] for one in overrides for p in one["properties"] if p["id"] == "thresholds"
        ]
        for thresholds in (panel["fieldConfig"]["defaults"].get("thresholds"), *own):
            values = [step["value"] for step in (thresholds or {"steps": []})["steps"]]
            rest = values[1:]
            if values[:1] != [None] or None in rest or rest != sorted(set(rest)):
                yield f"{_title(panel)} has thresholds {values}"


def expressions_are_promql(dashboard: dict, _: Others) -> Iterator[Fault]:
    for expr in _exprs(dashboard):
        try:
            promql_parser.parse(_sample(dashboard, expr))
        except (KeyError, ValueError) as error:
            yield f"{expr}: {error}"


def rates_follow_the_resolution(dashboard: dict, _: Others) -> Iterator[Fault]:
    """A range shorter than an hour is Grafana's; a longer one is meant."""
    for expr in _exprs(dashboard):
        for call in re.finditer(
            r"\b(?:rate|irate|increase)\s*\(([^()]|\([^()]*\))*?\[([^\]]+)\]", expr
        ):
            window = call[2]
            fixed = re.fullmatch(r"(\d+(ms|[smhdwy]))+", window)
            if fixed and parse_duration(window) >= HOUR:
                continue
            if window not in {"$__rate_interval", "$__range", "${__range_s}s"}:
                yield f"[{window}] in {expr}"


def counters_are_read_as_rates(dashboard: dict, _: Others) -> Iterator[Fault]:
    for expr in _parsed(dashboard):
        for metric, within in _read(expr, ()):
            if metric.endswith("_total") and not OVER_COUNTERS & set(within):
                yield f"{metric} as it is"


def long_ranges_are_recorded(dashboard: dict, _: Others) -> Iterator[Fault]:
    """What is asked anew every few seconds must not read days of raw samples."""
    if parse_duration(dashboard["refresh"]) >= parse_duration("30s"):
        return
    for expr in _exprs(dashboard):
        for found in re.finditer(r"\[((?:\d+(?:ms|[smhdwy]))+)(?::[^\]]*)?\]", expr):
            if parse_duration(found[1]) > DAY:
                yield f"[{found[1]}] every {dashboard['refresh']} in {expr}"


def variables_are_known(dashboard: dict, _: Others) -> Iterator[Fault]:
    known = {*variables_of(dashboard), *BUILT_IN}
    queries = [str(one.get("query")) for one in variables_of(dashboard).values()]
    titles = [panel.get("title") or "" for panel in dashboard["panels"]]
    for text in (*_exprs(dashboard), *queries, *titles):
        yield from (f"${name} in {text}" for name in sorted(names_in(text) - known))


def several_values_match_as_regex(dashboard: dict, _: Others) -> Iterator[Fault]:
    for name, one in variables_of(dashboard).items():
        several = one.get("multi") or one.get("includeAll")
        for expr in (*_exprs(dashboard), *_lookups(dashboard)):
            if several and re.search(rf'(?<![=!]~)(?<=[=])\s*"[^"]*\$\{{?{name}\b', expr):
                yield f"= with ${name} in {expr}"


def what_is_now_is_asked_at_an_instant(dashboard: dict, _: Others) -> Iterator[Fault]:
    for panel in _asking(dashboard):
        for target in panel.get("targets") or ():
            if (panel["type"] in NOW) != bool(target.get("instant")):
                yield f"{_title(panel)} {target['refId']} is asked at the wrong time"


def rows_of_tables_join(dashboard: dict, _: Others) -> Iterator[Fault]:
    """A metric's name is a column as well: where two queries keep theirs, rows stay apart."""
    for panel in panels_of(dashboard):
        if panel["type"] != "table":
            continue
        exprs = [_sample(dashboard, target["expr"]) for target in panel.get("targets") or ()]
        named = [expr for expr in exprs if _keeps_its_name(promql_parser.parse(expr))]
        if len(named) > 1:
            yield f"{_title(panel)} keeps several metrics' names: {named}"


def ids_are_unique(dashboard: dict, _: Others) -> Iterator[Fault]:
    rows = [panel for panel in dashboard["panels"] if panel["type"] == "row"]
    ids = [panel.get("id") for panel in (*panels_of(dashboard), *rows)]
    if len(ids) != len(set(ids)) or not all(ids):
        yield f"ids {ids}"


def panels_fit_the_grid(dashboard: dict, _: Others) -> Iterator[Fault]:
    collapsed = [panel.get("panels") or [] for panel in dashboard["panels"]]
    for together in (dashboard["panels"], *collapsed):
        places = [(panel, panel["gridPos"]) for panel in together]
        for panel, at in places:
            if at["x"] < 0 or at["w"] < 1 or at["x"] + at["w"] > COLUMNS:
                yield f"{_title(panel)} stands at {at}"
        for (one, a), (other, b) in combinations(places, 2):
            apart = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
            if not (apart or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]):
                yield f"{_title(one)} and {_title(other)} overlap"


def reads_well_on_a_phone(dashboard: dict, _: Others) -> Iterator[Fault]:
    order = [(panel["gridPos"]["y"], panel["gridPos"]["x"]) for panel in dashboard["panels"]]
    if order != sorted(order):
        yield "panels are not listed in the order in which they are read"
    for panel in panels_of(dashboard):
        if panel["gridPos"]["h"] < 4:
            yield f"{_title(panel)} is {panel['gridPos']['h']} high"
        legend = (panel.get("options") or {}).get("legend") or {}
        if legend.get("showLegend") and legend.get("placement") != "bottom":
            yield f"{_title(panel)} has its legend at the {legend.get('placement')}"
        if panel["type"] == "table" and _columns_shown(panel) > MOST_TABLE_COLUMNS:
            yield f"{_title(panel)} has {_columns_shown(panel)} columns"


def links_lead_somewhere(dashboard: dict, others: Others) -> Iterator[Fault]:
    for panel in panels_of(dashboard):
        for url in re.findall(r'"url": "(/d/[^"]*)"', _json(panel)):
            uid, _, query = url.removeprefix("/d/").partition("?")
            if uid not in others and uid not in ELSEWHERE:
                yield f"{_title(panel)} leads to {uid}, which is not there"
                continue
            known = ELSEWHERE.get(uid) or set(variables_of(others[uid]))
            kept = set(re.findall(r"\$\{(\w+):queryparam\}", query))
            given = set(re.findall(r"var-(\w+)=", query))
            if "${__url_time_range}" not in query:
                yield f"{_title(panel)} forgets the time on the way to {uid}"
            shared = {"datasource", "environment"} & known & set(variables_of(dashboard))
            if missing := shared - kept - given:
                yield f"{_title(panel)} forgets {sorted(missing)} on the way to {uid}"
            if unknown := (kept | given) - known | kept - set(variables_of(dashboard)):
                yield f"{_title(panel)} hands {sorted(unknown)} to {uid}"


RULES: tuple[Callable[[dict, Others], Iterator[Fault]], ...] = (
    can_be_imported,
    links_to_its_family,
    shares_its_crosshair,
    asks_the_chosen_datasource_first,
    variables_follow_the_time,
    panels_ask_the_chosen_datasource,
    panels_ask_something,
    panels_explain_themselves,
    panels_have_units,
    thresholds_rise_from_nothing,
    expressions_are_promql,
    rates_follow_the_resolution,
    counters_are_read_as_rates,
    long_ranges_are_recorded,
    variables_are_known,
    several_values_match_as_regex,
    what_is_now_is_asked_at_an_instant,
    rows_of_tables_join,
    ids_are_unique,
    panels_fit_the_grid,
    reads_well_on_a_phone,
    links_lead_somewhere,
)


def _asking(dashboard: dict) -> Iterator[dict]:
    return (panel for panel in panels_of(dashboard) if panel["type"] != "text")


def _title(panel: dict) -> str:
    return repr(panel.get("title") or panel.get("id"))


def _json(panel: dict) -> str:
    return json.dumps(panel, ensure_ascii=False)


def _exprs(dashboard: dict) -> list[str]:
    return [*(target.expr for target in targets_of(dashboard)), *annotation_exprs(dashboard)]


def _lookups(dashboard: dict) -> list[str]:
    return [str(one.get("definition") or "") for one in variables_of(dashboard).values()]


def _sample(dashboard: dict, expr: str) -> str:
    # Parsers want to see a duration where Grafana puts one.
    return put_in(expr, sample_values(dashboard))


def _parsed(dashboard: dict) -> Iterator[object]:
    for expr in _exprs(dashboard):
        try:
            yield promql_parser.parse(_sample(dashboard, expr))
        except (KeyError, ValueError):
            continue  # another rule's fault


def _read(node, within: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every metric of a tree, with the functions and aggregations around it."""
    kind = type(node).__name__
    if kind == "VectorSelector":
        yield node.name or "", within
    around = within
    if kind == "Call":
        around = (*within, node.func.name)
    if kind == "AggregateExpr":
        around = (*within, str(node.op))
    for name in ("expr", "lhs", "rhs", "vector_selector"):
        inner = getattr(node, name, None)
        if inner is not None and not isinstance(inner, str):
            yield from _read(inner, around)
    for argument in getattr(node, "args", None) or ():
        yield from _read(argument, around)


def _keeps_its_name(node) -> bool:
    kind = type(node).__name__
    if kind == "ParenExpr":
        return _keeps_its_name(node.expr)
    if kind == "BinaryExpr" and str(node.op) in {"<", "<=", ">", ">=", "==", "!=", "and", "unless"}:
        return _keeps_its_name(node.lhs)
    if kind == "BinaryExpr" and str(node.op) == "or":
        return _keeps_its_name(node.lhs) or _keeps_its_name(node.rhs)
    return kind == "VectorSelector"


def _columns_shown(panel: dict) -> int:
    steps = [t for t in panel.get("transformations") or () if t["id"] == "filterFieldsByName"]
    named = [name for step in steps for name in step["options"]["include"]["names"]]
    hidden = [
        one
        for one in panel["fieldConfig"].get("overrides") or ()
        if {"id": "custom.hidden", "value": True} in one["properties"]
    ]
    return len(named) - len(hidden)
