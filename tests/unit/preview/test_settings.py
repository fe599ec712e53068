import pytest

from slo.figures.panels.colours import colour
from slo.preview.dashboard import Override, Panel, Place
from slo.preview.frames import Field
from slo.preview.settings import Settings, display_name, means, settings_of

STEPS = {"mode": "absolute", "steps": [
    {"value": None, "color": "green"}, {"value": 0.5, "color": "yellow"},
    {"value": 1, "color": "red"},
]}  # fmt: skip
FIELD = Field("p99", "number", (1.0,), "C", (("pod", "a"),))


def test_the_highest_threshold_that_is_reached_colours():
    found = Settings({"thresholds": STEPS})
    colours = [found.shown(value).colour for value in (-3.0, 0.5, 0.99, 1.0)]
    assert colours == [colour(name) for name in ("green", "yellow", "yellow", "red")]


def test_percentages_are_of_the_scale():
    found = Settings({"thresholds": STEPS | {"mode": "percentage"}, "min": 100, "max": 300})
    assert [step.value for step in found.steps(100, 300)][1:] == [101.0, 102.0]


@pytest.mark.parametrize(
    ("value", "text", "named"),
    [
        (0.0, "calm", "blue"),
        (3.0, "busy", "red"),
        (None, "nothing", "purple"),
        ("v1.2", "version 1", ""),
        (99.0, "99", ""),
    ],
)
def test_mappings_give_words_and_colours(value, text, named):
    mappings = [
        {"type": "value", "options": {"0": {"text": "calm", "color": "blue"}}},
        {"type": "range", "options": {"from": 2, "to": 5, "result": {"text": "busy",
         "color": "red"}}},
        {"type": "special", "options": {"match": "null", "result": {"text": "nothing",
         "color": "purple"}}},
        {"type": "regex", "options": {"pattern": "v(\\d).*", "result": {"text": "version $1"}}},
    ]  # fmt: skip
    found = Settings({"mappings": mappings}).shown(value)
    assert (str(found.text), found.colour) == (text, colour(named) if named else "")


def test_what_is_missing_has_its_words():
    assert str(Settings({"noValue": "no data"}).shown(None).text) == "no data"
    assert str(Settings({}).shown(None).text) == "-"


@pytest.mark.parametrize(
    ("matcher", "wanted", "is_meant"),
    [
        ("byName", "p99", True),
        ("byName", "p9", False),
        ("byRegexp", "/^p\\d+$/", True),
        ("byFrameRefID", "C", True),
        ("byType", "string", False),
        ("byNames", {"names": ["p50", "p99"]}, True),
    ],
)
def test_overrides_mean_fields(matcher, wanted, is_meant):
    assert means(Override(matcher, wanted, {}), FIELD) is is_meant


def test_later_overrides_win():
    overrides = (
        Override("byName", "p99", {"unit": "s", "decimals": 1}),
        Override("byFrameRefID", "C", {"unit": "ms"}),
    )
    panel = Panel(
        "stat", "", "", Place(0, 0, 4, 4), defaults={"unit": "short"}, overrides=overrides
    )
    assert dict(settings_of(panel, FIELD).values) == {"unit": "ms", "decimals": 1}


def test_display_names_hold_labels():
    named = Settings({"displayName": "${__field.labels.pod}: ${__field.name}"})
    assert display_name(named, FIELD) == "a: p99"
