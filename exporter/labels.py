"""Which values a label may have: few, clean, and never more than agreed.

Every label value is a series that lives as long as the process. What customers, models or scanners
can choose freely is therefore folded into ``other`` beyond the values that are known, or beyond the
first few that are met.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

OTHER = "other"
LONGEST = 64
"""Characters of a label value."""


@dataclass(frozen=True)
class Known:
    """Values that were named beforehand; capitals make no difference."""

    values: frozenset[str]

    @cached_property
    def by_small_letters(self) -> dict[str, str]:
        """The values, by themselves in small letters."""
        return {value.lower(): value for value in self.values}


@dataclass(frozen=True)
class Learnt:
    """The first values that are met, as they are written.

    Attributes:
        most: How many beside those that were named.
        named: Values that need not be met first.

    """

    most: int
    named: tuple[str, ...] = ()


Domain = Known | Learnt


class Admitted(NamedTuple):
    """A value that may be a label's, and whether it stands for one that may not."""

    value: str
    folded: bool


@dataclass(frozen=True, eq=False)
class LabelGuard:
    """Decides on label values, by the label's name.

    Attributes:
        domains: The values that each label may have.

    """

    domains: Mapping[str, Domain]
    _met: dict[str, set[str]] = field(default_factory=dict, repr=False)

    def admit(self, label: str, value: object) -> Admitted:
        """The value to be used for one that was given; None is nobody's fault and ``other``."""
        text = _clean(value)
        if text is None or text == OTHER:
            return Admitted(OTHER, folded=text is None and value is not None)
        match self.domains[label]:
            case Known(values) as known:
                found = text if text in values else known.by_small_letters.get(text.lower())
                return Admitted(found or OTHER, folded=found is None)
            case Learnt(most, named):
                met = self._met.setdefault(label, set())
                if text not in met and text not in named:
                    if len(met) >= most:
                        return Admitted(OTHER, folded=True)
                    met.add(text)
                return Admitted(text, folded=False)


def _clean(value: object) -> str | None:
    """The value as text, where it is short and printable and survives UTF-8."""
    try:
        if isinstance(value, Enum):
            value = value.value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int):
            value = str(value)
        if not isinstance(value, str):
            return None
        # A subclass may have a mind of its own about comparisons.
        text = str.strip(str(value))
    except Exception:  # noqa: BLE001  a value may fail whatever it is asked
        return None
    # A lone surrogate is not printable: it would break every later scrape.
    if not text or len(text) > LONGEST or not text.isprintable():
        return None
    return text
