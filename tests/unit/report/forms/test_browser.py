"""Which browser is taken; what it does is tested with a real one."""

import pytest

from slo.errors import ConfigError
from slo.report.forms.browser import NAMES, browser


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
