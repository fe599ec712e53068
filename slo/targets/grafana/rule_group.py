"""A group of alert rules: its normal form, our mark in it, and the rules of others among ours.

Grafana replaces a group as a whole and counts no versions of it. So our mark stands in each rule,
as an annotation that Grafana keeps out of notifications, and holds the fingerprint of the group as
we wrote it: whoever edits, adds or removes a rule of ours leaves a mark that no longer fits. Rules
that others put into the group are written back as they stand.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from slo.model.duration import format_duration, parse_duration
from slo.plan.structure import ABSENT, differences
from slo.targets.grafana.marker import canonical, fingerprint

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

MARK = "__slobook__"
"""Names between double underscores are Grafana's private annotations."""

_GROUPS = "rule-groups/"
UNFINISHED = "unfinished"
_WANTED = re.compile(r"sha256:([0-9a-f]{64})")
_STORED = re.compile(r"stored:([0-9a-f]{64})")
_SINCE_9 = {
    *("uid", "title", "condition", "data", "for", "noDataState", "execErrState"),
    *("labels", "annotations", "isPaused"),
}
_OF_SERVER = ("id", "updated", "provenance")
_OF_GROUP = ("folderUID", "ruleGroup", "orgID")
_UNSAID: dict[str, tuple[object, ...]] = {
    "isPaused": (False, None),
    "keep_firing_for": ("0s", "", None),
    "notification_settings": (None, {}),
    "record": (None, {}),
    "missing_series_evals_to_resolve": (None, 0),
    "missingSeriesEvalsToResolve": (None, 0),
    "queryType": ("", None),
}
"""What some servers say of every rule and it means nothing."""

_QUERY_DEFAULTS: dict[str, object] = {
    "intervalMs": 1000,
    "maxDataPoints": 43200,
    "maxDatapoints": 43200,
}
"""What Grafana puts into every query that does not say it."""


def group_path(folder_uid: str, title: str) -> str:
    """By which a group is known in a plan."""
    return f"{_GROUPS}{folder_uid}/{title}"


def group_text(folder_uid: str, title: str, interval: int, rules: list[dict[str, Any]]) -> str:
    """A group of ours in its normal form, without marks and without rules of others."""
    return canonical(_tree(folder_uid, title, interval, rules, []))


def standing_text(group: Mapping[str, Any]) -> str:
    """A group as it stands, in the same form: ours in ``rules``, those of others in ``others``."""
    ours = [rule for rule in group["rules"] if is_ours(rule)]
    others = [_kept(rule) for rule in group["rules"] if not is_ours(rule)]
    return canonical(
        _tree(group["folderUid"], group["title"], int(group["interval"]), ours, others)
    )


def with_others(wanted: str, standing: str | None, ours: Collection[str] = ()) -> str:
    """A wanted group together with the rules that others put into the one that stands there.

    An unmarked rule that has the uid of one of ours is no other's; ``ours`` are those of all
    wanted groups.
    """
    tree = json.loads(wanted)
    uids = {*ours, *(rule["uid"] for rule in tree["rules"])}
    others = json.loads(standing)["others"] if standing else []
    return canonical({**tree, "others": [rule for rule in others if rule["uid"] not in uids]})


def rule_uids(path: str, text: str) -> tuple[str, ...]:
    """The uids of our rules in a group; none of anything else."""
    if not path.startswith(_GROUPS) or not text:
        return ()
    return tuple(str(rule["uid"]) for rule in json.loads(text)["rules"])


def other_uids(path: str, text: str) -> tuple[str, ...]:
    """The uids of the rules of others in a group; none of anything else."""
    if not path.startswith(_GROUPS) or not text:
        return ()
    return tuple(str(rule["uid"]) for rule in json.loads(text)["others"])


def without_rules(text: str, uids: Collection[str]) -> str | None:
    """A group without some rules, wherever they went; None where none is left."""
    tree = json.loads(text)
    for part in ("rules", "others"):
        tree[part] = [rule for rule in tree[part] if rule["uid"] not in uids]
    return canonical(tree) if tree["rules"] or tree["others"] else None


def our_part(text: str) -> str:
    """A group without the rules of others, in any order: what the mark is made of."""
    tree = json.loads(text)
    rules = sorted(tree["rules"], key=lambda rule: str(rule["uid"]))
    return canonical({**tree, "rules": rules, "others": []})


def final_mark(text: str, stored: str = "") -> str:
    """The mark of a group that stands as it should.

    Args:
        text: The group in its normal form.
        stored: What the server made of it, where that is something else.

    """
    wanted, made = fingerprint(our_part(text)), fingerprint(our_part(stored)) if stored else ""
    return f"sha256:{wanted}" + (f" stored:{made}" if made not in ("", wanted) else "")


def group_body(text: str, mark: str = "") -> dict[str, Any]:
    """What is put into Grafana, marked: as finished unless told otherwise."""
    tree = json.loads(text)
    place = {"folderUID": tree["folderUid"], "ruleGroup": tree["title"], "orgID": 1}
    marked = {MARK: mark or final_mark(text)}
    ours = [
        {**rule, **place, "annotations": {**rule["annotations"], **marked}}
        for rule in tree["rules"]
    ]
    fields = {key: tree[key] for key in ("title", "folderUid", "interval")}
    return {**fields, "rules": [*ours, *({**rule, **place} for rule in tree["others"])]}


def has_newer_fields(text: str) -> bool:
    """Whether its rules say what older servers forget without a word."""
    return any(set(rule) - _SINCE_9 for rule in json.loads(text)["rules"])


def is_broken_off(change_after: str, standing: str, mark: str) -> bool:
    """Whether a push of ours broke off in a group that is otherwise as it was planned."""
    others = [json.loads(text)["others"] for text in (change_after, standing)]
    return mark == UNFINISHED and others[0] == others[1]


def new_rules(text: str, known: Collection[str]) -> list[dict[str, Any]]:
    """The rules of a wanted group that stand nowhere yet, as they are put there one by one.

    They are marked as unfinished, until the group is put as a whole.
    """
    return [r for r in group_body(text, UNFINISHED)["rules"] if r["uid"] not in known]


def is_ours(rule: Mapping[str, Any]) -> bool:
    """Whether it carries our mark."""
    return bool(_mark_of(rule))


def untouched_mark(group: Mapping[str, Any]) -> str:
    """The fingerprint that we wrote a group for; empty where somebody changed it since.

    It is ``UNFINISHED`` where a push broke off while it added rules, and fits nothing.
    """
    whole = [rule for rule in group["rules"] if _mark_of(rule) != UNFINISHED]
    if len(whole) < len(group["rules"]):
        ours = any(is_ours(rule) for rule in whole)
        untouched = not ours or untouched_mark({**group, "rules": whole})
        return UNFINISHED if untouched else ""
    marks = {_mark_of(rule) for rule in group["rules"] if is_ours(rule)}
    if len(marks) != 1:
        return ""
    (mark,) = marks
    wanted, stored = _WANTED.search(mark), _STORED.search(mark)
    now = fingerprint(our_part(standing_text(group)))
    if wanted and now == (stored or wanted)[1]:
        return wanted[1]
    return ""


def is_rewording(sent: str, stored: str) -> bool:
    """Whether a group differs from what was sent as a server makes it differ, and not people.

    A server leaves fields out, or says more of them; what people change are values, rules, labels
    and annotations.
    """
    found = differences(json.loads(our_part(sent)), json.loads(our_part(stored)))
    words = (".labels", ".annotations")
    return all(
        (one.before is ABSENT) != (one.after is ABSENT)
        and not one.place.endswith("]")
        and not any(word in one.place for word in words)
        for one in found
    )


def _tree(
    folder_uid: str,
    title: str,
    interval: int,
    rules: list[dict[str, Any]],
    others: list[dict[str, Any]],
) -> dict[str, Any]:
    return {
        "folderUid": folder_uid,
        "title": title,
        "interval": interval,
        "rules": [_normal(rule) for rule in rules],
        "others": others,
    }


def _mark_of(rule: Mapping[str, Any]) -> str:
    return str((rule.get("annotations") or {}).get(MARK, ""))


def _kept(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule of others as it can be written back."""
    return {k: v for k, v in rule.items() if k not in (*_OF_SERVER, *_OF_GROUP)}


def _normal(rule: Mapping[str, Any]) -> dict[str, Any]:
    annotations = {k: v for k, v in (rule.get("annotations") or {}).items() if k != MARK}
    fields = {
        **_said(_kept(rule)),
        "for": _duration(rule.get("for")),
        "labels": rule.get("labels") or {},
        "annotations": annotations,
        "data": [_query(part) for part in rule.get("data") or []],
    }
    if "keep_firing_for" in fields:
        fields["keep_firing_for"] = _duration(fields["keep_firing_for"])
    return _said(fields)


def _said(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in fields.items() if k not in _UNSAID or v not in _UNSAID[k]}


def _query(part: Mapping[str, Any]) -> dict[str, Any]:
    model = {
        key: value
        for key, value in (part.get("model") or {}).items()
        if _QUERY_DEFAULTS.get(key) != value
    }
    return {**_said(part), "model": model}


def _duration(value: object) -> str:
    """``15m`` for 15m0s: servers write durations in their own way."""
    text = str(value or "0s")
    try:
        return format_duration(parse_duration(text))
    except ValueError:
        return text
