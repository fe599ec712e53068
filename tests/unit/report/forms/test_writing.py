"""What lies in a report's folder, without a browser and with one that fails."""

import json
import logging
from dataclasses import replace

import pytest

from slo.errors import WriteError
from slo.report.cost.files import write_weekly_cost
from slo.report.forms import names
from slo.report.forms.found import forms_in, not_made
from slo.report.forms.writing import Forms
from slo.report.kinds import WEEKLY_COST, WEEKLY_SLO
from slo.report.leaving import leave
from slo.report.objectives.files import write_weekly_slo
from slo.report.published import read_published
from slo.webpage.plotly_file import PLOTLY
from tests.digests import DIGESTS, REPORTS, cost_week, slo_week

TEXTS = ("report.md", "mail.html", "mail.txt", "chat.txt", "slack.json", "teams.json")
RESULT = json.dumps({"verdict": "All kept.", "falls_short": False})


def left(folder):
    """A small report in a folder."""
    forms = Forms(DIGESTS["slo"](), "# A report\n")
    leave(folder, WEEKLY_SLO, RESULT, "<title>A report</title>", forms)
    return folder


@pytest.mark.integration
@pytest.mark.parametrize(
    ("write", "week", "kind"),
    [
        (write_weekly_slo, slo_week, WEEKLY_SLO),
        (write_weekly_cost, cost_week, WEEKLY_COST),
    ],
)
def test_without_a_browser_the_report_is_complete_and_says_what_is_not_there(
    write, week, kind, tmp_path, caplog
):
    report = week()
    page = write(report, tmp_path / "week", address=REPORTS)
    folder = page.parent
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [*TEXTS, "not-made.txt", "result.json", kind.page, PLOTLY]
    )
    assert read_published(folder, kind) is not None
    assert forms_in(folder, kind) == TEXTS
    sentence = (
        "There is no PDF and no picture of the headline of this report: SLOBOOK_BROWSER is 'none'."
    )
    assert not_made(folder) == sentence
    assert caplog.record_tuples == [("slo.report.forms.writing", logging.WARNING, sentence)]
    assert "cid:" not in (folder / names.MAIL_HTML).read_text()
    link = names.page_address(REPORTS, kind, report.service, report.week)
    for name in TEXTS:
        assert link in (folder / name).read_text(encoding="utf-8"), name


def test_a_browser_that_fails_fails_no_report(tmp_path, monkeypatch):
    broken = tmp_path / "broken"
    said = "libnss3.so: cannot open shared object file"
    broken.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 127\n")
    broken.chmod(0o755)
    monkeypatch.setenv("SLOBOOK_BROWSER", str(broken))
    folder = left(tmp_path / "week")
    assert read_published(folder, WEEKLY_SLO) is not None
    assert forms_in(folder, WEEKLY_SLO) == TEXTS
    assert said in not_made(folder)


def test_what_a_browser_made_before_does_not_stay(tmp_path):
    for name in (names.HEADLINE, names.pdf_of(WEEKLY_SLO)):
        (tmp_path / name).write_bytes(b"of another week")
    assert forms_in(left(tmp_path), WEEKLY_SLO) == TEXTS


def test_the_page_comes_last(tmp_path):
    (tmp_path / names.TEAMS).mkdir()
    with pytest.raises(WriteError, match=r"teams\.json"):
        left(tmp_path)
    assert not (tmp_path / WEEKLY_SLO.page).exists()


def test_the_same_report_gives_the_same_bytes(tmp_path):
    one, other = left(tmp_path / "one"), left(tmp_path / "other")
    for name in TEXTS:
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_payloads_are_json_whatever_their_names(tmp_path):
    digest = replace(DIGESTS["slo"](), verdict='"\\ \u2028 é 😀')
    folder = tmp_path
    leave(folder, WEEKLY_SLO, RESULT, "", Forms(digest, ""))
    assert digest.verdict in json.loads((folder / names.SLACK).read_text("utf-8"))["text"]
    assert json.loads((folder / names.TEAMS).read_text("utf-8"))["type"] == "message"


def test_a_folder_without_forms_has_nothing_to_say(tmp_path):
    assert (forms_in(tmp_path, WEEKLY_SLO), not_made(tmp_path)) == ((), "")
