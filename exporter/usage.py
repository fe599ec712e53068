"""How many tokens a call took, and in which tier, from what providers' clients return.

The same key means opposite things: Anthropic's ``input_tokens`` leaves out what came from its
cache, OpenAI's ``input_tokens`` and ``prompt_tokens`` count it. Which of them a response is, its
shape tells, and not the provider's name: gateways answer in either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from exporter.tiers import FAST, STANDARD, tier_named

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST = 1_000_000_000
"""Tokens of one call beyond which a count is taken for broken."""

COUNTS = (
    *("input_tokens", "output_tokens", "prompt_tokens", "completion_tokens", "total_tokens"),
    *("cache_read_input_tokens", "cache_creation_input_tokens", "cache_creation"),
    *("input_tokens_details", "output_tokens_details"),
    *("prompt_tokens_details", "completion_tokens_details", "service_tier", "speed"),
    *("prompt_token_count", "cached_content_token_count"),
    *("candidates_token_count", "thoughts_token_count", "traffic_type"),
    *("promptTokenCount", "cachedContentTokenCount"),
    *("candidatesTokenCount", "thoughtsTokenCount", "serviceTier", "trafficType"),
)
"""What is read of that part of a response that counts tokens."""

_NOTHING: dict[str, Any] = {}
_OF_CHAT = ("prompt_tokens", "completion_tokens", "completion_tokens_details")
_OF_RESPONSES = ("input_tokens", "output_tokens", "output_tokens_details")
_COUNTS = frozenset((*COUNTS, "cached_tokens", "cache_write_tokens"))


class BadUsageError(ValueError):
    """A count of tokens that cannot be one."""


class TokenUsage(NamedTuple):
    """Tokens of one call, each counted once.

    Attributes:
        input: Of the prompt, neither read from the provider's cache nor written to it.
        cache_read: Read from the cache.
        cache_write: Written to the cache, however long it keeps them.
        cache_write_1h: Those of the latter that are kept for an hour, which costs more.
        output: Of the answer, reasoning among them.
        reasoning: Those of the output that the model thought with.
        tier: In which it was served, as :mod:`exporter.tiers` names it; None if that is not told.

    """

    input: int
    cache_read: int
    cache_write: int
    cache_write_1h: int
    output: int
    reasoning: int
    tier: str | None = None

    @property
    def billed(self) -> tuple[int, int, int, int]:
        """Tokens by type, in the order of ``token_type``: each is in one of them."""
        return self.input, self.cache_read, self.cache_write, self.output


def usage_of(response: object) -> TokenUsage | None:
    """What a response says of its tokens; None where it says nothing.

    Args:
        response: An answer of Anthropic's messages, of OpenAI's chat completions, responses or
            embeddings, or of Gemini: an object of the client, or the same as dictionaries.

    Raises:
        BadUsageError: A count is negative, not a whole number, or beyond all measure, or the
            response cannot be read.

    """
    try:
        # Objects, which are usual, without a call of a function.
        usage = None if type(response) is dict else getattr(response, "usage", None)
        if usage is None:
            usage = (
                field(response, "usage")
                or field(response, "usage_metadata")
                or field(response, "usageMetadata")
            )
        return None if usage is None else _counted(usage, response)
    except BadUsageError:
        raise
    except Exception as error:  # noqa: BLE001  an answer may fail whatever it is asked
        raise BadUsageError(f"a response that fails: {type(error).__name__}") from None


def field(source: object, name: str) -> Any:
    """A field of a dictionary, of another mapping or of an object; None where it is missing."""
    if type(source) is dict:
        return source.get(name)
    found = getattr(source, name, None)
    if found is None and isinstance(source, Mapping):
        return source.get(name)
    return found


def _counted(usage: object, response: object) -> TokenUsage | None:
    get = reader(usage)
    if get("input_tokens") is not None or get("output_tokens") is not None:
        details = get("input_tokens_details")
        if details is None:
            return _anthropic(get, response)
        return _inclusive(get, _OF_RESPONSES, details, response)
    if get("prompt_tokens") is not None:
        return _inclusive(get, _OF_CHAT, get("prompt_tokens_details"), response)
    if get("prompt_token_count") is not None or get("promptTokenCount") is not None:
        return _gemini(get)
    return None


def _anthropic(get: Callable[[str], object], response: object) -> TokenUsage:
    fresh, output = get("input_tokens") or 0, get("output_tokens") or 0
    read = get("cache_read_input_tokens") or 0
    written = get("cache_creation_input_tokens") or 0
    # All that is usual at once: a call of a function for each count would take twice as long.
    if not (
        type(fresh) is type(output) is type(read) is type(written) is int
        and 0 <= fresh < _MOST
        and 0 <= output < _MOST
        and 0 <= read < _MOST
        and 0 <= written < _MOST
    ):
        fresh, output, read, written = map(_count, (fresh, output, read, written))
    hour = thinking = 0
    if (creation := get("cache_creation")) is not None:
        hour = _count(field(creation, "ephemeral_1h_input_tokens"))
        brief = _count(field(creation, "ephemeral_5m_input_tokens"))
        written = max(written, hour + brief)
    if (thought := get("output_tokens_details")) is not None:
        thinking = min(_count(field(thought, "thinking_tokens")), output)
    tier = get("service_tier")
    if tier != STANDARD or get("speed") == FAST:
        # A total is OpenAI's, whose responses may leave the details out.
        tier = _tier(get, None if get("total_tokens") is None else response)
    return tuple.__new__(TokenUsage, (fresh, read, written, hour, output, thinking, tier))


def _inclusive(
    get: Callable[[str], object], names: tuple[str, str, str], details: object, response: object
) -> TokenUsage:
    """OpenAI's shapes, in which the prompt's tokens hold those of the cache."""
    prompt, answer, of_answer = names
    total, output = _count(get(prompt)), _count(get(answer))
    read = written = reasoning = 0
    if details is not None:
        of_prompt = reader(details)
        read = _count(of_prompt("cached_tokens"))
        written = _count(of_prompt("cache_write_tokens"))
    if read + written > total:
        raise BadUsageError(f"{read + written} tokens of the cache among {total} of the prompt")
    if (of_output := get(of_answer)) is not None:
        reasoning = _count(field(of_output, "reasoning_tokens"))
    reasoning, tier = min(reasoning, output), _tier(get, response)
    return TokenUsage(total - read - written, read, written, 0, output, reasoning, tier)


def _gemini(get: Callable[[str], object]) -> TokenUsage:
    def either(snake: str, camel: str) -> object:
        found = get(snake)
        return get(camel) if found is None else found

    total = _count(either("prompt_token_count", "promptTokenCount"))
    read = _count(either("cached_content_token_count", "cachedContentTokenCount"))
    thought = _count(either("thoughts_token_count", "thoughtsTokenCount"))
    answer = _count(either("candidates_token_count", "candidatesTokenCount"))
    tier = tier_named(either("service_tier", "serviceTier"))
    tier = tier or tier_named(either("traffic_type", "trafficType"))
    if read > total:
        raise BadUsageError(f"{read} tokens of the cache among {total} of the prompt")
    return TokenUsage(total - read, read, 0, 0, answer + thought, thought, tier)


def _tier(get: Callable[[str], object], response: object) -> str | None:
    """The tier that the usage tells of, or, as OpenAI has it, what stands beside it."""
    if get("speed") == FAST:
        return FAST
    told = get("service_tier")
    if told is None and response is not None:
        told = _beside(response)
    return STANDARD if told == "default" else tier_named(told)


def _beside(response: object) -> object:
    """The tier that a response tells of itself, without asking a model for what it has not."""
    if type(response) is dict:
        return response.get("service_tier")
    own = getattr(response, "__dict__", _NOTHING)
    if "service_tier" in own:
        return own["service_tier"]
    extra = getattr(response, "__pydantic_extra__", own)
    return field(response, "service_tier") if extra is own else (extra or own).get("service_tier")


def _count(value: object) -> int:
    if type(value) is int:
        if 0 <= value < _MOST:
            return value
    elif value is None:
        return 0
    elif type(value) is float and value.is_integer() and 0 <= value < _MOST:
        return int(value)
    raise BadUsageError(f"tokens that are no count: {type(value).__name__}")


def reader(source: object) -> Callable[[str], Any]:
    """A function that reads fields, as :func:`field` does.

    The clients' models answer from their ``__dict__`` in a fraction of the time that a missing
    attribute takes them; what their classes do not know yet they keep elsewhere. Slots and
    properties are in neither.
    """
    if isinstance(source, dict):
        return source.get
    own: dict[str, Any] = getattr(source, "__dict__", _NOTHING)
    usual = "input_tokens" in own or "prompt_tokens" in own
    if usual or not _COUNTS.isdisjoint(own) or hasattr(type(source), "__pydantic_extra__"):
        extra: dict[str, Any] | None = getattr(source, "__pydantic_extra__", None)
        return {**extra, **own}.get if extra else own.get
    if isinstance(source, Mapping):
        return source.get
    return lambda name: getattr(source, name, None)
