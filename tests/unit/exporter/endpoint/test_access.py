"""Who may read the metrics."""

from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.endpoint.access import ANYONE, Access, AccessError, Secret

TOKEN = Access(token=Secret("s3cret"))
BASIC = Access(username="prometheus", password=Secret("pass:word"))


def basic(name, password):
    return "Basic " + b64encode(f"{name}:{password}".encode()).decode()


def test_anyone_may_read_where_nothing_is_asked():
    assert ANYONE.admits(None)
    assert ANYONE.admits("Bearer whatever")
    assert not ANYONE.asks


@pytest.mark.parametrize("shown", ["Bearer s3cret", "bearer s3cret", "BEARER  s3cret "])
def test_the_token_admits(shown):
    assert TOKEN.admits(shown)


@pytest.mark.parametrize(
    "shown",
    [None, "", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cret2", "s3cret", "Basic s3cret"],
)
def test_anything_else_does_not(shown):
    assert not TOKEN.admits(shown)


@given(st.text())
def test_no_header_breaks_it(shown):
    assert not TOKEN.admits(shown)
    assert not BASIC.admits(f"Basic {shown}")


def test_a_name_and_its_password_admit():
    assert BASIC.admits(basic("prometheus", "pass:word"))
    assert not BASIC.admits(basic("prometheus", "pass"))
    assert not BASIC.admits(basic("other", "pass:word"))
    assert not BASIC.admits("Basic ===")
    assert not BASIC.admits("Bearer pass:word")


def test_a_password_may_have_any_letters():
    access = Access(username="prométhée", password=Secret("пароль"))
    assert access.admits(basic("prométhée", "пароль"))


def test_either_way_in_is_told():
    both = Access(Secret("one"), "prometheus", Secret("two"))
    assert both.challenges == ['Bearer realm="metrics"', 'Basic realm="metrics"']
    assert both.admits("Bearer one")
    assert both.admits(basic("prometheus", "two"))
    assert not both.admits("Bearer two")


def test_a_file_may_be_rotated_while_it_is_used(tmp_path):
    path = tmp_path / "token"
    path.write_text("old\n")
    access = Access(token=Secret(file=path))
    assert access.admits("Bearer old")
    path.write_text("new\nold\n")
    assert access.admits("Bearer old")
    assert access.admits("Bearer new")
    path.write_text("new\n")
    assert not access.admits("Bearer old")


@pytest.mark.parametrize("text", [None, "", " \n\n"])
def test_without_its_secret_nobody_is_admitted(tmp_path, text):
    path = tmp_path / "token"
    if text is not None:
        path.write_text(text)
    access = Access(token=Secret(file=path))
    with pytest.raises(AccessError, match=str(path)):
        access.admits("Bearer ")


def test_the_environment_names_values_and_files():
    prefix = "SUPPORT_AGENT_METRICS_"
    assert Access.from_environment({}) == ANYONE
    assert Access.from_environment({prefix + "TOKEN": "x"}) == Access(Secret("x"))
    found = Access.from_environment({prefix + "TOKEN_FILE": "/run/token"})
    assert found == Access(Secret(file=Path("/run/token")))
    given = {prefix + "USERNAME": "u", prefix + "PASSWORD_FILE": "/run/p"}
    assert Access.from_environment(given) == Access(None, "u", Secret(file=Path("/run/p")))


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"TOKEN": ""}, "_TOKEN: found nothing"),
        ({"TOKEN_FILE": " "}, "_TOKEN_FILE: found nothing"),
        ({"TOKEN": "x", "TOKEN_FILE": "y"}, "_TOKEN and .*_TOKEN_FILE: found both"),
        ({"USERNAME": "x"}, "needs both"),
        ({"PASSWORD": "x"}, "needs both"),
        ({"USERNAME": "a:b", "PASSWORD": "x"}, "colon"),
    ],
)
def test_a_setting_that_is_half_given_never_opens_the_endpoint(given, named):
    variables = {f"SUPPORT_AGENT_METRICS_{name}": value for name, value in given.items()}
    with pytest.raises(AccessError, match=named):
        Access.from_environment(variables)


def test_secrets_are_not_shown():
    assert "s3cret" not in repr(TOKEN)
    assert "pass:word" not in repr(BASIC)
