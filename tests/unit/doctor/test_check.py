"""Carrying out checks: side by side, each with its time, and what becomes of their errors."""

from threading import Barrier, Event

import pytest

from slo.doctor.check import Check, NotConfigured, chosen, diagnosed
from slo.doctor.finding import attention, broken, fine, not_checked
from slo.errors import ConfigError, Fault, HistoryError, SpecError


def check(name, examine, **fields):
    return Check(name, "Area", examine, **fields)


def failing(error):
    def examine():
        raise error

    return examine


def test_findings_come_in_the_order_of_the_checks_whichever_is_first_done():
    first_may_end = Event()

    def slow():
        assert first_may_end.wait(10)
        return fine("slow", "at last")

    def quick():
        first_may_end.set()
        return fine("quick", "at once")

    found = diagnosed([check("slow", slow), check("quick", quick)])
    assert [one.check for one in found.findings] == ["slow", "quick"]
    assert found.healthy


def test_checks_run_side_by_side():
    together = Barrier(8, timeout=10)

    def examine():
        together.wait()
        return fine("x", "y")

    found = diagnosed([check(str(number), examine) for number in range(8)])
    assert found.counts == {"fine": 8, "not checked": 0, "attention": 0, "broken": 0}


def test_one_that_hangs_is_given_up_and_the_others_are_told():
    never = Event()
    told = []
    found = diagnosed(
        [
            check("hangs", lambda: never.wait(20), seconds=0.1, anchor="tls"),
            check("fine", lambda: fine("fine", "well")),
        ],
        lambda done, of: told.append((done, of)),
    )
    never.set()
    assert found.findings[0] == broken(
        "hangs", "no answer within 0.1 s", "slo doctor --only hangs", "tls"
    )
    assert found.findings[1].state == "fine"
    assert told[-1] == (2, 2)


def test_a_mistake_of_the_users_is_told_with_its_lines():
    faults = [Fault("a.yaml", 3, "x", "1", "2"), Fault("b.yaml", 4, "y", "3", "4")]
    (one,) = diagnosed([check("specs", failing(SpecError(faults)))]).findings
    assert (one.state, one.found) == ("broken", "a.yaml:3: x: found 1, expected 2")
    assert one.details == ("b.yaml:4: y: found 3, expected 4",)


def test_what_nobody_foresaw_is_broken_and_not_fine():
    (one,) = diagnosed([check("odd", failing(KeyError("data")))]).findings
    assert (one.state, one.found) == ("broken", "the check failed: KeyError: 'data'")


def test_what_is_not_configured_says_what_would_make_it_be():
    (one,) = diagnosed([check("x", failing(NotConfigured("no url under [grafana]")))]).findings
    assert one == not_checked("x", "no url under [grafana]")


def test_a_library_that_is_missing_is_no_fault():
    error = ModuleNotFoundError("No module named 'grafana_client'", name="grafana_client")
    (one,) = diagnosed([check("dashboards", failing(error))]).findings
    assert (one.state, one.to_do) == ("not checked", "pip install 'slobook[grafana]'")


def test_a_library_of_our_own_that_is_missing_is_one():
    error = ModuleNotFoundError("No module named 'slo.nothing'", name="slo.nothing")
    (one,) = diagnosed([check("x", failing(error))]).findings
    assert one.state == "broken"


def test_what_rests_on_something_broken_does_not_repeat_it():
    down = HistoryError("it cannot be reached")
    first = check("prometheus", failing(down))
    second = check("rules", failing(down), after=("specs", "prometheus"))
    found = diagnosed([first, second]).findings
    assert found[0].state == "broken"
    assert found[1] == not_checked("rules", "nothing can be told as long as 'prometheus' is broken")
    # Asked for alone it has to say itself what is wrong.
    (alone,) = diagnosed([second]).findings
    assert (alone.state, alone.found) == ("broken", "it cannot be reached")


def test_a_finding_of_its_own_stands_whatever_else_is_broken():
    first = check("prometheus", lambda: broken("prometheus", "its reload failed", "mend it"))
    second = check("rules", lambda: broken("rules", "3 are missing", "x"), after=("prometheus",))
    assert [one.found for one in diagnosed([first, second]).findings][1] == "3 are missing"


def test_checks_are_chosen_by_name_in_the_order_of_the_list():
    checks = [check(name, lambda: fine("x", "y")) for name in ("a", "b", "c")]
    assert [one.name for one in chosen(checks, ["c", "a"])] == ["a", "c"]
    assert len(chosen(checks, [])) == 3
    with pytest.raises(ConfigError, match="--only: found 'd', expected one of the checks: a, b, c"):
        chosen(checks, ["d"])


def test_what_is_not_checked_is_no_fault_and_attention_is():
    assert diagnosed([check("x", lambda: not_checked("x", "no url"))]).healthy
    assert not diagnosed([check("x", lambda: attention("x", "soon", "do"))]).healthy


def test_the_worst_comes_last_in_what_is_to_do():
    findings = [
        broken("a", "1", "x"),
        attention("b", "2", "x"),
        fine("c", "3"),
        broken("d", "4", "x"),
        not_checked("e", "5"),
    ]
    found = diagnosed([check(one.check, lambda one=one: one) for one in findings])
    assert [one.check for one in found.to_do] == ["b", "a", "d"]
