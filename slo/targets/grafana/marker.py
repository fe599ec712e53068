"""Our mark: by it a push knows what it wrote, whatever the server makes of what it stores."""

from __future__ import annotations

import json
import re
from hashlib import sha256

TAG = "slobook"
"""Every dashboard of ours has it; what has it not is never deleted."""

_MARK = re.compile(r"slobook sha256:([0-9a-f]{64})")


def canonical(value: object) -> str:
    """A JSON value as text, always the same for the same value."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)


def fingerprint(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def version_message(text: str) -> str:
    """The message that a dashboard is saved with."""
    return f"slobook sha256:{fingerprint(text)}"


def marked(message: str) -> str:
    """The fingerprint in a version's message; empty where somebody else saved it."""
    found = _MARK.search(message)
    return found[1] if found else ""
