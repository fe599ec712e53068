"""What all files for other systems have in common."""

from dataclasses import replace
from pathlib import Path

import pytest

from slo.configuration import read_configuration
from slo.manifests import ManifestSettings, manifest_artefacts
from slo.manifests.settings import (
    AlertmanagerSettings,
    GrafanaSettings,
    KubernetesSettings,
)
from slo.plan import GENERATED, Artefact
from slo.rules.format import rules_text
from slo.rules.rule import RuleGroup
from tests.manifest_samples import ALERTS, GROUPS, manifest, parsed

RULES = parsed(rules_text(GROUPS), (1, 2))[0]["groups"]
OWN = ManifestSettings(
    kubernetes=KubernetesSettings("shop", {"team": "on"}, "registry.example.com/slobook:7", "till"),
    alertmanager=AlertmanagerSettings("/keys/pager", "/keys/chat", "#till", "/keys/heartbeat"),
    grafana=GrafanaSettings("folder-1", "mimir-1", 3),
    mimir_namespace="shop",
    time_zone="Europe/Berlin",
)


def test_every_file_is_ours_and_in_order():
    artefacts = manifest_artefacts(GROUPS, ManifestSettings())
    assert [artefact.path for artefact in artefacts] == [
        "alertmanager/alertmanager.yml",
        "grafana/alert-rules.json",
        "kubernetes/cron-jobs.yaml",
        "kubernetes/kube-prometheus-stack-values.yaml",
        "kubernetes/prometheus-rule.yaml",
        "kubernetes/prometheus-rules-configmap.yaml",
        "kubernetes/service-monitor.yaml",
        "mimir/slobook.yaml",
    ]
    assert all(artefact.ours for artefact in artefacts)
    for artefact in artefacts:
        if artefact.path.endswith((".yaml", ".yml")):
            assert artefact.text.startswith(f"# {GENERATED}\n")


@pytest.mark.parametrize("settings", [ManifestSettings(), OWN])
def test_the_same_rules_give_the_same_bytes(settings):
    assert manifest_artefacts(GROUPS, settings) == manifest_artefacts(GROUPS, settings)


@pytest.mark.parametrize("path", ["kubernetes/prometheus-rule.yaml", "mimir/slobook.yaml"])
@pytest.mark.parametrize("version", [(1, 1), (1, 2)])
def test_the_groups_are_those_of_the_rule_file(path, version):
    (tree,) = parsed(manifest(path), version)
    assert tree.get("spec", tree)["groups"] == RULES
    assert len(ALERTS) > 10


def test_the_config_map_holds_the_rule_files_verbatim():
    texts = {
        "rules/b.yml": rules_text(GROUPS),
        "rules/a.yml": "# written\n\n  odd:   \n\tspaces: é\n\n",
        "other/c.yml": "no newline",
    }
    rule_files = [Artefact(path, text) for path, text in texts.items()]
    made = manifest_artefacts(GROUPS, ManifestSettings(), rule_files)
    (text,) = [a.text for a in made if a.path == "kubernetes/prometheus-rules-configmap.yaml"]
    (tree,) = parsed(text)
    assert tree["kind"] == "ConfigMap"
    assert list(tree["data"].items()) == [
        ("c.yml", texts["other/c.yml"]),
        ("a.yml", texts["rules/a.yml"]),
        ("b.yml", texts["rules/b.yml"]),
    ]


def test_without_rule_files_the_config_map_holds_one_of_all_groups():
    (tree,) = parsed(manifest("kubernetes/prometheus-rules-configmap.yaml"))
    assert tree["data"] == {"prometheus-rules.yml": rules_text(GROUPS)}


def test_rule_files_of_one_name_are_refused():
    twins = [Artefact("a/rules.yml", "1\n"), Artefact("b/rules.yml", "2\n")]
    with pytest.raises(ValueError, match=r"the same: a/rules\.yml, b/rules\.yml"):
        manifest_artefacts(GROUPS, ManifestSettings(), twins)


def test_groups_of_one_name_are_refused():
    with pytest.raises(ValueError, match="repeated: \\['support-agent/ai-resolution-rate'\\]"):
        manifest_artefacts([*GROUPS, GROUPS[0]], ManifestSettings())


def test_a_group_without_rules_is_left_out():
    empty = RuleGroup("support-agent/nothing", 60_000, ())
    assert manifest_artefacts([*GROUPS, empty], ManifestSettings()) == manifest_artefacts(
        GROUPS, ManifestSettings()
    )


def test_a_key_is_named_by_its_file_and_stands_nowhere(tmp_path):
    files = {"pager": "R0UT1NGK3Y", "chat": "https://hooks.example.com/T0K3N"}
    for name, secret in files.items():
        (tmp_path / name).write_text(secret)
    named = AlertmanagerSettings(str(tmp_path / "pager"), str(tmp_path / "chat"))
    made = manifest_artefacts(GROUPS, replace(OWN, alertmanager=named))
    everything = "".join(artefact.text for artefact in made)
    assert str(tmp_path / "pager") in everything
    for secret in ("R0UT1NGK3Y", "T0K3N", "routing_key:", "api_url:", "stringData", "kind: Secret"):
        assert secret not in everything


def test_settings_reach_the_files():
    made = {artefact.path: artefact.text for artefact in manifest_artefacts(GROUPS, OWN)}
    for path, text in made.items():
        if path.startswith("kubernetes/") and not path.endswith("values.yaml"):
            for tree in parsed(text):
                assert tree["metadata"]["namespace"] == "shop"
                # A reader of YAML 1.1 takes a bare on for a truth.
                assert tree["metadata"]["labels"]["team"] == "on"
    assert "image: registry.example.com/slobook:7" in made["kubernetes/cron-jobs.yaml"]
    assert "timeZone: Europe/Berlin" in made["kubernetes/cron-jobs.yaml"]
    assert "'#till'" in made["alertmanager/alertmanager.yml"]
    assert '"orgID": 3' in made["grafana/alert-rules.json"]
    assert parsed(made["mimir/shop.yaml"])[0]["namespace"] == "shop"


def test_a_configuration_that_says_nothing_has_the_same_settings(tmp_path):
    path = tmp_path / "slobook.toml"
    path.write_text("[project]\nspecs = []\n")
    assert read_configuration(path).manifests == ManifestSettings()


def test_what_a_configuration_says_is_what_is_written(tmp_path):
    path = Path(tmp_path / "slobook.toml")
    path.write_text("""
        [project]
        specs = []
        time_zone = "Europe/Berlin"
        [kubernetes]
        namespace = "shop"
        labels = { team = "on" }
        image = "registry.example.com/slobook:7"
        service = "till"
        [alertmanager]
        pagerduty_key_file = "/keys/pager"
        chat_url_file = "/keys/chat"
        chat_channel = "#till"
        heartbeat_url_file = "/keys/heartbeat"
        [grafana]
        folder_uid = "folder-1"
        datasource_uid = "mimir-1"
        [mimir]
        namespace = "shop"
    """)
    own_organisation = replace(OWN, grafana=replace(OWN.grafana, organisation=1))
    assert read_configuration(path).manifests == own_organisation
