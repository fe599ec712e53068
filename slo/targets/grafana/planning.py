"""What a push would change: pure, from what stands in Grafana and what should."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from slo.plan import Change, Plan
from slo.targets.grafana.marker import fingerprint
from slo.targets.grafana.migration import without_migration
from slo.targets.grafana.rule_group import our_part, rule_uids, with_others

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from slo.plan import Artefact
    from slo.targets.grafana.standing import Standing

FOLDERS, DASHBOARDS, GROUPS = "folders/", "dashboards/", "rule-groups/"
"""What paths begin with, in the order in which objects are written."""

OnDrift = Literal["keep", "overwrite"]


@dataclass(frozen=True)
class Allowed:
    """What a push may do beside creating and updating what is its own.

    Attributes:
        adopt: Replace objects of the same uid that nobody marked as slobook's.
        prune: Delete what is slobook's in its folder and no longer wanted.
        on_drift: What becomes of edits in Grafana: kept, or overwritten.

    """

    adopt: bool = False
    prune: bool = False
    on_drift: OnDrift = "keep"


def plan_push(
    standing: Mapping[str, Standing],
    wanted: Sequence[Artefact],
    target: str,
    allowed: Allowed | None = None,
) -> Plan:
    """What turns what stands in Grafana into what should.

    Args:
        standing: By path; see ``read_standing``.
        wanted: See ``wanted_objects``.
        target: What the plan is marked with.
        allowed: What may be done; the least if None.

    """
    may = allowed or Allowed()
    paths = {one.path for one in wanted}
    gone = [one for path, one in sorted(standing.items()) if path not in paths and _goes(one)]
    uids = {uid for one in wanted for uid in rule_uids(one.path, one.text)}
    made = [
        *(_wanted(one, standing.get(one.path), may, uids) for one in wanted),
        *(_unwanted(one, may) for one in gone if may.prune),
    ]
    changes = _without_takeovers([one for one in made if one], standing, may)
    left = [] if may.prune else [f"{one.path} is slobook's and not wanted: --prune" for one in gone]
    existing = [one for path, one in standing.items() if one.ours or path in paths]
    return Plan(
        tuple(changes),
        sum(not one.path.startswith(FOLDERS) for one in existing),
        target,
        (*left, *_renamed(standing, wanted)),
    )


def _without_takeovers(
    changes: Sequence[Change], standing: Mapping[str, Standing], may: Allowed
) -> list[Change]:
    """The changes, but for those of groups that would take rules that are not theirs to take."""
    left = {change.path for change in changes if not change.is_to_do}
    if may.on_drift == "keep":
        left |= {path for path, one in standing.items() if one.ours and not one.mark}
    kept = {uid: path for path in left if path in standing for uid in standing[path].rule_uids}
    found = [_without_takeover(change, kept, _unmarked(standing), may) for change in changes]
    return found if found == list(changes) else _without_takeovers(found, standing, may)


def _without_takeover(
    change: Change, kept: Mapping[str, str], unmarked: Mapping[str, str], may: Allowed
) -> Change:
    if not change.is_to_do:
        return change
    uids = rule_uids(change.path, change.after or "")
    others = sorted({kept[uid] for uid in uids if uid in kept} - {change.path})
    if others:
        note = f"its rules stand in {', '.join(others)}, which stays as it is"
        return replace(change, kind="blocked", note=note)
    places = sorted({unmarked[uid] for uid in uids if uid in unmarked})
    if not places or change.kind == "adopt":
        return change
    note = f"rules in {', '.join(places)} have uids of its rules, and nobody marked them"
    if may.adopt:
        return replace(change, kind="adopt", note=note)
    return replace(change, kind="blocked", note=f"{note}; --adopt replaces them")


def _unmarked(standing: Mapping[str, Standing]) -> dict[str, str]:
    """The uids of unmarked rules in our folder; a mark that people removed is drift instead."""
    groups = [(path, one) for path, one in standing.items() if one.mark or not one.ours]
    return {uid: path for path, one in groups for uid in one.other_uids}


def object_mark(path: str, text: str) -> str:
    """The fingerprint that our mark on an object holds, once it stands as the text says."""
    return fingerprint(our_part(text) if path.startswith(GROUPS) else text)


def _wanted(
    wanted: Artefact, standing: Standing | None, may: Allowed, uids: Collection[str]
) -> Change | None:
    path, text = wanted.path, wanted.text
    if path.startswith(FOLDERS):
        # People may call a folder as they like; by its uid it stays ours.
        return None if standing else Change(path, "create", None, text)
    if path.startswith(GROUPS):
        text = with_others(text, standing.text if standing else None, uids)
    if standing is None:
        return Change(path, "create", None, text, 0 if path.startswith(DASHBOARDS) else None)
    before = standing.text
    if before and path.startswith(DASHBOARDS):
        before = without_migration(before, text)
    update = Change(path, "update", before, text, standing.version)
    if standing.mark == object_mark(path, text) and not _moved(standing, text):
        return None
    if standing.refusal:
        return replace(update, kind="blocked", note=standing.refusal)
    if not standing.ours or standing.taken:
        return _not_ours(update, standing, may)
    # What stands intact in another folder is another environment's, or people moved it.
    if not standing.mark or _moved(standing, text):
        return _drifted(update, standing, may)
    return update


def _unwanted(standing: Standing, may: Allowed) -> Change:
    delete = Change(standing.path, "delete", standing.text, None, standing.version)
    if standing.refusal:
        return replace(delete, kind="blocked", note=standing.refusal)
    return delete if standing.mark else _drifted(delete, standing, may)


def _not_ours(change: Change, standing: Standing, may: Allowed) -> Change:
    if may.adopt:
        why = standing.taken or f"is not slobook's, {standing.last}"
        return replace(change, kind="adopt", note=why)
    why = standing.taken or f"it is not slobook's, {standing.last}"
    return replace(change, kind="blocked", note=f"{why}; --adopt replaces it")


def _drifted(change: Change, standing: Standing, may: Allowed) -> Change:
    last = standing.last
    if change.after is not None and _moved(standing, change.after):
        last = f"it stands in folder {_folder(standing.text)!r}; {last}"
    if may.on_drift == "overwrite":
        return replace(change, note=f"overwrites what people changed: {last}")
    return replace(change, kind="drift", note=last)


def _moved(standing: Standing, text: str) -> bool:
    return _folder(standing.text) != _folder(text)


def _folder(text: str | None) -> str:
    return str(json.loads(text or "{}").get("folderUid", ""))


def _goes(standing: Standing) -> bool:
    return standing.ours and not standing.path.startswith(FOLDERS)


def _renamed(standing: Mapping[str, Standing], wanted: Sequence[Artefact]) -> Iterator[str]:
    for one in wanted:
        present = standing.get(one.path)
        if one.path.startswith(FOLDERS) and present and present.text != one.text:
            title = json.loads(present.text or "{}")["title"]
            yield f"{one.path} is called {title!r} in Grafana, and stays so"
