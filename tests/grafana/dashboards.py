"""Dashboards: saving with every check in Grafana's order, reading, versions, search."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from tests.grafana.exchange import Answer, Refusal, Request
from tests.grafana.migration import migrated
from tests.grafana.naming import new_uid, refuse_illegal, slug
from tests.grafana.state import KEPT_VERSIONS, Dashboard, State, Version

SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
SAME_TITLE = "A dashboard with the same name in the folder already exists"


@dataclass(frozen=True)
class Saver:
    """Who saves a dashboard, and what they say."""

    message: str
    login: str


def save(state: State, request: Request) -> Answer:
    """Carry out ``POST /api/dashboards/db``: what is wrong first is what is said."""
    asked = request.json
    if not isinstance(asked, dict) or not isinstance(asked.get("dashboard"), dict):
        raise Refusal(400, "bad request data")
    body = deepcopy(asked["dashboard"])
    folder_uid = _folder_uid(state, asked)
    overwrite = bool(asked.get("overwrite"))
    title = str(body.get("title") or "").strip()
    if not title:
        raise Refusal(400, "Dashboard title cannot be empty", "empty-name")
    uid = str(body.get("uid") or "").strip()
    refuse_illegal(uid)
    _refuse_fast_refresh(state, str(body.get("refresh") or ""))
    existing = _existing(state, body.get("id"), uid)
    version = int(body.get("version") or 0)  # an absent version counts as 0
    if existing and existing.newest.number != version and not overwrite:
        status, conflict = state.profile.dashboard_conflict
        raise Refusal(status, conflict["message"], conflict.get("status", ""))
    if existing and existing.plugin and not overwrite:
        raise Refusal(
            412, f"The dashboard belongs to plugin {existing.plugin}.", "plugin-dashboard"
        )
    folder = state.folder(folder_uid)
    if folder and folder.title.lower() == title.lower():
        raise Refusal(400, "Dashboard name cannot be the same as folder", "name-match")
    twin = _twin(state, title, folder_uid, existing)
    if twin and state.profile.same_title:
        status, word = state.profile.same_title
        if not overwrite:
            raise Refusal(status, SAME_TITLE, word)
        existing = twin  # overwriting takes over the other dashboard of the same title
    if existing and existing.provisioned:
        raise Refusal(400, "Cannot save provisioned dashboard")
    if request.account is None or request.account.role == "Viewer":
        raise Refusal(403, "Access denied to this dashboard")
    message = str(asked.get("message") or "")
    body["title"] = title
    saved = _store(state, existing, body, folder_uid, Saver(message, request.account.login))
    return Answer(200, _told(saved))


def read(state: State, request: Request, uid: str) -> Answer:
    board = _found(state, uid)
    first, newest = board.versions[0], board.newest
    folder = state.folder(board.folder_uid)
    meta = {
        "type": "db",
        "canSave": True,
        "canEdit": True,
        "canAdmin": True,
        "canStar": False,
        "canDelete": True,
        "slug": slug(board.title),
        "url": _url(board),
        "expires": "0001-01-01T00:00:00Z",
        "created": first.created,
        "updated": newest.created,
        "updatedBy": newest.by,
        "createdBy": first.by,
        "version": newest.number,
        "hasAcl": False,
        "isFolder": False,
        "folderId": folder.id if folder else 0,
        "folderUid": board.folder_uid,
        "folderTitle": folder.title if folder else "General",
        "folderUrl": f"/dashboards/f/{folder.uid}/{slug(folder.title)}" if folder else "",
        "provisioned": board.provisioned,
        "provisionedExternalId": "boards/one.json" if board.provisioned else "",
    }
    return Answer(200, {"meta": meta, "dashboard": newest.body})


def delete(state: State, request: Request, uid: str) -> Answer:
    board = _found(state, uid)
    if board.provisioned:
        raise Refusal(400, "provisioned dashboard cannot be deleted")
    del state.dashboards[uid]
    for number in [n for n, one in state.annotations.items() if one["dashboardUID"] == uid]:
        del state.annotations[number]
    said = f"Dashboard {board.title} deleted"
    return Answer(200, {"id": board.id, "title": board.title, "message": said, "uid": uid})


def versions(state: State, request: Request, uid: str) -> Answer:
    """Newest first; a limit counts only in the query, a body is not read."""
    board = _found(state, uid)
    first = request.number("start")
    limit = request.number("limit") or 1000
    newest_first = list(reversed(board.versions))[first : first + limit]
    shown = [_version(board, one) for one in newest_first]
    if state.profile.versions_in_object:
        return Answer(200, {"continueToken": "", "versions": shown})
    return Answer(200, shown)


def version(state: State, request: Request, uid: str, number: str) -> Answer:
    board = _found(state, uid)
    for one in board.versions:
        if one.number == int(number):
            return Answer(200, {**_version(board, one), "data": one.body})
    raise Refusal(404, "Dashboard version not found")


def restore(state: State, request: Request, uid: str) -> Answer:
    """Go back to a version: a new version with a message of Grafana's own."""
    board = _found(state, uid)
    wanted = int((request.json or {}).get("version") or 0)
    body = next((one.body for one in board.versions if one.number == wanted), None)
    if body is None:
        raise Refusal(404, "Dashboard version not found")
    login = request.account.login if request.account else "Anonymous"
    saver = Saver(f"Restored from version {wanted}", login)
    _add(board, deepcopy(body), saver, restored_from=wanted)
    return Answer(200, _told(board))


def search(state: State, request: Request) -> Answer:
    """``/api/search``: several tags mean all of them; pages count from 1."""
    limit = min(request.number("limit", 1000) or 1000, 5000)
    first = (max(request.number("page", 1), 1) - 1) * limit
    wanted = request.one("query").lower()
    kind = request.one("type")
    hits = []
    if kind in {"", "dash-folder"} and not request.query.get("tag"):
        hits += [_folder_hit(one) for one in state.folders.values() if wanted in one.title.lower()]
    if kind in {"", "dash-db"}:
        boards = [one for one in state.dashboards.values() if _matches(one, request, wanted)]
        hits += [_board_hit(state, one) for one in boards]
    hits.sort(key=lambda one: (one["title"], one["uid"]))
    return Answer(200, hits[first : first + limit])


def _store(
    state: State, existing: Dashboard | None, body: dict[str, Any], folder_uid: str, by: Saver
) -> Dashboard:
    uid = str(body.get("uid") or "").strip()
    board = existing or Dashboard(next(state.ids), uid or new_uid(), folder_uid, [])
    if uid and existing and uid != board.uid and body.get("id") == board.id:
        del state.dashboards[board.uid]
        board.uid = uid
    state.dashboards[board.uid] = board
    board.folder_uid = folder_uid
    _add(board, migrated(body) if state.profile.migrates else body, by)
    return board


def _add(board: Dashboard, body: dict[str, Any], by: Saver, restored_from: int = 0) -> None:
    number = board.versions[-1].number + 1 if board.versions else 1
    body = {**body, "id": board.id, "uid": board.uid, "version": number}
    board.versions.append(Version(number, body, by.message, by.login, restored_from))
    del board.versions[:-KEPT_VERSIONS]


def _folder_uid(state: State, asked: dict[str, Any]) -> str:
    # What is absent is the root: a save that leaves it out moves the dashboard there.
    uid = str(asked.get("folderUid") or "")
    number = int(asked.get("folderId") or 0)
    if not uid and number:
        uid = next((one.uid for one in state.folders.values() if one.id == number), "?")
    if uid and state.folder(uid) is None:
        raise Refusal(400, "Folder not found")
    return uid


def _refuse_fast_refresh(state: State, refresh: str) -> None:
    parts = re.fullmatch(r"(\d+)(ms|s|m|h|d)", refresh)
    if parts and int(parts[1]) * SECONDS[parts[2]] < state.least_refresh_seconds:
        raise Refusal(400, "Dashboard refresh interval is too low")


def _existing(state: State, number: object, uid: str) -> Dashboard | None:
    by_id = None
    if number:
        by_id = next((one for one in state.dashboards.values() if one.id == number), None)
        if by_id is None:
            raise Refusal(404, "Dashboard not found", "not-found")
    by_uid = state.dashboards.get(uid)
    if by_id and by_uid and by_id is not by_uid:
        raise Refusal(400, "A dashboard with the same uid already exists")
    return by_id or by_uid


def _twin(
    state: State, title: str, folder_uid: str, existing: Dashboard | None
) -> Dashboard | None:
    for one in state.dashboards.values():
        if one is not existing and one.folder_uid == folder_uid and one.title == title:
            return one
    return None


def _found(state: State, uid: str) -> Dashboard:
    board = state.dashboards.get(uid)
    if board is None:
        raise Refusal(404, "Dashboard not found")
    return board


def _url(board: Dashboard) -> str:
    return f"/d/{board.uid}/{slug(board.title)}"


def _told(board: Dashboard) -> dict[str, Any]:
    return {
        "id": board.id,
        "slug": slug(board.title),
        "status": "success",
        "uid": board.uid,
        "url": _url(board),
        "version": board.newest.number,
    }


def _version(board: Dashboard, one: Version) -> dict[str, Any]:
    return {
        "id": board.id * 1000 + one.number,
        "dashboardId": board.id,
        "uid": board.uid,
        "parentVersion": one.number - 1,
        "restoredFrom": one.restored_from,
        "version": one.number,
        "created": one.created,
        "createdBy": one.by,
        "message": one.message,
    }


def _matches(board: Dashboard, request: Request, wanted: str) -> bool:
    tags = set(request.query.get("tag", []))
    uids = request.query.get("dashboardUIDs", []) + request.query.get("dashboardUID", [])
    folders = request.query.get("folderUIDs", [])
    return (
        tags <= set(board.tags)
        and wanted in board.title.lower()
        and (not uids or board.uid in uids)
        and (not folders or (board.folder_uid or "general") in folders)
    )


def _board_hit(state: State, board: Dashboard) -> dict[str, Any]:
    folder = state.folder(board.folder_uid)
    inside = {}
    if folder:
        inside = {
            "folderId": folder.id,
            "folderUid": folder.uid,
            "folderTitle": folder.title,
            "folderUrl": f"/dashboards/f/{folder.uid}/{slug(folder.title)}",
        }
    return {
        "id": board.id,
        "uid": board.uid,
        "title": board.title,
        "uri": f"db/{slug(board.title)}",
        "url": _url(board),
        "slug": "",
        "type": "dash-db",
        "tags": board.tags,
        "isStarred": False,
        "sortMeta": 0,
        **inside,
    }


def _folder_hit(folder: Any) -> dict[str, Any]:
    return {
        "id": folder.id,
        "uid": folder.uid,
        "title": folder.title,
        "uri": f"db/{slug(folder.title)}",
        "url": f"/dashboards/f/{folder.uid}/{slug(folder.title)}",
        "slug": "",
        "type": "dash-folder",
        "tags": [],
        "isStarred": False,
        "sortMeta": 0,
    }
