"""Chromium without a window: prints a page, and takes its picture.

It gets an environment without our secrets, a profile that goes with it, and nobody to talk to. It
ends in time, with all that it started, and with us.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from slo.errors import ConfigError, RunError
from slo.report.runs import lifeline
from slo.report.runs.short_folder import short_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VARIABLE = "SLOBOOK_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NONE = "none"
SECONDS = 120.0
"""Until a picture or a print must be there; a dozen objectives take ten on a busy machine."""

_FOLDERS = "slobook-browser-"
_PDF, _PNG = b"%PDF-", b"\x89PNG\r\n\x1a\n"
_QUIET = (
    # As root, and in most containers, Chromium has no sandbox and does not start with one. What it
    # opens is our own page, whose policy runs no script but ours.
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--disable-quic", "--disable-breakpad", "--disable-extensions"),
    # No name of any host is known to it.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    # Scripts have twenty seconds of their own time, which pass as fast as they have nothing to do.
    "--virtual-time-budget=20000",
)


def browser(environment: Mapping[str, str]) -> str:
    """The path of a Chromium or Chrome: the one that ``SLOBOOK_BROWSER`` names, or one on the PATH.

    Raises:
        ConfigError: There is none, or ``SLOBOOK_BROWSER`` forbids or misses it.

    """
    asked = environment.get(VARIABLE, "")
    if asked.lower() == NONE:
        raise ConfigError(f"{VARIABLE} is {asked!r}")
    path = environment.get("PATH")
    if asked:
        found = shutil.which(asked, path=path)
        if not found:
            raise ConfigError(
                f"{VARIABLE}: found {asked!r}, expected the path of Chromium or Chrome"
            )
        return str(Path(found).absolute())
    for name in NAMES:
        if found := shutil.which(name, path=path):
            return str(Path(found).absolute())
    raise ConfigError(f"no Chromium or Chrome is installed, and {VARIABLE} names none")


def printed(program: str, page: Path, seconds: float = SECONDS) -> bytes:
    """A page as PDF, on the paper that its style sheet names.

    Args:
        program: The browser's path.
        page: The page's file; it finds what it refers to beside itself.
        seconds: How long it may take.

    Raises:
        RunError: The browser failed or took too long.

    """
    with short_folder(_FOLDERS) as own:
        made = own / "made.pdf"
        flags = ("--no-pdf-header-footer", f"--print-to-pdf={made}")
        return _made(program, (*flags, page.resolve().as_uri()), made, _PDF, seconds)


def pictured(program: str, page: Path, size: tuple[int, int], seconds: float = SECONDS) -> bytes:
    """A page as PNG.

    Args:
        program: The browser's path.
        page: The page's file.
        size: Width and height of the window in pixels.
        seconds: How long it may take.

    Raises:
        RunError: The browser failed or took too long.

    """
    with short_folder(_FOLDERS) as own:
        made = own / "made.png"
        flags = (
            *(f"--window-size={size[0]},{size[1]}", "--hide-scrollbars"),
            *("--force-device-scale-factor=1", f"--screenshot={made}"),
        )
        return _made(program, (*flags, page.resolve().as_uri()), made, _PNG, seconds)


def _made(program: str, flags: Sequence[str], made: Path, begins: bytes, seconds: float) -> bytes:
    """What the browser wrote, in a folder of its own."""
    said = made.with_name("said")
    profile = f"--user-data-dir={made.with_name('profile')}"
    _run([program, *_QUIET, profile, *flags], said, seconds)
    content = made.read_bytes() if made.is_file() else b""
    if not content.startswith(begins):
        raise RunError(program, _last_words(said) or "it wrote nothing")
    return content


def _run(command: Sequence[str], said: Path, seconds: float) -> None:
    # Killed with us, however we end; the module is started as a file, since the browser's
    # environment does not know where slo is installed.
    tied = [sys.executable, "-I", str(lifeline.__file__), str(os.getpid()), *command]
    with said.open("wb") as words:
        running = subprocess.Popen(
            tied,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            env=_bare(said.parent),
            cwd=said.parent,
            start_new_session=True,
        )
        try:
            code = running.wait(seconds)
        except subprocess.TimeoutExpired:
            raise RunError(command[0], f"it was not done after {seconds:g} s") from None
        finally:
            # The whole group, also when its leader is done.
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
    if code:
        raise RunError(command[0], _last_words(said) or f"it ended with {code}")


def _bare(own: Path) -> dict[str, str]:
    """An environment in which there is nothing to tell: no secret, nobody's home."""
    home = {name: str(own) for name in ("HOME", "TMPDIR", "XDG_RUNTIME_DIR")}
    return {**home, "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "TZ": "UTC"}


def _last_words(said: Path) -> str:
    """What ended it, or its last line; not of the desktop's bus, which servers do not have."""
    lines = said.read_text(encoding="utf-8", errors="replace").splitlines()
    telling = [line.strip() for line in lines if line.strip() and "dbus" not in line]
    fatal = [line for line in telling if ":FATAL:" in line]
    # A busy machine adds complaints after the one that matters.
    unread = [line for line in telling if "ERR_" in line]
    return (fatal or unread or telling or [""])[-1][:300]
