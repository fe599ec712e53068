"""The tiers in which providers serve calls: each has prices of its own.

OpenAI names it beside the usage (``service_tier``), Anthropic within it (``service_tier`` and
``speed``), and so does Gemini (``serviceTier``, on Vertex ``trafficType``), each in words of its
own. What an answer names is what served it, whatever was asked for.
"""

from __future__ import annotations

from exporter.labels import OTHER

STANDARD = "standard"
BATCH = "batch"
FAST = "fast"

TIERS = (STANDARD, BATCH, "flex", "priority", FAST, "ultrafast", "scale")
"""All that are told apart; what providers think of later is ``other``."""

_NAMED: dict[str, str | None] = {
    **{tier: tier for tier in TIERS},
    "default": STANDARD,  # OpenAI
    "on_demand": STANDARD,  # Groq, Vertex
    "on_demand_flex": "flex",
    "on_demand_priority": "priority",
    # A choice that is left to the provider, not what it chose.
    "auto": None,
    "unspecified": None,
    "traffic_type_unspecified": None,
    "": None,
}


def tier_named(told: object) -> str | None:
    """The tier that a provider's word or enum stands for; None if it does not tell, or is None."""
    if told is None:
        return None
    text = getattr(told, "value", told)
    return _NAMED.get(text.lower(), OTHER) if isinstance(text, str) else OTHER
