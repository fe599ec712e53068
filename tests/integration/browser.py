"""Pages in a real browser, opened from disk."""

import re
import shutil
import subprocess
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CHROMIUMS_OWN = re.compile(r"google(apis)?\.com|gvt1\.com|gstatic\.com")


@dataclass(frozen=True)
class Visit:
    """What a browser made of a page.

    Attributes:
        dom: The page as HTML when its scripts had run.
        console: What it complained about.
        requests: What the page asked of any host, without what Chromium asks of its maker.
        picture: A PNG of the window.

    """

    dom: str
    console: str
    requests: tuple[str, ...]
    picture: bytes


def visit(page: Path, size: tuple[int, int], folder: Path) -> Visit:
    """Open a page from disk in a window of so many pixels; nobody can be asked for anything."""
    asked: list[str] = []

    class Recorder(BaseHTTPRequestHandler):
        """A proxy that writes down who is asked for, and knows nobody."""

        def refuse(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_GET = do_POST = do_HEAD = do_CONNECT = refuse  # noqa: N815  http.server's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "this test needs chromium; 'make programs' installs it"
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    picture = folder / "page.png"
    command = [
        chromium,
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
        *("--no-first-run", "--disable-background-networking", "--disable-sync"),
        *("--disable-component-update", "--enable-logging=stderr", "--hide-scrollbars"),
        f"--proxy-server=127.0.0.1:{proxy.server_port}",
        "--proxy-bypass-list=<-loopback>",
        *(f"--window-size={size[0]},{size[1]}", "--virtual-time-budget=20000"),
    ]
    try:
        outputs = []
        for what in ("--dump-dom", f"--screenshot={picture}"):
            profile = folder / what.strip("-").partition("=")[0]
            outputs.append(
                subprocess.run(
                    [*command, f"--user-data-dir={profile}", what, page.as_uri()],
                    capture_output=True, text=True, timeout=120, check=True,
                )
            )  # fmt: skip
    finally:
        proxy.shutdown()
        proxy.server_close()
    console = "\n".join(line for line in outputs[0].stderr.splitlines() if "CONSOLE" in line)
    requests = tuple(url for url in asked if not CHROMIUMS_OWN.search(url))
    return Visit(outputs[0].stdout, console, requests, picture.read_bytes())
