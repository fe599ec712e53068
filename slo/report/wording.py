"""Numbers as people read them. A dash stands where there is no number."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from slo.model.duration import DAY, HOUR, MINUTE, SECOND, format_duration
from slo.model.span import to_datetime

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

NONE = "–"  # noqa: RUF001  an en dash is meant
_MINUS = "−"  # noqa: RUF001  a minus sign is meant, as wide as a plus


def listed(names: Sequence[str]) -> str:
    """Names as people list them: ``a``, ``a and b``, ``a, b and c``."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def percent(share: float, digits: int = 1) -> str:
    """A share: ``12.3 %``."""
    return NONE if math.isnan(share) else _signed_right(f"{100 * share:,.{digits}f}") + " %"


def percent_beside(share: float, budget: Decimal) -> str:
    """A share to a hundredth of an error budget: ``99.934 %`` beside an objective of 99.9 %."""
    # An objective of 99.9 % has a budget of 1E-3 and needs three digits behind the point.
    digits = max(1, -budget.adjusted())
    return percent(share, digits)


def points(difference: float) -> str:
    """A difference of shares, in percentage points with its sign: ``+1.5 points``."""
    if math.isnan(difference):
        return "no comparison"
    return _signed_right(f"{100 * difference:+.1f}") + " points"


def difference(now: int, before: int) -> str:
    """A difference of numbers: ``2 more than``, ``as many as``."""
    if now == before:
        return "as many as"
    return f"{abs(now - before)} {'more' if now > before else 'fewer'} than"


def count(value: float) -> str:
    """A number of events: ``12,345``."""
    return NONE if math.isnan(value) else _signed_right(f"{value:,.0f}")


def dollars(value: float) -> str:
    """An amount of US dollars to the cent: ``$1,234.50``."""
    return _money(value, f"{abs(value):,.2f}")


def unit_dollars(value: float) -> str:
    """What one of something costs: to a hundredth of a cent below a dollar."""
    return _money(value, f"{abs(value):,.{2 if abs(value) >= 1 else 4}f}")


def more_dollars(value: float) -> str:
    """A difference of US dollars with its sign: ``+$12.00``."""
    if math.isnan(value):
        return "no comparison"
    shown = dollars(value)
    return f"+{shown}" if shown.startswith("$") and shown.strip("$0.,") else shown


def percent_more(share: float) -> str:
    """A relative difference with its sign: ``+12.3 %``."""
    if math.isnan(share):
        return "no comparison"
    return _signed_right(f"{100 * share:+,.1f}") + " %"


def _money(value: float, shown: str) -> str:
    if math.isnan(value):
        return NONE
    return f"{_MINUS if value < 0 and shown.strip('0.,') else ''}${shown}"


def duration(milliseconds: float) -> str:
    """A duration to what matters of it: ``3h20m``."""
    if math.isnan(milliseconds):
        return NONE
    size = abs(milliseconds)
    grain = HOUR if size >= DAY else MINUTE if size >= MINUTE else SECOND
    sign = _MINUS if milliseconds < 0 else ""
    return sign + format_duration(round(size / grain) * grain)


def minutes(value: float) -> str:
    """Minutes as a duration."""
    return duration(value * MINUTE)


def instant(milliseconds: int) -> str:
    """An instant to the minute: ``2026-11-02 14:30``; pages say once that times are UTC."""
    return f"{to_datetime(milliseconds):%Y-%m-%d %H:%M}"


def day(milliseconds: int) -> str:
    """A day with its weekday: ``Monday 2 November 2026``."""
    moment = to_datetime(milliseconds)
    return f"{moment:%A} {moment.day} {moment:%B %Y}"


def weekday(milliseconds: int) -> str:
    """A day of about now with its weekday: ``Monday 2 November``."""
    return f"{to_datetime(milliseconds):%A} {short_day(milliseconds)}"


def short_day(milliseconds: int) -> str:
    """A day of about now: ``2 November``."""
    moment = to_datetime(milliseconds)
    return f"{moment.day} {moment:%B}"


def _signed_right(text: str) -> str:
    """A minus sign in place of the hyphen; zero has no sign."""
    if not text.strip("+-0.,"):
        return text.lstrip("+-")
    return text.replace("-", _MINUS)
