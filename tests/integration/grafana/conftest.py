"""A Grafana to push to: the stand-in in both profiles, or a real one that the environment names.

With ``GRAFANA_URL`` and ``GRAFANA_TOKEN`` the same tests run against that server (``pytest -m
live_grafana``). Everything is made there under uids, titles and tags of that run's own, and is
removed again; what needs faults injected or the server's memory looked at is skipped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.grafana.people import Person
from tests.grafana.profile import PROFILES
from tests.grafana.server import StandIn, standing_in
from tests.integration.grafana.site import Site, unique

URL, TOKEN = os.environ.get("GRAFANA_URL", ""), os.environ.get("GRAFANA_TOKEN", "")
LIVE = bool(URL and TOKEN)


@pytest.fixture(params=["live"] if LIVE else PROFILES, ids=lambda one: getattr(one, "name", one))
def grafana(request, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Some Grafana, empty where it is ours."""
    # Proxies of the machine are for the machine's network, not for the loopback.
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        if not LIVE:
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.lower(), raising=False)
    if LIVE:
        yield from _live(monkeypatch)
        return
    with standing_in(request.param) as server:
        monkeypatch.setenv("GRAFANA_TOKEN", server.token)
        yield Site(server.url, server.token, Person(server.url), unique(), "prom-eu-1", server)


@pytest.fixture
def server(grafana: Site) -> StandIn:
    """The stand-in itself, for tests that inject faults or look into its memory."""
    if grafana.server is None:
        pytest.skip("a real Grafana lets nobody inject faults or look into its memory")
    return grafana.server


def _live(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
    person = Person(URL.rstrip("/"), TOKEN)
    site = Site(URL.rstrip("/"), TOKEN, person, unique(), person.prometheus())
    try:
        yield site
    finally:
        site.clean_up()
