"""Answers to customers: the time from a message to the first words that are seen."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from exporter.observation import Observation

if TYPE_CHECKING:
    from exporter.recorder import Recorder


class ResponseObservation(Observation):
    """One answer; it is timed once, by its first chunk or its end. Failures are not answers."""

    __slots__ = ("_begun", "_channel", "_recorder", "_timed")

    def __init__(self, recorder: Recorder, channel: str) -> None:
        super().__init__()
        self._recorder, self._channel = recorder, channel
        self._timed = False
        self._begun = perf_counter()

    def first_words(self) -> None:
        """The customer sees something."""
        if not self._timed:
            self._timed = True
            waited = perf_counter() - self._begun
            self._recorder.time("response_duration_seconds", waited, self._channel)

    def chunk(self, item: object) -> None:
        """A stream's first chunk is what the customer sees."""
        del item
        self.first_words()

    def ended(self, result: object, error: BaseException | None) -> None:
        """An answer that came whole is seen now."""
        del result
        if error is None:
            self.first_words()

    def abandoned(self) -> None:
        """Nobody saw more than was seen already."""
