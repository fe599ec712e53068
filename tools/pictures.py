"""Take README's pictures of a weekly report, as the demonstration makes it: ``make pictures``.

The report's page in a window, light and dark. What fonts there are decides how letters look, so
that pictures of two machines are alike and not the same; no test compares them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
WINDOW = {"width": 1120, "height": 880}
_DRAWN = '() => "drawn" in document.body.dataset'


def demonstration(folder: Path) -> Path:
    """Run ``slo demo`` in an empty folder, on the embedded example.

    Returns:
        The page of the last week's report.

    Raises:
        subprocess.CalledProcessError: The demonstration failed; it has said why.

    """
    for name in ("notebooks", "slo/catalog"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "slobook.toml", folder)
    slo = Path(sys.executable).parent / "slo"
    subprocess.run([slo, "demo"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (page,) = (folder / "reports").glob("*/*/weekly-slo.html")
    return page


def take(page: Path, scheme: str, target: Path) -> None:
    """Write a PNG of a page's first window in a colour scheme, ``light`` or ``dark``."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport=WINDOW, color_scheme=scheme)
        tab = context.new_page()
        tab.goto(page.as_uri())
        tab.wait_for_function(_DRAWN)
        tab.screenshot(path=target)
        browser.close()


def main() -> None:
    """Write both pictures."""
    with TemporaryDirectory(prefix="slobook-") as folder:
        page = demonstration(Path(folder))
        IMAGES.mkdir(exist_ok=True)
        for scheme, name in (("light", "weekly-report.png"), ("dark", "weekly-report-dark.png")):
            take(page, scheme, IMAGES / name)
            print(f"{(IMAGES / name).relative_to(ROOT)}: {(IMAGES / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
