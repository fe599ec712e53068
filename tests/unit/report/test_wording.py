# ruff: noqa: RUF001  minus signs and dashes are what people read
from decimal import Decimal

import pytest

from slo.model.duration import DAY, HOUR, MINUTE, SECOND
from slo.report import wording

NAN = float("nan")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (wording.percent(0.12345), "12.3 %"),
        (wording.percent(-0.046), "−4.6 %"),
        (wording.percent(-0.0001), "0.0 %"),
        (wording.percent(NAN), "–"),
        (wording.percent_beside(0.999341, Decimal("0.001")), "99.934 %"),
        (wording.percent_beside(0.999341, Decimal("0.0005")), "99.9341 %"),
        (wording.percent_beside(0.7158, Decimal("0.35")), "71.6 %"),
        (wording.points(0.0512), "+5.1 points"),
        (wording.points(-0.0448), "−4.5 points"),
        (wording.points(0.0), "0.0 points"),
        (wording.points(NAN), "no comparison"),
        (wording.count(12345.4), "12,345"),
        (wording.count(-42.6), "−43"),
        (wording.count(NAN), "–"),
        (wording.duration(3 * HOUR + 20 * MINUTE + 29 * SECOND), "3h20m"),
        (wording.duration(25 * HOUR + 20 * MINUTE), "1d1h"),
        (wording.duration(12 * SECOND), "12s"),
        (wording.duration(-10 * MINUTE), "−10m"),
        (wording.duration(0), "0s"),
        (wording.duration(NAN), "–"),
        (wording.minutes(61.2), "1h1m"),
        (wording.instant(1_794_182_400_000 + DAY + 90 * MINUTE), "2026-11-10 01:30"),
        (wording.day(1_794_182_400_000), "Monday 9 November 2026"),
        (wording.dollars(1234.5), "$1,234.50"),
        (wording.dollars(-0.5), "−$0.50"),
        (wording.dollars(-0.001), "$0.00"),
        (wording.dollars(NAN), "–"),
        (wording.unit_dollars(0.02591), "$0.0259"),
        (wording.unit_dollars(8.5), "$8.50"),
        (wording.more_dollars(12), "+$12.00"),
        (wording.more_dollars(-12), "−$12.00"),
        (wording.more_dollars(0.001), "$0.00"),
        (wording.more_dollars(NAN), "no comparison"),
        (wording.percent_more(0.1234), "+12.3 %"),
        (wording.percent_more(-0.5), "−50.0 %"),
        (wording.percent_more(NAN), "no comparison"),
        (wording.difference(3, 1), "2 more than"),
        (wording.difference(1, 3), "2 fewer than"),
        (wording.difference(2, 2), "as many as"),
    ],
)
def test_numbers_as_people_read_them(text, expected):
    assert text == expected
