"""Rate cards against genai-prices itself, over whatever tokens, models and days there may be."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import isclose

import numpy as np
import pytest
from genai_prices import Usage, calc_price
from genai_prices.data import providers
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.price_file import read_price_file
from exporter.prices import PriceBook
from exporter.usage import TokenUsage

TODAY = date(2026, 11, 20)
TOKENS = st.one_of(st.just(0), st.integers(0, 5_000), st.integers(0, 1_500_000))


def day_of(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def reference(provider: str, model: str, usage: TokenUsage, at: datetime, **context) -> Decimal:
    fresh, read, written, hour, output, _, _ = usage
    return calc_price(
        Usage(
            input_tokens=fresh + read + written,
            cache_read_tokens=read,
            cache_write_tokens=written,
            cache_write_1h_tokens=hour,
            output_tokens=output,
        ),
        model,
        provider_id=provider,
        genai_request_timestamp=at,
        price_context=context or None,
    ).total_price


@st.composite
def usages(draw):
    written = draw(TOKENS)
    output = draw(TOKENS)
    hour, reasoning = draw(st.integers(0, written)), draw(st.integers(0, output))
    return TokenUsage(draw(TOKENS), draw(TOKENS), written, hour, output, reasoning)


# What is billed by things that an answer's usage does not tell, such as citations.
APART = {"sonar-deep-research", "perplexity/sonar-deep-research"}
TOKENS_PRICED = {"input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok"}


def told(model) -> set[str]:
    """The names of all prices that a model has."""
    prices = model.prices if isinstance(model.prices, list) else [model.prices]
    found = (getattr(one, "prices", one).__dict__.items() for one in prices)
    return {name for items in found for name, price in items if price is not None}


def findable(provider, model) -> bool:
    """Whether genai-prices finds a model by its own name."""
    return provider.find_model(model.id) is model


FOUND = [(p.id, m) for p in providers for m in p.models if findable(p, m) and m.id not in APART]
PRICED = [(provider, m) for provider, m in FOUND if TOKENS_PRICED & told(m)]
EVERY = [(provider, m.id) for provider, m in PRICED]
WITHOUT = [(provider, m.id) for provider, m in FOUND if not TOKENS_PRICED & told(m)]
USED = [
    ("anthropic", "claude-sonnet-4"),
    ("anthropic", "claude-sonnet-4-5"),
    ("anthropic", "claude-haiku-4-5-20251001"),
    ("anthropic", "claude-opus-4-7"),
    ("openai", "gpt-4o"),
    ("openai", "gpt-4o-mini-2024-07-18"),
    ("openai", "gpt-5.6-luna"),
    ("openai", "o3"),
    ("openai", "text-embedding-3-small"),
    ("google", "gemini-2.5-pro"),
    ("gcp.gemini", "gemini-2.5-flash"),
    ("azure.ai.openai", "gpt-4o"),
    ("perplexity", "sonar"),
]
CONTEXTS = {
    "batch": [{"processing": "batch"}],
    "flex": [{"service_tier": "flex"}],
    "priority": [{"service_tier": "priority"}],
    "fast": [{"speed": "fast"}, {"service_tier": "fast"}],
    "ultrafast": [{"service_tier": "ultrafast"}],
    "scale": [{"service_tier": "scale"}],
}
"""How genai-prices names tiers: Anthropic's word for a fast one is another than OpenAI's."""


def sold(model) -> dict[str, dict[str, str]]:
    """The tiers in which a model has prices of its own today, by the context of each."""
    whens = [
        one.when
        for one in model.price_variants or ()
        if one.constraint is None or one.constraint.active(midnight(TODAY))
    ]
    return {
        tier: context
        for tier, contexts in CONTEXTS.items()
        for context in contexts
        if context in whens
    }


TIERED = [
    (provider, model.id, tier, context)
    for provider, model in PRICED
    for tier, context in sold(model).items()
]


def same(dollars: float, exact: Decimal) -> bool:
    return isclose(dollars, float(exact), rel_tol=1e-12, abs_tol=0)


@pytest.fixture
def at(monkeypatch):
    """Sets the clock, which prices that change within a day look at."""

    def set_to(when: datetime) -> datetime:
        monkeypatch.setattr("exporter.rate_card.time", when.timestamp)
        return when

    return set_to


# The same dollars as genai-prices


@given(st.sampled_from(USED), usages())
def test_cards_cost_what_genai_prices_says(named, usage):
    card = PriceBook().card(*named, day_of(TODAY))
    assert same(sum(card.costs(usage)), reference(*named, usage, midnight(TODAY)))


@settings(max_examples=300)
@given(st.sampled_from(EVERY), usages(), st.dates(date(2025, 1, 1), date(2027, 6, 1)))
def test_cards_of_every_model_and_day(named, usage, day):
    when = midnight(day)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("exporter.rate_card.time", when.timestamp)
        card = PriceBook().card(*named, day_of(day))
        assert same(sum(card.costs(usage)), reference(*named, usage, when))


def test_tiers_of_this_many_models_are_tested():
    tiers = Counter(tier for *_, tier, _ in TIERED)
    assert tiers["batch"] > 60
    assert tiers["flex"] > 20
    assert tiers["priority"] > 20
    assert tiers["fast"] > 25
    assert {provider for provider, *_ in TIERED} >= {"anthropic", "openai", "google"}


@settings(max_examples=300)
@given(st.sampled_from(TIERED), usages())
def test_tiers_have_prices_of_their_own(sale, usage):
    provider, model, tier, context = sale
    card = PriceBook().card(provider, model, day_of(TODAY), tier)
    assert card.tier_known
    exact = reference(provider, model, usage, midnight(TODAY), **context)
    assert same(sum(card.costs(usage)), exact)


def test_a_tier_is_known_where_it_is_sold():
    """In every tier of models that have any; where it is not, it costs as any call does."""
    book = PriceBook()
    for provider, model in PRICED:
        if not model.price_variants and (provider, model.id) not in USED:
            continue
        usual = book.card(provider, model.id, day_of(TODAY))
        assert usual.tier_known
        for tier in (*CONTEXTS, "other"):
            card = book.card(provider, model.id, day_of(TODAY), tier)
            assert card.tier_known == (tier in sold(model)), (provider, model.id, tier)
            if not card.tier_known:
                assert (card.rates, card.long_prompts) == (usual.rates, usual.long_prompts)


def test_no_model_has_two_prices_in_one_tier():
    """Or else the two words for a fast one could not be asked for at once."""
    for _, model in PRICED:
        whens = [one.when for one in model.price_variants or ()]
        for contexts in CONTEXTS.values():
            assert sum(context in whens for context in contexts) <= 1


def test_a_tier_begins_on_its_day():
    book = PriceBook()
    days = [date(2026, 10, 11), date(2026, 10, 12)]
    cards = [book.card("openai", "gpt-5.5", day_of(day), "flex") for day in days]
    assert [card.tier_known for card in cards] == [False, True]
    assert cards[0].rates.input == 2 * cards[1].rates.input


@pytest.mark.parametrize("hour", [0, 4, 16.5])
def test_a_tier_that_nobody_sells_costs_what_the_hour_does(at, hour):
    when = at(midnight(TODAY) + timedelta(hours=hour))
    card = PriceBook().card("deepseek", "deepseek-v4-pro", day_of(TODAY), "batch")
    usage = TokenUsage(10_000, 2_000, 0, 0, 500, 0)
    assert not card.tier_known
    assert same(sum(card.costs(usage)), reference("deepseek", "deepseek-v4-pro", usage, when))


def test_both_sides_of_the_start_of_a_long_prompt():
    card = PriceBook().card("anthropic", "claude-sonnet-4-5", day_of(TODAY))
    ((start, _),) = card.long_prompts
    for prompt in (start - 1, start, start + 1):
        for usage in (
            TokenUsage(prompt, 0, 0, 0, 1_000, 0),
            TokenUsage(10, prompt - 10 - 500, 500, 100, 1_000, 0),
        ):
            exact = reference("anthropic", "claude-sonnet-4-5", usage, midnight(TODAY))
            assert same(sum(card.costs(usage)), exact)
    dearer = card.costs(TokenUsage(start + 1, 0, 0, 0, 0, 0))[0]
    assert dearer > 1.9 * card.costs(TokenUsage(start, 0, 0, 0, 0, 0))[0]


@pytest.mark.parametrize("hour", [0, 0.5, 1, 3.99, 4, 7, 10, 16.49, 16.5, 23.99])
@pytest.mark.parametrize("model", ["deepseek-chat", "deepseek-v4-pro"])
def test_prices_that_change_within_a_day(at, model, hour):
    when = at(midnight(TODAY) + timedelta(hours=hour))
    card = PriceBook().card("deepseek", model, day_of(TODAY))
    usage = TokenUsage(10_000, 2_000, 0, 0, 500, 0)
    assert same(sum(card.costs(usage)), reference("deepseek", model, usage, when))


def test_prices_change_within_the_day_that_was_tested():
    card = PriceBook().card("deepseek", "deepseek-v4-pro", day_of(TODAY))
    assert len({one.rates for one in card.half_hours}) == 2


def test_a_call_may_cost_something_itself():
    card = PriceBook().card("perplexity", "sonar", day_of(TODAY))
    nothing = TokenUsage(0, 0, 0, 0, 0, 0)
    assert sum(card.costs(nothing)) == pytest.approx(0.012)


# What nobody knows the price of


@pytest.mark.parametrize("model", ["nobodys", "", "claude", "\ud800", "x" * 10_000, "gpt-4o\n(("])
@pytest.mark.parametrize("provider", ["anthropic", "nobody", ""])
def test_unknown_models_have_no_card(provider, model):
    book = PriceBook()
    if (provider, model) != ("anthropic", "claude"):
        assert book.card(provider, model, day_of(TODAY)) is None
    assert book.card("openai", "gpt-4o", day_of(TODAY)) is not None


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["standard", "fast", "other"]))
def test_no_name_breaks_the_book(provider, model, tier):
    for one in (provider, "openai"):
        PriceBook().card(one, model, day_of(TODAY), tier)


def test_models_whose_tokens_have_no_price_are_not_free():
    assert len(WITHOUT) > 50
    cards = [PriceBook().card(*named, day_of(TODAY)) for named in WITHOUT]
    assert [named for named, card in zip(WITHOUT, cards, strict=True) if card] == []


def test_junk_names_are_not_kept_for_ever():
    book = PriceBook()
    for number in range(3_000):
        book.card("openai", f"junk-{number}", day_of(TODAY))
    assert len(book._cards) <= 1_000


# Days


def test_a_price_changes_on_its_day():
    book = PriceBook()
    usage = TokenUsage(1_000_000, 0, 0, 0, 0, 0)
    days = [date(2026, 7, 29), date(2026, 7, 30), date(2026, 7, 31)]
    cards = [book.card("openai", "gpt-5.6-luna", day_of(day)) for day in days]
    dollars = [card.costs(usage)[0] for card in cards]
    exact = [reference("openai", "gpt-5.6-luna", usage, midnight(day)) for day in days]
    assert dollars == pytest.approx([float(one) for one in exact], rel=1e-12)
    assert dollars[0] > dollars[1] == dollars[2]


def test_a_card_is_made_once_a_day():
    book = PriceBook()
    one = book.card("openai", "gpt-4o", day_of(TODAY))
    assert book.card("openai", "gpt-4o", day_of(TODAY)) is one
    assert book.card("openai", "gpt-4o", day_of(TODAY) + 1) is not one


def test_prices_of_a_file_go_first_from_their_day_on(tmp_path):
    path = tmp_path / "prices.toml"
    path.write_text(
        """
        as_of = 2026-11-01
        [[price]]
        provider = "openai"
        model = "gpt-4o"
        input = 1.0
        output = 7.0
        from = 2026-11-10
        """
    )
    book = PriceBook(read_price_file(path))
    published = PriceBook().card("openai", "gpt-4o", day_of(TODAY)).rates
    assert book.card("openai", "gpt-4o", day_of(date(2026, 11, 9))).rates == published
    assert book.card("openai", "gpt-4o", day_of(date(2026, 11, 10))).rates.output == 7e-6


# A month


def test_a_month_is_exact_to_a_cent():
    """A million calls, summed as a counter sums, beside the same in fractions."""
    card = PriceBook().card("anthropic", "claude-sonnet-4-5", day_of(TODAY))
    random = np.random.default_rng(11)
    drawn = random.lognormal((6.5, 7, 5, 4.9), 1, (10_000, 4)).clip(0, 50_000).astype(int).tolist()
    calls = [
        TokenUsage(fresh, read, written, written * (number % 10 == 0), output, 0)
        for number, (fresh, read, written, output) in enumerate(drawn)
    ]
    costs = [card.costs(usage) for usage in calls]
    sums = [0.0] * 4
    for _ in range(100):
        for kind in range(4):
            for dollars in costs:
                sums[kind] += dollars[kind]
    rates = [Fraction(price) / 10**4 for price in ("3", "0.3", "3.75", "6", "15")]
    hour = sum(usage.cache_write_1h for usage in calls)
    exact = [
        rates[0] * sum(usage.input for usage in calls),
        rates[1] * sum(usage.cache_read for usage in calls),
        rates[2] * (sum(usage.cache_write for usage in calls) - hour) + rates[3] * hour,
        rates[4] * sum(usage.output for usage in calls),
    ]
    assert sum(exact) > 5_000
    for found, fraction in zip(sums, exact, strict=True):
        assert abs(Fraction(found) - fraction) < Fraction(1, 100)
