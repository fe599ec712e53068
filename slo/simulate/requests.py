"""HTTP requests, replies that customers see, and the database connections that they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slo.simulate.distribution import Distribution

if TYPE_CHECKING:
    from slo.model.samples import Values
    from slo.simulate.conditions import Conditions
    from slo.simulate.target import Counts, Target
    from slo.simulate.tickets import Work

_PREFIX = "support_agent"
_ROUTES = (("GET", "/tickets/{id}", 20.0), ("POST", "/chat", 5.0))
"""Method, route, requests for each ticket that comes in. A ticket itself is one more."""

_CODES = ("2xx", "4xx", "5xx")
_CLIENT_ERRORS = 0.02
_HEALTH_CHECK_SECONDS = 10.0
_REPLIES_A_TICKET = 2.5
_FIRST_WORDS = Distribution(
    parts=((0.98, 1.35, 0.57), (0.02, 4.0, 0.6)),
    bounds=(0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 30, 60, 120),
)
_SERVED = Distribution(
    parts=((0.97, 0.045, 0.6), (0.03, 0.3, 0.7)),
    bounds=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 30, 60),
)
_POOL = {"pool": "primary"}
_POOL_SIZE, _POOL_OPEN = 50, 10
_CONNECTIONS_A_REQUEST_A_SECOND = 0.5
_DATABASE_ERRORS = 1e-5
"""Queries that fail, for each request."""

_CONVERSATIONS_A_REPLY = 2.0


def serve_requests(target: Target, work: Work, now: Conditions, rng: np.random.Generator) -> Counts:
    """Answer requests and reply to customers, and count both; returns the requests."""
    requests, failed = _answer(target, work.received, now, rng)
    target.counter(
        f"{_PREFIX}_errors_total", {"component": "http", "error_type": "server_error"}, failed
    )
    _check_health(target, target.seconds, requests.size)
    _reply(target, work, now, rng)
    _connect(target, requests / target.seconds, now, rng)
    _depend(target, now)
    return requests


def _answer(
    target: Target, received: Counts, now: Conditions, rng: np.random.Generator
) -> tuple[Counts, Counts]:
    """Count requests by route and code; returns them all, and those that failed."""
    errors = np.minimum(now.api_errors, 1 - _CLIENT_ERRORS)
    codes = np.stack([1 - errors - _CLIENT_ERRORS, np.full_like(errors, _CLIENT_ERRORS), errors], 1)
    codes = codes.clip(0)
    # For each accepted ticket there were some requests that were not accepted.
    refused = rng.poisson(received[:, None] * codes[:, 1:] / codes[:, :1].clip(1e-3))
    _count(target, "POST", "/tickets", np.column_stack([received, refused]))
    requests: Counts = received + refused.sum(axis=1)
    failed: Counts = refused[:, -1].copy()
    for method, route, a_ticket in _ROUTES:
        tried = rng.poisson(a_ticket * received)
        by_code = rng.multinomial(tried, codes)
        _count(target, method, route, by_code)
        requests += tried
        failed += by_code[:, -1]
    shares = _SERVED.shares(np.ones(requests.size), np.zeros(requests.size))
    name, labels = f"{_PREFIX}_http_request_duration_seconds", {"route": "/tickets/{id}"}
    target.observed(name, labels, _SERVED, rng.multinomial(requests, shares), rng)
    return requests, failed


def _count(target: Target, method: str, route: str, by_code: Counts) -> None:
    for code, counts in zip(_CODES, by_code.T, strict=True):
        labels = {"method": method, "route": route, "code_class": code}
        target.counter(f"{_PREFIX}_http_requests_total", labels, counts)


def _check_health(target: Target, seconds: float, count: int) -> None:
    done = (np.arange(count + 1) * seconds // _HEALTH_CHECK_SECONDS).astype(np.int64)
    labels = {"method": "GET", "route": "/healthz", "code_class": "2xx"}
    target.counter(f"{_PREFIX}_http_requests_total", labels, done[1:] - done[:-1])


def _reply(target: Target, work: Work, now: Conditions, rng: np.random.Generator) -> None:
    """Only chats are timed: nobody waits in front of an e-mail."""
    replies = rng.poisson(_REPLIES_A_TICKET * work.finished)
    shares = _FIRST_WORDS.shares(now.slowness, work.wait)
    name, labels = f"{_PREFIX}_response_duration_seconds", {"channel": "chat"}
    target.observed(name, labels, _FIRST_WORDS, rng.multinomial(replies, shares), rng)
    open_now = rng.poisson(_CONVERSATIONS_A_REPLY * replies)
    target.gauge(f"{_PREFIX}_active_conversations", labels, open_now)


def _connect(target: Target, rate: Values, now: Conditions, rng: np.random.Generator) -> None:
    """Connections in use, among them those that leaked, and idle ones that stay open."""
    needed = rng.poisson(_CONNECTIONS_A_REQUEST_A_SECOND * rate)
    leaked = np.floor(now.leaked * (_POOL_SIZE - 2)).astype(np.int64)
    in_use = np.minimum(needed + leaked, _POOL_SIZE)
    waiting = needed + leaked - in_use
    idle = np.maximum(_POOL_OPEN - in_use, 0)
    target.gauge(f"{_PREFIX}_db_pool_connections", {**_POOL, "state": "in_use"}, in_use)
    target.gauge(f"{_PREFIX}_db_pool_connections", {**_POOL, "state": "idle"}, idle)
    target.gauge(f"{_PREFIX}_db_pool_waiting_requests", _POOL, waiting)
    target.held(f"{_PREFIX}_db_pool_max_connections", _POOL, _POOL_SIZE)
    lost = rng.poisson(_DATABASE_ERRORS * rate * target.seconds + 0.5 * waiting)
    for error_type, counts in (("pool_timeout", np.minimum(lost, waiting)), ("query", lost)):
        labels = {**_POOL, "error_type": error_type}
        target.counter(f"{_PREFIX}_db_errors_total", labels, counts)
    target.counter(
        f"{_PREFIX}_errors_total", {"component": "database", "error_type": "query"}, lost
    )


def _depend(target: Target, now: Conditions) -> None:
    """Health checks see an outage of everything, not one of a few calls."""
    up = {
        "anthropic": now.llm_errors < 0.5,  # noqa: PLR2004  half of the calls
        "openai": np.ones(now.llm_errors.size),
        "database": now.leaked < 1,
        "knowledge_base": np.ones(now.llm_errors.size),
    }
    for dependency, there in up.items():
        target.gauge(f"{_PREFIX}_dependency_up", {"dependency": dependency}, there)
