"""Fast tests start no browser."""

import pytest


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch):
    monkeypatch.setenv("SLOBOOK_BROWSER", "none")
