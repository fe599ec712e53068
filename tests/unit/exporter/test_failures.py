"""Kinds of failures, told by exceptions of the clients and of others."""

from __future__ import annotations

import socket
from types import SimpleNamespace

import anthropic
import httpx2
import openai
import pytest

from exporter.failures import ERROR_TYPES, error_type

REQUEST = httpx2.Request("POST", "https://example.test")
STATUSES = {
    400: "invalid_request",
    401: "auth",
    403: "auth",
    404: "invalid_request",
    408: "timeout",
    409: "invalid_request",
    413: "invalid_request",
    422: "invalid_request",
    429: "rate_limit",
    500: "server_error",
    502: "server_error",
    503: "overloaded",
    504: "timeout",
    529: "overloaded",
}
CLIENTS = {
    "anthropic": anthropic.Anthropic(api_key="none"),
    "openai": openai.OpenAI(api_key="none"),
}


def status_error(client: str, status: int, body: object = None) -> Exception:
    response = httpx2.Response(status, request=REQUEST)
    return CLIENTS[client]._make_status_error("no", body=body, response=response)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(("status", "kind"), STATUSES.items())
def test_answers_of_the_clients(client, status, kind):
    assert error_type(status_error(client, status)) == kind


@pytest.mark.parametrize("module", [anthropic, openai])
def test_calls_that_got_no_answer(module):
    assert error_type(module.APITimeoutError(request=REQUEST)) == "timeout"
    assert error_type(module.APIConnectionError(request=REQUEST)) == "connection"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("overloaded_error", "overloaded"),
        ("rate_limit_error", "rate_limit"),
        ("api_error", "server_error"),
        ("timeout_error", "timeout"),
        ("invalid_request_error", "invalid_request"),
        ("authentication_error", "auth"),
        ("permission_error", "auth"),
    ],
)
def test_a_stream_of_anthropics_that_began_well_and_failed(said, kind):
    body = {"type": "error", "error": {"type": said, "message": "no"}}
    assert error_type(status_error("anthropic", 200, body)) == kind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"type": "server_error", "code": None}, "server_error"),
        ({"type": "requests", "code": "rate_limit_exceeded"}, "rate_limit"),
        ({"type": "insufficient_quota", "code": "insufficient_quota"}, "rate_limit"),
        ({"type": "invalid_request_error", "code": "content_filter"}, "content_filter"),
    ],
)
def test_a_stream_of_openais_that_began_well_and_failed(body, kind):
    assert error_type(openai.APIError("no", REQUEST, body=body)) == kind


def test_a_filter_of_contents_is_told_from_a_bad_request():
    assert error_type(status_error("openai", 400, {"code": "content_filter"})) == "content_filter"


class ServiceError(Exception):
    def __init__(self, **fields):
        self.__dict__.update(fields)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimeoutError(), "timeout"),
        (ConnectionResetError(), "connection"),
        (BrokenPipeError(), "connection"),
        (socket.gaierror(), "other"),
        (ValueError(), "other"),
        (KeyError(429), "other"),
        (ServiceError(status=429), "rate_limit"),  # as aiohttp's
        (ServiceError(code=503), "overloaded"),  # as those of Google's clients
        (ServiceError(code="42P01"), "other"),  # as a database's
        (ServiceError(response=SimpleNamespace(status_code=401)), "auth"),
        (ServiceError(response={"Error": {}}), "other"),  # as those of AWS's clients
        (ServiceError(status_code=True), "other"),
        (ServiceError(status_code=200, status=None), "other"),
        (
            ExceptionGroup("several", [ExceptionGroup("", [TimeoutError()]), ValueError()]),
            "timeout",
        ),
    ],
    ids=repr,
)
def test_failures_of_others(error, kind):
    assert error_type(error) == kind
    assert kind in ERROR_TYPES


class HostileError(Exception):
    def __getattribute__(self, name):
        raise RuntimeError(name)


def test_an_exception_that_fails_is_one_of_the_others(metrics):
    assert error_type(HostileError()) == "other"
    error = HostileError()
    with pytest.raises(HostileError) as caught, metrics.database_query("select"):
        raise error
    assert caught.value is error
