"""What was delivered, read back as it was written down."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from slo.delivery.record import Entry, read_record, write_record

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
ENTRIES = st.builds(
    Entry,
    state=st.sampled_from(["begun", "delivered", "failed"]),
    at=st.just("2026-11-16T06:17:00Z"),
    number=st.integers(1, 9),
    reached=st.lists(TEXTS, max_size=3).map(tuple),
    detail=TEXTS,
)


@settings(max_examples=25)  # each writes to the disk
@given(st.dictionaries(TEXTS, ENTRIES, max_size=3))
def test_a_record_is_read_as_it_was_written(record):
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "2026-W46")
        assert read_record(folder) == {}
        write_record(folder, record)
        assert read_record(folder) == record
