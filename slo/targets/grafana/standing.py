"""What stands in Grafana of what concerns us, and who saved it last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from slo.errors import GrafanaError
from slo.targets.grafana.marker import TAG, canonical, marked
from slo.targets.grafana.rule_group import (
    group_path,
    is_ours,
    other_uids,
    rule_uids,
    standing_text,
    untouched_mark,
)
from slo.targets.grafana.wanted import dashboard_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grafana_client.api import GrafanaApi

    from slo.plan import Artefact
    from slo.targets.grafana.connection import Connection

_VERSIONS = 20
"""How many versions of a dashboard are looked through for our mark; Grafana keeps as many."""

_PAGE = 1000
_FORBIDDEN, _NOT_FOUND = 403, 404


@dataclass(frozen=True)
class Standing:
    """An object that stands in Grafana.

    Attributes:
        path: Its kind and uid, such as ``dashboards/slobook-slo-001``.
        text: It, in its normal form; None where only its name is taken.
        version: Of a dashboard.
        mark: The fingerprint of what we wrote, if nobody saved it since; else empty.
        ours: Whether we ever wrote it.
        last: Who saved it last, when, with which message.
        taken: Where rules outside of our folder have the uids of a wanted group's.
        refusal: Why Grafana would refuse to change it; empty where it would not.

    """

    path: str
    text: str | None
    version: int | None = None
    mark: str = ""
    ours: bool = False
    last: str = ""
    taken: str = ""
    refusal: str = ""

    @property
    def rule_uids(self) -> tuple[str, ...]:
        """The uids of a group's rules, of whomever; none of anything else."""
        return (*rule_uids(self.path, self.text or ""), *self.other_uids)

    @property
    def other_uids(self) -> tuple[str, ...]:
        """The uids of the rules in a group that carry no mark of ours."""
        return other_uids(self.path, self.text or "")


def read_standing(connection: Connection, wanted: Sequence[Artefact]) -> dict[str, Standing]:
    """What stands under wanted paths, and what else is ours in our folder, by path.

    Raises:
        GrafanaError: Grafana cannot be reached, or refuses.

    """
    folder = connection.server.folder_uid
    paths = [one.path for one in wanted]
    uids = [path.partition("/")[2] for path in paths if path.startswith("dashboards/")]
    tagged = [uid for uid in _tagged(connection, folder) if uid not in uids]
    found = [
        read_folder(connection, folder),
        *(read_dashboard(connection, uid) for uid in [*uids, *tagged]),
        *_groups(connection, folder, wanted),
    ]
    return {one.path: one for one in found if one is not None}


def require_grafana(connection: Connection) -> None:
    """Ask for the server's health: else a wrong address looks like an empty Grafana.

    Raises:
        GrafanaError: It cannot be reached, is no Grafana, or is not well.

    """
    try:
        health = connection.read(lambda grafana: grafana.client.GET("/health"))
    except GrafanaError as error:
        if error.status == _NOT_FOUND:
            url = connection.server.base_url
            message = f"{url} has no /api/health: is that Grafana's address, with its path?"
            raise GrafanaError(message, error.status) from None
        raise
    if not isinstance(health, dict) or "database" not in health:
        url = connection.server.base_url
        raise GrafanaError(f"{url}/api/health does not answer as Grafana does: is it one?")


def read_folder(connection: Connection, uid: str) -> Standing | None:
    """A folder.

    Raises:
        GrafanaError: Grafana cannot be reached, or refuses.

    """
    found = connection.read_if_there(lambda grafana: grafana.folder.get_folder(uid))
    if found is None:
        return None
    text = canonical({"uid": uid, "title": found["title"]})
    return Standing(f"folders/{uid}", text, ours=True)


def read_dashboard(connection: Connection, uid: str) -> Standing | None:
    """A dashboard, and what its newest version says of who saved it.

    Raises:
        GrafanaError: Grafana cannot be reached, or refuses.

    """
    found = connection.read_if_there(lambda grafana: grafana.dashboard.get_dashboard(uid))
    if found is None:
        return None
    tree, meta = found["dashboard"], found.get("meta") or {}
    version = int(tree.get("version") or meta.get("version") or 0)
    versions = _versions(connection, uid)
    newest: Mapping[str, Any] = versions[0] if versions else {}
    # A save between the two answers is no save of ours.
    newest_is_it = int(newest.get("version", -1)) == version
    mark = marked(str(newest.get("message") or "")) if newest_is_it else ""
    return Standing(
        f"dashboards/{uid}",
        dashboard_text(tree, str(meta.get("folderUid") or "")),
        version,
        mark,
        ours=any(marked(str(one.get("message") or "")) for one in versions),
        last=_last(newest, meta),
        refusal=_refusal(meta),
    )


def read_group(connection: Connection, folder_uid: str, title: str) -> Standing | None:
    """A group of alert rules; None where there is none.

    Raises:
        GrafanaError: Grafana cannot be reached, or refuses.

    """
    group = connection.read_if_there(
        lambda grafana: grafana.alertingprovisioning.get_rule_group(folder_uid, title)
    )
    if group is None or not group.get("rules"):
        return None
    editable = connection.server.editable_rules
    rules = group["rules"]
    placed = {**group, "folderUid": folder_uid, "title": title}
    updated = max((str(rule.get("updated") or "") for rule in rules), default="")
    return Standing(
        group_path(folder_uid, title),
        standing_text(placed),
        mark=untouched_mark(placed),
        ours=any(is_ours(rule) for rule in rules),
        last=f"saved last at {_instant(updated)}" if updated else "saved by somebody",
        refusal=_locked(rules, editable=editable),
    )


def every_rule_uid(connection: Connection) -> set[str]:
    """The uids of all alert rules, wherever they stand.

    Raises:
        GrafanaError: Grafana cannot be reached, or refuses.

    """
    found = connection.read(lambda grafana: grafana.alertingprovisioning.get_alertrules_all())
    return {rule["uid"] for rule in found or ()}


def _tagged(connection: Connection, folder_uid: str) -> Iterator[str]:
    """The uids of the dashboards with our tag in our folder."""
    for page in count(1):
        query = {"tag": TAG, "type_": "dash-db", "limit": _PAGE, "page": page}
        found = connection.read(partial(_search, query))
        yield from (one["uid"] for one in found if one.get("folderUid") == folder_uid)
        if len(found) < _PAGE:
            return


def _search(query: dict[str, Any], grafana: GrafanaApi) -> Any:  # noqa: ANN401
    return grafana.search.search_dashboards(**query)


def _groups(
    connection: Connection, folder_uid: str, wanted: Sequence[Artefact]
) -> Iterator[Standing | None]:
    """Every group in our folder, and those wanted whose rules stand in other places."""
    try:
        rules = connection.read(lambda grafana: grafana.alertingprovisioning.get_alertrules_all())
    except GrafanaError as error:
        if error.status != _FORBIDDEN or any(rule_uids(one.path, one.text) for one in wanted):
            raise
        return  # who may not see alert rules has pushed none
    titles = {rule["ruleGroup"] for rule in rules or () if rule.get("folderUID") == folder_uid}
    taken = {one.path: _taken(one, rules or (), folder_uid) for one in wanted}
    for title in sorted(titles):
        standing = read_group(connection, folder_uid, title)
        if standing:
            yield replace(standing, taken=taken.get(standing.path, ""))
    for path, places in taken.items():
        if places and path.removeprefix(f"rule-groups/{folder_uid}/") not in titles:
            yield Standing(path, None, taken=places)


def _taken(wanted: Artefact, rules: Sequence[Mapping[str, Any]], folder_uid: str) -> str:
    """Where rules outside of our folder have the uids of a wanted group's.

    They are another's, or another environment's: a group that brings them would take them away.
    """
    uids = rule_uids(wanted.path, wanted.text)
    places = [
        f"its rules have uids of rules in group {one.get('ruleGroup')!r} of folder "
        f"{one.get('folderUID')!r}"
        for one in rules
        if one["uid"] in uids and one.get("folderUID") != folder_uid
    ]
    return "; ".join(dict.fromkeys(places))


def _versions(connection: Connection, uid: str) -> list[dict[str, Any]]:
    """The newest versions, the newest first."""
    # grafana-client puts the limit into the body of a GET, where Grafana does not look.
    found = connection.read(
        lambda grafana: grafana.client.GET(f"/dashboards/uid/{uid}/versions?limit={_VERSIONS}")
    )
    versions = found.get("versions", []) if isinstance(found, dict) else found
    return sorted(versions, key=lambda one: -int(one["version"]))


def _last(newest: Mapping[str, Any], meta: Mapping[str, Any]) -> str:
    who = newest.get("createdBy") or meta.get("updatedBy") or "somebody"
    when = _instant(str(newest.get("created") or meta.get("updated") or ""))
    message = str(newest.get("message") or "")
    said = f", {message!r}" if message else ", without a message"
    return f"saved last by {who} at {when}{said}"


def _refusal(meta: Mapping[str, Any]) -> str:
    if meta.get("provisioned"):
        return f"it is provisioned from {meta.get('provisionedExternalId') or 'a file'}"
    if meta.get("canSave") is False:
        return "the service account may not save it"
    return ""


def _locked(rules: Sequence[Mapping[str, Any]], *, editable: bool) -> str:
    """Why Grafana would refuse to replace a group: it never takes back who provisioned a rule."""
    by = {str(rule.get("provenance") or "") for rule in rules}
    if editable and by - {""}:
        return (
            f"its rules are locked, provisioned by {', '.join(sorted(by - {''}))}; push them with "
            "editable_rules = false, or delete them in Grafana"
        )
    if by - {"", "api"}:
        return f"its rules are locked, provisioned by {', '.join(sorted(by - {'', 'api'}))}"
    return ""


def _instant(text: str) -> str:
    """A server's time in UTC, to the second."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text or "an unknown time"
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
