"""Where everything is recorded: counts, durations and levels that are sane, now or a little later.

A fault in here is counted and never reaches the application.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from threading import local
from typing import TYPE_CHECKING, Any

from exporter.instruments import LaterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from exporter.faults import Faults
    from exporter.instruments import Instruments
    from exporter.traces import Tracing


@dataclass(frozen=True, eq=False)
class Recorder:
    """Records into the instruments of one registry.

    Attributes:
        instruments: The metrics.
        faults: Takes what goes wrong.
        tracing: Tells the trace that a duration belongs to; None where nobody traces.
        pending: What finalizers left to be recorded.

    """

    instruments: Instruments
    faults: Faults
    tracing: Tracing | None = None
    pending: deque[Callable[[], None]] = field(default_factory=deque)
    _here: local = field(default_factory=local, repr=False)

    def count(self, name: str, amount: float, *labels: object) -> None:
        """Add to a counter: a finite number from 0 on."""
        self.run("event", lambda: self.instruments.child(name, *labels).inc(sane(amount)))

    def time(self, name: str, amount: float, *labels: object) -> None:
        """Add an observation to a histogram: a finite number from 0 on."""
        self.run("event", lambda: self.observe(self.instruments.child(name, *labels), amount))

    def level(self, name: str, amount: float, *labels: object) -> None:
        """Set a gauge to a finite number."""
        self.run("event", lambda: self.instruments.child(name, *labels).set(finite(amount)))

    def observe(self, child: Any, amount: float) -> None:
        """Observe a finite number from 0 on, with the trace that it belongs to."""
        trace = self.tracing.exemplar() if self.tracing else None
        child.observe(sane(amount), trace)

    def run(self, site: str, action: Callable[[], None]) -> None:
        """Record, or put it off where this is a finalizer in the middle of something."""
        try:
            action()
        except LaterError:
            self.put_off(action)
        except Exception as fault:  # noqa: BLE001  whatever it is, it is not the application's
            self.faults.note(site, fault)
        if self.pending:
            self.settle()

    def put_off(self, action: Callable[[], None]) -> None:
        """Record later: all that a finalizer may do."""
        self.pending.append(action)

    def settle(self) -> None:
        """Record what was put off."""
        # What is recorded now would settle the rest itself, each within the one before it.
        if getattr(self._here, "settling", False):
            return
        self._here.settling = True
        try:
            self._settle()
        finally:
            self._here.settling = False

    def _settle(self) -> None:
        for _ in range(len(self.pending)):
            try:
                action = self.pending.popleft()
            except IndexError:
                # Another thread was faster.
                return
            try:
                action()
            except LaterError:
                self.pending.append(action)
                return
            except Exception as fault:  # noqa: BLE001  as above
                self.faults.note("stream", fault)


def sane(amount: float) -> float:
    """A finite number from 0 on: NaN and infinity would poison a counter for ever.

    Raises:
        ValueError: It is something else.

    """
    if 0 <= amount < math.inf:
        return float(amount)  # money may be a Decimal, which no counter can add
    raise ValueError(f"{amount!r} cannot be added")


def finite(amount: float) -> float:
    """A finite number.

    Raises:
        ValueError: It is something else.

    """
    if -math.inf < amount < math.inf:
        return amount
    raise ValueError(f"{amount!r} is no level")
