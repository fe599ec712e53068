"""What the server says of itself, and its data sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.grafana.exchange import Answer, Refusal, Request

if TYPE_CHECKING:
    from tests.grafana.state import State

COMMIT = "8bd1a1ab"


def health(state: State, request: Request) -> Answer:
    """Asks for no credentials; the version may be hidden."""
    known = {} if state.hides_version else {"commit": COMMIT, "version": state.profile.version}
    if state.healthy:
        return Answer(200, {**known, "database": "ok"})
    return Answer(503, {**known, "database": "failing"})


def settings(state: State, request: Request) -> Answer:
    """What browsers are told: everybody learns of the data sources."""
    version = "" if state.hides_version else state.profile.version
    commit = "" if state.hides_version else COMMIT
    build = {"version": version, "commit": commit, "edition": "Open Source", "env": "production"}
    sources = {one["name"]: one for one in state.data_sources}
    built_in = {
        "-- Grafana --": {"uid": "grafana", "name": "-- Grafana --", "type": "datasource"},
        "-- Mixed --": {"uid": "-- Mixed --", "name": "-- Mixed --", "type": "datasource"},
    }
    return Answer(200, {"buildInfo": build, "datasources": {**sources, **built_in}})


def organization(state: State, request: Request) -> Answer:
    return Answer(200, {"id": 1, "name": "Main Org.", "address": {}})


def user(state: State, request: Request) -> Answer:
    login = request.account.login if request.account else ""
    return Answer(200, {"id": 1, "login": login, "name": login, "email": "", "orgId": 1})


def data_sources(state: State, request: Request) -> Answer:
    return Answer(200, state.data_sources)


def data_source(state: State, request: Request, uid: str) -> Answer:
    for one in state.data_sources:
        if one["uid"] == uid:
            return Answer(200, one)
    raise Refusal(404, "Data source not found")


def data_source_by_name(state: State, request: Request, name: str) -> Answer:
    for one in state.data_sources:
        if one["name"] == name:
            return Answer(200, one)
    raise Refusal(404, "Data source not found")


def data_source_health(state: State, request: Request, uid: str) -> Answer:
    data_source(state, request, uid)
    if uid in state.sick_data_sources:
        message = "Post http://prometheus:9090/api/v1/query: connection refused"
        return Answer(400, {"status": "ERROR", "message": message})
    return Answer(200, {"status": "OK", "message": "Data source is working"})
