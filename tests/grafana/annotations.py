"""Annotations: ``/api/annotations``."""

from __future__ import annotations

from collections import Counter
from time import time
from typing import TYPE_CHECKING, Any

from tests.grafana.exchange import Answer, Refusal, Request

if TYPE_CHECKING:
    from tests.grafana.state import State


def add(state: State, request: Request) -> Answer:
    sent = _sent(request)
    if not sent.get("text"):
        raise Refusal(400, "Failed to save annotation")
    uid = str(sent.get("dashboardUID") or "")
    board = state.dashboards.get(uid)  # an unknown one makes it the organisation's, in silence
    milliseconds = int(time() * 1000)
    start = int(sent.get("time") or milliseconds)
    number = next(state.ids)
    state.annotations[number] = {
        "id": number,
        "alertId": 0,
        "dashboardId": board.id if board else 0,
        "dashboardUID": uid if board else "",
        "panelId": int(sent.get("panelId") or 0) if board else 0,
        "userId": 1,
        "login": request.account.login if request.account else "",
        "newState": "",
        "prevState": "",
        "created": milliseconds,
        "updated": milliseconds,
        "time": start,
        "timeEnd": int(sent.get("timeEnd") or start),
        "text": sent["text"],
        "tags": list(sent.get("tags") or []),
        "data": {},
    }
    return Answer(200, {"id": number, "message": "Annotation added"})


def find(state: State, request: Request) -> Answer:
    """Newest first, 100 at most unless asked; an unknown dashboard is no filter at all."""
    tags = set(request.query.get("tags", []))
    uid = request.one("dashboardUID")
    uid = uid if uid in state.dashboards else ""
    start, end = request.number("from"), request.number("to")
    any_tag = request.one("matchAny") == "true"
    found = [
        one
        for one in state.annotations.values()
        if (not tags or (tags & set(one["tags"]) if any_tag else tags <= set(one["tags"])))
        and (not uid or one["dashboardUID"] == uid)
        and (not end or one["time"] <= end)
        and (not start or one["timeEnd"] >= start)
    ]
    found.sort(key=lambda one: (one["time"], one["id"]), reverse=True)
    return Answer(200, found[: request.number("limit", 100) or 100])


def tags(state: State, request: Request) -> Answer:
    """Which tags there are that hold some letters, and how often."""
    wanted, limit = request.one("tag"), request.number("limit", 100) or 100
    counts = Counter(tag for one in state.annotations.values() for tag in one["tags"])
    found = [{"tag": tag, "count": n} for tag, n in sorted(counts.items()) if wanted in tag]
    return Answer(200, {"result": {"tags": found[:limit]}})


def read(state: State, request: Request, number: str) -> Answer:
    return Answer(200, _found(state, number))


def replace(state: State, request: Request, number: str) -> Answer:
    one, sent = _found(state, number), _sent(request)
    start = int(sent.get("time") or one["time"])
    one.update(
        text=sent.get("text") or "",
        tags=list(sent.get("tags") or []),
        time=start,
        timeEnd=int(sent.get("timeEnd") or start),
    )
    return Answer(200, {"message": "Annotation updated"})


def change(state: State, request: Request, number: str) -> Answer:
    """Changes what is given; what is null or empty stays, but tags."""
    one, sent = _found(state, number), _sent(request)
    one.update({name: sent[name] for name in ("text", "time", "timeEnd") if sent.get(name)})
    if sent.get("tags") is not None:
        one["tags"] = list(sent["tags"])
    return Answer(200, {"message": "Annotation patched"})


def delete(state: State, request: Request, number: str) -> Answer:
    one = _found(state, number)
    del state.annotations[one["id"]]
    return Answer(200, {"message": "Annotation deleted"})


def _found(state: State, number: str) -> dict[str, Any]:
    one = state.annotations.get(int(number))
    if one is None:
        raise Refusal(404, "Annotation not found")
    return one


def _sent(request: Request) -> dict[str, Any]:
    if not isinstance(request.json, dict):
        raise Refusal(400, "bad request data")
    return request.json
