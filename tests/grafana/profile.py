"""What differs between the Grafana versions that the stand-in can be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """One version's habits.

    Attributes:
        name: As tests are called.
        version: As ``/api/health`` tells it.
        same_title: How a second dashboard of a title in a folder is refused; None where it is not
            (from 11.3).
        dashboard_conflict: Status and body of a save over a version that is not the newest.
        folder_uid_taken: Status where a new folder's uid is in use.
        unknown_rule: Status of reading a rule that is not there.
        rules_by_uid_in_groups: Whether a group may bring new rules with uids of their own; before
            11.5.2 that is a 500 (grafana/grafana#98283): each must be posted first.
        deletes_groups: Whether a whole rule group can be deleted in one request.
        keeps_firing: Whether rules have ``keep_firing_for``; before, it is dropped in silence.
        versions_in_object: Whether the list of versions is wrapped in an object.
        migrates: Whether dashboards are stored in another form than they were sent in.
        empty_delete: Whether deleting a folder answers with no body.
        provisions_rules: The least role that may use the provisioning API of alert rules.

    """

    name: str
    version: str
    same_title: tuple[int, str] | None
    dashboard_conflict: tuple[int, dict[str, str]]
    folder_uid_taken: int
    unknown_rule: int
    rules_by_uid_in_groups: bool
    deletes_groups: bool
    keeps_firing: bool
    versions_in_object: bool
    migrates: bool
    empty_delete: bool
    provisions_rules: str


CHANGED = "The dashboard has been changed by someone else"

GRAFANA_9_4 = Profile(
    name="grafana-9.4",
    version="9.4.7",
    same_title=(412, "name-exists"),
    dashboard_conflict=(412, {"status": "version-mismatch", "message": CHANGED}),
    folder_uid_taken=412,
    unknown_rule=500,
    rules_by_uid_in_groups=False,
    deletes_groups=False,
    keeps_firing=False,
    versions_in_object=False,
    migrates=False,
    empty_delete=True,
    provisions_rules="Admin",
)

GRAFANA_13 = Profile(
    name="grafana-13",
    version="13.0.1",
    same_title=None,
    dashboard_conflict=(409, {"message": CHANGED}),
    folder_uid_taken=409,
    unknown_rule=404,
    rules_by_uid_in_groups=True,
    deletes_groups=True,
    keeps_firing=True,
    versions_in_object=True,
    migrates=True,
    empty_delete=False,
    provisions_rules="Editor",
)

PROFILES = (GRAFANA_9_4, GRAFANA_13)
