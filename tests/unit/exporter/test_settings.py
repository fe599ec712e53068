"""Settings of code and of the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter import Release, Settings


def from_environment(**variables: str) -> Settings:
    return Settings.from_environment({f"SUPPORT_AGENT_{k}": v for k, v in variables.items()})


def test_an_empty_environment_is_as_usual():
    assert from_environment() == Settings()
    blank = from_environment(VERSION="", MAX_SERIES="", PRICE_FILE="", DEPLOYED_AT="")
    assert blank == Settings()


def test_the_environment_says_what_is_deployed():
    made = from_environment(
        VERSION="1.2.3", COMMIT="abc1234", ENVIRONMENT="production", DEPLOYED_AT="1793491200.5"
    )
    assert made.release == Release("1.2.3", "abc1234", "production", 1_793_491_200.5)


@pytest.mark.parametrize(
    "text", ["2026-11-01T00:00:00", "2026-11-01", "2026-11-01T00:00:00Z", "2026-11-01T01:00+01:00"]
)
def test_an_instant_may_be_iso_and_is_utc_where_it_names_no_zone(text):
    assert from_environment(DEPLOYED_AT=text).release.deployed_at == 1_793_491_200


def test_lists_have_commas():
    made = from_environment(CATEGORIES=" billing, refund ,,", MODELS="gpt-4o", FEATURES="")
    assert made.categories == ("billing", "refund")
    assert (made.models, made.features) == (("gpt-4o",), ())
    assert made.channels == Settings().channels


def test_paths_and_limits():
    made = from_environment(PRICE_FILE="/etc/prices.toml", MAX_SERIES="300")
    assert (made.price_file, made.max_series) == (Path("/etc/prices.toml"), 300)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        *[("MAX_SERIES", text, "a whole number above 0") for text in ("0", "-5", "1e3", "x", "²")],
        ("MAX_SERIES", "9" * 5_000, "a whole number above 0"),
        *[
            ("DEPLOYED_AT", text, "Unix seconds or ISO 8601")
            for text in ("nan", "inf", "-1", "yesterday", "1793491200000", "2026-13-01")
        ],
    ],
)
def test_variables_that_cannot_be_are_named(name, text, expected):
    with pytest.raises(
        ValueError, match=rf"^SUPPORT_AGENT_{name}: found '.*', expected {expected}"
    ):
        from_environment(**{name: text})


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("categories", "billing", "several names"),
        ("models", "gpt-4o", "several names"),
        ("max_series", 0, "a number above 0"),
    ],
)
def test_settings_of_code_that_cannot_be_are_named(field, value, expected):
    with pytest.raises(ValueError, match=rf"^{field}: found .*, expected {expected}"):
        Settings(**{field: value})
