import pytest

from slo.engine.semantics import Semantics, semantics_of

OF_2_42 = Semantics(left_open=False, clamp_first=True, compensated_sum=False, mean_of_sum=False)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2.42.0", OF_2_42),
        ("2.50.1", OF_2_42),
        ("2.42.0+ds", OF_2_42),
        ("v2.9.0", OF_2_42),
        ("", OF_2_42),
        ("mimir", OF_2_42),
        ("2.51.0", Semantics(False, False, False, False)),
        ("2.54.1", Semantics(False, False, True, False)),
        ("2.55.0", Semantics(False, False, True, True)),
        ("3.0.0-rc.1", Semantics(True, False, True, True)),
        ("3.12.0", Semantics(True, False, True, True)),
        ("12.0.0", Semantics(True, False, True, True)),
    ],
)
def test_a_version_says_how_it_computes(version, expected):
    assert semantics_of(version) == expected
