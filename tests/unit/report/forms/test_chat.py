"""The short text: the verdict first, the link last."""

from slo.report.forms.chat import chat_text
from tests.digests import DIGESTS


def test_the_verdict_comes_first_and_the_link_last():
    digest = DIGESTS["slo"]()
    lines = chat_text(digest).splitlines()
    assert lines[0] == f"✕ {digest.verdict}"
    assert lines[-1] == digest.link
    assert sum(line.startswith("• ") for line in lines) == 5


def test_what_has_no_number_is_not_told():
    lines = chat_text(DIGESTS["cost"]()).splitlines()
    budgets = [line for line in lines if "budget left" in line]
    assert budgets
    assert not any("change" in line for line in budgets)
    assert not any("–" in line for line in lines)  # noqa: RUF001


def test_without_a_link_there_is_none():
    assert "http" not in chat_text(DIGESTS["no link"]()).replace("http://x.test", "")
