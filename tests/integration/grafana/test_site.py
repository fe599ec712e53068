"""What tests of a push stand on: names of their own, and nothing left behind."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.live_grafana]


def test_what_a_test_makes_is_removed_again(grafana):
    person = grafana.person
    person.create_folder(grafana.folder, grafana.folder_uid)
    person.create(grafana.titled("Board"), grafana.folder_uid, uid=grafana.named("board"))
    person.create(grafana.titled("Elsewhere"), uid=grafana.named("elsewhere"))
    person.annotate(grafana.titled("deployed"), [grafana.named("deploy")])
    assert len(person.found(grafana.run)) == 2
    grafana.clean_up()
    assert person.found(grafana.run) == []
    assert grafana.folder_uid not in [one["uid"] for one in person.folders()]
    assert person.annotations(grafana.named("deploy")) == []
