"""PDF and picture from a real browser: drawn, in time, and without anything left behind."""

from __future__ import annotations

import os
import re
import signal
import struct
import subprocess
import sys
import zlib
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

import pytest

from slo.errors import RunError
from slo.report.cost.files import write_weekly_cost
from slo.report.forms import names
from slo.report.forms.browser import browser, pictured, printed
from slo.report.forms.found import forms_in, not_made
from slo.report.forms.headline import SIZE
from slo.report.kinds import WEEKLY_COST, WEEKLY_SLO
from slo.report.objectives.files import write_weekly_slo
from slo.report.published import read_published
from tests.digests import cost_week, slo_week

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
ENDLESS = "<!doctype html><title>endless</title><script>for (;;) {}</script>"
FOLDERS = "slobook-browser-"


def streams(pdf: bytes) -> bytes:
    """What a PDF draws, unpacked."""
    found = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            found.append(zlib.decompress(packed))
    return b"\n".join(found)


def title(pdf: bytes) -> str:
    (found,) = re.findall(rb"/Title\s*<FEFF([0-9A-F\s]+)>|/Title\s*\(([^)]*)\)", pdf)[:1]
    wide, plain = found
    return bytes.fromhex(wide.decode()).decode("utf-16-be") if wide else plain.decode("latin-1")


def drawn(pdf: bytes) -> int:
    """How many lines, curves and boxes a PDF draws."""
    return len(re.findall(rb" (?:l|c|re)\n", streams(pdf)))


def picture(png: bytes) -> tuple[tuple[int, int], bytes]:
    """A PNG's size, and its bytes as they are packed."""
    size = struct.unpack(">II", png[16:24])
    packed, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += length + 12
    return (size[0], size[1]), zlib.decompress(packed)


def running(word: str) -> list[str]:
    """Programs with a word in their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if word in line:
                found.append(line)
    return found


def wait_until_gone(word: str) -> None:
    deadline = monotonic() + 20
    while left := running(word):
        assert monotonic() < deadline, left
        sleep(0.05)


@pytest.fixture
def own_tmp(monkeypatch):
    """Where this test's browsers have their folders, so that no other test's are looked at."""
    # Chromium's sockets lie there, and tmp_path is too long for them.
    with TemporaryDirectory(prefix="forms-", dir="/tmp") as own:
        monkeypatch.setattr("slo.report.runs.short_folder.SHORT", own)
        yield Path(own)


@pytest.fixture
def program():
    return browser(os.environ)


@pytest.fixture(
    scope="module",
    params=[
        (write_weekly_slo, slo_week, WEEKLY_SLO),
        (write_weekly_cost, cost_week, WEEKLY_COST),
    ],
    ids=["slo", "cost"],
)
def left(request, tmp_path_factory):
    """A report's folder, kind and numbers."""
    write, week, kind = request.param
    folder = write(week(), tmp_path_factory.mktemp("report") / "week").parent
    return folder, kind, week()


def test_with_a_browser_every_form_is_there(left):
    folder, kind, _ = left
    assert not_made(folder) == ""
    assert forms_in(folder, kind) == (
        *(names.pdf_of(kind), "headline.png", "report.md", "mail.html", "mail.txt"),
        *("chat.txt", "slack.json", "teams.json"),
    )
    assert read_published(folder, kind) is not None
    assert 'src="cid:headline"' in (folder / names.MAIL_HTML).read_text()
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_the_pdf_is_the_page_on_a4_with_its_figures(left):
    folder, kind, report = left
    pdf = (folder / names.pdf_of(kind)).read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert f"report {report.week}" in title(pdf)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(boxes) >= 2
    for wide, high in boxes:
        assert (float(wide), float(high)) == pytest.approx((595.3, 841.9), abs=1)
    # The same page with no place for figures to be drawn in.
    page = (folder / kind.page).read_text()
    bare = re.sub(r'(<div class="plot") id="[^"]+"', r"\1", page)
    assert bare != page
    without = folder.parent / "bare.html"
    without.write_text(bare)
    assert drawn(pdf) > 1.5 * drawn(printed(browser(os.environ), without))


def test_the_picture_has_its_size_and_is_not_blank(left):
    folder, _, _ = left
    size, packed = picture((folder / names.HEADLINE).read_bytes())
    assert size == SIZE
    assert len(set(packed)) > 100


def test_a_blank_picture_would_be_noticed(tmp_path, program):
    blank = tmp_path / "blank.html"
    blank.write_text("<!doctype html><title>nothing</title>")
    size, packed = picture(pictured(program, blank, SIZE))
    assert size == SIZE
    assert len(set(packed)) < 10


def test_a_page_finds_what_lies_in_the_folder_of_reports(tmp_path, program):
    """As a page in its staging folder does, at the depth at which it is published."""
    staging = tmp_path / "shop" / ".2026-W46-abcdefgh"
    staging.mkdir(parents=True)
    (tmp_path / "shared.js").write_text("document.title = 'it drew';")
    page = staging / "page.html"
    page.write_text('<!doctype html><title>not</title><script src="../../shared.js"></script>')
    assert title(printed(program, page)) == "it drew"


def test_a_slow_script_is_waited_for(tmp_path, program):
    page = tmp_path / "page.html"
    later = "setTimeout(() => { document.title = 'in the end'; }, 3000)"
    page.write_text(f"<!doctype html><title>not</title><script>{later}</script>")
    assert title(printed(program, page)) == "in the end"


def test_a_page_that_never_ends_is_given_up_with_all_its_processes(tmp_path, program, own_tmp):
    page = tmp_path / "endless.html"
    page.write_text(ENDLESS)
    with pytest.raises(RunError, match=r"it was not done after 2 s"):
        printed(program, page, 2)
    wait_until_gone(str(own_tmp))
    assert list(own_tmp.iterdir()) == []


def test_what_went_well_leaves_nothing_either(tmp_path, program, own_tmp):
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>A page</title>")
    printed(program, page)
    wait_until_gone(str(own_tmp))
    assert list(own_tmp.iterdir()) == []


def test_a_page_that_is_not_there_is_no_print(tmp_path, program):
    with pytest.raises(RunError, match=r"ERR_FILE_NOT_FOUND"):
        printed(program, tmp_path / "none.html")


def test_the_browser_ends_with_whoever_started_it_however_that_ends(tmp_path, program, own_tmp):
    page = tmp_path / "endless.html"
    page.write_text(ENDLESS)
    code = (
        "import sys; from pathlib import Path; from slo.report.forms import browser\n"
        "from slo.report.runs import short_folder\n"
        "short_folder.SHORT = sys.argv[3]\n"
        "browser.printed(sys.argv[1], Path(sys.argv[2]), 600)"
    )
    kernel = subprocess.Popen(
        [sys.executable, "-c", code, program, str(page), str(own_tmp)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    deadline = monotonic() + 60
    # Until a process that draws pages runs, not only the first one.
    while not any("--type=renderer" in line for line in running(f"{own_tmp}/{FOLDERS}")):
        assert monotonic() < deadline
        assert kernel.poll() is None
        sleep(0.05)
    os.kill(kernel.pid, signal.SIGKILL)
    kernel.wait()
    wait_until_gone(f"{own_tmp}/{FOLDERS}")


def test_the_browser_is_told_no_secret(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_TOKEN", "s3cret-of-the-server")
    told = tmp_path / "told"
    nosy = tmp_path / "nosy"
    nosy.write_text(f"#!/bin/sh\nenv >{told}\npwd >>{told}\n")
    nosy.chmod(0o755)
    with pytest.raises(RunError, match="it wrote nothing"):
        printed(str(nosy), tmp_path / "page.html")
    text = told.read_text()
    assert "PATH=" in text
    assert "s3cret" not in text
    assert str(Path.home()) + "\n" not in text


def test_a_browser_that_hangs_costs_the_pdf_not_the_report(tmp_path, monkeypatch):
    hangs = tmp_path / "hangs"
    hangs.write_text(f"#!/bin/sh\nsleep 987 & echo $! >{tmp_path}/child\nsleep 987\n")
    hangs.chmod(0o755)
    monkeypatch.setenv("SLOBOOK_BROWSER", str(hangs))
    monkeypatch.setattr("slo.report.forms.writing.SECONDS", 1.0)
    folder = write_weekly_cost(cost_week(), tmp_path / "week").parent
    assert read_published(folder, WEEKLY_COST) is not None
    said = "There is no PDF and no picture of the headline of this report"
    assert not_made(folder) == f"{said}: {hangs} failed: it was not done after 1 s."
    child = int((tmp_path / "child").read_text())
    deadline = monotonic() + 10
    while Path(f"/proc/{child}").exists() and "Z" not in state(child):
        assert monotonic() < deadline
        sleep(0.02)


def state(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return "Z"
