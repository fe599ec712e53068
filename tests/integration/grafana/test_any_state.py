"""From any state of a server and any specifications: plan, apply, and there is nothing to do.

People and pushes take turns at random on a stand-in; then a last push, which may fail at any of its
requests and is run again, has to leave nothing undone, and whatever carries no mark of ours as it
was, to the last byte and version.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from slo.errors import SloError
from slo.targets.grafana.marker import TAG, marked
from slo.targets.grafana.rule_group import MARK
from tests.grafana.accounts import ADMIN
from tests.grafana.faults import Cut, broken
from tests.grafana.people import Person
from tests.grafana.profile import PROFILES
from tests.grafana.server import standing_in
from tests.integration.grafana.objects import board, rule, rules_file
from tests.integration.grafana.pushing import applied, kinds, planned
from tests.integration.grafana.site import Site

pytestmark = pytest.mark.integration

BOARDS, RULES, GROUPS = ("a", "b", "c"), ("r1", "r2", "r3"), ("g1", "g2")
OUR_BOARDS = st.sampled_from(BOARDS)
OUR_RULES = st.sampled_from(RULES)
PLACES = st.sampled_from(["ours", "elsewhere", ""])

SPECS = st.fixed_dictionaries(
    {
        "boards": st.dictionaries(OUR_BOARDS, st.integers(0, 1), min_size=1),
        "rules": st.dictionaries(
            OUR_RULES,
            st.tuples(st.sampled_from(GROUPS), st.integers(0, 1), st.booleans()),
            min_size=1,
        ),
    }
)
OPTIONS = st.fixed_dictionaries(
    {
        "adopt": st.booleans(),
        "prune": st.booleans(),
        "on_drift": st.sampled_from(["keep", "overwrite"]),
    }
)
EVENTS = st.one_of(
    st.tuples(st.just("push"), SPECS, OPTIONS),
    st.tuples(st.just("push"), SPECS, OPTIONS),
    st.tuples(st.just("edit"), OUR_BOARDS),
    st.tuples(st.just("rename"), OUR_BOARDS),
    st.tuples(st.just("move"), OUR_BOARDS, PLACES),
    st.tuples(st.just("delete"), OUR_BOARDS),
    st.tuples(st.just("restore"), OUR_BOARDS),
    st.tuples(st.just("provision"), OUR_BOARDS),
    st.tuples(st.just("create"), st.sampled_from("abcxyz"), PLACES, st.booleans()),
    st.tuples(st.just("edit rule"), OUR_RULES),
    st.tuples(st.just("strip rule"), OUR_RULES),
    st.tuples(st.just("delete rule"), OUR_RULES),
    st.tuples(st.just("add rule"), st.sampled_from("xyz"), st.sampled_from([*GROUPS, "theirs"])),
    st.tuples(st.just("add rule with our uid"), OUR_RULES, st.sampled_from(["ours", "elsewhere"])),
    st.tuples(st.just("rename folder")),
    st.tuples(st.just("delete folder")),
    st.tuples(st.just("annotate"), st.sampled_from(["deploy", TAG])),
)

FIRST = {
    "boards": dict.fromkeys(BOARDS, 0),
    "rules": {"r1": ("g1", 0, False), "r2": ("g1", 0, True), "r3": ("g2", 0, False)},
}
LEAST = {"adopt": False, "prune": False, "on_drift": "keep"}


@pytest.fixture(autouse=True, scope="module")
def token():
    with pytest.MonkeyPatch.context() as environment:
        for name in [one for one in os.environ if one.lower().endswith("_proxy")]:
            environment.delenv(name)
        environment.setenv("GRAFANA_TOKEN", ADMIN)
        yield


def artefacts(site, specs):
    """What some specifications are pushed as."""
    groups = {}
    for name, (group, variant, keeps) in sorted(specs["rules"].items()):
        more = {"keep_firing_for": "10m"} if keeps else {}
        groups.setdefault(group, []).append(rule(site, name, **{"for": f"{variant}m", **more}))
    files = [rules_file(site, **groups)] if groups else []
    boards = [
        board(site, name, description=f"variant {variant}")
        for name, variant in specs["boards"].items()
    ]
    return [*boards, *files]


def place(site, name):
    return {"ours": site.folder_uid, "elsewhere": "elsewhere"}.get(name, "")


def provision(site, uid):
    if uid in site.server.state.dashboards:
        site.server.state.dashboards[uid].provisioned = True


def create(site, name, where, is_tagged):
    uid, tags = site.named(name), [TAG] if is_tagged else []
    site.person.create(f"Theirs {uid}", place(site, where), uid=uid, tags=tags)


def add_rule(site, name, group):
    body = rule(site, name, annotations={})
    site.person.add_rule({**body, "folderUID": site.folder_uid, "ruleGroup": group})


def add_rule_with_our_uid(site, name, where):
    body = rule(site, name, title=f"Theirs {name}", annotations={})
    site.person.add_rule({**body, "folderUID": place(site, where), "ruleGroup": "g1"})


HAPPENINGS = {
    "push": lambda site, specs, options: applied(
        site, planned(site, artefacts(site, specs), **options)
    ),
    "edit": lambda site, name: site.person.edit(site.named(name), message="by hand"),
    "rename": lambda site, name: site.person.rename(site.named(name), f"Renamed {name}"),
    "move": lambda site, name, to: site.person.move(site.named(name), place(site, to)),
    "delete": lambda site, name: site.person.delete(site.named(name)),
    "restore": lambda site, name: site.person.restore(site.named(name), 1),
    "provision": lambda site, name: provision(site, site.named(name)),
    "create": create,
    "edit rule": lambda site, name: site.person.edit_rule(
        site.named(name), lambda body: body.update({"for": "1h"})
    ),
    "strip rule": lambda site, name: site.person.edit_rule(
        site.named(name), lambda body: body.update(annotations={})
    ),
    "delete rule": lambda site, name: site.person.delete_rule(site.named(name)),
    "add rule": add_rule,
    "add rule with our uid": add_rule_with_our_uid,
    "rename folder": lambda site: site.person.rename_folder(site.folder_uid, "Renamed"),
    "delete folder": lambda site: site.person.delete_folder(site.folder_uid),
    "annotate": lambda site, tag: site.person.annotate("theirs", [tag]),
}
"""What happens on a server, of people's doing and of ours."""


def without_mark(site):
    """Everything that stands there and slobook never wrote, with all its content."""
    found = set()
    for one in site.server.state.things():
        content = json.loads(one.content)
        ours = (
            (one.kind == "folder" and one.uid == site.folder_uid)
            or (one.kind == "rule" and MARK in content["body"]["annotations"])
            or (
                one.kind == "dashboard"
                and any(marked(version["message"]) for version in content["versions"])
            )
        )
        if not ours:
            found.add(one)
    return found


def taken_over(site, specs, options, plan):
    """What the options allow a push to replace, although it carries no mark: kind and uid."""
    adopted = [path for path, kind in kinds(plan).items() if kind == "adopt"]
    boards = {("dashboard", path.removeprefix("dashboards/")) for path in adopted}
    groups = {path.rpartition("/")[2] for path in adopted}
    if options["on_drift"] == "overwrite":  # a mark that people removed from a rule of ours
        groups |= {path.rpartition("/")[2] for path, kind in kinds(plan).items()}
    rules = {
        ("rule", site.named(name))
        for name, (group, *_) in specs["rules"].items()
        if group in groups
    }
    return boards | rules


def failing_at(number, fault):
    """A hook that lets one request fail, the first being 0."""
    seen = []

    def hook(asked, state):
        seen.append(asked)
        return fault if len(seen) - 1 == number else None

    return hook


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(
    profile=st.sampled_from(PROFILES),
    first=st.sampled_from([[], [("push", FIRST, LEAST)], [("push", FIRST, LEAST)]]),
    events=st.lists(EVENTS, max_size=9),
    last=st.tuples(SPECS, OPTIONS),
    failure=st.none()
    | st.tuples(st.integers(0, 30), st.sampled_from([Cut(), Cut(carried_out=True), broken(500)])),
)
def test_plan_then_apply_then_plan_gives_nothing_to_do(profile, first, events, last, failure):
    specs, options = last
    with standing_in(profile) as server:
        site = Site(server.url, ADMIN, Person(server.url), "any", "prom-eu-1", server)
        site.person.create_folder("Elsewhere", "elsewhere")
        for what, *how in [*first, *events]:
            with suppress(PermissionError):
                HAPPENINGS[what](site, *how)
        before = without_mark(site)
        plan = planned(site, artefacts(site, specs), **options)
        if failure:
            server.before(failing_at(*failure))
            with suppress(SloError):
                applied(site, plan)
            server.without_hooks()
            applied(site, planned(site, artefacts(site, specs), **options))
        else:
            applied(site, plan)
        left = planned(site, artefacts(site, specs), **options)
        for kind in {change.kind for change in plan.changes}:
            event(kind)
        assert left.to_do == (), str(left)
        assert {one.path for one in left.changes} <= {one.path for one in plan.left_alone}
        allowed = taken_over(site, specs, options, plan)
        changed = {one for one in before - without_mark(site) if (one.kind, one.uid) not in allowed}
        assert changed == set()
        server.journal.clear()
        applied(site, left)
        assert server.writes == []
