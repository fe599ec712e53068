from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.errors import SpecError, WriteError
from slo.history.incidents import read_incidents, write_incidents
from slo.model.incident import Incident
from slo.model.span import Span

HEADER = "id,service,slo,start,end,kind,source,notes\n"
OUTAGE = Incident(
    name="INC-7",
    span=Span(1_793_715_600_000, 1_793_718_900_500),
    kind="provider-outage",
    service="support-agent",
    slos=("llm-call-success", "ticket-success"),
    source="pager",
    notes='both, "at once"',
)


def faults(path):
    with pytest.raises(SpecError) as caught:
        read_incidents(path)
    return [str(fault).replace(str(path), "f.csv") for fault in caught.value.faults]


@pytest.fixture
def file(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "f.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_the_file_is_for_people(tmp_path):
    path = tmp_path / "incidents.csv"
    write_incidents([OUTAGE], path)
    assert path.read_text() == HEADER + (
        "INC-7,support-agent,llm-call-success ticket-success,2026-11-03T14:20:00Z,"
        '2026-11-03T15:15:00.500Z,provider-outage,pager,"both, ""at once"""\n'
    )
    assert read_incidents(path) == (OUTAGE,)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8).map(str.strip)
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=6)
INCIDENTS = st.builds(
    Incident,
    name=WORDS,
    span=st.tuples(st.integers(-(10**12), 10**13), st.integers(1, 10**10)).map(
        lambda pair: Span(pair[0], pair[0] + pair[1])
    ),
    kind=WORDS,
    service=TEXT,
    slos=st.lists(WORDS, max_size=3).map(tuple),
    source=TEXT,
    notes=TEXT,
)


@given(st.lists(INCIDENTS, max_size=5, unique_by=lambda incident: incident.name))
def test_what_is_read_is_what_was_written(tmp_path_factory, incidents):
    path = tmp_path_factory.getbasetemp() / "round.csv"
    write_incidents(incidents, path)
    assert read_incidents(path) == tuple(incidents)


def test_a_line_break_of_any_system_stays_in_its_cell(tmp_path):
    path = tmp_path / "breaks.csv"
    write_incidents([replace(OUTAGE, notes="one\rtwo\r\nthree")], path)
    assert read_incidents(path)[0].notes == "one\ntwo\nthree"


def test_columns_stand_in_any_order_and_some_may_be_missing(file):
    path = file("end, start ,kind,id\n2026-11-03T14:00:00Z,2026-11-03T14:30:00+01:00,slow,A\n")
    (incident,) = read_incidents(path)
    assert incident == Incident("A", Span(1_793_712_600_000, 1_793_714_400_000), "slow")
    assert incident.touches("any-service", "any-slo")


def test_a_spreadsheet_may_have_written_it(file):
    text = HEADER + "A,,,2026-11-03T14:20:00Z,2026-11-03T14:30:00Z,slow,,\n\n,,,,,,,\n"
    path = file("\ufeff" + text.replace("\n", "\r\n"))
    assert [incident.name for incident in read_incidents(path)] == ["A"]


def test_all_faults_are_told_at_once(file):
    path = file(
        HEADER
        + "A,,,2026-11-03T14:20:00Z,2026-11-03T14:30:00Z,slow,,\n"
        + 'B,,,2026-11-03 14:20,2026-11-03T14:30:00Z,slow,,"two\nlines"\n'
        + ",,,2026-11-03T14:20:00Z,2026-11-03T14:20:00Z,,,\n"
        + "A,,,2026-11-03T14:20:00Z,2026-11-03T14:30:00Z,slow,,\n"
        + "C,,,,tomorrow,slow,,\n"
        + "D,2026-11-03T14:20:00Z\n"
    )
    instant = "2026-11-03T14:20:00Z"
    zone = "expected a time with a zone, such as 2026-11-03T14:20:00Z"
    assert faults(path) == [
        f"f.csv:3: start: found '2026-11-03 14:20', {zone}",
        f"f.csv:5: end: found {instant!r}, expected a time after the start, {instant}",
        "f.csv:5: id: found nothing, expected the incident's id",
        "f.csv:5: kind: found nothing, expected the incident's kind",
        "f.csv:6: id: found 'A', expected a name of its own; line 2 has it already",
        f"f.csv:7: end: found 'tomorrow', {zone}",
        f"f.csv:7: start: found nothing, {zone}",
        "f.csv:8: found 2 cells, expected 8, as in the header",
    ]


def test_unknown_missing_and_repeated_columns_are_told_with_the_nearest_name(file):
    columns = "id, service, slo, start, end, kind, source, notes"
    assert faults(file("id,start,End,kind,kind,who\n")) == [
        "f.csv:1: found the column 'End', expected 'end'",
        f"f.csv:1: found the column 'who', expected one of {columns}",
        "f.csv:1: end: found no such column, expected all of id, start, end, kind",
        "f.csv:1: kind: found the column 2 times, expected it once",
    ]


def test_files_that_are_no_csv_are_refused(file, tmp_path):
    columns = "the columns id, service, slo, start, end, kind, source, notes"
    assert faults(file("")) == [f"f.csv:1: found an empty file, expected {columns}"]
    assert faults(file(HEADER + '"A,')) == [
        "f.csv:2: found unexpected end of data, expected a line of CSV"
    ]
    (bad_bytes,) = faults(file(HEADER + "\u00e4", "latin-1"))
    assert bad_bytes.endswith("expected text in UTF-8")
    missing = tmp_path / "missing.csv"
    assert faults(missing) == ["f.csv: found no such file, expected a CSV file of incidents"]
    assert faults(tmp_path) == ["f.csv: found Is a directory, expected a CSV file of incidents"]


def test_a_header_alone_means_no_incidents(file):
    assert read_incidents(file(HEADER)) == ()


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(WriteError, match=r"i\.csv cannot be written: No such file"):
        write_incidents([OUTAGE], tmp_path / "nowhere" / "i.csv")
