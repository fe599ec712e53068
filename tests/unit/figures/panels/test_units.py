import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.figures.panels.units import fixed, formatted


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        (0.1234, "s", None, "123 ms"),
        (95, "s", None, "1.58 mins"),
        (7200, "s", 1, "2.0 hours"),
        (250, "ms", 0, "250 ms"),
        (0, "s", None, "0 s"),
        (0.9987, "percentunit", 2, "99.87%"),
        (99.5, "percent", None, "99.5%"),
        (1234567, "short", None, "1.23 Mil"),
        (42, "none", None, "42"),
        (12.345, "currencyUSD", 2, "$12.35"),
        (-1234, "currencyUSD", None, "-$1.23K"),
        (1536, "bytes", None, "1.50 KiB"),
        (1500, "decbytes", None, "1.50 kB"),
        (3.2, "reqps", None, "3.20 req/s"),
        (1500, "count:tickets", None, "1.50K tickets"),
        (1.5, "suffix:x", 2, "1.50x"),
        (93784, "dtdurations", 1, "1 day, 2 hours"),
        (0, "bool_yes_no", None, "No"),
        (5, "furlong", None, "5 furlong"),
        (1_793_577_600_000, "dateTimeAsIso", None, "2026-11-02 00:00:00"),
        (math.inf, "s", None, "∞"),
        (-0.0001, "none", 2, "0.00"),
        (1234567, "locale", None, "1,234,567"),
    ],
)
def test_numbers_are_written_as_grafana_writes_them(value, unit, decimals, text):
    assert str(formatted(value, unit, decimals)) == text


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_three_digits_are_kept(value):
    shown = float(fixed(value))
    assert shown == pytest.approx(value, rel=0.006, abs=1e-14)


@given(
    st.floats(allow_nan=False, min_value=1e-6, max_value=1e10),
    st.sampled_from(["short", "s", "bytes", "currencyUSD", "reqps", "sishort"]),
)
def test_scaled_numbers_stay_below_what_scales_them(value, unit):
    shown = float(formatted(value, unit).number)
    assert 0 < shown <= 1024
