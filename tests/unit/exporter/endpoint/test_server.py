"""The endpoint on a port of its own."""

import socket
from http.client import HTTPConnection, RemoteDisconnected
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from prometheus_client import CollectorRegistry

from exporter import Metrics
from exporter.endpoint import ANYONE, Access
from exporter.endpoint.access import AccessError, Secret
from exporter.endpoint.server import serve_metrics


@pytest.fixture
def metrics():
    return Metrics(CollectorRegistry())


def test_it_serves_until_it_is_closed(metrics):
    with serve_metrics(0, metrics=metrics) as server:
        url = f"http://127.0.0.1:{server.port}"
        assert b"support_agent_build_info" in urlopen(f"{url}/metrics", timeout=10).read()
        head = urlopen(Request(f"{url}/metrics", method="HEAD"), timeout=10)
        assert head.read() == b""
        assert int(head.headers["Content-Length"]) > 10_000
        with pytest.raises(HTTPError, match="404"):
            urlopen(url, timeout=10)
    with pytest.raises(OSError, match="refused"):
        urlopen(url, timeout=10)


def test_a_port_that_is_taken_is_said(metrics):
    with serve_metrics(0, metrics=metrics) as server, pytest.raises(OSError, match="in use"):
        serve_metrics(server.port, metrics=metrics)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "10.0.0.1", "example.invalid", ""])  # noqa: S104
def test_others_than_this_machine_need_a_credential(metrics, address):
    with pytest.raises(AccessError, match="credential"):
        serve_metrics(0, address, metrics)
    with pytest.raises(AccessError, match="credential"):
        serve_metrics(0, address, metrics, Access())


@pytest.mark.parametrize("access", [ANYONE, Access(token=Secret("one"))])
def test_with_one_or_a_word_that_none_is_needed_they_are_served(metrics, access):
    with serve_metrics(0, "0.0.0.0", metrics, access) as server:  # noqa: S104  that is the point
        shown = {"Authorization": "Bearer one"}
        url = f"http://127.0.0.1:{server.port}/metrics"
        assert urlopen(Request(url, headers=shown), timeout=10).status == 200


def test_a_client_that_says_nothing_does_not_keep_others_waiting(metrics):
    with serve_metrics(0, metrics=metrics) as server:
        place = ("127.0.0.1", server.port)
        with socket.create_connection(place), socket.create_connection(place):
            connection = HTTPConnection(*place, timeout=10)
            connection.request("GET", "/healthz")
            assert connection.getresponse().read() == b"ok\n"
            connection.close()


def test_a_crowd_is_turned_away_and_the_server_lives_on(metrics):
    with serve_metrics(0, metrics=metrics) as server:
        place = ("127.0.0.1", server.port)
        crowd = [socket.create_connection(place) for _ in range(16)]
        crowd[0].sendall(b"GET /healthz HTTP/1.0\r\n")
        with pytest.raises((ConnectionError, URLError, RemoteDisconnected)):
            urlopen(f"http://127.0.0.1:{server.port}/healthz", timeout=10)
        for one in crowd:
            one.close()
        for _ in range(100):
            try:
                answer = urlopen(f"http://127.0.0.1:{server.port}/healthz", timeout=10)
            except OSError:
                continue
            assert answer.read() == b"ok\n"
            break
        else:
            pytest.fail("nobody was served any more")
