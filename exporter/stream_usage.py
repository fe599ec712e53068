"""How many tokens a streamed call took, gathered from its chunks.

Anthropic tells of the prompt in the first event and of the answer, growing, in later ones: the last
word of each field counts, and a stream that is cut short has told of something at least. OpenAI
tells of everything in the last chunk, where it was asked for it, and of nothing before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from exporter.usage import COUNTS, TokenUsage, reader, usage_of

if TYPE_CHECKING:
    from collections.abc import Callable

_WITHOUT_USAGE = (str, bytes, int, float, type(None))
# Anthropic's message_start holds a message, OpenAI's response.completed a response, and the events
# of OpenAI's helpers a chunk.
_PARTS = ("message", "response", "chunk")


@dataclass(eq=False)
class StreamedUsage:
    """What the chunks of one stream have said so far.

    Attributes:
        model: As the answer names it; None while it does not.

    """

    model: str | None = None
    _usage: dict[str, Any] = field(default_factory=dict)
    _tier: object = None

    def add(self, chunk: object) -> None:
        """Take what a chunk says; chunks of text say nothing."""
        if isinstance(chunk, _WITHOUT_USAGE):
            return
        get = reader(chunk)
        for name in _PARTS:
            part = get(name)
            if not isinstance(part, _WITHOUT_USAGE):
                self._take(reader(part))
        self._take(get)

    def total(self) -> TokenUsage | None:
        """The tokens of the stream; None where no chunk said anything.

        Raises:
            BadUsageError: What was said cannot be.

        """
        if not self._usage:
            return None
        return usage_of({"usage": self._usage, "service_tier": self._tier})

    def _take(self, get: Callable[[str], Any]) -> None:
        model, usage, tier = get("model"), get("usage"), get("service_tier")
        if isinstance(model, str):
            self.model = model
        if tier is not None:
            self._tier = tier
        if usage is None:
            usage = get("usage_metadata") or get("usageMetadata")
        if usage is not None:
            said = reader(usage)
            told = ((name, said(name)) for name in COUNTS)
            self._usage |= {name: value for name, value in told if value is not None}
