import pytest

from slo.manifests.yaml_text import yaml_text
from tests.manifest_samples import parsed

ODD = [
    *("on", "Off", "YES", "n", "true", "~", "null", "Null", "=", "<<", ""),
    *("0600", "06:00", "6:00:00", "1_000", "1e3", "1E3", "0x1F", "0o17", "0b11", "+1", ".5", "-"),
    *(".inf", "-.INF", ".NaN", "2026-01-02", "2026-01-02T00:00:00Z", "1.2.3", "1,000"),
    *("0 6 * * 1", "a: b", "# c", "@d", "%e", "{{ f }}", "*g", "&h", "!i", "'j'", '"k"', "é ✓"),
    *(" l", "m ", "n\n", "o\n\np", "q\tr", "-- s", "? t", "[u]", "a" * 300),
]


@pytest.mark.parametrize("version", [(1, 1), (1, 2)])
def test_what_is_written_is_what_is_read(version):
    tree = {"values": ODD, "keys": {text: 1 for text in ODD if text != "<<"}}
    assert parsed(yaml_text(tree), version) == [tree]


def test_several_documents_stand_in_one_file():
    assert parsed(yaml_text({"a": 1}, {"b": "2"})) == [{"a": 1}, {"b": "2"}]


def test_what_is_used_twice_is_written_twice():
    labels = {"release": "x"}
    assert "&" not in yaml_text({"a": labels, "b": labels})
