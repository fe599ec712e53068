"""Alert rules, their groups, contact points and policies: ``/api/v1/provisioning``."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tests.grafana.exchange import Answer, Refusal, Request
from tests.grafana.naming import new_uid, refuse_illegal
from tests.grafana.state import Rule, State, now

EVERY_SECONDS = 10
INTERVAL = 60
NO_DATA = {"Alerting", "NoData", "OK", "KeepLast"}
EXECUTION_ERROR = {"OK", "Alerting", "Error", "KeepLast"}
KNOWN: dict[str, Any] = {
    "id": None,
    "uid": "",
    "orgID": 1,
    "folderUID": "",
    "ruleGroup": "",
    "title": "",
    "condition": "",
    "data": [],
    "updated": "",
    "noDataState": "NoData",
    "execErrState": "Alerting",
    "for": "0s",
    "annotations": {},
    "labels": {},
    "isPaused": False,
}
KNOWN_LATER: dict[str, Any] = {
    "keep_firing_for": "0s",
    "notification_settings": None,
    "record": None,
}
"""What rules have besides from Grafana 11 on; earlier versions drop it without a word."""


def listing(state: State, request: Request) -> Answer:
    return Answer(200, [_shown(one) for one in state.rules.values()])


def read(state: State, request: Request, uid: str) -> Answer:
    rule = state.rules.get(uid)
    if rule is None:
        if state.profile.unknown_rule == 404:
            return Answer(404)
        raise Refusal(state.profile.unknown_rule, "could not find alert rule")
    return Answer(200, _shown(rule))


def create(state: State, request: Request) -> Answer:
    sent = _sent(request)
    uid = str(sent.get("uid") or "") or new_uid()
    if uid in state.rules:
        raise Refusal(400 if state.profile.unknown_rule == 500 else 409, "rule UID is taken")
    rule = _checked(state, {**sent, "uid": uid}, str(sent.get("folderUID") or ""))
    state.rules[uid] = Rule(rule, _provenance(request))
    state.intervals.setdefault((rule["folderUID"], rule["ruleGroup"]), INTERVAL)
    return Answer(201, _shown(state.rules[uid]))


def update(state: State, request: Request, uid: str) -> Answer:
    if uid not in state.rules:
        return Answer(404)
    sent = {**_sent(request), "uid": uid}
    _refuse_provenance(state.rules[uid], request)
    rule = _checked(state, sent, str(sent.get("folderUID") or ""))
    state.rules[uid] = Rule(rule, _provenance(request))
    state.intervals.setdefault((rule["folderUID"], rule["ruleGroup"]), INTERVAL)
    _forget_empty_groups(state)
    return Answer(200, _shown(state.rules[uid]))


def delete(state: State, request: Request, uid: str) -> Answer:
    """Deletes, or finds nothing to delete: 204 either way."""
    if uid in state.rules:
        _refuse_provenance(state.rules[uid], request, deletes=True)
        del state.rules[uid]
        _forget_empty_groups(state)
    return Answer(204)


def read_group(state: State, request: Request, folder_uid: str, title: str) -> Answer:
    uids = _inside(state, folder_uid, title)
    if not uids:
        raise Refusal(404, "rulegroup not found")
    return Answer(
        200,
        {
            "title": title,
            "folderUid": folder_uid,
            "interval": state.intervals[folder_uid, title],
            "rules": [_shown(state.rules[uid]) for uid in uids],
        },
    )


def replace_group(state: State, request: Request, folder_uid: str, title: str) -> Answer:
    """Replaces a group as a whole: what is not sent is deleted. There is no version."""
    group = _sent(request)
    interval = group.get("interval")
    if not isinstance(interval, int) or interval <= 0 or interval % EVERY_SECONDS:
        raise Refusal(
            400,
            f"invalid alert rule: interval ({interval}s) should be non-zero and divided exactly by "
            f"scheduler interval: {EVERY_SECONDS}s",
        )
    sent = group.get("rules")
    if sent is None:  # the interval alone
        sent = [state.rules[uid].body for uid in _inside(state, folder_uid, title)]
    before = {uid: state.rules[uid] for uid in _inside(state, folder_uid, title)}
    for rule in before.values():
        _refuse_provenance(rule, request)
    replaced = _in_group(state, request, sent, (folder_uid, title), before)
    for uid in before:
        del state.rules[uid]
    state.rules.update(replaced)
    state.intervals[folder_uid, title] = interval
    _forget_empty_groups(state)
    return Answer(200, {**group, "title": title, "folderUid": folder_uid})


def delete_group(state: State, request: Request, folder_uid: str, title: str) -> Answer:
    if not state.profile.deletes_groups:
        raise Refusal(404, "Not found")
    uids = _inside(state, folder_uid, title)
    if not uids:
        raise Refusal(404, "rulegroup not found")
    for uid in uids:
        _refuse_provenance(state.rules[uid], request, deletes=True)
        del state.rules[uid]
    _forget_empty_groups(state)
    return Answer(204)


def contact_points(state: State, request: Request) -> Answer:
    name = request.one("name")
    return Answer(200, [one for one in state.contact_points if name in {"", one["name"]}])


def add_contact_point(state: State, request: Request) -> Answer:
    point = {**_sent(request)}
    point["uid"] = point.get("uid") or new_uid()
    state.contact_points.append(point)
    return Answer(202, point)


def change_contact_point(state: State, request: Request, uid: str) -> Answer:
    known = [one for one in state.contact_points if one["uid"] == uid]
    if not known:
        raise Refusal(404, "contact point not found")
    known[0].update(_sent(request), uid=uid)
    return Answer(202, {"message": "contactpoint updated"})


def policies(state: State, request: Request) -> Answer:
    return Answer(200, state.policies)


def replace_policies(state: State, request: Request) -> Answer:
    """Replaces the organisation's whole tree."""
    state.policies = _sent(request)
    return Answer(202, {"message": "policies updated"})


def _in_group(
    state: State,
    request: Request,
    sent: list[dict[str, Any]],
    place: tuple[str, str],
    before: dict[str, Rule],
) -> dict[str, Rule]:
    folder_uid, title = place
    replaced: dict[str, Rule] = {}
    for one in sent:
        uid = str(one.get("uid") or "")
        known = before.get(uid) or state.rules.get(uid)
        if uid and known is None and not state.profile.rules_by_uid_in_groups:
            raise Refusal(500, "Internal Server Error")
        if known is not None:
            _refuse_provenance(known, request)
        uid = uid or new_uid()
        body = {**one, "uid": uid, "ruleGroup": title}
        rule = _checked(state, body, folder_uid, apart=set(before) | {uid})
        if any(other.body["title"] == rule["title"] for other in replaced.values()):
            raise Refusal(_taken(state), "rule title under the same folder should be unique")
        changed = known is None or _said(known.body) != _said(rule)
        replaced[uid] = Rule(rule, _provenance(request)) if changed else known
    return replaced


def _said(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule without what the server counts: one that is sent as it stands is not written."""
    return {name: value for name, value in rule.items() if name not in {"id", "updated"}}


def _checked(
    state: State, sent: dict[str, Any], folder_uid: str, apart: set[str] | None = None
) -> dict[str, Any]:
    """A rule as it is stored: checked, with defaults, without what is not known."""
    fields = {**KNOWN, **(KNOWN_LATER if state.profile.keeps_firing else {})}
    rule = {name: deepcopy(sent.get(name) or default) for name, default in fields.items()}
    refuse_illegal(rule["uid"])
    if not rule["title"]:
        raise _invalid("title is empty")
    if state.folder(folder_uid) is None:
        raise _invalid("folder does not exist")
    if not rule["data"]:
        raise _invalid("no queries or expressions are found")
    letters = [one.get("refId") for one in rule["data"]]
    if rule["condition"] not in letters:
        raise _invalid(f"condition {rule['condition']} does not exist, must be one of {letters}")
    if rule["noDataState"] not in NO_DATA or rule["execErrState"] not in EXECUTION_ERROR:
        raise _invalid("unknown NoData or Error state")
    notes = rule["annotations"]
    if bool(notes.get("__dashboardUid__")) != bool(notes.get("__panelId__")):
        raise _invalid("both annotations __dashboardUid__ and __panelId__ must be specified")
    apart = apart or {rule["uid"]}
    for uid, other in state.rules.items():
        same_place = other.body["folderUID"] == folder_uid
        if uid not in apart and same_place and other.body["title"] == rule["title"]:
            raise Refusal(_taken(state), "rule title under the same folder should be unique")
    rule.update(folderUID=folder_uid, id=next(state.ids), orgID=1, updated=now())
    rule["data"] = [_query(one) for one in rule["data"]]
    return rule


def _query(query: dict[str, Any]) -> dict[str, Any]:
    model = {"intervalMs": 1000, "maxDataPoints": 43200, **(query.get("model") or {})}
    span = {"from": 0, "to": 0, **(query.get("relativeTimeRange") or {})}
    return {**query, "queryType": query.get("queryType", ""), "relativeTimeRange": span} | {
        "model": model
    }


def _shown(rule: Rule) -> dict[str, Any]:
    return {**rule.body, **({"provenance": rule.provenance} if rule.provenance else {})}


def _inside(state: State, folder_uid: str, title: str) -> list[str]:
    place = (folder_uid, title)
    return [
        uid
        for uid, rule in state.rules.items()
        if (rule.body["folderUID"], rule.body["ruleGroup"]) == place
    ]


def _forget_empty_groups(state: State) -> None:
    places = {(one.body["folderUID"], one.body["ruleGroup"]) for one in state.rules.values()}
    for place in set(state.intervals) - places:
        del state.intervals[place]


def _provenance(request: Request) -> str:
    # The header counts by being there, whatever it says.
    return "" if "x-disable-provenance" in request.headers else "api"


def _refuse_provenance(rule: Rule, request: Request, *, deletes: bool = False) -> None:
    wanted = _provenance(request)
    if rule.provenance in {"", wanted}:
        return
    verb = "delete" if deletes else "update"
    raise Refusal(
        500, f"cannot {verb} with provided provenance '{wanted}', needs '{rule.provenance}'"
    )


def _taken(state: State) -> int:
    return 400 if state.profile.unknown_rule == 500 else 409


def _invalid(why: str) -> Refusal:
    return Refusal(400, f"invalid alert rule: {why}")


def _sent(request: Request) -> dict[str, Any]:
    if not isinstance(request.json, dict):
        raise Refusal(400, "bad request data")
    return request.json
