"""A push that fails at any of its requests, and is finished by running it again."""

from __future__ import annotations

import pytest

from slo.errors import Drift, GrafanaError, Unfinished
from slo.targets.grafana.applying import in_order
from tests.grafana.exchange import Answer
from tests.grafana.faults import Cut, Lost, broken, login_page, redirect, too_many
from tests.grafana.profile import GRAFANA_9_4
from tests.integration.grafana.objects import board, rule, rules_file
from tests.integration.grafana.pushing import applied, planned, pushed

pytestmark = pytest.mark.integration

PAGE = "<html><body>Gateway Timeout</body></html>"
FAULTS = {
    "refused": broken(500),
    "cut before": Cut(),
    "cut after": Cut(carried_out=True),
    "answer lost": Lost(Answer(504, PAGE, {"Content-Type": "text/html"})),
}


def artefacts(grafana, generation):
    """What is pushed at first, and what changes all kinds of things then."""
    rules = [rule(grafana, "errors"), rule(grafana, "latency", keep_firing_for="30m")]
    if generation == 0:
        return [board(grafana, "a"), board(grafana, "b"), rules_file(grafana, alerts=rules)]
    changed = [{**rules[0], "for": "20m"}, rule(grafana, "queue", keep_firing_for="10m")]
    boards = [board(grafana, "a", description="changed"), board(grafana, "c")]
    return [*boards, rules_file(grafana, alerts=changed, tickets=[rules[1]])]


def fail_at(server, number, fault):
    """A fault at one request from now on, the first being 0; whether it came to that."""
    seen = []

    def hook(asked, state):
        seen.append(asked)
        return fault if len(seen) == number + 1 else None

    server.before(hook)
    return lambda: len(seen) > number


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("generation", [0, 1])
def test_after_a_failure_at_any_request_running_again_finishes(grafana, server, generation, fault):
    number = 0
    while True:
        grafana.clean_up()
        if generation == 1:
            pushed(grafana, artefacts(grafana, 0))
        plan = planned(grafana, artefacts(grafana, generation), prune=True)
        came = fail_at(server, number, fault)
        try:
            made = applied(grafana, plan)
        except (GrafanaError, Unfinished, Drift) as error:
            told(error, plan)
        else:
            assert made == [str(change) for change in in_order(plan)] or not came()
        server.without_hooks()
        if not came():
            break
        pushed(grafana, artefacts(grafana, generation), prune=True)
        left = planned(grafana, artefacts(grafana, generation), prune=True)
        assert left.changes == (), (number, str(left))
        number += 1
    assert number > 10  # it did come to failures at many requests


def told(error, plan):
    """Done, failed and not tried are all that the plan held, each once, in its order."""
    if not isinstance(error, Unfinished):
        return  # before the first change: there is nothing to tell apart
    everything = [str(change) for change in in_order(plan)]
    assert [*error.done, error.failed, *error.not_tried] == everything
    for words, lines in (("done", error.done), ("not tried", error.not_tried)):
        assert all(f"{words}: {line}" in str(error) for line in lines)
    assert f"failed: {error.failed}" in str(error)


def test_what_failed_is_told_apart(grafana, server):
    plan = planned(grafana, artefacts(grafana, 0))
    second = grafana.named("b")
    server.before(
        lambda asked, state: broken(500) if asked.writes and second.encode() in asked.body else None
    )
    with pytest.raises(Unfinished) as caught:
        applied(grafana, plan)
    error = caught.value
    assert error.done == (
        f"create folders/{grafana.folder_uid}",
        f"create dashboards/{grafana.named('a')}",
    )
    assert error.failed == f"create dashboards/{second}"
    assert error.not_tried == (f"create rule-groups/{grafana.folder_uid}/alerts",)
    assert "HTTP 500" in str(error)


def test_the_same_plan_goes_on_where_it_stopped(grafana, server):
    plan = planned(grafana, artefacts(grafana, 0))
    server.before(
        lambda asked, state: broken(500) if "rule-groups" in asked.path and asked.writes else None
    )
    with pytest.raises(Unfinished):
        applied(grafana, plan)
    server.without_hooks()
    assert applied(grafana, plan) == [f"create rule-groups/{grafana.folder_uid}/alerts"]
    assert planned(grafana, artefacts(grafana, 0)).changes == ()


def test_a_failure_before_the_first_write_leaves_everything_as_it_was(grafana, server):
    pushed(grafana, artefacts(grafana, 0))
    plan = planned(grafana, artefacts(grafana, 1))
    before = server.state.things()
    server.before(lambda asked, state: None if asked.writes else broken(502))
    with pytest.raises(GrafanaError):
        applied(grafana, plan)
    assert server.state.things() == before


def test_older_servers_get_new_rules_one_by_one(grafana, server):
    """They answer 500 to a group that brings new rules with uids of their own."""
    pushed(grafana, artefacts(grafana, 0))
    posted = [one for one in server.writes if one.request.path.endswith("/alert-rules")]
    assert len(posted) == (2 if server.profile is GRAFANA_9_4 else 0)
    assert set(server.state.rules) == {grafana.named("errors"), grafana.named("latency")}


def test_a_rule_that_moves_leaves_first_so_that_a_failure_between_can_be_made_good(grafana, server):
    """Whichever group comes first by its name."""
    rules = [rule(grafana, name) for name in ("errors", "latency")]
    pushed(grafana, [rules_file(grafana, zebra=rules)])
    wanted = [rules_file(grafana, zebra=rules[:1], ant=rules[1:])]
    plan = planned(grafana, wanted)
    server.before(
        lambda asked, state: broken(502) if asked.path.endswith("/ant") and asked.writes else None
    )
    with pytest.raises(Unfinished) as caught:
        applied(grafana, plan)
    assert caught.value.done == (f"update rule-groups/{grafana.folder_uid}/zebra",)
    server.without_hooks()
    pushed(grafana, wanted)
    assert planned(grafana, wanted).changes == ()


NOT_WRITTEN = {
    "login page": login_page(),
    "redirect": redirect("https://sso.example.com/login"),
    "empty": Answer(200, {}),
    "a list": Answer(200, []),
    "no JSON": Answer(200, "ok", {"Content-Type": "application/json"}),
    "too many": too_many(None),
    "said to be done": Answer(200, {"status": "success", "uid": "?", "id": 1, "version": 1}),
}


@pytest.mark.parametrize("fault", NOT_WRITTEN.values(), ids=NOT_WRITTEN)
@pytest.mark.parametrize("what", ["/api/folders", "/api/dashboards/db", "/rule-groups/"])
def test_what_was_answered_and_not_written_is_noticed(grafana, server, what, fault):
    """Whatever comes back, what was to be written is read back."""

    def hook(asked, state):
        if not asked.writes or what not in asked.path:
            return None
        if isinstance(fault.body, dict) and fault.body.get("uid") and "dashboard" in what:
            uid = asked.json["dashboard"]["uid"]
            return Answer(200, {**fault.body, "uid": uid})
        return fault

    server.before(hook)
    with pytest.raises((Unfinished, Drift)) as caught:
        pushed(grafana, artefacts(grafana, 0))
    assert "failed: create" in str(caught.value)
    server.without_hooks()
    pushed(grafana, artefacts(grafana, 0))
    assert planned(grafana, artefacts(grafana, 0)).changes == ()
