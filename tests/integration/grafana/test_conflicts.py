"""Somebody writes between plan and apply, or between any two requests of either."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest

from slo.errors import Drift, SloError, Unfinished
from tests.integration.grafana.objects import board, rule, rules_file
from tests.integration.grafana.pushing import applied, kinds, planned, pushed

pytestmark = [pytest.mark.integration, pytest.mark.live_grafana]


def artefacts(grafana, wording):
    """What some applier wants to stand there."""
    return [
        board(grafana, "a", description=wording),
        board(grafana, "b", description=wording),
        rules_file(
            grafana, alerts=[rule(grafana, "errors", annotations={"summary": f"Errors: {wording}"})]
        ),
    ]


def wordings(grafana):
    """Whose words stand there."""
    boards = [grafana.person.dashboard(grafana.named(name))["dashboard"] for name in ("a", "b")]
    (one,) = grafana.person.group(grafana.folder_uid, "alerts")["rules"]
    summary = one["annotations"]["summary"].removeprefix("Errors: ")
    return [*(body["description"] for body in boards), summary]


def test_an_edit_after_the_plan_stops_everything_and_says_who(grafana):
    pushed(grafana, artefacts(grafana, "old"))
    plan = planned(grafana, artefacts(grafana, "new"))
    grafana.person.edit(grafana.named("b"), message="during the review")
    with pytest.raises(Drift) as caught:
        applied(grafana, plan)
    assert f"dashboards/{grafana.named('b')}" in str(caught.value)
    assert "'during the review'" in str(caught.value)
    assert "plan again" in str(caught.value)
    if grafana.server:
        assert "maria" in str(caught.value)
    assert wordings(grafana) == ["old", "edited by hand", "old"]  # nothing was written


@pytest.mark.parametrize("what", ["dashboard", "rule"])
def test_what_was_deleted_after_the_plan_is_not_made_again_in_passing(grafana, what):
    pushed(grafana, artefacts(grafana, "old"))
    plan = planned(grafana, artefacts(grafana, "new"))
    if what == "dashboard":
        grafana.person.delete(grafana.named("a"))
    else:
        grafana.person.delete_rule(grafana.named("errors"))
    with pytest.raises(Drift, match="deleted"):
        applied(grafana, plan)


def test_an_edited_rule_after_the_plan_stops_everything(grafana):
    pushed(grafana, artefacts(grafana, "old"))
    plan = planned(grafana, artefacts(grafana, "new"))
    grafana.person.edit_rule(grafana.named("errors"), lambda body: body.update({"for": "1h"}))
    with pytest.raises(Drift, match="rule-groups"):
        applied(grafana, plan)
    assert wordings(grafana) == ["old"] * 3


def test_an_edit_between_any_two_requests_is_never_overwritten(grafana, server):
    """Whenever somebody saves, it stands, or it stood before the plan that overwrote nothing."""
    number, uid = 0, grafana.named("b")
    told = 0
    while True:
        grafana.clean_up()
        pushed(grafana, artefacts(grafana, "old"))
        plan = planned(grafana, artefacts(grafana, "new"))
        seen = []

        def hook(asked, state, seen=seen, number=number):
            seen.append(asked)
            if len(seen) == number + 1:
                grafana.person.edit(uid, message=f"before request {number}")

        server.before(hook)
        (error,) = at_once(grafana, [plan])
        server.without_hooks()
        if error is not None:
            told += 1
            assert f"'before request {number}'" in str(error)
            assert "maria" in str(error)
        if len(seen) <= number:
            break
        assert grafana.person.dashboard(uid)["dashboard"]["description"] == "edited by hand"
        assert kinds(planned(grafana, artefacts(grafana, "new")))[f"dashboards/{uid}"] == "drift"
        number += 1
    assert told > 3


def test_two_first_pushes_at_once_end_as_one(grafana, server):
    """Both want the same: whoever is second finds it done, or is told, and runs again."""
    plans = [planned(grafana, artefacts(grafana, "same")) for _ in range(2)]
    at_once(grafana, plans)
    pushed(grafana, artefacts(grafana, "same"))
    assert planned(grafana, artefacts(grafana, "same")).changes == ()
    assert wordings(grafana) == ["same"] * 3


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_appliers_at_once_one_wins_and_one_is_told(grafana, attempt):
    pushed(grafana, artefacts(grafana, "old"))
    plans = {word: planned(grafana, artefacts(grafana, word)) for word in ("first", "second")}
    outcomes = dict(zip(plans, at_once(grafana, list(plans.values())), strict=True))
    told = [word for word, error in outcomes.items() if error is not None]
    assert told, "both were told that all is well"
    for word in told:
        assert isinstance(outcomes[word], Drift | Unfinished)
        assert "plan again" in str(outcomes[word]).lower()
    stands = wordings(grafana)
    assert set(stands) <= {"first", "second", "old"}
    for word in set(plans) - set(told):
        assert set(stands) == {word}
    for word in told:  # the one who was told finishes after a new plan
        pushed(grafana, artefacts(grafana, word), on_drift="overwrite")
        assert wordings(grafana) == [word] * 3
        assert planned(grafana, artefacts(grafana, word)).changes == ()


def at_once(grafana, plans):
    """Carry plans out at the same time; each one's error, None where it went well."""
    start = Barrier(len(plans))
    outcomes = [None] * len(plans)

    def run(number):
        start.wait()
        try:
            applied(grafana, plans[number])
        except SloError as error:
            outcomes[number] = error

    threads = [Thread(target=run, args=(number,)) for number in range(len(plans))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_of_two_appliers_in_lockstep_one_is_told(grafana, server):
    """The second runs as a whole between the first's check and its first write."""
    pushed(grafana, artefacts(grafana, "old"))
    mine = planned(grafana, artefacts(grafana, "mine"))
    theirs = planned(grafana, artefacts(grafana, "theirs"))
    left = [theirs]

    def hook(asked, state):
        if asked.writes and left:
            applied(grafana, left.pop())

    server.before(hook)
    with pytest.raises((Drift, Unfinished), match="sa-1-slobook"):
        applied(grafana, mine)
    assert wordings(grafana) == ["theirs"] * 3
