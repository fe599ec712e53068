"""Which data sources a Grafana has, and which of them our objects mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slo.errors import ConfigError, GrafanaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slo.targets.grafana.connection import Connection
    from slo.targets.grafana.server import GrafanaServer

_BUILT_IN = ("", "__expr__", "grafana", "-- Grafana --", "-- Mixed --", "-- Dashboard --")
_FORBIDDEN = 403
_KEYS = ("datasource", "datasourceUid")


@dataclass(frozen=True, order=True)
class Datasource:
    """A data source of a Grafana.

    Attributes:
        uid: By which dashboards and rules name it.
        type: Such as ``prometheus``.
        name: For people.
        default: Whether Grafana takes it where nothing else is said.

    """

    uid: str
    type: str
    name: str
    default: bool = False

    def __str__(self) -> str:
        return f"{self.uid} ({self.type}, {self.name!r})"


def read_datasources(connection: Connection) -> tuple[Datasource, ...]:
    """Every data source that the token may see.

    Raises:
        GrafanaError: Grafana cannot be reached, or refuses.

    """
    try:
        found = connection.read(lambda grafana: grafana.datasource.list_datasources())
    except GrafanaError as error:
        if error.status != _FORBIDDEN:
            raise
        # Editors may not list them, but their browsers know them all.
        settings = connection.read(lambda grafana: grafana.client.GET("/frontend/settings"))
        found = [one for one in settings.get("datasources", {}).values() if one.get("uid")]
    return tuple(
        sorted(
            Datasource(one["uid"], one["type"], one["name"], bool(one.get("isDefault")))
            for one in found
            if one["uid"] not in _BUILT_IN
        )
    )


def chosen(uid: str, server: GrafanaServer, known: Sequence[Datasource]) -> Datasource:
    """The data source that a uid in our files means in a Grafana.

    The environment may map it; what it is mapped to is a uid, or a type of which there is one (or
    one that is the default).

    Raises:
        ConfigError: There is none, or several; lists what there is.

    """
    wanted = dict(server.datasources).get(uid, uid)
    for one in known:
        if one.uid == wanted:
            return one
    typed = [one for one in known if one.type == wanted]
    defaults = [one for one in typed if one.default]
    if len(typed) == 1 or len(defaults) == 1:
        return typed[0] if len(typed) == 1 else defaults[0]
    mapped = f" (for {uid!r})" if wanted != uid else ""
    found = ", ".join(map(str, typed or known)) or "no data source that the token may see"
    place = f"grafana.environments.{server.environment}" if server.environment else "grafana"
    raise ConfigError(
        f"data source {wanted!r}{mapped}: found {found} at {server.base_url}, expected that uid, "
        f'or one of that type; say which with {place}.datasources = {{ {uid} = "<uid>" }}'
    )


def named_uids(tree: Any) -> Iterator[str]:  # noqa: ANN401  whatever JSON holds
    """The uids of data sources that stand in an object itself; variables are not among them."""
    if isinstance(tree, list):
        for one in tree:
            yield from named_uids(one)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            uid = value.get("uid") if isinstance(value, dict) else value
            if key in _KEYS and isinstance(uid, str) and uid not in _BUILT_IN and "$" not in uid:
                yield uid
            else:
                yield from named_uids(value)


def with_uids(tree: Any, uids: dict[str, str]) -> Any:  # noqa: ANN401
    """The same object with the uids of another Grafana."""
    if isinstance(tree, list):
        return [with_uids(one, uids) for one in tree]
    if not isinstance(tree, dict):
        return tree
    changed = {key: with_uids(value, uids) for key, value in tree.items()}
    for key in _KEYS:
        value = changed.get(key)
        if isinstance(value, str) and value in uids:
            changed[key] = uids[value]
        elif isinstance(value, dict) and value.get("uid") in uids:
            changed[key] = {**value, "uid": uids[value["uid"]]}
    return changed
