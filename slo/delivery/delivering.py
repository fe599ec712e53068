"""Taking a report to a delivery at least once, and writing down what became of it.

It is written down before anything is sent. Who finds a sending that began and did not end, and
holds the report's lock, knows that its sender is gone, and sends again: in the worst case twice,
and never not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from slo.delivery.delivery import Sending
from slo.delivery.record import Entry, now, read_record, write_record
from slo.delivery.trying import Effort, sent, within
from slo.errors import DeliveryError, SloError, UnderWay, WriteError
from slo.report.runs.credentials import scrubbed
from slo.report.runs.publishing import keeping

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from slo.delivery.delivery import Delivery
    from slo.delivery.parcel import Parcel

_LONGEST = 500
"""Letters of what somebody else says."""

_UNWANTED = "slobook.toml does not want it there"

State = Literal[
    "delivered", "delivered before", "to be delivered", "not wanted", "under way", "failed"
]


@dataclass(frozen=True)
class Outcome:
    """What became of a report and a delivery.

    Attributes:
        parcel: The report.
        delivery: The delivery's name.
        state: Delivered now or before, not for this delivery, not there, or foreseen.
        detail: Where it is now, or why it is not; without secrets.

    """

    parcel: Parcel
    delivery: str
    state: State
    detail: str

    def __str__(self) -> str:
        return f"{self.parcel} to {self.delivery}"


@dataclass(frozen=True)
class Terms:
    """What all deliveries of a run have in common.

    Attributes:
        effort: How hard to try.
        secrets: Names of the variables whose values no message may repeat.

    """

    effort: Effort = field(default_factory=Effort)
    secrets: Sequence[str] = ()


def once(before: Entry | None) -> Entry | None:
    """What to begin, looking at what became of it before: nothing where the report is there."""
    if before is None:
        return Entry("begun", now())
    if before.state == "delivered":
        return None
    return replace(before, state="begun", at=now(), detail="")


def again(before: Entry | None) -> Entry | None:
    """What to begin where the report is wanted again: it is begun whatever became of it before."""
    if before is None or before.state != "delivered":
        return once(before)
    return Entry("begun", now(), number=before.number + 1)


def deliver(
    parcel: Parcel,
    delivery: Delivery,
    terms: Terms,
    begun: Callable[[Entry | None], Entry | None] = once,
) -> Outcome:
    """Take a report to a delivery, if it is wanted there; nothing is raised.

    Args:
        parcel: The report.
        delivery: Where to.
        terms: How.
        begun: ``once``, or ``again`` where it is to be taken there also if it is there already.

    """
    told = partial(Outcome, parcel, delivery.name)
    if not delivery.wants(parcel):
        return told("not wanted", _UNWANTED)
    try:
        with keeping(parcel.folder):
            record = read_record(parcel.folder)
            before = record.get(delivery.name)
            beginning = begun(before)
            if beginning is None:
                return told("delivered before", _told_before(before))
            end = _carried_out(parcel, delivery, terms, record, beginning)
            return told("delivered" if end.state == "delivered" else "failed", end.detail)
    except UnderWay as error:
        return told("under way", str(error))
    except SloError as error:
        return told("failed", one_line(str(error), terms.secrets))


def foresee(
    parcel: Parcel,
    delivery: Delivery,
    begun: Callable[[Entry | None], Entry | None] = once,
) -> Outcome:
    """What ``deliver`` would do; nothing is sent, and nothing written down."""
    told = partial(Outcome, parcel, delivery.name)
    if not delivery.wants(parcel):
        return told("not wanted", _UNWANTED)
    try:
        before = read_record(parcel.folder).get(delivery.name)
    except DeliveryError as error:
        return told("failed", str(error))
    if begun(before) is None:
        return told("delivered before", _told_before(before))
    return told("to be delivered", f"the last try {_told_before(before)}" if before else "")


def try_out(delivery: Delivery, words: str, terms: Terms) -> tuple[bool, str]:
    """Send what nobody takes for a report; whether it arrived, and what is said of it."""
    try:
        said = within(terms.effort.limit, partial(delivery.way.test, words))
    except SloError as error:
        return False, one_line(str(error), terms.secrets)
    except Exception as error:  # noqa: BLE001  one way that fails must not stop the others
        return False, one_line(f"{type(error).__name__}: {error}", terms.secrets)
    return True, one_line(said, terms.secrets)


def one_line(text: str, secrets: Sequence[str]) -> str:
    """What somebody else says, fit for a line of ours: without secrets, and not for ever."""
    return " ".join(scrubbed(text, secrets).split())[:_LONGEST]


def _carried_out(
    parcel: Parcel,
    delivery: Delivery,
    terms: Terms,
    record: Mapping[str, Entry],
    beginning: Entry,
) -> Entry:
    """Send, between writing down that it begins and how it ended."""
    write_record(parcel.folder, {**record, delivery.name: beginning})
    reached = frozenset(beginning.reached)
    sending = Sending(delivery.name, parcel, beginning.number, reached)
    try:
        said = sent(delivery.way.send, sending, terms.effort)
        end = replace(beginning, state="delivered", at=now(), reached=(), detail=said)
    except SloError as error:
        got = error.reached if isinstance(error, DeliveryError) else beginning.reached
        why = one_line(str(error), terms.secrets)
        end = replace(beginning, state="failed", at=now(), reached=got, detail=why)
    except Exception as error:  # noqa: BLE001  one way that fails must not stop the others
        why = one_line(f"{type(error).__name__}: {error}", terms.secrets)
        end = replace(beginning, state="failed", at=now(), detail=why)
    end = replace(end, detail=one_line(end.detail, terms.secrets))
    _written(parcel, delivery, record, end)
    return end


def _written(parcel: Parcel, delivery: Delivery, record: Mapping[str, Entry], end: Entry) -> None:
    try:
        write_record(parcel.folder, {**record, delivery.name: end})
    except WriteError as error:
        if end.state != "delivered":
            raise
        raise WriteError(
            f"it was delivered ({end.detail}), but that is not written down and so it will be "
            f"again: {error}"
        ) from None


def _told_before(before: Entry | None) -> str:
    if before is None:
        return ""
    state = {"begun": "ended halfway, ", "failed": "failed, ", "delivered": ""}[before.state]
    return f"{state}{before.at}{f': {before.detail}' if before.detail else ''}"
