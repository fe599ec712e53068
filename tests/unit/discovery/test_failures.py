"""Values of status labels to failures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.discovery.failures import STATUS_LABELS, failures_among, status_label


def failed(label: str, *values: str) -> set[str]:
    found = failures_among(label, values)
    assert found
    assert found.matcher.name == label
    return {value for value in values if found.matcher.matches(value)}


@pytest.mark.parametrize(
    ("label", "values", "bad"),
    [
        ("code", ("200", "404", "500", "503"), {"500", "503"}),
        ("status", ("200", "unknown", "502"), {"502"}),
        ("status", ("2xx", "4xx", "5xx"), {"5xx"}),
        ("status", ("2XX", "5XX"), {"5XX"}),
        ("envoy_response_code_class", ("2", "4", "5"), {"5"}),
        ("grpc_code", ("OK", "NotFound", "Internal", "Unavailable"), {"Internal", "Unavailable"}),
        ("rpc_grpc_status_code", ("0", "5", "14", "4"), {"14", "4"}),
        ("grpc_status", ("OK", "NOT_FOUND", "DEADLINE_EXCEEDED"), {"DEADLINE_EXCEEDED"}),
        ("code", ("OK", "Unknown", "Canceled"), {"Unknown"}),
        ("outcome", ("SUCCESS", "CLIENT_ERROR", "SERVER_ERROR"), {"SERVER_ERROR"}),
        ("result", ("ok", "timeout"), {"timeout"}),
    ],
)
def test_which_values_are_failures(label, values, bad):
    assert failed(label, *values) == bad


@pytest.mark.parametrize(
    ("label", "values", "first"),
    [
        ("code", ("200",), "500"),
        ("status", ("2xx",), "5xx"),
        ("grpc_code", ("OK",), "Internal"),
        ("rpc_grpc_status_code", ("0",), "13"),
        ("outcome", ("success",), "error"),
    ],
)
def test_a_failure_that_never_happened_is_asked_for_all_the_same(label, values, first):
    assert failed(label, *values) == set()
    found = failures_among(label, values)
    assert found
    assert found.matcher.matches(first)


@pytest.mark.parametrize("values", [(), ("/index", "/about"), ("12345",), ("GET", "POST")])
def test_what_is_no_status(values):
    assert failures_among("status", values) is None


def test_the_most_telling_label_is_taken():
    assert status_label(["outcome", "status", "uri"]) == "status"
    assert status_label(["grpc_code", "grpc_type"]) == "grpc_code"
    assert status_label(["uri", "method"]) == ""


@given(st.sampled_from(STATUS_LABELS), st.sets(st.text(max_size=4), max_size=6))
def test_success_is_never_a_failure(label, values):
    found = failures_among(label, values)
    if found:
        assert not any(map(found.matcher.matches, ("200", "2xx", "OK", "success", "")))
