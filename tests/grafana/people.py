"""What people do in Grafana's pages, by the requests that their browsers send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any
from urllib.parse import quote

import requests

from tests.grafana.server import UNOBSERVED

Body = dict[str, Any]
EDITABLE = {"X-Disable-Provenance": "true"}
"""Leaves rules editable: pages write none that are not."""

MARIA = ("maria", "bees")
"""She is an administrator, so that 9.4 lets her touch rules by this API, too."""


def _described(body: Body) -> None:
    body["description"] = "edited by hand"


class Person:
    """Somebody who works in the user interface; hooks and journal do not see it.

    Args:
        url: Of the server.
        auth: A token, or a login and its password.

    """

    def __init__(self, url: str, auth: str | tuple[str, str] = MARIA) -> None:
        self.url = url
        self._auth = auth

    def edit(self, uid: str, change: Callable[[Body], None] = _described, message: str = "") -> int:
        """Change a dashboard in place and save it; the new version."""
        kept = self.dashboard(uid)
        body = deepcopy(kept["dashboard"])
        change(body)
        return self._save(body, kept["meta"].get("folderUid", ""), message)

    def move(self, uid: str, folder_uid: str) -> int:
        """Put a dashboard into another folder; an empty uid is the root."""
        return self._save(self.dashboard(uid)["dashboard"], folder_uid, "")

    def rename(self, uid: str, title: str) -> int:
        return self.edit(uid, lambda body: body.update(title=title))

    def create(self, title: str, folder_uid: str = "", **body: object) -> str:
        """A new dashboard, its uid; other arguments go into its body."""
        sent = {"title": title, "panels": [], "schemaVersion": 37, **body}
        answer = self._ask(
            "POST", "/dashboards/db", {"dashboard": sent, "folderUid": folder_uid, "message": ""}
        )
        return str(answer["uid"])

    def restore(self, uid: str, version: int) -> None:
        self._ask("POST", f"/dashboards/uid/{uid}/restore", {"version": version})

    def delete(self, uid: str) -> None:
        self._ask("DELETE", f"/dashboards/uid/{uid}")

    def dashboard(self, uid: str) -> Any:
        return self._ask("GET", f"/dashboards/uid/{uid}")

    def versions(self, uid: str) -> list[Any]:
        """Newest first."""
        answer = self._ask("GET", f"/dashboards/uid/{uid}/versions")
        return list(answer["versions"] if isinstance(answer, dict) else answer)

    def tagged(self, tag: str) -> list[Any]:
        return list(self._ask("GET", f"/search?type=dash-db&tag={quote(tag)}"))

    def found(self, words: str) -> list[Any]:
        """Dashboards whose titles hold some words."""
        return list(self._ask("GET", f"/search?type=dash-db&query={quote(words)}"))

    def prometheus(self) -> str:
        """Uid of the first data source that is a Prometheus."""
        # The list itself is for administrators; pages are told all the same.
        sources = self._ask("GET", "/frontend/settings")["datasources"].values()
        return next(str(one["uid"]) for one in sources if one["type"] == "prometheus")

    def folders(self) -> list[Any]:
        return list(self._ask("GET", "/folders?limit=1000"))

    def folder(self, uid: str) -> Any:
        return self._ask("GET", f"/folders/{uid}")

    def create_folder(self, title: str, uid: str) -> None:
        self._ask("POST", "/folders", {"title": title, "uid": uid})

    def rename_folder(self, uid: str, title: str) -> None:
        version = self.folder(uid)["version"]
        self._ask("PUT", f"/folders/{uid}", {"title": title, "version": version})

    def delete_folder(self, uid: str) -> None:
        self._ask("DELETE", f"/folders/{uid}?forceDeleteRules=true")

    def rules(self) -> list[Any]:
        return list(self._ask("GET", "/v1/provisioning/alert-rules"))

    def add_rule(self, rule: Body) -> str:
        return str(self._ask("POST", "/v1/provisioning/alert-rules", rule)["uid"])

    def edit_rule(self, uid: str, change: Callable[[Body], None]) -> None:
        """Change a rule in place; one that was provisioned cannot be, in the pages either."""
        rule = self._ask("GET", f"/v1/provisioning/alert-rules/{uid}")
        if rule.get("provenance"):
            message = f"rule {uid} is provisioned: Grafana's pages do not let people edit it"
            raise PermissionError(message)
        change(rule)
        self._ask("PUT", f"/v1/provisioning/alert-rules/{uid}", rule)

    def delete_rule(self, uid: str) -> None:
        """Delete a rule, by whatever it was made: Grafana asks for the same again."""
        rule = self._ask("GET", f"/v1/provisioning/alert-rules/{uid}")
        way = {} if rule.get("provenance") else EDITABLE
        self._ask("DELETE", f"/v1/provisioning/alert-rules/{uid}", headers=way)

    def group(self, folder_uid: str, title: str) -> Any:
        return self._ask("GET", f"/v1/provisioning/folder/{folder_uid}/rule-groups/{quote(title)}")

    def annotate(self, text: str, tags: list[str], **more: object) -> int:
        return int(self._ask("POST", "/annotations", {"text": text, "tags": tags, **more})["id"])

    def annotations(self, *tags: str) -> list[Any]:
        query = "&".join(f"tags={quote(tag)}" for tag in tags)
        return list(self._ask("GET", f"/annotations?limit=1000&{query}"))

    def annotation_tags(self, letters: str) -> list[str]:
        """The tags that hold some letters."""
        found = self._ask("GET", f"/annotations/tags?limit=1000&tag={quote(letters)}")
        return [str(one["tag"]) for one in found["result"]["tags"]]

    def delete_annotation(self, number: int) -> None:
        self._ask("DELETE", f"/annotations/{number}")

    def _save(self, body: Body, folder_uid: str, message: str) -> int:
        sent = {"dashboard": body, "folderUid": folder_uid, "message": message}
        return int(self._ask("POST", "/dashboards/db", sent)["version"])

    def _ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] = EDITABLE,
    ) -> Any:
        headers = {UNOBSERVED: "1", **headers}
        auth = None
        if isinstance(self._auth, str):
            headers["Authorization"] = f"Bearer {self._auth}"
        else:
            auth = self._auth
        answer = requests.request(
            method, f"{self.url}/api{path}", json=body, headers=headers, auth=auth, timeout=30
        )
        if not answer.ok:
            message = f"{method} {path} answered {answer.status_code}: {answer.text}"
            raise PermissionError(message)
        return answer.json() if answer.content else None
