"""Pages in a real browser, opened from disk or from a server on the loopback."""

from __future__ import annotations

import re
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page, Request

CHROMIUMS_OWN = re.compile(r"google(apis)?\.com|gvt1\.com|gstatic\.com|/favicon\.ico$")
DESKTOP, PHONE = (1280, 900), (390, 844)
A4 = 688
"""Pixels between margins of 14 mm."""
_WIDTH = "document.documentElement.scrollWidth"
_DONE = """() => !document.getElementById("figures") || "drawn" in document.body.dataset
    || !document.getElementById("undrawn")?.hidden"""


@dataclass(frozen=True)
class Visit:
    """What a browser made of a page.

    Attributes:
        dom: The page as HTML when its scripts had run.
        console: What it complained about, and what broke its policy.
        requests: Every address that was asked for beside the page's own, and what reached a proxy
            in the way of all other hosts; without what Chromium asks for on its own, and what the
            page's policy stopped, of which the console tells.
        violations: What axe-core finds wrong, best practices included: rule, words, element.
        width: How wide the page is, in pixels: more than the window where it scrolls sideways.
        picture: A PNG of the window.
        paper_width: The same when the page is laid out for paper, in a window as wide as A4 has
            room between its margins.
        paper: The page printed, as PDF.

    """

    dom: str
    console: str
    requests: tuple[str, ...]
    violations: tuple[str, ...]
    width: int
    paper_width: int
    picture: bytes
    paper: bytes


def visit(
    page: Path | str,
    size: tuple[int, int],
    folder: Path,
    *,
    dark: bool = False,
    scripts: bool = True,
) -> Visit:
    """Open a page from disk, or by its address, in a window of so many pixels.

    What it looks like stays in ``folder``: ``window.png``, ``page.png`` as a whole, ``page.pdf``.
    """
    address = page if isinstance(page, str) else page.as_uri()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "this test needs chromium; 'make programs' installs it"
    said: list[str] = []
    asked: list[str] = []
    with _proxy(asked) as proxy, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-quic", "--disable-component-update"],
            # A page from disk has nothing to ask on the loopback either.
            proxy={"server": proxy, "bypass": "" if address.startswith("file:") else "127.0.0.1"},
        )
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            is_mobile=size[0] < 600,
            has_touch=size[0] < 600,
            java_script_enabled=scripts,
        )
        tab = context.new_page()
        tab.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        tab.on("pageerror", lambda error: said.append(str(error)))
        sent: list[Request] = []
        tab.on("request", lambda request: sent.append(request))  # noqa: PLW0108  no builtin
        tab.goto(address)
        tab.wait_for_load_state("networkidle")
        if scripts:
            tab.wait_for_function(_DONE)
        picture = tab.screenshot(path=folder / "window.png")
        tab.screenshot(path=folder / "page.png", full_page=True)
        dom = tab.content()
        width = tab.evaluate(_WIDTH)
        violations = _violations(tab) if scripts else ()
        paper = tab.pdf(path=folder / "page.pdf", prefer_css_page_size=True)
        paper_width = _paper_width(tab)
        asked += [one.url for one in sent if one.failure != "csp"]
        browser.close()
    requests = [one for one in asked if one != address and not one.startswith(("data:", "blob:"))]
    outside = tuple(one for one in requests if not CHROMIUMS_OWN.search(one))
    return Visit(dom, "\n".join(said), outside, violations, width, paper_width, picture, paper)


def _paper_width(tab: Page) -> int:
    tab.set_viewport_size({"width": A4, "height": 1000})
    tab.emulate_media(media="print")
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    return tab.evaluate(_WIDTH)


def _violations(tab: Page) -> tuple[str, ...]:
    found = Axe().run(tab).response["violations"]
    return tuple(
        f"{one['id']}: {one['help']}: {node['html']}" for one in found for node in one["nodes"]
    )


@contextmanager
def _proxy(asked: list[str]) -> Iterator[str]:
    """Yield the address of a proxy that writes down who is asked for, and knows nobody."""

    class Recorder(BaseHTTPRequestHandler):
        def refuse(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_GET = do_POST = do_HEAD = do_CONNECT = refuse  # noqa: N815  http.server's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _serving(Recorder) as server:
        yield server


@contextmanager
def static_server(folder: Path) -> Iterator[str]:
    """Yield the address of a server of a folder's files, as an object store is one."""

    class Files(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            # Browsers ask for an icon, whatever the page says.
            if self.path == "/favicon.ico":
                self.send_response(204)
                self.end_headers()
            else:
                super().do_GET()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _serving(partial(Files, directory=str(folder))) as server:
        yield server


@contextmanager
def _serving(handler) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
