"""What Teams takes: an Adaptive Card within 28 kB, in which names are text."""

import json

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from slo.report.forms.teams import LIMIT, teams_payload
from tests.digests import DIGESTS, digests

COLOUR = {"enum": ["default", "good", "warning", "attention"]}
RUN = {
    "type": "object",
    "required": ["type", "text"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "TextRun"},
        "text": {"type": "string", "minLength": 1},
        "weight": {"const": "bolder"},
        "size": {"enum": ["small", "medium", "large"]},
        "isSubtle": {"type": "boolean"},
        "color": COLOUR,
    },
}
CARD = {
    "$ref": "#/$defs/card",
    "$defs": {
        "text": {
            "type": "object",
            "required": ["type", "inlines"],
            "additionalProperties": False,
            "properties": {
                "type": {"const": "RichTextBlock"},
                "inlines": {"type": "array", "minItems": 1, "items": RUN},
                "separator": {"type": "boolean"},
                "spacing": {"const": "none"},
                "horizontalAlignment": {"const": "right"},
            },
        },
        "column": {
            "type": "object",
            "required": ["type", "width", "items"],
            "additionalProperties": False,
            "properties": {
                "type": {"const": "Column"},
                "width": {"pattern": r"^(stretch|auto|\d+)$"},
                "items": {"type": "array", "items": {"$ref": "#/$defs/text"}},
            },
        },
        "columns": {
            "type": "object",
            "required": ["type", "columns"],
            "additionalProperties": False,
            "properties": {
                "type": {"const": "ColumnSet"},
                "columns": {"type": "array", "items": {"$ref": "#/$defs/column"}},
            },
        },
        "container": {
            "type": "object",
            "required": ["type", "items"],
            "additionalProperties": False,
            "properties": {
                "type": {"const": "Container"},
                "style": {"enum": ["default", "emphasis", "good", "warning", "attention"]},
                "bleed": {"type": "boolean"},
                "items": {"type": "array", "items": {"$ref": "#/$defs/text"}},
            },
        },
        "card": {
            "type": "object",
            "required": ["type", "version", "body"],
            "additionalProperties": False,
            "properties": {
                "$schema": {"type": "string"},
                "type": {"const": "AdaptiveCard"},
                "version": {"const": "1.4"},
                "fallbackText": {"type": "string"},
                "msteams": {"const": {"width": "Full"}},
                "body": {
                    "type": "array",
                    "items": {
                        "oneOf": [
                            {"$ref": "#/$defs/text"},
                            {"$ref": "#/$defs/columns"},
                            {"$ref": "#/$defs/container"},
                        ]
                    },
                },
                "actions": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["type", "title", "url"],
                        "additionalProperties": False,
                        "properties": {
                            "type": {"const": "Action.OpenUrl"},
                            "title": {"type": "string"},
                            "url": {"type": "string", "pattern": "^https://"},
                        },
                    },
                },
            },
        },
    },
}
"""The part of Adaptive Cards that we use: https://adaptivecards.io/schemas/adaptive-card.json."""


def card(digest):
    message = teams_payload(digest)
    (attachment,) = message["attachments"]
    assert message["type"] == "message"
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    return attachment["content"]


def check(digest):
    Draft202012Validator(CARD).validate(card(digest))
    # As it lies on the disk, and as clients may write it anew.
    for ascii_only in (False, True):
        text = json.dumps(teams_payload(digest), separators=(",", ":"), ensure_ascii=ascii_only)
        assert len(text.encode()) < LIMIT


@settings(max_examples=30)
@given(digests())
def test_any_digest_is_a_card_within_the_limit(digest):
    check(digest)


@pytest.mark.parametrize("name", DIGESTS)
def test_reports_are_cards_within_the_limit(name):
    check(DIGESTS[name]())


def texts(element):
    if isinstance(element, dict):
        if element.get("type") == "TextRun":
            yield element["text"]
        for value in element.values():
            yield from texts(value)
    elif isinstance(element, list):
        for value in element:
            yield from texts(value)


@pytest.mark.parametrize("name", DIGESTS)
def test_everything_is_told_the_verdict_first(name):
    digest = DIGESTS[name]()
    told = list(texts(card(digest)))
    assert told[0] == f"{digest.sign} {digest.verdict}"
    wanted = [tile.value for tile in digest.tiles] + [row.name for row in digest.rows]
    wanted += [value for row in digest.rows for value in row.values]
    assert set(wanted) <= set(told)


def test_the_link_is_a_button_and_left_out_where_there_is_none():
    digest = DIGESTS["slo"]()
    (action,) = card(digest)["actions"]
    assert action["url"] == digest.link
    assert "actions" not in card(DIGESTS["no link"]())
