"""Which path is answered by what, and who may ask."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tests.grafana import annotations as notes
from tests.grafana import dashboards, folders, instance, rules
from tests.grafana.accounts import Account, lacking, may, recognize
from tests.grafana.exchange import Answer, Refusal, Request

if TYPE_CHECKING:
    from tests.grafana.state import State


@dataclass(frozen=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    answer: Callable[..., Answer]
    action: str = ""


def _route(method: str, path: str, answer: Callable[..., Answer], action: str = "") -> Route:
    """A route; ``:name`` stands for one part of a path; an action is what not everybody may do."""
    return Route(method, re.compile(re.sub(r":\w+", "([^/]+)", path)), answer, action)


GROUP = "/api/v1/provisioning/folder/:folder/rule-groups/:group"
PUBLIC = (_route("GET", "/api/health", instance.health),)
ROUTES = (
    _route("GET", "/api/frontend/settings", instance.settings),
    _route("GET", "/api/org/?", instance.organization),
    _route("GET", "/api/user", instance.user),
    _route("GET", "/api/search/?", dashboards.search),
    _route("GET", "/api/folders", folders.listing),
    _route("POST", "/api/folders", folders.create, "folders:create"),
    _route("GET", "/api/folders/:uid", folders.read),
    _route("PUT", "/api/folders/:uid", folders.update, "folders:write"),
    _route("DELETE", "/api/folders/:uid", folders.delete, "folders:delete"),
    _route("POST", "/api/dashboards/db", dashboards.save),
    _route("GET", "/api/dashboards/uid/:uid", dashboards.read),
    _route("DELETE", "/api/dashboards/uid/:uid", dashboards.delete, "dashboards:delete"),
    _route("GET", "/api/dashboards/uid/:uid/versions", dashboards.versions),
    _route("GET", r"/api/dashboards/uid/:uid/versions/(\d+)", dashboards.version),
    _route("POST", "/api/dashboards/uid/:uid/restore", dashboards.restore, "dashboards:write"),
    _route("GET", "/api/v1/provisioning/alert-rules", rules.listing, "alert.provisioning:read"),
    _route("POST", "/api/v1/provisioning/alert-rules", rules.create, "alert.rules:create"),
    _route("GET", "/api/v1/provisioning/alert-rules/:uid", rules.read, "alert.provisioning:read"),
    _route("PUT", "/api/v1/provisioning/alert-rules/:uid", rules.update, "alert.rules:write"),
    _route("DELETE", "/api/v1/provisioning/alert-rules/:uid", rules.delete, "alert.rules:delete"),
    _route("GET", GROUP, rules.read_group, "alert.provisioning:read"),
    _route("PUT", GROUP, rules.replace_group, "alert.rules:write"),
    _route("DELETE", GROUP, rules.delete_group, "alert.rules:delete"),
    _route(
        "GET",
        "/api/v1/provisioning/contact-points",
        rules.contact_points,
        "alert.provisioning:read",
    ),
    _route("POST", "/api/v1/provisioning/contact-points", rules.add_contact_point, "alert.n:write"),
    _route(
        "PUT",
        "/api/v1/provisioning/contact-points/:uid",
        rules.change_contact_point,
        "alert.n:write",
    ),
    _route("GET", "/api/v1/provisioning/policies", rules.policies, "alert.provisioning:read"),
    _route("PUT", "/api/v1/provisioning/policies", rules.replace_policies, "alert.n:write"),
    _route("GET", "/api/annotations", notes.find),
    _route("GET", "/api/annotations/tags", notes.tags),
    _route("POST", "/api/annotations/?", notes.add, "annotations:create"),
    _route("GET", r"/api/annotations/(\d+)", notes.read),
    _route("PUT", r"/api/annotations/(\d+)", notes.replace, "annotations:write"),
    _route("PATCH", r"/api/annotations/(\d+)", notes.change, "annotations:write"),
    _route("DELETE", r"/api/annotations/(\d+)", notes.delete, "annotations:delete"),
    _route("GET", "/api/datasources", instance.data_sources, "datasources:read"),
    _route("GET", "/api/datasources/uid/:uid", instance.data_source, "datasources:read"),
    _route("GET", "/api/datasources/name/:name", instance.data_source_by_name, "datasources:read"),
    _route("GET", "/api/datasources/uid/:uid/health", instance.data_source_health),
)


def answer(state: State, request: Request) -> tuple[Request, Answer]:
    """Whoever asks, recognized, and what is answered; one request at a time."""
    with state.lock:
        for route in PUBLIC:
            if route.method == request.method and route.pattern.fullmatch(request.path):
                return request, route.answer(state, request)
        account = recognize(request.headers.get("authorization"))
        if isinstance(account, str):
            return request, Answer(401, {"message": account})
        known = replace(request, account=account)
        try:
            return known, _carried_out(state, known, account)
        except Refusal as refusal:
            return known, refusal.answer


def _least_role(state: State, route: Route) -> str:
    if route.action.startswith("alert."):
        return state.profile.provisions_rules
    if route.action == "datasources:read":  # listing shows addresses; pages get them otherwise
        return "Admin"
    return "Editor" if route.action else "Viewer"


def _carried_out(state: State, request: Request, account: Account) -> Answer:
    matches = ((one, one.pattern.fullmatch(request.path)) for one in ROUTES)
    found: list[tuple[Route, Any]] = [(one, match) for one, match in matches if match]
    for route, match in found:
        if route.method == request.method:
            if not may(account, _least_role(state, route)):
                return Answer(403, lacking(route.action))
            return route.answer(state, request, *match.groups())
    return Answer(404, {"message": "Not found"})
