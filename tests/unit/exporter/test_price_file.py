"""Prices of one's own: what a file says, and what it is told where it says nonsense."""

from __future__ import annotations

from datetime import date

import pytest
from prometheus_client import CollectorRegistry

from exporter import Metrics, PriceFileError, Settings
from exporter.price_file import read_price_file
from exporter.tiers import TIERS
from exporter.usage import TokenUsage
from tests.exposed import samples, seen

HEAD = "as_of = 2026-11-01\n"
DAY = date(2026, 11, 20)


def entry(**fields: object) -> str:
    told = {"provider": '"openai"', "model": '"gpt-4o"', "input": 2, "output": 8, **fields}
    return "\n[[price]]\n" + "".join(
        f"{name} = {value}\n" for name, value in told.items() if value is not None
    )


@pytest.fixture
def written(tmp_path):
    def write(text: str):
        path = tmp_path / "prices.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


# What is in force


def test_what_is_missing_costs_as_the_next_nearest(written):
    prices = read_price_file(written(HEAD + entry()))
    rates = prices.price("openai", "gpt-4o", DAY).card().rates
    assert (rates.input, rates.output) == (2e-6, 8e-6)
    assert (rates.cache_read, rates.cache_write, rates.cache_write_1h) == (2e-6, 2e-6, 2e-6)
    text = HEAD + entry(cache_read=0.5, cache_write=3)
    rates = read_price_file(written(text)).price("openai", "gpt-4o", DAY).card().rates
    assert (rates.cache_read, rates.cache_write, rates.cache_write_1h) == (5e-7, 3e-6, 3e-6)


def test_a_batch_saves_its_share(written):
    usage = TokenUsage(1_000_000, 0, 0, 0, 1_000_000, 0)
    price = read_price_file(written(HEAD + entry(batch_discount=0.25)))
    card = price.price("openai", "gpt-4o", DAY).card("batch")
    assert card.costs(usage) == pytest.approx((1.5, 0, 0, 6))
    assert card.tier_known
    price = read_price_file(written(HEAD + entry()))
    card = price.price("openai", "gpt-4o", DAY).card("batch")
    assert card.costs(usage) == pytest.approx((2, 0, 0, 8))
    assert not card.tier_known


def test_other_tiers_cost_what_is_agreed(written):
    usage = TokenUsage(1_000_000, 0, 0, 0, 1_000_000, 0)
    text = HEAD + entry(batch_discount=0.5) + "[price.tiers]\npriority = 1.5\nflex = 0\n"
    price = read_price_file(written(text)).price("openai", "gpt-4o", DAY)
    cards = {tier: price.card(tier) for tier in (*TIERS, "other")}
    dollars = {tier: sum(card.costs(usage)) for tier, card in cards.items() if card.tier_known}
    assert dollars == pytest.approx({"standard": 10, "batch": 5, "priority": 15, "flex": 0})
    unknown = {tier: sum(card.costs(usage)) for tier, card in cards.items() if not card.tier_known}
    assert unknown == {"fast": 10, "ultrafast": 10, "scale": 10, "other": 10}


@pytest.mark.parametrize(
    ("model", "day", "expected"),
    [
        ("gpt-4o", DAY, 5),  # exactly, and the latest of those
        ("gpt-4o", date(2026, 5, 31), 4),
        ("gpt-4o-mini", DAY, 3),  # the longest beginning
        ("gpt-3", DAY, 1),
        ("gpt-4o", date(2025, 12, 31), 3),  # nothing exact is valid yet
        ("claude", DAY, None),
    ],
)
def test_exact_names_go_first_then_long_beginnings_then_late_days(written, model, day, expected):
    prices = read_price_file(
        written(
            HEAD
            + entry(model='"gpt-*"', input=1)
            + entry(model='"gpt-4o*"', input=3)
            + entry(input=4, **{"from": "2026-01-01"})
            + entry(input=5, **{"from": "2026-06-01"})
            + entry(input=6, **{"from": "2027-01-01"})
        )
    )
    found = prices.price("openai", model, day)
    assert (found.input if found else None) == expected
    assert prices.price("anthropic", model, day) is None


def test_a_call_costs_what_the_file_says(written):
    path = written(HEAD + entry(model='"house*"', provider='"own"', input=10, output=100))
    metrics = Metrics(CollectorRegistry(), Settings(price_file=path))
    answer = {"usage": {"prompt_tokens": 1_000, "completion_tokens": 10}}
    metrics.track_llm_call(provider="own", model="house-7")(lambda: answer)()
    cost = seen(metrics, "llm_cost_usd_total", provider="own", model="house-7")
    assert cost == {("input",): pytest.approx(0.01), ("output",): pytest.approx(0.001)}
    (as_of,) = samples(metrics, "llm_price_data_timestamp_seconds", source="file").values()
    assert as_of == 1_793_491_200
    shown = samples(metrics, "llm_price_usd_per_million_tokens", provider="own", model="house-7")
    assert shown[("output",)] == 100


def test_a_free_model_of_the_file_is_priced(written):
    path = written(HEAD + entry(model='"house"', provider='"own"', input=0, output=0))
    metrics = Metrics(CollectorRegistry(), Settings(price_file=path))
    answer = {"usage": {"prompt_tokens": 1_000, "completion_tokens": 10}}
    metrics.track_llm_call(provider="own", model="house")(lambda: answer)()
    assert seen(metrics, "llm_unpriced_requests_total") == {}
    assert seen(metrics, "llm_cost_usd_total") == {}


def test_a_file_may_be_named_by_a_string(written):
    path = written(HEAD + entry(provider='"own"'))
    metrics = Metrics(CollectorRegistry(), Settings(price_file=str(path)))
    assert samples(metrics, "llm_price_data_timestamp_seconds", source="file")


# What cannot be understood

NONSENSE = {
    "not TOML": ("as_of = ", "Invalid value (at end of document)"),
    "no day": (entry(), "as_of: found nothing, expected a day"),
    "an instant": ("as_of = 2026-11-01T00:00:00", "as_of: found datetime.datetime(2026, 11, 1"),
    "a text": ('as_of = "today"', "as_of: found 'today', expected a day"),
    "a field of the file": (HEAD + "prices = 1", "prices: found a field that does not exist"),
    "no entries": (HEAD + "price = 1", "price: found 1, expected [[price]] entries"),
    "a table": (HEAD + "[price]\ninput = 1", "price: found {'input': 1}, expected [[price]]"),
    "a field of an entry": (
        HEAD + entry() + entry(inputs=1),
        "price 2: inputs: found a field that does not exist",
    ),
    "no provider": (HEAD + entry(provider=None), "price 1: provider: found nothing, expected text"),
    "an empty model": (HEAD + entry(model='""'), "price 1: model: found '', expected text"),
    "no output": (HEAD + entry(output=None), "price 1: output: found nothing, expected dollars"),
    "a negative price": (HEAD + entry(input=-1), "price 1: input: found -1, expected dollars"),
    "a price that is text": (HEAD + entry(input='"3"'), "price 1: input: found '3', expected dol"),
    "a price that is true": (HEAD + entry(input="true"), "price 1: input: found True, expected d"),
    "not a number": (HEAD + entry(input="nan"), "price 1: input: found nan, expected dollars"),
    "infinity": (HEAD + entry(cache_read="inf"), "price 1: cache_read: found inf, expected dol"),
    "beyond all numbers": (HEAD + entry(input="1" + "0" * 400), "price 1: input: found 1000"),
    "a discount over 1": (
        HEAD + entry(batch_discount=50),
        "price 1: batch_discount: found 50, expected a share from 0 to 1",
    ),
    "tiers that are no table": (
        HEAD + entry(tiers=2),
        "price 1: tiers: found 2, expected a table of tiers",
    ),
    "a tier that nobody has": (
        HEAD + entry(tiers="{ standard = 1 }"),
        "price 1: tiers: found 'standard', expected flex, priority, fast, ultrafast, scale",
    ),
    "a batch among the tiers": (
        HEAD + entry(tiers="{ flex = 0.5, batch = 0.5 }"),
        "price 1: tiers: found 'batch', expected flex, priority, fast, ultrafast, scale",
    ),
    "a percentage": (
        HEAD + entry(tiers="{ flex = 150 }"),
        "price 1: tiers: flex: found 150, expected times the price, from 0 to 100",
    ),
    "times that are text": (
        HEAD + entry(tiers='{ flex = "half" }'),
        "price 1: tiers: flex: found 'half', expected times the price, from 0 to 100",
    ),
    "a day that is text": (
        HEAD + entry(**{"from": '"2026-01-01"'}),
        "price 1: from: found '2026-01-01', expected a day, such as 2026-01-01",
    ),
    "the same twice": (
        HEAD + entry() + entry(model='"gpt-4o*"') + entry(input=3),
        "price 3: found the provider, model and day of price 1 again",
    ),
}


@pytest.mark.parametrize("kind", NONSENSE)
def test_nonsense_is_named_by_file_entry_field_found_and_expected(written, kind):
    text, message = NONSENSE[kind]
    path = written(text)
    with pytest.raises(PriceFileError) as caught:
        read_price_file(path)
    assert str(caught.value).startswith(f"{path}: {message}")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < len(str(path)) + 200


def test_files_that_cannot_be_read(tmp_path):
    missing, binary = tmp_path / "missing.toml", tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (missing, binary, tmp_path):
        with pytest.raises(PriceFileError, match=str(path)):
            read_price_file(path)
        with pytest.raises(PriceFileError, match=str(path)):
            Metrics(CollectorRegistry(), Settings(price_file=path))
