"""Annotations in Grafana: found by their tags, written once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from slo.errors import GrafanaError
from slo.targets.grafana.annotations import ANNOTATIONS, SCOPE, annotation_text
from slo.targets.grafana.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.plan import Change
    from slo.targets.grafana.connection import Connection

_MOST = 5000
_NOT_FOUND = 404


def standing_annotations(
    connection: Connection, kind: str, tags: Sequence[str] = ()
) -> dict[str, Standing]:
    """The annotations of a kind that carry all of some tags, by path.

    Raises:
        GrafanaError: Grafana cannot be reached, or refuses.

    """
    found: dict[str, Standing] = {}
    for one in _found(connection, [kind, *tags]):
        keys = [tag for tag in one["tags"] if tag.startswith(f"{kind}:")]
        for key in keys[:1]:
            found.setdefault(f"{ANNOTATIONS}{key}", _standing(key, one))
    return found


def read_annotation(change: Change, connection: Connection) -> Standing | None:
    """The annotation that a change is about; the first where two pipelines were at it at once.

    Raises:
        GrafanaError: Grafana cannot be reached, or refuses.

    """
    found = _found(connection, _identity(change))
    return _standing(change.path.removeprefix(ANNOTATIONS), found[0]) if found else None


def write_annotation(change: Change, connection: Connection) -> None:
    """Create or change an annotation; what another made at the same time is one too many.

    Raises:
        GrafanaError: Grafana cannot be reached, or refuses.

    """
    tree = json.loads(change.after or "")
    fields = {
        "time_from": tree["time"],
        "time_to": tree["timeEnd"],
        "tags": tree["tags"],
        "text": tree["text"],
    }
    found = _found(connection, _identity(change))
    if not found:
        answer = connection.write(lambda grafana: grafana.annotations.add_annotation(**fields))
        if not answer.get("id"):
            raise GrafanaError(f"creating it was answered with {answer or 'nothing'}")
    elif change.before is not None:
        number = found[0]["id"]
        connection.write(lambda grafana: grafana.annotations.update_annotation(number, **fields))
    for extra in _found(connection, _identity(change))[1:]:
        _delete(extra["id"], connection)


def delete_annotation(change: Change, connection: Connection) -> None:
    """Delete an annotation, however often it is there.

    Raises:
        GrafanaError: Grafana cannot be reached, or refuses.

    """
    for one in _found(connection, _identity(change)):
        _delete(one["id"], connection)


def _identity(change: Change) -> list[str]:
    """The tags that it is found by: its own, and the project's where it is not everybody's."""
    tags = json.loads(change.after or change.before or "{}")["tags"]
    return [change.path.removeprefix(ANNOTATIONS), *(t for t in tags if t.startswith(SCOPE))]


def _found(connection: Connection, tags: Sequence[str]) -> list[dict[str, Any]]:
    """Those with all of the tags, the first made first."""
    # grafana-client does not encode tags.
    query = {"tags": list(tags), "type": "annotation", "limit": _MOST}
    found = connection.read(lambda grafana: grafana.client.GET("/annotations", params=query))
    return sorted(
        (one for one in found or () if set(tags) <= set(one.get("tags") or ())),
        key=lambda one: int(one["id"]),
    )


def _standing(key: str, one: dict[str, Any]) -> Standing:
    start = int(one["time"])
    end = int(one.get("timeEnd") or start)
    text = annotation_text(str(one.get("text") or ""), start, end, one["tags"])
    return Standing(f"{ANNOTATIONS}{key}", text, ours=True, last="it changed")


def _delete(number: int, connection: Connection) -> None:
    """Delete one; another pipeline may have been faster."""
    try:
        connection.write(lambda grafana: grafana.annotations.delete_annotations_by_id(number))
    except GrafanaError as error:
        if error.status != _NOT_FOUND:
            raise
