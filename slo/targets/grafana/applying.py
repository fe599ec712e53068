"""Carrying out a plan on Grafana: every object checked before anything is written, and after."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from slo.errors import ConfigError, Drift, GrafanaError, SloError, Unfinished
from slo.targets.grafana.annotation_store import (
    delete_annotation,
    read_annotation,
    write_annotation,
)
from slo.targets.grafana.annotations import ANNOTATIONS, DEPLOY
from slo.targets.grafana.marker import version_message
from slo.targets.grafana.planning import DASHBOARDS, FOLDERS, GROUPS, object_mark
from slo.targets.grafana.rule_group import (
    UNFINISHED,
    final_mark,
    group_body,
    has_newer_fields,
    is_broken_off,
    is_rewording,
    new_rules,
    rule_uids,
    without_rules,
)
from slo.targets.grafana.standing import (
    every_rule_uid,
    read_dashboard,
    read_folder,
    read_group,
    require_grafana,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grafana_client.api import GrafanaApi

    from slo.plan import Change, Plan
    from slo.targets.grafana.connection import Connection
    from slo.targets.grafana.standing import Standing

_CONFLICTS = (409, 412)
_SERVER_ERROR = 500
_AGAIN = "plan again"


def apply(
    plan: Plan, connection: Connection, advance: Callable[[Change], None] | None = None
) -> None:
    """Make a plan's changes: folders, dashboards, rule groups, and last what goes.

    What a plan leaves alone is left alone. A change that was made already, by an earlier attempt
    at the same plan, is not made twice.

    Args:
        plan: For this Grafana; see ``plan_push``.
        connection: To it.
        advance: Called after each change that was made.

    Raises:
        ConfigError: The plan was made for another Grafana or folder.
        Drift: Something changed after the plan was made: says what, who and when. Nothing has
            been written where it is noticed before the first change.
        Unfinished: A change failed after others were made, or was refused.
        GrafanaError: Grafana cannot be reached, or refuses, before the first change.

    """
    if plan.target != connection.server.target:
        raise ConfigError(
            f"the plan is for {plan.target or 'a folder of files'}, found "
            f"{connection.server.target}; choose the environment with --env, or plan again"
        )
    require_grafana(connection)
    changes = sorted(plan.to_do, key=_order)
    ahead, moved = _ahead(changes, connection)
    done: list[str] = []
    for number, change in enumerate(ahead):
        try:
            _make(_after_moves(change, moved), connection)
        except SloError as error:
            not_tried = [str(one) for one in ahead[number + 1 :]]
            unfinished = Unfinished(error, done, str(change), not_tried)
            if isinstance(error, Drift):
                raise Drift(str(unfinished)) from None
            raise unfinished from None
        done.append(str(change))
        moved.update(rule_uids(change.path, change.after or ""))
        if advance:
            advance(change)


def in_order(plan: Plan) -> tuple[Change, ...]:
    """A plan's changes in the order in which they are made."""
    return tuple(sorted(plan.changes, key=_order))


def _order(change: Change) -> tuple[bool, int, bool, str]:
    kinds = (FOLDERS, DASHBOARDS, GROUPS, ANNOTATIONS)
    kind = next((n for n, prefix in enumerate(kinds) if change.path.startswith(prefix)), len(kinds))
    # Rules leave a group before they come into another: a push that breaks off between the two
    # leaves no group that lacks what its mark says.
    after, before = (rule_uids(change.path, text or "") for text in (change.after, change.before))
    return change.kind == "delete", kind, set(before) <= set(after), change.path


def _ahead(changes: Sequence[Change], connection: Connection) -> tuple[list[Change], set[str]]:
    """What is still to do, and the uids of the rules that earlier attempts put into their groups.

    Raises:
        Drift: Something is neither as planned nor as wanted.

    """
    ahead, moved = [], set[str]()
    for change in changes:
        if _is_done(_after_moves(change, moved), connection):
            moved.update(rule_uids(change.path, change.after or ""))
        else:
            ahead.append(change)
    return ahead, moved


def _after_moves(change: Change, moved: set[str]) -> Change:
    """The change of a group out of which earlier ones of its plan took rules."""
    if not change.path.startswith(GROUPS) or change.before is None:
        return change
    return replace(change, before=without_rules(change.before, moved))


def _is_done(change: Change, connection: Connection) -> bool:
    """Whether an earlier attempt made the change.

    Raises:
        Drift: The object is neither as planned nor as wanted.

    """
    standing = _read(change, connection)
    is_there = change.kind == "create" and change.path.startswith((FOLDERS, ANNOTATIONS))
    if is_there and standing is not None:
        return True  # made by another: there is nothing in it to be lost
    if _is_as_wanted(change, standing):
        return True
    _refuse_drift(change, standing)
    return False


def _is_as_wanted(change: Change, standing: Standing | None) -> bool:
    if change.after is None or standing is None or standing.text is None:
        return change.after is None and standing is None
    if change.path.startswith(ANNOTATIONS):
        # A deployment happened when it happened: whoever marked it, it is marked.
        return standing.text == change.after or change.path.startswith(f"{ANNOTATIONS}{DEPLOY}:")
    folders = [json.loads(text).get("folderUid") for text in (standing.text, change.after)]
    return standing.mark == object_mark(change.path, change.after) and folders[0] == folders[1]


def _refuse_drift(change: Change, standing: Standing | None) -> None:
    if standing is None:
        if change.before is not None:
            raise Drift(f"{change.path} was deleted after the plan was made; {_AGAIN}")
        return
    if change.path.startswith(DASHBOARDS):
        as_planned = standing.version == change.expected
    elif change.path.startswith(GROUPS):
        as_planned = change.before == standing.text or is_broken_off(
            change.after or change.before or "", standing.text or "", standing.mark
        )
    else:
        as_planned = change.before == standing.text
    if not as_planned:
        raise Drift(f"{change.path} changed after the plan was made ({standing.last}); {_AGAIN}")


def _read(change: Change, connection: Connection) -> Standing | None:
    if change.path.startswith(ANNOTATIONS):
        return read_annotation(change, connection)
    kind, _, name = change.path.partition("/")
    if f"{kind}/" == FOLDERS:
        return read_folder(connection, name)
    if f"{kind}/" == DASHBOARDS:
        return read_dashboard(connection, name)
    folder, _, title = name.partition("/")
    return read_group(connection, folder, title)


def _make(change: Change, connection: Connection) -> None:
    try:
        if change.after is None:
            _delete(change, connection)
        elif change.path.startswith(FOLDERS):
            _make_folder(change, connection)
        elif change.path.startswith(DASHBOARDS):
            _save_dashboard(change, connection)
        elif change.path.startswith(ANNOTATIONS):
            write_annotation(change, connection)
        else:
            _put_group(change, connection)
    except GrafanaError as error:
        raise GrafanaError(f"{change.path}: {error}", error.status, error.reason) from None


def _make_folder(change: Change, connection: Connection) -> None:
    tree = json.loads(change.after or "")
    try:
        connection.write(lambda grafana: grafana.folder.create_folder(tree["title"], tree["uid"]))
    except GrafanaError as error:
        if error.status not in _CONFLICTS:
            raise
        if _read(change, connection) is None:
            raise GrafanaError(
                f"another folder has the title {tree['title']!r}: choose another with "
                "grafana.folder, or take that one with grafana.folder_uid",
                error.status,
            ) from None
    if _read(change, connection) is None:
        raise GrafanaError(f"{change.path} was made, and is not there")


def _save_dashboard(change: Change, connection: Connection) -> None:
    tree = json.loads(change.after or "")
    folder = tree.pop("folderUid")
    body = {
        "dashboard": {**tree, "id": None, "version": change.expected or 0},
        "folderUid": folder,
        "message": version_message(change.after or ""),
        "overwrite": False,
    }
    try:
        answer = connection.write(lambda grafana: grafana.dashboard.update_dashboard(body))
    except GrafanaError as error:
        if error.status not in _CONFLICTS:
            raise
        raise _conflict(change, connection, error, str(tree.get("title"))) from None
    if answer.get("status") != "success" or answer.get("uid") != tree["uid"]:
        raise GrafanaError(
            f"saving it was answered with {sorted(answer) or 'nothing'} instead of success: "
            "is that Grafana, and nothing else before it?"
        )
    _require_written(change, connection)


def _conflict(
    change: Change, connection: Connection, error: GrafanaError, title: str
) -> Drift | GrafanaError:
    """Why a save was refused: somebody was faster, or a name is taken."""
    if "name" in error.reason:
        return GrafanaError(
            f"another dashboard of that folder has the title {title!r}: rename it ({error})",
            error.status,
        )
    standing = _read(change, connection)
    if standing is None or standing.version == change.expected:
        return error
    return Drift(f"{change.path} changed after the plan was made ({standing.last}); {_AGAIN}")


def _put_group(change: Change, connection: Connection) -> None:
    text = change.after or ""
    # Groups have no versions: the time between reading and writing is kept as short as it can be.
    _refuse_drift(change, _read(change, connection))
    if not has_newer_fields(text):
        _put_whole(text, final_mark(text), connection)
    else:
        # What an older server forgets is no edit of people's: the mark says so, once it is known.
        _put_whole(text, UNFINISHED, connection)
        stored = _read(change, connection)
        if stored and stored.text and is_rewording(text, stored.text):
            _put(text, final_mark(text, stored.text), connection)
    _require_written(change, connection)


def _put_whole(text: str, mark: str, connection: Connection) -> None:
    try:
        _put(text, mark, connection)
    except GrafanaError as error:
        # Before 11.5.2 a group may not bring new rules: each has to be there first.
        if error.status != _SERVER_ERROR:
            raise
        new = new_rules(text, every_rule_uid(connection))
        if not new:
            raise
        for rule in new:
            connection.write(partial(_post_rule, rule, connection.server.editable_rules))
        _put(text, mark, connection)


def _put(text: str, mark: str, connection: Connection) -> None:
    body = group_body(text, mark)
    connection.write(
        lambda grafana: grafana.alertingprovisioning.update_rule_group(
            body["folderUid"],
            body["title"],
            body,
            disable_provenance=connection.server.editable_rules,
        )
    )


def _require_written(change: Change, connection: Connection) -> None:
    standing = _read(change, connection)
    if not _is_as_wanted(change, standing):
        last = standing.last if standing else "it is gone"
        raise Drift(f"{change.path} was changed while it was written ({last}); {_AGAIN}")


def _delete(change: Change, connection: Connection) -> None:
    """Delete what is ours: of a group our rules, and those of others stay."""
    _refuse_drift(change, _read(change, connection))
    if change.path.startswith(DASHBOARDS):
        uid = change.path.removeprefix(DASHBOARDS)
        connection.write(lambda grafana: grafana.dashboard.delete_dashboard(uid))
    if change.path.startswith(ANNOTATIONS):
        delete_annotation(change, connection)
    for rule in rule_uids(change.path, change.before or ""):
        connection.write(partial(_delete_rule, rule))
    standing = _read(change, connection)
    if standing is not None and standing.ours:
        raise Drift(f"{change.path} was written while it was deleted ({standing.last}); {_AGAIN}")


def _post_rule(rule: dict[str, Any], editable: bool, grafana: GrafanaApi) -> Any:  # noqa: ANN401, FBT001
    return grafana.alertingprovisioning.create_alertrule(rule, disable_provenance=editable)


def _delete_rule(uid: str, grafana: GrafanaApi) -> Any:  # noqa: ANN401  its calls have no types
    return grafana.alertingprovisioning.delete_alertrule(uid)
