"""``slo lab`` as a process of its own, and JupyterLab in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, Queue
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

WINDOW = (1440, 1000)
PATIENCE = 60_000
"""Milliseconds until a page is given up."""


@dataclass
class Lab:
    """A running ``slo lab``.

    Attributes:
        process: The command.
        address: What it told to open; the token is in it.
        said: Every line so far.

    """

    process: subprocess.Popen[str]
    address: str = ""
    said: list[str] = field(default_factory=list)

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """End it as a person does, and return its exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout=30)


@contextmanager
def running(project: Path, home: Path, *options: str) -> Iterator[Lab]:
    """Run ``slo lab`` on a project for somebody whose home is empty, on a free port."""
    code = "from slo.cli import main; main()"
    config = ["--config", str(project / "slobook.toml")]
    command = [sys.executable, "-c", code, "lab", "--no-browser", "--port", "0"]
    # Nothing of the person who runs the tests is read or written.
    own = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    environment = {**own, "HOME": str(home), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [*command, *config, *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lab, lines = Lab(process), Queue()
    reader = threading.Thread(target=_read, args=(process, lab.said, lines))
    reader.start()
    try:
        lab.address = _address(lines, lab)
        yield lab
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)
        reader.join(timeout=30)
        process.stdout.close()


def _read(process: subprocess.Popen[str], said: list[str], lines: Queue[str]) -> None:
    for line in process.stdout:
        said.append(line.rstrip())
        lines.put(line)


def _address(lines: Queue[str], lab: Lab) -> str:
    while True:
        try:
            line = lines.get(timeout=120)
        except Empty:
            raise AssertionError("\n".join(lab.said)) from None
        if found := re.match(r"Open (http\S+)", line):
            return found[1]


@contextmanager
def browsing(address: str, *, dark: bool = False) -> Iterator[Page]:
    """Yield JupyterLab in a browser, when it has opened its windows."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "this test needs chromium; 'make programs' installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-quic", "--disable-component-update"],
        )
        context = browser.new_context(
            viewport={"width": WINDOW[0], "height": WINDOW[1]},
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(address)
        page.locator("#jupyterlab-splash").wait_for(state="detached")
        page.locator(".jp-Notebook:visible").wait_for()
        yield page
        browser.close()


def opened(page: Page, name: str) -> Locator:
    """Open a notebook from the list of the work; yields its panel when its kernel idles."""
    entry = page.locator(f".slobook-work button[data-path$='{name}.ipynb']")
    entry.click()
    entry.and_(page.locator("[aria-current]")).wait_for()
    panel = page.locator(".jp-NotebookPanel:visible")
    panel.locator(".jp-Notebook").wait_for()
    wait_until_idle(page)
    return panel


def wait_until_idle(page: Page) -> None:
    """Wait for the kernel of the notebook on top: before, what is run is lost.

    The status bar tells of the one before for a moment, so that it has to name the file as well.
    """
    page.wait_for_function(
        """() => {
            const current = document.querySelector(".slobook-work button[aria-current]");
            const said = document.querySelector("#jp-main-statusbar")?.innerText ?? "";
            const file = current?.dataset.path.split("/").pop();
            return file && said.includes(file) && said.includes("| Idle");
        }"""
    )


def run_all(page: Page) -> None:
    """Run every cell, and wait until the last one has."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    # A cell that waits has a star for its number, and none has a number before all have run.
    page.wait_for_function(
        """() => {
            const shown = [...document.querySelectorAll('.jp-NotebookPanel')]
                .filter((one) => one.offsetParent);
            const cells = [...shown[0].querySelectorAll('.jp-CodeCell')];
            return cells.length && cells.every((one) =>
                /^\\[\\d+\\]/.test(one.querySelector('.jp-InputPrompt').textContent));
        }"""
    )
    wait_until_idle(page)


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong in what we show of the notebook on top: rule, and element."""
    shown = {"include": [[".jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output"]]}
    found = Axe().run(page, context=shown).response["violations"]
    ours = ("slobook-", "noUi", "widget-", "jupyter-")
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found
        for node in one["nodes"]
        if any(name in " ".join(map(str, node["target"])) + node["html"] for name in ours)
    ]
