"""From which week on a delivery gets a service's reports: nobody wants last year's at once.

The first run that sees a delivery gives it the newest week that there may be a report of, and
writes that down as ``deliveries.json`` in the folder of the reports' weeks.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from slo.atomic import replacing
from slo.errors import DeliveryError
from slo.model.span import Week
from slo.report.runs.lock import only_one

if TYPE_CHECKING:
    from pathlib import Path

_FILE = "deliveries.json"


def first_week(shelf: Path, delivery: str, newest: Week) -> Week:
    """The first week that a delivery gets; one that is new begins with the newest.

    Args:
        shelf: The folder that the weeks of a report of a service lie in.
        delivery: The delivery's name.
        newest: The newest week that there may be a report of.

    Raises:
        DeliveryError: What was written down cannot be read.
        WriteError: It cannot be written down.
        UnderWay: Another run is just at it.

    """
    path = shelf / _FILE
    known = _read(path)
    if delivery in known:
        return known[delivery]
    with only_one(shelf / ".deliveries.lock", str(path)):
        for unfinished in shelf.glob(f".{_FILE}.*"):
            # Of a run that was killed: nobody else holds the lock.
            unfinished.unlink(missing_ok=True)
        known = {delivery: newest, **_read(path)}
        with replacing(path) as file:
            tree = {name: str(week) for name, week in sorted(known.items())}
            file.write_text(json.dumps(tree, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return known[delivery]


def _read(path: Path) -> dict[str, Week]:
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
        return {name: Week.parse(text) for name, text in tree.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError):
        raise DeliveryError(
            f"{path} cannot be read; delete it, and each delivery begins with the newest week"
        ) from None
