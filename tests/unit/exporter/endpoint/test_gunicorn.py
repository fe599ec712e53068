"""Gunicorn's hooks, without gunicorn: what they do is tested in tests/integration."""

import logging
from types import SimpleNamespace

import pytest

from exporter.endpoint.gunicorn import child_exit, on_starting

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


@pytest.fixture
def server():
    return SimpleNamespace(
        master_pid=0, cfg=SimpleNamespace(workers=3), log=logging.getLogger("gunicorn.error")
    )


@pytest.mark.parametrize("found", [None, ""])
def test_workers_without_a_folder_are_warned_of(server, monkeypatch, caplog, found):
    monkeypatch.delenv(VARIABLE, raising=False)
    if found is not None:
        monkeypatch.setenv(VARIABLE, found)
    on_starting(server)
    assert f"{VARIABLE} is not set: each of 3 workers" in caplog.text
    caplog.clear()
    server.cfg.workers = 1
    on_starting(server)
    child_exit(server, None)
    assert caplog.text == ""


@pytest.mark.parametrize(("old", "left"), [(0, False), (123, True)])
def test_the_folder_is_wiped_at_a_start_and_not_at_an_upgrade(
    server, monkeypatch, tmp_path, old, left
):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    (tmp_path / "counter_dead.db").touch()
    server.master_pid = old
    on_starting(server)
    assert (tmp_path / "counter_dead.db").exists() == left


def test_trouble_never_ends_gunicorn(server, monkeypatch, tmp_path, caplog):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file"))
    (tmp_path / "file").touch()
    on_starting(server)
    child_exit(server, None)
    assert caplog.text.count("were not tidied") == 2
