"""How many tokens a streamed call took, gathered from its chunks.

Anthropic tells of the prompt in the first event and of the answer, growing, in later ones: the last
word of each field counts, and a stream that is cut short has told of something at least. OpenAI
tells of everything in the last chunk, where it was asked for it, and of nothing before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from exporter.usage import TokenUsage, counted

_WITHOUT_USAGE = (str, bytes, int, float, type(None))


@dataclass(eq=False)
class StreamedUsage:
    """What the chunks of one stream have said so far.

    Attributes:
        model: As the answer names it; None while it does not.

    """

    model: str | None = None
    _usage: dict[str, Any] = field(default_factory=dict)

    def add(self, chunk: object) -> None:
        """Take what a chunk says; chunks of text say nothing."""
        if isinstance(chunk, _WITHOUT_USAGE):
            return
        # Anthropic's message_start holds a message, OpenAI's response.completed a response.
        for part in (_field(chunk, "message"), _field(chunk, "response"), chunk):
            if part is None or isinstance(part, _WITHOUT_USAGE):
                continue
            model, usage = _field(part, "model"), _field(part, "usage")
            if isinstance(model, str):
                self.model = model
            if usage is None:
                usage = _field(part, "usage_metadata") or _field(part, "usageMetadata")
            if usage is not None:
                self._usage |= {k: v for k, v in _fields(usage).items() if v is not None}

    def total(self) -> TokenUsage | None:
        """The tokens of the stream; None where no chunk said anything.

        Raises:
            BadUsageError: What was said cannot be.

        """
        return counted(self._usage) if self._usage else None


def _field(source: object, name: str) -> Any:
    return source.get(name) if isinstance(source, dict) else getattr(source, name, None)


def _fields(source: object) -> dict[str, Any]:
    if isinstance(source, dict):
        return source
    own = getattr(source, "__dict__", None)
    if own is None:
        names = getattr(type(source), "__slots__", ())
        return {name: getattr(source, name, None) for name in names}
    return {**(getattr(source, "__pydantic_extra__", None) or {}), **own}
