"""What people made of our objects in Grafana, to look at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.card import Listed
from slo.errors import ConfigError
from slo.targets.grafana.connection import Connection
from slo.targets.grafana.datasources import read_datasources
from slo.targets.grafana.planning import FOLDERS, plan_push
from slo.targets.grafana.standing import read_standing, require_grafana
from slo.targets.grafana.wanted import wanted_objects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slo.plan import Artefact
    from slo.targets.grafana.server import GrafanaServer


@dataclass(frozen=True)
class Pulled(Listed):
    """An object as it stands in Grafana.

    Attributes:
        path: Its kind and uid, such as ``dashboards/slobook-slo-001``.
        text: It, as JSON.
        last: Who saved it last, when, with which message.

    """

    path: str
    text: str
    last: str

    @property
    def row(self) -> Mapping[str, str]:
        """What it is and who saved it; ``text`` is all of it."""
        lines = len(self.text.splitlines())
        return {"object": self.path, "saved last": self.last, "lines": f"{lines:,}"}


def pulled(
    artefacts: Sequence[Artefact],
    server: GrafanaServer,
    datasource_uid: str,
    names: Sequence[str] = (),
) -> tuple[Pulled, ...]:
    """The objects that people edited since the last push, or those that are named.

    Args:
        artefacts: A project's.
        server: Where to look.
        datasource_uid: As for a plan.
        names: Paths or uids; what drifted if there are none.

    Raises:
        ConfigError: There is nothing of that name; lists what there is.
        GrafanaError: Grafana cannot be reached, or refuses.

    """
    with Connection(server) as connection:
        require_grafana(connection)
        wanted = wanted_objects(artefacts, server, read_datasources(connection), datasource_uid)
        standing = read_standing(connection, wanted)
    there = {path: one for path, one in standing.items() if not path.startswith(FOLDERS)}
    made = plan_push(standing, wanted, server.target)
    paths = [change.path for change in made.changes if change.kind == "drift"]
    if names:
        paths = [_found(name, list(there)) for name in names]
    return tuple(
        Pulled(path, _indented(there[path].text), there[path].last) for path in dict.fromkeys(paths)
    )


def _found(name: str, paths: Sequence[str]) -> str:
    for path in paths:
        if name in (path, path.partition("/")[2], path.rpartition("/")[2]):
            return path
    raise ConfigError(f"found nothing of the name {name!r}, expected one of {', '.join(paths)}")


def _indented(text: str | None) -> str:
    return json.dumps(json.loads(text or "{}"), indent=2, ensure_ascii=False) + "\n"
