"""A stand-in of each profile, and the client that the product uses."""

from __future__ import annotations

import pytest
from grafana_client import GrafanaApi, TokenAuth

from tests.grafana.profile import PROFILES
from tests.grafana.server import StandIn, standing_in


@pytest.fixture(params=PROFILES, ids=lambda profile: profile.name)
def server(request):
    with standing_in(request.param) as server:
        yield server


@pytest.fixture
def connect():
    """A function that connects to a stand-in; what it opened is closed at the end."""
    opened = []

    def client(server: StandIn, auth: object = None, timeout: float = 5.0) -> GrafanaApi:
        api = GrafanaApi.from_url(f"{server.url}/", auth or TokenAuth(server.token), timeout)
        opened.append(api)
        return api

    yield client
    for api in opened:
        api.client.s.close()


@pytest.fixture
def api(server, connect):
    return connect(server)
