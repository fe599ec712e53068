"""What was delivered of a report, written down beside its folder as ``<week>.deliveries.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter, ValidationError

from slo.atomic import replacing
from slo.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

State = Literal["begun", "delivered", "failed"]


@dataclass(frozen=True)
class Entry:
    """What became of one delivery of a report.

    Attributes:
        state: ``begun`` is written down before anything is sent, so that an end in between shows.
        at: When, in UTC as ISO 8601.
        number: How often somebody wanted it there.
        reached: Who has got it of several addressees, where not all have.
        detail: Where it is now, or why it is not there.

    """

    state: State
    at: str
    number: int = 1
    reached: tuple[str, ...] = ()
    detail: str = ""


def record_of(folder: Path) -> Path:
    """Where it is written down what was delivered of the report in a folder."""
    return folder.with_name(f"{folder.name}.deliveries.json")


def read_record(folder: Path) -> dict[str, Entry]:
    """What was delivered of the report in a folder, by the deliveries' names.

    Raises:
        DeliveryError: It cannot be read, so nobody knows what was delivered.

    """
    path = record_of(folder)
    try:
        return TypeAdapter(dict[str, Entry]).validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no record of deliveries"
        raise DeliveryError(
            f"{path} cannot be read: {why}; delete it, and what it tells of is delivered again"
        ) from None


def write_record(folder: Path, record: Mapping[str, Entry]) -> None:
    """Write down what was delivered, as a whole; who does so holds the report's lock.

    Raises:
        WriteError: It cannot be written.

    """
    tree = {
        name: {field: value for field, value in vars(one).items() if value not in ("", ())}
        for name, one in sorted(record.items())
    }
    path = record_of(folder)
    for unfinished in path.parent.glob(f".{path.name}.*"):
        # Of a sender that was killed: nobody else holds the lock.
        unfinished.unlink(missing_ok=True)
    with replacing(path) as file:
        file.write_text(json.dumps(tree, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def now() -> str:
    """The present in UTC, to the second: ``2026-11-23T06:17:40Z``."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
