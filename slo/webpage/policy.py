"""What a page's browser may run and fetch."""

from __future__ import annotations

import base64
import hashlib

_NOTHING = "'none'"


def digest(script: str) -> str:
    """A script's hash, as policies and integrity attributes write it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def content_security_policy(*scripts: str, loads: bool = False) -> str:
    """Only these scripts run, and nothing else is fetched; plotly sets styles as it draws.

    Args:
        scripts: The texts of the page's own scripts.
        loads: Whether they may load another. A hash of that one would do over HTTP only: from disk
            no browser checks integrity, as files have no origin. ``'strict-dynamic'`` does in both
            cases, and trusts a script by who loads it: one of ours, whose hash covers the address,
            and no element that somebody got into the page.

    """
    sources = [f"'{digest(one)}'" for one in scripts] + ["'strict-dynamic'"] * loads
    return (
        f"default-src 'none'; script-src {' '.join(sources or [_NOTHING])}; "
        "style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
