"""Folders: ``/api/folders``."""

from __future__ import annotations

from typing import Any

from tests.grafana.exchange import Answer, Refusal, Request
from tests.grafana.naming import new_uid, refuse_illegal, slug
from tests.grafana.state import Folder, State, now

SAME_TITLE = "a folder or dashboard in the general folder with the same name already exists"
SAME_UID = "a folder/dashboard with the same uid already exists"
CHANGED = "the folder has been changed by someone else"


def listing(state: State, request: Request) -> Answer:
    limit = request.number("limit", 1000)
    first = (max(request.number("page", 1), 1) - 1) * limit
    folders = sorted(state.folders.values(), key=lambda one: one.title)
    hits = [{"id": one.id, "uid": one.uid, "title": one.title} for one in folders]
    return Answer(200, hits[first : first + limit])


def read(state: State, request: Request, uid: str) -> Answer:
    return Answer(200, _shown(_found(state, uid)))


def create(state: State, request: Request) -> Answer:
    asked = _asked(request)
    title = str(asked.get("title") or "").strip()
    uid = str(asked.get("uid") or "") or new_uid()
    if not title:
        raise Refusal(400, "folder title cannot be empty")
    refuse_illegal(uid)
    if uid in state.folders or uid in state.dashboards:
        raise Refusal(state.profile.folder_uid_taken, SAME_UID)
    _refuse_same_title(state, title, "")
    folder = Folder(next(state.ids), uid, title, by=_login(request), updated_by=_login(request))
    state.folders[uid] = folder
    return Answer(200, _shown(folder))


def update(state: State, request: Request, uid: str) -> Answer:
    folder = _found(state, uid)
    asked = _asked(request)
    title = str(asked.get("title") or "").strip()
    if not title:
        raise Refusal(400, "folder title cannot be empty")
    if not asked.get("overwrite") and int(asked.get("version") or 0) != folder.version:
        raise Refusal(412, CHANGED, "version-mismatch")
    _refuse_same_title(state, title, uid)
    folder.title = title
    folder.version += 1
    folder.updated, folder.updated_by = now(), _login(request)
    return Answer(200, _shown(folder))


def delete(state: State, request: Request, uid: str) -> Answer:
    """Deletes all dashboards inside, too: the trap of tools that tidy up."""
    folder = _found(state, uid)
    inside = [one for one, rule in state.rules.items() if rule.body["folderUID"] == uid]
    if inside and request.one("forceDeleteRules") != "true":
        raise Refusal(400, "folder cannot be deleted: folder contains alert rules")
    for one in inside:
        del state.rules[one]
    for one in [key for key, board in state.dashboards.items() if board.folder_uid == uid]:
        del state.dashboards[one]
    del state.folders[uid]
    if state.profile.empty_delete:
        return Answer(200, "")
    return Answer(200, {"message": "Folder deleted", "title": folder.title, "id": folder.id})


def _found(state: State, uid: str) -> Folder:
    folder = state.folder(uid)
    if folder is None:
        raise Refusal(404, "folder not found", "not-found")
    return folder


def _asked(request: Request) -> dict[str, Any]:
    if not isinstance(request.json, dict):
        raise Refusal(400, "bad request data")
    return request.json


def _refuse_same_title(state: State, title: str, except_uid: str) -> None:
    others = [one.title for one in state.folders.values() if one.uid != except_uid]
    if state.profile.same_title:  # where titles in a folder are unique, the root is a folder too
        others += [one.title for one in state.dashboards.values() if not one.folder_uid]
    if title in others:
        raise Refusal(409, SAME_TITLE)


def _login(request: Request) -> str:
    return request.account.login if request.account else "Anonymous"


def _shown(folder: Folder) -> dict[str, Any]:
    return {
        "id": folder.id,
        "uid": folder.uid,
        "title": folder.title,
        "url": f"/dashboards/f/{folder.uid}/{slug(folder.title)}",
        "hasAcl": False,
        "canSave": True,
        "canEdit": True,
        "canAdmin": True,
        "canDelete": True,
        "createdBy": folder.by,
        "created": folder.created,
        "updatedBy": folder.updated_by,
        "updated": folder.updated,
        "version": folder.version,
    }
