"""``deliveries``: have the newest reports arrived where slobook.toml takes them?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from slo.doctor.finding import Finding, attention, broken, fine, listed, not_checked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "deliveries"
_ANCHOR = "reports"
_TO_DO = "mend what the record names; slo run-due tries again"


def deliveries(newest: Mapping[str, Path]) -> Finding:
    """Nothing that failed, or was begun and never ended.

    Args:
        newest: Folders of the newest reports by what people call these; beside each lies the
            record of its deliveries.

    """
    records = {
        report: folder.with_name(f"{folder.name}.deliveries.json")
        for report, folder in newest.items()
    }
    there = {report: path for report, path in records.items() if path.is_file()}
    if not newest:
        return not_checked(NAME, "there is no report yet", "slo doctor --only reports")
    if not there:
        reason = "no newest report was delivered anywhere: slobook.toml has no [[delivery]]"
        return not_checked(NAME, reason, "see docs/reports.md")
    failed: list[str] = []
    unknown: list[str] = []
    arrived = 0
    for report, path in there.items():
        try:
            record: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
            states = {name: str(entry["state"]) for name, entry in record.items()}
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            failed.append(f"{path} cannot be read: nobody knows what was delivered")
            continue
        arrived += sum(state == "delivered" for state in states.values())
        failed += [
            f"{report} to {name}: {record[name].get('detail', 'failed')}"
            for name, state in states.items()
            if state == "failed"
        ]
        unknown += [
            f"{report} to {name}: begun at {record[name].get('at', '?')}"
            for name, state in states.items()
            if state == "begun"
        ]
    if failed:
        found = f"not all deliveries of the newest reports arrived: {len(failed)} failed"
        return broken(NAME, found, _TO_DO, _ANCHOR, listed([*failed, *unknown]))
    if unknown:
        found = f"nobody knows whether all deliveries arrived: {len(unknown)} were only begun"
        return attention(NAME, found, _TO_DO, _ANCHOR, listed(unknown))
    return fine(NAME, f"all {arrived} deliveries of the newest reports arrived")
