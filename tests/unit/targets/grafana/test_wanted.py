import json
from dataclasses import replace

import pytest

from slo.errors import ConfigError
from slo.manifests.grafana_alerting import PATH
from slo.plan import Artefact
from slo.targets.grafana.datasources import Datasource, chosen
from slo.targets.grafana.marker import fingerprint, marked, version_message
from slo.targets.grafana.migration import without_migration
from slo.targets.grafana.server import GrafanaServer
from slo.targets.grafana.wanted import wanted_objects

SERVER = GrafanaServer("https://g.example.com/", folder_uid="f", folder="Service levels")
MAIN = Datasource("P18", "prometheus", "Main", default=True)
MIMIR = Datasource("mimir", "prometheus", "Mimir")
LOKI = Datasource("loki", "loki", "Loki")


def dashboard(**fields):
    tree = {"uid": "a", "title": "A", **fields}
    return Artefact(f"dashboards/{tree['uid']}.json", json.dumps(tree))


def alert_rules(uid="prometheus"):
    rules = [
        {
            "uid": "slobook-1",
            "title": "Burning",
            "folderUID": "slobook",
            "ruleGroup": "shop errors",
            "annotations": {},
            "data": [{"refId": "A", "datasourceUid": uid}, {"datasourceUid": "__expr__"}],
        }
    ]
    group = {"title": "shop errors", "folderUid": "slobook", "interval": 60, "rules": rules}
    return Artefact(PATH, json.dumps({"groups": [group]}))


def objects(*artefacts, server=SERVER, known=(MAIN, LOKI)):
    found = wanted_objects(artefacts, server, known, "prometheus")
    return {one.path: json.loads(one.text) for one in found}


def test_everything_goes_into_our_folder():
    found = objects(dashboard(id=7, version=3), alert_rules(), Artefact("rules/a.yml", "x"))
    assert list(found) == ["dashboards/a", "folders/f", "rule-groups/f/shop errors"]
    assert found["folders/f"] == {"uid": "f", "title": "Service levels"}
    assert found["dashboards/a"]["folderUid"] == "f"
    assert not {"id", "version"} & set(found["dashboards/a"])
    assert found["dashboards/a"]["tags"] == ["slobook"]
    assert found["rule-groups/f/shop errors"]["folderUid"] == "f"


def test_a_grafana_that_evaluates_no_alerts_gets_dashboards_only():
    server = replace(SERVER, alert_rules=False)
    assert list(objects(dashboard(), alert_rules(), server=server)) == ["dashboards/a", "folders/f"]


def test_data_sources_are_this_grafanas():
    panel = {"datasource": {"type": "prometheus", "uid": "prometheus"}, "title": "x"}
    variable = {"datasource": {"uid": "${datasource}"}, "title": "y"}
    found = objects(dashboard(panels=[panel, variable]), alert_rules())
    assert [one["datasource"]["uid"] for one in found["dashboards/a"]["panels"]] == [
        "P18",
        "${datasource}",
    ]
    (rule,) = found["rule-groups/f/shop errors"]["rules"]
    assert [one["datasourceUid"] for one in rule["data"]] == ["P18", "__expr__"]


def test_a_variable_of_data_sources_starts_with_ours_unless_somebody_chose():
    free = {"name": "datasource", "type": "datasource", "query": "prometheus"}
    taken = {**free, "name": "other", "current": {"value": "x"}}
    found = objects(dashboard(templating={"list": [free, taken]}))
    first, second = found["dashboards/a"]["templating"]["list"]
    assert first["current"] == {"text": "Main", "value": "P18", "selected": True}
    assert second == taken


@pytest.mark.parametrize(
    ("mapped", "known", "uid"),
    [
        ({}, [Datasource("prometheus", "prometheus", "P"), MAIN], "prometheus"),
        ({}, [MIMIR, LOKI], "mimir"),
        ({}, [MIMIR, MAIN], "P18"),
        ({"prometheus": "mimir"}, [MIMIR, MAIN], "mimir"),
        ({"prometheus": "loki"}, [MIMIR, MAIN, LOKI], "loki"),
    ],
)
def test_by_uid_or_by_the_only_or_default_one_of_a_type(mapped, known, uid):
    server = GrafanaServer("https://g.example.com", datasources=tuple(mapped.items()))
    assert chosen("prometheus", server, known).uid == uid


def test_a_missing_data_source_is_an_error_that_says_what_there_is():
    server = GrafanaServer(
        "https://g.example.com", environment="eu", datasources=(("prometheus", "P19"),)
    )
    with pytest.raises(ConfigError) as caught:
        chosen("prometheus", server, [LOKI])
    assert str(caught.value) == (
        "data source 'P19' (for 'prometheus'): found loki (loki, 'Loki') at https://g.example.com, "
        "expected that uid, or one of that type; say which with "
        'grafana.environments.eu.datasources = { prometheus = "<uid>" }'
    )


@pytest.mark.parametrize("uid", ["", "a b", "x" * 41])
def test_a_dashboard_needs_a_uid_that_grafana_takes(uid):
    with pytest.raises(ConfigError, match="uid: found .*, expected letters, digits"):
        objects(Artefact("dashboards/a.json", json.dumps({"uid": uid, "title": "A"})))


def test_two_dashboards_of_a_uid_are_refused():
    twin = Artefact("dashboards/b.json", json.dumps({"uid": "a", "title": "B"}))
    with pytest.raises(ConfigError, match="dashboards/a: found several of that name"):
        objects(dashboard(), twin)


def test_a_dashboard_may_not_be_called_as_its_folder():
    with pytest.raises(ConfigError, match="found 'Service levels', which is also the title"):
        objects(dashboard(title="service levels"))


def test_the_mark_is_read_back():
    assert marked(version_message("x")) == fingerprint("x")
    assert marked(f"Restored: {version_message('x')}, by hand") == fingerprint("x")
    assert marked("tweak") == ""


def test_what_a_server_adds_is_not_shown_and_what_people_add_is():
    wanted = {"schemaVersion": 39, "panels": [{"title": "a", "unit": "s", "decimals": 0}]}
    stored = {
        "schemaVersion": 42,
        "weekStart": "",
        "preload": False,
        "annotations": {"list": [{"builtIn": 1, "name": "Annotations & Alerts"}]},
        "panels": [
            {"title": "a", "unit": "ms", "decimals": 0, "pluginVersion": "13", "links": []},
            {"title": "mine"},
        ],
    }
    wanted["annotations"] = {"list": []}
    shown = json.loads(without_migration(json.dumps(stored), json.dumps(wanted)))
    assert shown == {
        "schemaVersion": 39,
        "annotations": {"list": []},
        "panels": [{"title": "a", "unit": "ms", "decimals": 0}, {"title": "mine"}],
    }
