"""How hard it is tried to deliver: what is tried again, after how long, and when it is given up."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING

from slo.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.delivery.delivery import Sending


@dataclass(frozen=True)
class Effort:
    """How hard to try.

    Attributes:
        waits: Seconds to wait before each further try.
        longest: Seconds; who asks to be left alone for longer is, until the next run.
        limit: Seconds a try may take, whatever the other side does.

    """

    waits: Sequence[float] = (2.0, 8.0, 30.0)
    longest: float = 120.0
    limit: float = 300.0


def sent(send: Callable[[Sending], str], sending: Sending, effort: Effort) -> str:
    """Send until it arrives or trying again does not help; what the way says to it.

    Raises:
        DeliveryError: It did not arrive; tells who was reached, of several addressees.
        ConfigError: A variable with a secret is not set.

    """
    for tries, wait in enumerate((*effort.waits, None), start=1):
        try:
            return within(effort.limit, partial(send, sending))
        except DeliveryError as error:
            sending = replace(sending, reached=sending.reached | frozenset(error.reached))
            pause = _pause(error, wait, effort)
            if pause is None:
                said = f"{error} (tried {tries} times)" if tries > 1 else str(error)
                reached = sorted(sending.reached)
                raise DeliveryError(said, again=error.again, reached=reached) from None
        sleep(pause)
    raise AssertionError  # the last try returns or raises


def within(seconds: float, call: Callable[[], str]) -> str:
    """What a way answers, if it does so in time.

    Time-outs of sockets begin anew with every byte, and not every store has any. A try that is
    given up may still arrive; its thread ends with the process.

    Raises:
        DeliveryError: The way's, or that it took too long.

    """
    answer: Future[str] = Future()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:  # noqa: BLE001  handed over to who waits for it
            answer.set_exception(error)

    Thread(target=run, daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError:
        if answer.done():
            return answer.result()
        message = f"it took longer than {seconds:g} s, and may have arrived"
        raise DeliveryError(message) from None


def _pause(error: DeliveryError, wait: float | None, effort: Effort) -> float | None:
    """Seconds until the next try; None where there is none."""
    if not error.again or wait is None or error.after > effort.longest:
        return None
    return max(wait, error.after)
