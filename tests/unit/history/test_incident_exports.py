"""Incidents as other tools export them, and what is not to be judged."""

import json

import pytest

from slo.errors import SpecError
from slo.history.incidents import read_exclusions, read_incidents
from slo.model.incident import Exclusion
from slo.model.span import Span

START, END = 1_793_715_600_000, 1_793_718_900_000
UNTIL = 1_794_000_000_000

PAGERDUTY_CSV = """\
id,incident_number,description,service_id,service_name,created_on,resolved_on,urgency,status
P1,41,LLM down,S1,Support Agent,2026-11-03T06:20:00-08:00,2026-11-03T15:15:00Z,high,resolved
P2,42,Queue grows,S2,Queue (prod),2026-11-04T10:00:00Z,,low,acknowledged
"""
PAGERDUTY_JSON = {
    "incidents": [
        {
            "id": "P1",
            "incident_number": 41,
            "title": "LLM provider down",
            "status": "resolved",
            "created_at": "2026-11-03T14:20:00Z",
            "last_status_change_at": "2026-11-03T15:15:00Z",
            "service": {"id": "S1", "summary": "Support Agent"},
            "urgency": "high",
        },
        {
            "id": "P3",
            "incident_number": 43,
            "title": "Slow",
            "status": "resolved",
            "created_at": "2026-11-05T14:20:00Z",
            "resolved_at": "2026-11-05T14:30:00Z",
            "service": {"id": "S1", "summary": "Support Agent"},
            "urgency": "low",
        },
    ]
}
GRAFANA = [
    {
        "id": 7,
        "time": START,
        "timeEnd": END,
        "tags": ["incident", "provider-outage", "service:Agent", "slo:llm-call-success"],
        "text": "LLM provider\n down",
    },
    {"id": 8, "time": START, "timeEnd": START, "tags": ["deploy"], "text": "v1.2"},
]


def written(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def faults(call, *arguments):
    with pytest.raises(SpecError) as caught:
        call(*arguments)
    return [str(fault).split("/")[-1] for fault in caught.value.faults]


def test_pagerdutys_csv_with_an_incident_that_is_still_open(tmp_path):
    path = written(tmp_path, "pd.csv", PAGERDUTY_CSV)
    first, second = read_incidents(path, {"Queue (prod)": "queue"}, UNTIL)
    assert (first.name, first.span, first.kind) == ("PD-41", Span(START, END), "high")
    # Without a mapping the name is the one that a service most probably has.
    assert (first.service, first.source, first.notes) == (
        "support-agent",
        "PagerDuty",
        "LLM down",
    )
    assert second.service == "queue"
    assert second.span.end == UNTIL
    assert second.source == "PagerDuty, not resolved yet"


def test_an_open_incident_has_no_end_where_no_history_gives_one(tmp_path):
    path = written(tmp_path, "pd.csv", PAGERDUTY_CSV)
    assert faults(read_incidents, path) == [
        "pd.csv:3: resolved_on: found nothing, expected a time with a zone, such as "
        "2026-11-03T14:20:00Z"
    ]


def test_pagerdutys_api(tmp_path):
    path = written(tmp_path, "pd.json", PAGERDUTY_JSON)
    first, second = read_incidents(path, {"Support Agent": "agent"}, UNTIL)
    assert (first.name, first.span, first.service) == ("PD-41", Span(START, END), "agent")
    assert second.span.length == 600_000


def test_grafanas_annotations_that_are_incidents(tmp_path):
    (found,) = read_incidents(written(tmp_path, "a.json", GRAFANA), {"Agent": "support-agent"})
    assert found.name == "annotation-7"
    assert found.span == Span(START, END)
    assert found.kind == "provider-outage"
    assert found.touches("support-agent", "llm-call-success")
    assert not found.touches("support-agent", "ticket-success")
    assert (found.source, found.notes) == ("Grafana", "LLM provider down")


def test_a_point_in_time_is_no_incident(tmp_path):
    point = [{**GRAFANA[0], "timeEnd": START}]
    (fault,) = faults(read_incidents, written(tmp_path, "a.json", point))
    assert fault.startswith("a.json: [0].timeEnd: found the point in time 1793715600000, expected")


def test_slobooks_own_json(tmp_path):
    own = [
        {
            "id": "A", "start": "2026-11-03T14:20:00Z", "end": "2026-11-03T15:15:00Z",
            "kind": "outage", "slo": ["one", "two"], "service": "shop",
        }
    ]  # fmt: skip
    (found,) = read_incidents(written(tmp_path, "own.json", own))
    assert (found.span, found.slos) == (Span(START, END), ("one", "two"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "f.json:1: found Expecting property name enclosed in double quotes"),
        ('{"a": 1}', "f.json: found no list, expected a list of objects"),
        ("[1]", "f.json: [0]: found 1, expected an object"),
        (
            '[{"id": "A", "kind": "x", "start": "2026", "end": ""}]',
            "f.json: [0].end: found nothing",
        ),
    ],
)
def test_json_that_is_none_of_them_is_told_by_its_place(tmp_path, content, message):
    assert faults(read_incidents, written(tmp_path, "f.json", content))[0].startswith(message)


EXCLUSIONS = """\
id,service,slo,start,end,author,reason
move-4,shop,,2026-11-03T14:20:00Z,2026-11-03T15:15:00Z,kim,planned move
"""


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_exclusions_have_an_author_and_a_reason(tmp_path, suffix):
    if suffix == "csv":
        content = EXCLUSIONS
    else:
        names, values = (line.split(",") for line in EXCLUSIONS.splitlines())
        content = [dict(zip(names, values, strict=True))]
    found = read_exclusions(written(tmp_path, f"x.{suffix}", content))
    assert found == (Exclusion("move-4", Span(START, END), "kim", "planned move", "shop"),)


def test_an_exclusion_that_nobody_answers_for_is_refused(tmp_path):
    path = written(tmp_path, "x.csv", EXCLUSIONS.replace("kim,planned move", ","))
    assert faults(read_exclusions, path) == [
        "x.csv:2: author: found nothing, expected the exclusion's author",
        "x.csv:2: reason: found nothing, expected the exclusion's reason",
    ]
    without = written(tmp_path, "y.csv", "id,start,end\n")
    assert faults(read_exclusions, without) == [
        "y.csv:1: author: found no such column, expected all of id, start, end, author, reason",
        "y.csv:1: reason: found no such column, expected all of id, start, end, author, reason",
    ]
