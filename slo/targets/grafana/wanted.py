"""What Grafana should hold: a project's artefacts, fitted to one Grafana."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from slo.errors import ConfigError
from slo.manifests.grafana_alerting import PATH as ALERT_RULES
from slo.plan import Artefact
from slo.targets.grafana.datasources import chosen, named_uids, with_uids
from slo.targets.grafana.marker import TAG, canonical
from slo.targets.grafana.rule_group import group_path, group_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.targets.grafana.datasources import Datasource
    from slo.targets.grafana.server import GrafanaServer

_UID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_OF_SERVER = ("id", "version")


def wanted_objects(
    artefacts: Sequence[Artefact],
    server: GrafanaServer,
    known: Sequence[Datasource],
    datasource_uid: str,
) -> tuple[Artefact, ...]:
    """Our folder, and the dashboards and groups of alert rules in it, sorted by path.

    Args:
        artefacts: A project's; those that are not Grafana's are left out.
        server: The Grafana, and the folder in it.
        known: Its data sources.
        datasource_uid: The data source that dashboards show first.

    Raises:
        ConfigError: A data source is missing, or a dashboard has no uid or another's.

    """
    trees = [_dashboard(one) for one in artefacts if _is_dashboard(one)]
    groups = [
        group
        for one in artefacts
        if one.path == ALERT_RULES and server.alert_rules
        for group in json.loads(one.text)["groups"]
    ]
    if not trees and not groups:
        return ()
    first = chosen(datasource_uid, server, known)
    uids = {uid: chosen(uid, server, known).uid for uid in sorted({*named_uids([trees, groups])})}
    objects = [
        Artefact(
            f"folders/{server.folder_uid}",
            canonical({"uid": server.folder_uid, "title": server.folder}),
        ),
        *(_placed_dashboard(with_uids(tree, uids), server, first) for tree in trees),
        *(_placed_group(with_uids(group, uids), server) for group in groups),
    ]
    alike = [str(tree["uid"]) for tree in trees if _same(tree.get("title"), server.folder)]
    if alike:
        raise ConfigError(
            f"grafana.folder: found {server.folder!r}, which is also the title of the dashboard "
            f"{', '.join(alike)}, expected another: Grafana refuses both"
        )
    twice = [path for path, times in Counter(one.path for one in objects).items() if times > 1]
    if twice:
        raise ConfigError(f"{', '.join(twice)}: found several of that name, expected one each")
    return tuple(sorted(objects))


def dashboard_text(tree: dict[str, Any], folder_uid: str) -> str:
    """A dashboard and its folder as one text."""
    fields = {key: value for key, value in tree.items() if key not in _OF_SERVER}
    return canonical({**fields, "folderUid": folder_uid})


def _same(title: object, folder: str) -> bool:
    return str(title).strip().casefold() == folder.strip().casefold()


def _is_dashboard(artefact: Artefact) -> bool:
    return artefact.path.startswith("dashboards/") and artefact.path.endswith(".json")


def _dashboard(artefact: Artefact) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(artefact.text)
    if not _UID.fullmatch(str(tree.get("uid") or "")):
        raise ConfigError(
            f"{artefact.path}: uid: found {tree.get('uid')!r}, expected letters, digits, _ and -, "
            "at most 40"
        )
    return tree


def _placed_dashboard(tree: dict[str, Any], server: GrafanaServer, first: Datasource) -> Artefact:
    tags = tree.get("tags") or []
    templating = {
        **(tree.get("templating") or {}),
        "list": [_variable(one, first) for one in (tree.get("templating") or {}).get("list", [])],
    }
    whole = {**tree, "tags": tags if TAG in tags else [TAG, *tags], "templating": templating}
    return Artefact(f"dashboards/{tree['uid']}", dashboard_text(whole, server.folder_uid))


def _variable(variable: dict[str, Any], first: Datasource) -> dict[str, Any]:
    """Where nobody has chosen yet, a variable of data sources starts with ours."""
    ours = variable.get("type") == "datasource" and variable.get("query") == first.type
    if not ours or variable.get("current"):
        return variable
    return {**variable, "current": {"text": first.name, "value": first.uid, "selected": True}}


def _placed_group(group: dict[str, Any], server: GrafanaServer) -> Artefact:
    title, folder = group["title"], server.folder_uid
    text = group_text(folder, title, int(group["interval"]), group["rules"])
    return Artefact(group_path(folder, title), text)
