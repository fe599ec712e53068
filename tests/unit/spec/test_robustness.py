"""Whatever stands in a file, its reader gets objectives or a list of faults."""

import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slo.errors import Fault, SpecError
from slo.spec.document import parse_documents
from slo.spec.faults import Faults
from slo.spec.reading import specs_of

VALID = Path("tests/golden/specs/every-kind.yaml").read_text(encoding="utf-8")
LINES = VALID.splitlines()
TOKENS = [
    *("{", "}", "[", "]", ":", "-", "&a", "*a", "!!python/object:os.system", "!!int", "<<: *a"),
    *("|", ">", "%YAML 1.1", "---", "...", "\t", "'", '"', "\x00", "é", "null", "true", "0.999"),
    *("99.9", "1e999", "-1", "0", ".nan", ".inf", "1M", "30s", "2026-13-45", "? ", "#", "@", "`"),
    *('le="', "{{", "5m5m", "!<x>", "\\", "\u2028", "0x10", "0b1", "1_000", "12:30:00", "~"),
]

line = st.integers(0, len(LINES) - 1)
change = st.one_of(
    st.tuples(st.just("drop"), line, st.just("")),
    st.tuples(st.just("copy"), line, st.sampled_from(LINES)),
    st.tuples(st.just("value"), line, st.sampled_from(TOKENS)),
    st.tuples(st.just("insert"), line, st.sampled_from(TOKENS)),
    st.tuples(st.just("insert"), line, st.text(string.printable, max_size=6)),
    st.tuples(st.just("indent"), line, st.sampled_from(["", "  ", "      "])),
)


def changed(changes: list[tuple[str, int, str]]) -> str:
    lines = list(LINES)
    for kind, index, text in changes:
        at = index % len(lines)
        old = lines[at]
        match kind:
            case "drop":
                del lines[at]
            case "copy":
                lines.insert(at, text)
            case "value":
                lines[at] = f"{old.split(':')[0]}: {text}"
            case "insert":
                middle = (index * 7) % (len(old) + 1)
                lines[at] = old[:middle] + text + old[middle:]
            case "indent":
                lines[at] = text + old.lstrip()
    return "\n".join(lines)


def read(text: str) -> bool:
    """Whether it was understood; a fault otherwise."""
    faults: tuple[Fault, ...] = ()
    try:
        return len(specs_of(parse_documents(text, "x.yaml"), Faults()).slos) > 0
    except SpecError as error:
        faults = error.faults
    assert faults
    assert all(fault.file == "x.yaml" and fault.found for fault in faults)
    return False


def test_an_anchors_name_may_be_taken_again():
    """YAML 1.2, 3.2.2.2: an alias means the latest; and nobody is warned on the terminal."""
    (document,) = parse_documents("a: &x 1\nb: &x 2\nc: *x\n", "spec.yaml")
    assert document.value["c"] == "2"


def test_the_unchanged_specification_is_understood():
    assert read(VALID)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(change, min_size=1, max_size=4))
def test_a_changed_specification_never_ends_in_a_traceback(changes):
    read(changed(changes))


@pytest.mark.parametrize("text", ["[" * 800, "{a: " * 800, "- " * 3000, "? " * 3000])
def test_no_depth_ends_in_a_traceback(text):
    assert not read(text)


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_no_text_ends_in_a_traceback(text):
    read(text)


@settings(max_examples=50, deadline=None)
@given(st.text(string.printable, max_size=20))
def test_no_query_ends_in_a_traceback(query):
    quoted = query.replace("'", "''").replace("\n", " ").replace("\r", " ")
    old = 'query: probe_success_ratio{site="shop"}'
    assert old in VALID
    read(VALID.replace(old, f"query: '{quoted}'"))
