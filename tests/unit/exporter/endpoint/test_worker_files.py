"""Files of worker processes: merged, added up when a worker is gone, and wiped."""

import fcntl
import os
import subprocess
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client.mmap_dict import MmapedDict, mmap_key

from exporter.endpoint import worker_files
from exporter.endpoint.worker_files import merged, tidy, wipe

ALIVE = os.getpid()
COUNTER = "support_agent_tickets_reopened"
HISTOGRAM = "support_agent_response_duration_seconds"


@pytest.fixture(scope="module")
def dead():
    """Numbers of processes that are gone."""
    gone = []
    for _ in range(3):
        one = subprocess.Popen(["true"])
        one.wait()
        gone.append(one.pid)
    return gone


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    return tmp_path


def write(place, kind, process, values):
    """A worker's file, as prometheus_client writes it."""
    file = MmapedDict(str(place / f"{kind}_{process}.db"))
    for (metric, name, labels), value in values.items():
        names, texts = list(dict(labels)), list(dict(labels).values())
        file.write_value(mmap_key(metric, name, names, texts, "Help."), value, 1.0)
    file.close()


def count(place, process, category, value):
    key = (COUNTER, f"{COUNTER}_total", (("category", category),))
    write(place, "counter", process, {key: value})


def observe(place, process, bounds):
    values = {
        (HISTOGRAM, f"{HISTOGRAM}_bucket", (("channel", "chat"), ("le", bound))): number
        for bound, number in bounds.items()
    }
    write(place, "histogram", process, values)


def progress(place, process, value, mode="livesum", name="support_agent_tickets_in_progress"):
    write(place, f"gauge_{mode}", process, {(name, name, ()): value})


def samples():
    return {
        (s.name, tuple(sorted(s.labels.items()))): s.value
        for family in merged()
        for s in family.samples
    }


def of(category):
    return samples()[f"{COUNTER}_total", (("category", category),)]


def test_what_a_dead_worker_counted_stays_and_its_files_go(place, dead):
    count(place, ALIVE, "billing", 1)
    count(place, dead[0], "billing", 10)
    observe(place, dead[0], {"5.0": 3, "10.0": 2, "+Inf": 1})
    observe(place, dead[1], {"5.0": 1, "10.0": 0, "+Inf": 0})
    before = samples()
    assert before[f"{HISTOGRAM}_count", (("channel", "chat"),)] == 7
    tidy(place)
    assert samples() == before
    names = {path.name for path in place.iterdir()}
    assert names == {f"counter_{ALIVE}.db", "counter_dead.db", "histogram_dead.db", "lock"}
    count(place, dead[1], "billing", 100)
    tidy(place)
    assert of("billing") == 111


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "other", 'quote"', "ü"]),
            st.integers(0, 10**9),
            st.integers(0, 2),
        ),
        max_size=20,
    )
)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_lost_or_counted_twice_whoever_dies(place, dead, events):
    for path in place.iterdir():
        path.unlink()
    expected = {}
    count(place, ALIVE, "a", 0)
    for category, amount, who in events:
        # A number may come again: each time it is another worker.
        count(place, dead[who], category, amount)
        expected[category] = expected.get(category, 0) + amount
        tidy(place)
    found = {labels[0][1]: value for (name, labels), value in samples().items() if name}
    assert found == {"a": 0, **expected}
    assert len(list(place.iterdir())) <= 3


def test_a_dead_workers_gauge_is_gone_at_once_and_its_file_when_tidied(place, dead):
    count(place, ALIVE, "billing", 1)
    progress(place, ALIVE, 1)
    progress(place, dead[0], 5)
    progress(place, dead[1], 7, mode="all", name="others")
    assert samples()["support_agent_tickets_in_progress", ()] == 1
    tidy(place)
    assert samples()["support_agent_tickets_in_progress", ()] == 1
    assert not (place / f"gauge_livesum_{dead[0]}.db").exists()
    # Somebody asked for what the dead said last.
    assert (place / f"gauge_all_{dead[1]}.db").exists()


def test_a_file_that_was_made_this_instant_is_no_trouble(place, dead):
    count(place, ALIVE, "billing", 1)
    (place / f"histogram_{ALIVE}.db").touch()
    (place / f"counter_{dead[0]}.db").touch()
    assert of("billing") == 1
    tidy(place)
    assert of("billing") == 1


def test_a_folder_that_was_emptied_is_no_answer(place):
    with pytest.raises(FileNotFoundError, match="emptied"):
        merged()


@pytest.mark.parametrize("found", ["", "/nowhere/at/all"])
def test_a_folder_that_is_not_there_is_said(monkeypatch, found):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", found)
    with pytest.raises(FileNotFoundError, match="PROMETHEUS_MULTIPROC_DIR"):
        merged()


def test_a_corrupt_file_fails_the_scrape(place):
    count(place, ALIVE, "billing", 1)
    path = place / f"counter_{ALIVE}.db"
    raw = bytearray(path.read_bytes())
    raw[8:12] = (10**6).to_bytes(4, "little")
    path.write_bytes(raw)
    with pytest.raises(RuntimeError, match="corrupt"):
        merged()


def test_tidying_waits_for_a_scrape_and_leaves_it_to_the_next_time(place, dead, monkeypatch):
    monkeypatch.setattr(worker_files, "_PATIENCE_SECONDS", 0.05)
    count(place, dead[0], "billing", 1)
    with (place / "lock").open("w") as reader:
        fcntl.flock(reader, fcntl.LOCK_SH)
        tidy(place)
        assert not (place / "counter_dead.db").exists()
    tidy(place)
    assert (place / "counter_dead.db").exists()


def test_a_scrape_waits_until_it_is_tidy(place):
    count(place, ALIVE, "billing", 1)
    found = []
    with (place / "lock").open("w") as tidying:
        fcntl.flock(tidying, fcntl.LOCK_EX)
        scrape = Thread(target=lambda: found.append(samples()))
        scrape.start()
        scrape.join(timeout=0.05)
        assert scrape.is_alive()
    scrape.join(timeout=10)
    assert len(found) == 1


def test_an_attackers_labels_do_not_pile_up_over_generations_of_workers(place, dead, monkeypatch):
    monkeypatch.setattr(worker_files, "_MOST", 10)
    for generation in range(5):
        values = {
            (COUNTER, f"{COUNTER}_total", (("category", f"{generation}-{number}"),)): 1
            for number in range(7)
        }
        write(place, "counter", dead[0], values)
        tidy(place)
    assert sum(samples().values()) == 35
    assert len(samples()) == 11
    assert of("other") == 25


def test_an_earlier_run_leaves_nothing_and_what_lives_stays(place, dead):
    count(place, ALIVE, "billing", 1)
    count(place, dead[0], "billing", 10)
    tidy(place)
    count(place, dead[1], "billing", 100)
    progress(place, dead[1], 7, mode="all", name="others")
    (place / "not-ours.txt").touch()
    wipe(place)
    assert of("billing") == 1
    assert {path.name for path in place.iterdir()} == {
        f"counter_{ALIVE}.db",
        "lock",
        "not-ours.txt",
    }


def test_a_folder_is_made_where_there_is_none(tmp_path):
    wipe(tmp_path / "new" / "folder")
    assert (tmp_path / "new" / "folder").is_dir()
