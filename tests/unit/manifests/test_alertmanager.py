from tests.manifest_samples import manifest, parsed

(TREE,) = parsed(manifest("alertmanager/alertmanager.yml"))
RECEIVERS = {receiver["name"]: receiver for receiver in TREE["receivers"]}


def test_alerts_are_told_in_groups_of_one_trouble():
    route = {key: value for key, value in TREE["route"].items() if key != "routes"}
    assert route == {
        "receiver": "chat",
        "group_by": ["service", "slo", "signal"],
        "group_wait": "30s",
        "group_interval": "5m",
        "repeat_interval": "4h",
    }


def test_every_receiver_that_is_named_is_there():
    named = {TREE["route"]["receiver"], *(route["receiver"] for route in TREE["route"]["routes"])}
    assert named == set(RECEIVERS)


def test_keys_are_files():
    (pager,) = RECEIVERS["pagerduty"]["pagerduty_configs"]
    (chat,) = RECEIVERS["chat"]["slack_configs"]
    assert pager["routing_key_file"] == "/etc/alertmanager/secrets/pagerduty/routing-key"
    assert chat["api_url_file"] == "/etc/alertmanager/secrets/slack/webhook-url"
    assert not {"routing_key", "service_key", "api_url"} & {*pager, *chat}


def test_a_page_silences_tickets_on_the_same_service_objective_and_signal():
    for rule in TREE["inhibit_rules"]:
        assert rule["equal"] == ["service", "slo", "signal"]
