import pytest

from slo.errors import UnsafePlan
from slo.plan import GENERATED, Artefact, Change, Plan, plan


def ours(path: str, text: str = "text") -> Artefact:
    return Artefact(path, f"# {GENERATED}\n{text}\n")


def theirs(path: str) -> Artefact:
    return Artefact(path, "written by people\n")


def test_what_differs_becomes_a_change_each_sorted_by_path():
    now = [ours("same"), ours("old"), ours("gone"), theirs("taken"), theirs("notes")]
    wanted = [ours("same"), ours("old", "new"), ours("taken"), ours("created")]
    found = plan(now, wanted)
    assert [str(change) for change in found.changes] == [
        "create created",
        "delete gone",
        "update old",
        "adopt taken",
    ]
    assert found.summary == "1 to create, 1 to update, 1 to adopt, 1 to delete"
    assert found.existing == 4


def test_nothing_to_do():
    found = plan([ours("a"), theirs("b")], [ours("a")])
    assert found.changes == ()
    assert found.summary == str(found) == "no changes"


def test_a_change_reads_as_a_diff():
    (change,) = plan([ours("a", "one")], [ours("a", "two")]).changes
    assert change.diff.splitlines() == [
        "--- a/a",
        "+++ b/a",
        "@@ -1,2 +1,2 @@",
        f" # {GENERATED}",
        "-one",
        "+two",
    ]
    assert plan([], [ours("a")]).changes[0].diff.startswith("--- /dev/null\n+++ b/a\n")


def test_the_digest_names_the_changes_and_not_their_order():
    one, two = Change("a", "create", None, "x"), Change("b", "create", None, "y")
    assert Plan((one, two)).digest == Plan((two, one)).digest
    assert Plan((one,)).digest != Plan((Change("a", "create", None, "z"),)).digest
    assert len(Plan((one,)).digest) == 64


def test_a_plan_that_changes_more_than_a_third_is_unsafe():
    now = [ours(f"{number:02}") for number in range(12)]
    plan(now, [*now[4:], *[ours(f"{n:02}", "new") for n in range(4)]]).raise_if_unsafe()
    with pytest.raises(UnsafePlan, match="5 of 12 artefacts would change or go, more than 1/3"):
        plan(now, now[5:]).raise_if_unsafe()


def test_new_artefacts_are_never_unsafe():
    now = [ours(f"{number:02}") for number in range(12)]
    plan(now, [*now, *[ours(f"new{n}") for n in range(50)]]).raise_if_unsafe()


def test_few_artefacts_can_all_change():
    now = [ours(f"{number}") for number in range(9)]
    plan(now, []).raise_if_unsafe()
    with pytest.raises(UnsafePlan):
        plan(now, []).raise_if_unsafe(fewest=9)


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../a", "a/../../b", "a\\b"])
def test_artefacts_stay_in_their_folder(path):
    with pytest.raises(ValueError, match="stays inside of its folder"):
        Artefact(path, "")


def test_what_is_left_alone_is_told_and_not_done():
    drift = Change("dashboards/a", "drift", "{}", "{}", 3, "saved last by maria")
    blocked = Change("dashboards/b", "blocked", "{}", "{}", 1, "it is not slobook's")
    made = Plan((blocked, drift, Change("dashboards/c", "create", None, "{}", 0)), 12, "https://g")
    assert [change.path for change in made.to_do] == ["dashboards/c"]
    assert [change.kind for change in made.left_alone] == ["drift", "blocked"]
    assert made.summary == "1 to create, 1 drifted, 1 blocked"


def test_drift_is_not_counted_as_a_change():
    drifted = tuple(Change(f"{n}", "drift", "{}", "{}") for n in range(12))
    Plan(drifted, 12, "https://g").raise_if_unsafe()


@pytest.mark.parametrize(
    "other",
    [
        Plan((Change("a", "update", "{}", "{}", 3),), 1, "https://g"),
        Plan((Change("a", "update", "{}", "{}", 2, "by maria"),), 1, "https://g"),
        Plan((Change("a", "update", "{}", "{}", 2),), 2, "https://g"),
        Plan((Change("a", "update", "{}", "{}", 2),), 1, "https://other"),
        Plan((Change("a", "update", "{}", "{}", 2),), 1, "https://g", ("b is called c",)),
    ],
)
def test_the_digest_covers_all_that_a_reviewer_saw(other):
    assert Plan((Change("a", "update", "{}", "{}", 2),), 1, "https://g").digest != other.digest


def test_a_server_is_told_field_by_field():
    before = '{"title": "Latency", "panels": [{"title": "p99", "unit": "s"}]}'
    after = '{"title": "Latency", "panels": [{"title": "p99", "unit": "ms"}]}'
    change = Change("dashboards/a", "update", before, after, 2, "saved last by maria")
    assert str(Plan((change,), 1, "https://g", ("folders/x is called y",))).splitlines() == [
        'update dashboards/a "Latency"',
        "    saved last by maria",
        '    panels[p99].unit: "s" -> "ms"',
        "folders/x is called y",
        "https://g: 1 to update",
    ]


def test_a_notebook_shows_a_table_in_which_nothing_is_markup():
    change = Change("dashboards/<a>", "update", '{"unit": "<b>"}', '{"unit": "s"}', 2)
    page = Plan((change,), 1, "https://g")._repr_html_()
    assert "<b>" not in page
    assert "<a>" not in page
    assert "unit: &quot;&lt;b&gt;&quot; -&gt; &quot;s&quot;" in page
    assert "+text" in plan([], [ours("a")])._repr_html_()
