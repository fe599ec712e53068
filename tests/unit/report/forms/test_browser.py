"""Which browser is taken; what it does is tested with a real one."""

import pytest

from slo.errors import ConfigError
from slo.report.forms.browser import NAMES, _last_words, browser


def installed(folder, name):
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_the_first_on_the_path_is_taken(tmp_path):
    environment = {"PATH": str(tmp_path)}
    for name in reversed(NAMES):
        path = installed(tmp_path, name)
        assert browser(environment) == path


def test_the_variable_wins(tmp_path):
    installed(tmp_path, "chromium")
    own = installed(tmp_path, "my-chrome")
    for asked in (own, "my-chrome"):
        assert browser({"PATH": str(tmp_path), "SLOBOOK_BROWSER": asked}) == own


@pytest.mark.parametrize("asked", ["none", "NONE"])
def test_none_forbids_it(tmp_path, asked):
    installed(tmp_path, "chromium")
    with pytest.raises(ConfigError, match=f"SLOBOOK_BROWSER is '{asked}'"):
        browser({"PATH": str(tmp_path), "SLOBOOK_BROWSER": asked})


def test_a_wrong_path_says_what_was_found_and_expected(tmp_path):
    installed(tmp_path, "chromium")
    with pytest.raises(ConfigError, match="found '/no/chrome', expected the path of Chromium"):
        browser({"PATH": str(tmp_path), "SLOBOOK_BROWSER": "/no/chrome"})


def test_without_any_it_says_so(tmp_path):
    with pytest.raises(ConfigError, match="no Chromium or Chrome is installed"):
        browser({"PATH": str(tmp_path)})


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((), ""),
        (("[1:ERROR:dbus/bus.cc] no bus", ""), ""),
        (("libnss3.so is missing", "[1:ERROR:dbus/bus.cc] no bus"), "libnss3.so is missing"),
        (("[1:FATAL:singleton.cc] too long", "[2:ERROR:zygote.cc] write"), ":FATAL:"),
        (("x" * 1000,), "x" * 300),
    ],
)
def test_what_ended_it_is_told_and_not_what_came_of_that(lines, told, tmp_path):
    said = tmp_path / "said"
    said.write_text("\n".join(lines))
    assert told in _last_words(said)
    assert len(_last_words(said)) <= 300
    assert bool(_last_words(said)) == bool(told)
