"""What Slack takes: its limits hold for any digest, and nobody is called by a name."""

import json

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from slo.report.forms import slack
from slo.report.forms.slack import slack_payload
from tests.digests import DIGESTS, digests

PLAIN = {
    "type": "object",
    "required": ["type", "text"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "plain_text"},
        "text": {"type": "string", "minLength": 1, "maxLength": 3000},
        "emoji": {"const": False},
    },
}
MRKDWN = {
    "type": "object",
    "required": ["type", "text"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "mrkdwn"},
        "text": {"type": "string", "minLength": 1, "maxLength": 3000},
    },
}


def short(kind, room):
    return {"allOf": [kind, {"properties": {"text": {"maxLength": room}}}]}


def block(kind, **properties):
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["type"],
        "minProperties": 2,
        "properties": {"type": {"const": kind}, **properties},
    }


MESSAGE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["text", "blocks"],
    "properties": {
        "text": {"type": "string", "minLength": 1, "maxLength": 4000},
        "blocks": {
            "type": "array",
            "minItems": 1,
            "maxItems": 50,
            "items": {
                "oneOf": [
                    block("header", text=short(PLAIN, 150)),
                    block("context", elements={"type": "array", "maxItems": 10, "items": PLAIN}),
                    block(
                        "section",
                        text={"oneOf": [PLAIN, MRKDWN]},
                        fields={"type": "array", "maxItems": 10, "items": short(PLAIN, 2000)},
                    ),
                ]
            },
        },
    },
}
"""The part of Block Kit that we use: https://docs.slack.dev/reference/block-kit/blocks."""


@settings(max_examples=30)
@given(digests())
def test_any_digest_is_within_slacks_limits(digest):
    Draft202012Validator(MESSAGE).validate(slack_payload(digest))


@pytest.mark.parametrize("name", DIGESTS)
def test_reports_are_within_slacks_limits(name):
    Draft202012Validator(MESSAGE).validate(slack_payload(DIGESTS[name]()))


def test_the_schema_refuses_what_slack_refuses():
    message = slack_payload(DIGESTS["slo"]())
    message["blocks"][0] = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    assert not Draft202012Validator(MESSAGE).is_valid(message)


@settings(max_examples=30)
@given(digests())
def test_nothing_but_our_own_words_is_formatted(digest):
    message = slack_payload(digest)
    formatted = [
        b["text"]["text"] for b in message["blocks"] if b.get("text", {}).get("type") == "mrkdwn"
    ]
    for text in formatted:
        assert text.startswith("*") or text == f"<{digest.link}|Open the whole report>"
    without_entities = message["text"]
    for entity in ("&amp;", "&lt;", "&gt;"):
        without_entities = without_entities.replace(entity, "")
    assert not set(without_entities) & set("<>&")


def test_nobody_is_called_by_a_name_that_looks_like_a_call():
    assert "<!channel>" not in slack_payload(DIGESTS["slo"]())["text"]
    assert "&lt;!channel&gt;" in slack_payload(DIGESTS["slo"]())["text"]


def test_the_verdict_is_whole_and_first_however_long():
    for name in ("slo", "hostile slo"):
        digest = DIGESTS[name]()
        first = slack_payload(digest)["blocks"][0]
        assert first["text"]["text"] == f"{digest.sign} {digest.verdict}"
        assert first["type"] == ("header" if len(digest.verdict) < slack.HEADER - 2 else "section")


def test_it_is_json():
    message = slack_payload(DIGESTS["hostile slo"]())
    assert json.loads(json.dumps(message)) == message
