"""Mistakes as boxes: every fault, what to do, and no values."""

import inspect

import pytest
from pydantic import BaseModel, ValidationError

import slo.errors
from slo.cli import app
from slo.errors import ConfigError, Fault, NotEnoughData, SloError, SpecError, Unfinished
from slo.notebook.advice import _NEXT, next_step
from slo.notebook.mistakes import mistake_card

FAULTS = [
    Fault("/p/a.yaml", 3, "spec.target", "'<x>'", "a number"),
    Fault("/p/a.yaml", 0, "", "b", "c"),
]


def test_faults_of_one_file_name_it_once():
    card = mistake_card(SpecError(FAULTS), None)
    assert card.said == "2 faults in /p/a.yaml."
    assert "&#x27;&lt;x&gt;&#x27;" in card.html
    assert card.text.count("/p/a.yaml") == 1


def test_faults_of_several_files_name_their_folder_once():
    card = mistake_card(SpecError([*FAULTS, Fault("/p/b/c.yaml", 1, "", "d", "e")]), None)
    assert card.said == "3 faults in 2 files of /p."
    assert "b/c.yaml" in card.text


@pytest.mark.parametrize("other", ["b.yaml", "/q/b.yaml"])
def test_files_without_a_common_folder_keep_their_names(other):
    card = mistake_card(SpecError([*FAULTS, Fault(other, 1, "", "d", "e")]), None)
    assert other.lstrip("/") in card.text
    assert "p/a.yaml" in card.text


def test_a_message_without_faults_is_told_whole():
    cause = SloError("Grafana said no")
    card = mistake_card(Unfinished(cause, ["create a"], "create b", ["create c"]), None)
    for line in ("Grafana said no", "done: create a", "failed: create b", "not tried: create c"):
        assert line in card.text


def test_pydantic_says_the_field_and_not_what_was_found():
    class Login(BaseModel):
        port: int

    with pytest.raises(ValidationError) as failed:
        Login.model_validate({"port": "correct horse"})
    card = mistake_card(failed.value, None)
    assert "port" in card.text
    assert "valid integer" in card.text
    assert "correct horse" not in card.text


def test_the_nearest_kind_advises():
    assert "fetch more" in next_step(NotEnoughData("too short"))
    assert "run from the top" in next_step(ConfigError("wrong"))
    assert next_step(SloError("something"))


def test_every_error_has_advice():
    kinds = {
        kind
        for _, kind in inspect.getmembers(slo.errors, inspect.isclass)
        if issubclass(kind, SloError) and kind is not SloError
    }
    assert kinds == set(_NEXT)


def test_advice_names_commands_that_are_there():
    known = {command.name or command.callback.__name__ for command in app.registered_commands}
    named = {
        words.split()[1].rstrip("'")
        for advice in _NEXT.values()
        for words in advice.split("'")
        if words.startswith("slo ")
    }
    assert named
    assert named <= {name.replace("_", "-") for name in known}
