"""What names and uids may be, and the slugs that are made of them."""

from __future__ import annotations

import re
import secrets

from tests.grafana.exchange import Refusal

LONGEST_UID = 40
LEGAL_UID = re.compile(r"[a-zA-Z0-9_-]*")


def refuse_illegal(uid: str) -> None:
    if not LEGAL_UID.fullmatch(uid):
        raise Refusal(400, "uid contains illegal characters")
    if len(uid) > LONGEST_UID:
        raise Refusal(400, "uid too long, max 40 characters")


def new_uid() -> str:
    return secrets.token_hex(7)


def slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
