"""Deployments, incidents and episodes over the dashboards: once, and only ours taken away."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest

from slo.errors import GrafanaError, SloError, Unfinished
from slo.targets.grafana.annotating import annotate, remove
from slo.targets.grafana.annotations import INCIDENT, Annotation, deployment, scope
from tests.grafana.faults import Cut, broken
from tests.integration.grafana.pushing import configured

pytestmark = [pytest.mark.integration, pytest.mark.live_grafana]

NOON = 1_764_158_400_000


def deployed(grafana, number="17", at=NOON):
    return deployment("1.4.2", at, grafana.named(number), "production", "support-agent")


def standing(grafana, number="17"):
    return grafana.person.annotations(f"deploy:{grafana.named(number)}")


def test_a_deployment_is_marked_once_however_often_a_pipeline_runs(grafana):
    server = configured(grafana)
    for later in range(3):
        annotate([deployed(grafana, at=NOON + later * 60_000)], server)
    (one,) = standing(grafana)
    assert one["time"] == NOON
    assert "1.4.2" in one["text"]
    assert {"deploy", "version:1.4.2", "environment:production"} <= set(one["tags"])


@pytest.mark.parametrize("name", ["a+b&c=d", "main #17", "50%", "Überholung/2", "a,b"])
def test_ids_may_be_written_as_pipelines_write_them(grafana, name):
    one = deployment("1.4.2", NOON, f"{name} {grafana.run}")
    for _ in range(2):
        annotate([one], configured(grafana))
    assert len(grafana.person.annotations(one.key)) == 1


def test_two_pipelines_at_once_leave_one_mark(grafana):
    start, errors = Barrier(2), []

    def run(number):
        start.wait()
        try:
            annotate([deployed(grafana, at=NOON + number)], configured(grafana))
        except SloError as error:
            errors.append(error)

    threads = [Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(standing(grafana)) == 1


def test_a_pipeline_that_runs_between_any_two_requests_of_another_leaves_one_mark(grafana, server):
    number = 0
    while True:
        grafana.clean_up()
        seen = []

        def hook(asked, state, seen=seen, number=number):
            seen.append(asked)
            if len(seen) == number + 1:
                annotate([deployed(grafana, at=NOON + 1)], configured(grafana))

        server.before(hook)
        annotate([deployed(grafana)], configured(grafana))
        server.without_hooks()
        if len(seen) <= number:
            break
        assert len(standing(grafana)) == 1, number
        number += 1
    assert number > 2


@pytest.mark.parametrize("fault", [broken(500), Cut(), Cut(carried_out=True)])
def test_after_a_failure_at_any_request_running_again_marks_once(grafana, server, fault):
    number = 0
    while True:
        grafana.clean_up()
        seen = []

        def hook(asked, state, seen=seen, number=number):
            seen.append(asked)
            return fault if len(seen) == number + 1 else None

        server.before(hook)
        failed = False
        try:
            annotate([deployed(grafana)], configured(grafana))
        except (GrafanaError, Unfinished):
            failed = True
        server.without_hooks()
        assert failed is (len(seen) > number)
        if not failed:
            break
        annotate([deployed(grafana)], configured(grafana))
        assert len(standing(grafana)) == 1, number
        number += 1
    assert number > 2


def incident(grafana, name, text):
    ours = scope(grafana.folder_uid)
    return Annotation(INCIDENT, grafana.named(name), text, NOON, NOON + 60_000, (ours,))


def test_incidents_are_pushed_changed_and_taken_away_again(grafana):
    server = configured(grafana)
    annotate([incident(grafana, "i1", "first"), incident(grafana, "i2", "second")], server)
    assert annotate([incident(grafana, "i1", "first")], server).changes == ()
    annotate([incident(grafana, "i1", "first, longer")], server)
    texts = {one["text"] for one in grafana.person.annotations(scope(grafana.folder_uid))}
    assert texts == {"first, longer", "second"}
    theirs = grafana.person.annotate(grafana.titled("theirs"), ["incident", grafana.named("t")])
    annotate([deployed(grafana)], server)
    remove(INCIDENT, server)
    assert grafana.person.annotations(scope(grafana.folder_uid)) == []
    assert [one["id"] for one in grafana.person.annotations(grafana.named("t"))] == [theirs]
    assert len(standing(grafana)) == 1
    assert remove(INCIDENT, server).changes == ()
