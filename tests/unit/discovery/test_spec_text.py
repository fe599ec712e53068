"""Specifications and configurations from texts that somebody else chose."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from slo.configuration import read_configuration
from slo.discovery.configuration_text import configuration_text
from slo.discovery.scalars import comment, toml_string, yaml_scalar
from slo.discovery.services import Owner, name_of
from slo.discovery.spec_text import can_be_written, specification, title_of
from slo.history.connection import PrometheusServer
from slo.model.selector import Matcher
from slo.promql import counter_selector
from slo.spec.document import parse_documents
from slo.spec.faults import Faults
from slo.spec.reading import specs_of
from tests.found import candidate, discovery, indicators, promised

# Surrogates are no text: no server can send them in UTF-8.
ANY = st.text(st.characters(exclude_categories=["Cs"]))
HOSTILE = [
    "quote \" and ' and `",
    "back\\slash \\n \\",
    "line\nbreak\r\n\ttab",
    "# comment: {a: b} [c] - d",
    "--- \n... %TAG ! &x *y |- >",
    "{{.window}} $__range",
    "\x85\u2028\u2029\ufeff\x00\x1b",
    "yes",
    "💥",
    " leading and trailing ",
]


def read_back(text: str):
    return specs_of(parse_documents(text, "specs/shop.yaml"), Faults())


def written(value: str, number: int = 0):
    matcher = Matcher("job", "=", value)
    owner = Owner(name_of(value), value, (matcher,))
    return candidate(indicators(matcher)[number], owner=owner)


@pytest.mark.parametrize("number", range(len(indicators())))
@pytest.mark.parametrize("value", HOSTILE)
def test_what_is_written_is_read_back_whatever_labels_hold(value, number):
    one = written(value, number)
    if not can_be_written(one):
        assert any(not character.isprintable() for character in value) or "window" in value
        return
    made = promised(one, warnings=(value,), reason=value, period_reason=value)
    specs = read_back(specification(discovery(one), [made]))
    (slo,) = specs.slos
    assert slo.indicator == one.indicator
    assert slo.objective == made.slo.objective
    assert slo.period == made.slo.period
    assert slo.policy == made.slo.policy
    assert [service.name for service in specs.services] == [one.service]


@given(ANY)
@example("back\\slash \\n \\")
def test_any_label_is_read_back_or_left_out(value):
    one = written(value)
    if can_be_written(one):
        text = specification(discovery(one), [promised(one, reason=value, warnings=(value,))])
        assert read_back(text).slos[0].indicator == one.indicator
    elif value.isprintable():
        assert counter_selector(str(one.indicator.selectors[0])) != one.indicator.selectors[0]


def test_what_would_become_another_query_is_left_out():
    assert can_be_written(written('shop "7" \\ x'))
    assert not can_be_written(written("{{.window}}"))


@given(ANY)
def test_yaml_scalars_say_what_they_were_made_of(text):
    (document,) = parse_documents(f"a: {yaml_scalar(text)}\n", "x")
    assert document.value == {"a": text}


@given(ANY)
def test_toml_strings_say_what_they_were_made_of(text):
    assert tomllib.loads(f"a = {toml_string(text)}") == {"a": text}


@given(ANY)
def test_nothing_leaves_a_comment(text):
    assert all(line.startswith("# ") for line in comment(text).splitlines())
    assert parse_documents(f"{comment(text)}a: 1\n", "x")[0].value == {"a": "1"}


def test_several_objectives_are_one_file():
    first = candidate()
    second = replace(candidate(indicators()[1]), name="latency")
    specs = read_back(specification(discovery(first, second), [promised(first), promised(second)]))
    assert [one.name for one in specs.slos] == ["availability", "latency"]


def test_evidence_stands_beside_what_it_is_for():
    text = specification(discovery(candidate()), [promised(candidate(), warnings=("it is late",))])
    assert "10,000 events a day over 14 days, 0.1 % bad; 2 series, by the labels job" in text
    assert "# Target: a reason.\n" in text
    assert "# Mind: it is late.\n" in text
    assert "http://prometheus.test" in text


def test_titles_are_for_people():
    assert title_of(replace(candidate(), name="grpc-availability")) == "gRPC availability"
    named = replace(candidate(), name="availability--api-requests-total")
    assert title_of(named) == "Availability by api requests total"


@pytest.mark.parametrize("agent", [True, False])
def test_the_configuration_names_secrets_and_holds_none(tmp_path, agent):
    server = PrometheusServer("http://p.test/x", username_env="USER_VAR", password_env="PASS_VAR")
    path = Path(tmp_path, "slobook.toml")
    path.write_text(configuration_text(server, agent=agent))
    read = read_configuration(path)
    assert read.prometheus
    assert read.prometheus.server == server
    assert read.dashboards.agent == ("support-agent" if agent else "")
