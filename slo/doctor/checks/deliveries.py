"""``deliveries``: have the newest reports arrived where slobook.toml takes them?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.counting import out_of
from slo.delivery.record import read_record
from slo.doctor.finding import Finding, attention, broken, fine, first_of, not_checked
from slo.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.delivery.delivery import Delivery
    from slo.delivery.parcel import Parcel

NAME = "deliveries"
_ANCHOR = "reports"
_FAILED, _ARRIVED = ("failed", "failed"), ("arrived", "arrived")
_OF_NEWEST = ("delivery of the newest reports", "deliveries of the newest reports")
_TO_DO = "mend what the record names, then slo run-due; slo deliver --test tries a way"


def deliveries(newest: Sequence[Parcel], ways: Sequence[Delivery]) -> Finding:
    """Every report arrived by every way that wants it; nothing failed or was only begun.

    Args:
        newest: The newest report of each service and kind.
        ways: Where reports are taken.

    """
    if not newest:
        return not_checked(NAME, "there is no report yet", "slo doctor --only reports")
    wanted = [(one, way.name) for one in newest for way in ways if way.wants(one)]
    found = {f"{_title(one)} to {name}": _state(one, name) for one, name in wanted}
    failed = [f"{which}: {told}" for which, (state, told) in found.items() if state == "failed"]
    open_ones = [
        f"{which}: {told}" for which, (state, told) in found.items() if state in ("begun", "")
    ]
    if failed:
        told = f"{out_of(len(failed), len(found), *_OF_NEWEST, _FAILED)}"
        return broken(NAME, told, _TO_DO, _ANCHOR, first_of([*failed, *open_ones]))
    if open_ones:
        told = f"{out_of(len(open_ones), len(found), *_OF_NEWEST)} not done"
        return attention(NAME, told, _TO_DO, _ANCHOR, first_of(open_ones))
    return fine(NAME, f"{out_of(len(found), len(found), *_OF_NEWEST, _ARRIVED)}")


def _title(parcel: Parcel) -> str:
    return f"{parcel.service} {parcel.week} ({parcel.kind.name})"


def _state(parcel: Parcel, name: str) -> tuple[str, str]:
    """What became of a delivery, and what people should know of it."""
    try:
        entry = read_record(parcel.folder).get(name)
    except DeliveryError as error:
        return "failed", str(error)
    if entry is None:
        return "", "not sent yet"
    begun = f"begun at {entry.at}, and nobody knows whether it arrived"
    return entry.state, begun if entry.state == "begun" else entry.detail or entry.state
