"""A Grafana that tests push to, and what of it is this test's own."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.grafana.people import Person
    from tests.grafana.server import StandIn


def unique() -> str:
    """Letters that no other test's names hold."""
    return secrets.token_hex(4)


@dataclass(frozen=True)
class Site:
    """Where a test pushes to.

    Attributes:
        url: Without a slash at the end.
        token: A service account's.
        person: Somebody who works in the pages.
        run: Stands in every name of this test's.
        data_source: Uid of a Prometheus.
        server: The stand-in; None on a real Grafana.

    """

    url: str
    token: str
    person: Person
    run: str
    data_source: str
    server: StandIn | None = None

    def named(self, name: str) -> str:
        """A uid or tag of this test's own."""
        return f"{name}-{self.run}"

    def titled(self, title: str) -> str:
        """A title of this test's own."""
        return f"{title} {self.run}"

    @property
    def folder_uid(self) -> str:
        return self.named("slobook-tests")

    @property
    def folder(self) -> str:
        return self.titled("slobook's tests")

    def clean_up(self) -> None:
        """Remove all that carries this test's letters."""
        person = self.person
        for board in person.found(self.run):
            with suppress(PermissionError):
                person.delete(board["uid"])
        for rule in person.rules():
            if self.run in f"{rule['uid']} {rule['title']} {rule['folderUID']}":
                person.delete_rule(rule["uid"])
        for folder in person.folders():
            if self.run in folder["uid"]:
                person.delete_folder(folder["uid"])
        # By tag: a server may hold more annotations than it lists.
        for tag in person.annotation_tags(self.run):
            for note in person.annotations(tag):
                person.delete_annotation(note["id"])
