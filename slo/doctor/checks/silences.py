"""``silences``: does a silence hide urgent alerts?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slo.counting import out_of
from slo.doctor.alertmanager.matcher import matchers_of_silence, met
from slo.doctor.finding import Finding, attention, fine, first_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slo.model.selector import Matcher

NAME = "silences"
_ANCHOR = "alertmanager-routing"


def silences(
    known: Sequence[Mapping[str, Any]],
    firing: Sequence[Mapping[str, Any]],
    urgent: Sequence[Mapping[str, str]],
) -> Finding:
    """No silence that would hide an urgent alert, and none that is hidden now.

    A condition on a label that an alert's rule does not set (its series may) is taken for met,
    unless it is a silence's only one.

    Args:
        known: Silences, as the API tells them.
        firing: Alerts, likewise.
        urgent: Labels of the alerts that call somebody.

    Raises:
        AlertmanagerError: A regular expression cannot be read.

    """
    active = [one for one in known if one.get("status", {}).get("state") == "active"]
    hiding = [
        f"{_shown(one)} hides {', '.join(first_of(hidden, 3))}"
        for one in active
        if (hidden := _hidden(matchers_of_silence(dict(one)), urgent))
    ]
    names = {labels["alertname"] for labels in urgent}
    now = sorted(
        {
            f"{one['labels']['alertname']} is firing, and nobody is told"
            for one in firing
            if one["labels"].get("alertname") in names and one.get("status", {}).get("silencedBy")
        }
    )
    hide = out_of(len(hiding), len(active), "active silence", "active silences", ("hides", "hide"))
    if hiding or now:
        return attention(
            NAME,
            f"{hide} urgent alerts" + (", some of which are firing" if now else ""),
            "amtool silence query; amtool silence expire ID, where the work is done",
            _ANCHOR,
            (*now, *hiding),
        )
    if not active:
        return fine(NAME, "no silence is active")
    return fine(NAME, f"{hide} urgent alerts")


def _hidden(matchers: tuple[Matcher, ...], urgent: Sequence[Mapping[str, str]]) -> list[str]:
    hidden = []
    for labels in urgent:
        certain = tuple(one for one in matchers if one.name in labels)
        if certain and met(certain, dict(labels)):
            hidden.append(labels["alertname"])
    return hidden


def _shown(silence: Mapping[str, Any]) -> str:
    conditions = ", ".join(map(str, matchers_of_silence(dict(silence))))
    author, until = silence.get("createdBy", "?"), str(silence.get("endsAt", "?"))[:16]
    return f"{{{conditions}}} by {author} until {until.replace('T', ' ')} UTC"
