"""What of a project its checklist looks at, and that its checks are those that are documented."""

from __future__ import annotations

import re
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

import pytest

from slo.delivery.record import Entry, write_record
from slo.discovery.agent_catalogue import catalogue_files
from slo.discovery.configuration_text import configuration_text
from slo.doctor.check import Check, NotConfigured, chosen, diagnosed
from slo.doctor.checks.metrics import ONLY_IN_TROUBLE
from slo.doctor.checks.runbooks import Looked
from slo.doctor.checks.tls import Address
from slo.doctor.expected import EXPECTED
from slo.doctor.finding import fine
from slo.history.connection import PrometheusServer
from slo.model.duration import DAY, MINUTE
from slo.model.span import Week
from slo.project import open_project
from slo.project.examination import NOTIFICATIONS, checks, checks_with_page
from slo.project.examined import Examined
from tests.integration.production import SPEC
from tests.metric_contract import known_labels
from tests.published_report import publish

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.project import Project

ROOT = Path(__file__).resolve().parents[3]
ANCHORS = {
    *("rules-are-not-loaded", "metrics-are-missing", "prometheus-history", "alertmanager-routing"),
    *("notifications", "dashboards", "runbooks", "metrics-endpoint", "reports", "replicas"),
    *("tls", "secrets", ""),
}


@pytest.fixture(scope="module")
def flagship() -> Examined:
    return Examined(open_project(ROOT / "slobook.toml"))


@pytest.fixture(scope="module")
def checklist():
    return checks(open_project(ROOT / "slobook.toml"))


def test_the_page_of_documentation_lists_every_check_in_its_area(checklist):
    text = (ROOT / "docs" / "doctor.md").read_text()
    area, documented = "", []
    for line in text.splitlines():
        if heading := re.match(r"### (\w+)", line):
            area = heading[1]
        if area and (row := re.match(r"\| `([a-z-]+)` \|", line)):
            documented.append((area, row[1]))
    assert documented == [(one.area, one.name) for one in checklist]


CHECKLIST = re.compile(r"\| .+ \| `([a-z-]+)` \| (?:\[.+\]\(#([a-z-]+)\)|`slo [a-z-]+`) \|")


def of_the_guide(page: str) -> list[tuple[str, str]]:
    """Every check in the guide's production checklist, with the heading it leads to, in order."""
    (section,) = re.findall(r"^## Production checklist$(.*?)^## ", page, re.DOTALL | re.MULTILINE)
    rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
    found = [CHECKLIST.fullmatch(row) for row in rows]
    assert None not in found, "a row that names no check, or leads nowhere"
    return [(row[1], row[2] or "") for row in found if row]


def differences(page: str, checklist: Iterable[Check]) -> list[str]:
    """What the guide's checklist lacks of the checks, has beside them, or leads elsewhere."""
    listed = of_the_guide(page)
    made = [(one.name, one.anchor) for one in checklist]
    lacking = [f"no line: {name}" for name, anchor in made if (name, anchor) not in listed]
    more = [f"no check: {name}" for name, anchor in listed if (name, anchor) not in made]
    return lacking + more or ([] if listed == made else ["another order"])


GUIDE = (ROOT / "docs" / "MONITORING_SETUP.md").read_text()


def test_the_guides_checklist_is_what_is_checked(checklist):
    assert differences(GUIDE, checklist) == []
    # What people look after themselves stands below, and is no check.
    (rest,) = re.findall(r"^- \[ \].*?(?=^## )", GUIDE, re.DOTALL | re.MULTILINE)
    assert not [one.name for one in checklist if f"`{one.name}`" in rest]


def test_a_check_without_its_line_and_a_line_without_its_check_are_noticed(checklist):
    added = Check("backups", "Prometheus", lambda: fine("backups", "there"), anchor="replicas")
    assert differences(GUIDE, (*checklist, added)) == ["no line: backups"]
    assert differences(GUIDE, checklist[1:]) == ["no check: specs"]
    moved = GUIDE.replace("| `tls` | [TLS](#tls) |", "| `tls` | [TLS](#secrets) |")
    assert differences(moved, checklist) == ["no line: tls", "no check: tls"]
    assert differences(GUIDE, checklist[::-1]) == ["another order"]


def test_a_check_is_a_file_of_its_name(checklist):
    files = {path.stem.replace("_", "-") for path in (ROOT / "slo/doctor/checks").glob("[a-z]*.py")}
    assert files == {one.name for one in checklist}


def test_every_check_says_what_it_expects(checklist):
    assert list(EXPECTED) == [one.name for one in checklist]
    assert all(one.expected for one in checklist)


def test_where_a_server_does_not_answer_the_next_command_is_said(tmp_path):
    (tmp_path / "slobook.toml").write_text(SERVERS.replace("me:s3cret@", ""))
    made = {one.name: one for one in checks(open_project(tmp_path / "slobook.toml"))}
    assert made["prometheus"].to_do == (
        "start it, or correct [prometheus] in slobook.toml; then curl -sSf "
        "http://prometheus:9090/-/ready"
    )
    assert made["alertmanager"].to_do.endswith("curl -sSf http://alertmanager:9093/-/ready")


def test_what_a_check_rests_on_is_a_check_before_it(checklist):
    seen: set[str] = set()
    for one in checklist:
        assert set(one.after) <= seen, one.name
        seen.add(one.name)


def test_anchors_are_headings_of_the_guide(checklist):
    used = {one.anchor for one in checklist}
    for path in (ROOT / "slo/doctor").rglob("*.py"):
        used |= set(re.findall(r'_?ANCHOR = "([a-z-]+)"', path.read_text()))
    assert used <= ANCHORS
    guide = ROOT / "docs" / "MONITORING_SETUP.md"
    if guide.exists():
        there = {_anchor(line) for line in guide.read_text().splitlines() if line.startswith("#")}
        there |= set(re.findall(r'id="([a-z-]+)"', guide.read_text()))
        assert used - {""} <= there


def _anchor(heading: str) -> str:
    return re.sub(r"[^a-z0-9 -]", "", heading.lstrip("# ").lower()).replace(" ", "-")


def test_a_test_page_takes_the_place_of_a_look_at_the_last(checklist):
    sending = checks_with_page(open_project(ROOT / "slobook.toml"))
    assert [one.name for one in sending] == [one.name for one in checklist]
    (page,) = [one for one in sending if one.name == NOTIFICATIONS]
    (look,) = [one for one in checklist if one.name == NOTIFICATIONS]
    assert page.seconds > look.seconds
    assert page.after


def test_everything_urgent_pages(flagship):
    severities = {rule.labels["severity"] for rule in flagship.urgent}
    assert severities == {"page"}
    assert len(flagship.alerts) > len(flagship.urgent) > 10
    assert flagship.without_runbook == ()


def test_metrics_are_those_that_exporters_have_and_name_their_readers(flagship):
    read = flagship.metrics_read
    assert [name for name in read if known_labels(name) is None] == []
    assert not [name for name in read if ":" in name]
    assert "PodCrashLooping" in read["kube_pod_container_status_restarts_total"]
    assert "the cost report" in read["support_agent_llm_cost_usd_total"]
    needed = {one.metric for reader in flagship.readers for one in reader.selectors}
    assert needed <= set(read)
    assert set(ONLY_IN_TROUBLE) - set(read) <= {"ALERTS"}


def test_the_bucket_at_the_promised_bound_is_needed_too(flagship):
    latency = next(one for one in flagship.readers if one.name.endswith("/response-latency"))
    assert [one.metric for one in latency.selectors] == [
        "support_agent_response_duration_seconds_count",
        "support_agent_response_duration_seconds_bucket",
    ]


def test_windows_and_periods(flagship):
    windows = {str(selector): window for selector, window in flagship.shortest_windows}
    assert windows['support_agent_http_requests_total{namespace="support"}'] == 5 * MINUTE
    assert flagship.longest == 30 * DAY


def catalogue_in(root: Path) -> Project:
    """What 'slo init' writes where it finds the metrics of the agent's exporter."""
    labels = {"namespace": "shop", "job": "agent"}
    for name, text in catalogue_files(labels).items():
        path = root / "specs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    server = PrometheusServer("http://127.0.0.1:9")
    (root / "slobook.toml").write_text(configuration_text(server, agent=True))
    return open_project(root / "slobook.toml")


def test_runbooks_that_init_has_written_are_there(tmp_path):
    (check,) = chosen(checks(catalogue_in(tmp_path)), ["runbooks"])
    found = check.examine()
    assert (found.state, found.details) == ("fine", ())
    assert found.found.startswith("23 runbooks are there")


def test_runbooks_beside_a_single_file_are_looked_for_there_only(tmp_path):
    (tmp_path / "elsewhere" / "runbooks").mkdir(parents=True)
    (tmp_path / "shop.yaml").write_text(SPEC)
    (tmp_path / "slobook.toml").write_text('[project]\nspecs = ["shop.yaml"]\n')
    folders = Examined(open_project(tmp_path / "slobook.toml")).runbook_folders
    assert set(folders) == {
        *(tmp_path, tmp_path / "runbooks"),
        *(tmp_path / "docs", tmp_path / "docs" / "runbooks"),
    }


def test_this_projects_runbooks_are_written_where_nobody_has_published_them(checklist, monkeypatch):
    nowhere = Looked("missing", "HTTP 404")
    monkeypatch.setattr("slo.doctor.checks.runbooks._fetched", lambda _: nowhere)
    (check,) = chosen(checklist, ["runbooks"])
    found = check.examine()
    assert found.found.startswith("23 of 23 runbooks are not at the address that alerts link to")
    folder = ROOT / "slo/catalog/ai_support/runbooks"
    assert found.to_do == f"publish {folder}, or correct [links] runbooks in slobook.toml"


def test_reports_that_there_should_be(flagship):
    assert [(kind.name, service) for kind, service in flagship.reports] == [
        ("slo", "support-agent"),
        ("cost", "support-agent"),
    ]


def test_what_is_not_configured_is_named(flagship):
    for name, section in (
        ("prometheus", "[prometheus]"),
        ("alertmanager", "[alertmanager]"),
        ("environments", "[grafana]"),
    ):
        with pytest.raises(NotConfigured) as caught:
            getattr(flagship, name)
        assert str(caught.value) == f"slobook.toml has no url under {section}"
    assert flagship.external_labels is None
    assert flagship.addresses == ()


SERVERS = """
[project]
specs = ["specs"]
[prometheus]
url = "http://me:s3cret@prometheus:9090"
[alertmanager]
url = "http://alertmanager:9093"
[grafana.environments.eu]
url = "https://eu.example.com"
[grafana.environments.us]
url = "https://us.example.com"
"""


def test_every_server_has_an_address(tmp_path):
    (tmp_path / "slobook.toml").write_text(SERVERS)
    seen = Examined(open_project(tmp_path / "slobook.toml"))
    assert seen.environments == ("eu", "us")
    assert seen.addresses == (
        Address("prometheus.url", "http://me:s3cret@prometheus:9090", has_credentials=True),
        Address("alertmanager.url", "http://alertmanager:9093", has_credentials=False),
        Address("grafana.environments.eu.url", "https://eu.example.com", has_credentials=True),
        Address("grafana.environments.us.url", "https://us.example.com", has_credentials=True),
    )
    assert seen.notification_test == tmp_path / "history" / "notification-test.json"


def test_faults_of_specifications_are_told_once(tmp_path):
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "shop.yaml").write_text("kind: SLO\n")
    (tmp_path / "slobook.toml").write_text('[project]\nspecs = ["specs"]\n')
    found = diagnosed(checks(open_project(tmp_path / "slobook.toml")))
    assert [one.check for one in found.to_do] == ["specs"]
    resting = {one.check for one in found.findings if "'specs' is broken" in one.found}
    assert resting == {"generated", "runbooks", "reports"}


DELIVERED = """
[project]
specs = ["specs"]
[[delivery]]
to = "folder"
path = "shared"
[[delivery]]
to = "slack"
url_env = "HOOK"
when = "falls short"
"""


def test_deliveries_of_the_newest_report_are_looked_up(tmp_path):
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "shop.yaml").write_text(SPEC)
    (tmp_path / "slobook.toml").write_text(DELIVERED)
    (check,) = chosen(checks(open_project(tmp_path / "slobook.toml")), ["deliveries"])
    assert check.examine().found == "there is no report yet"
    parcel = publish(tmp_path / "reports", week=Week.last_closed(int(time() * 1000)))
    assert check.examine().details == (f"shop {parcel.week} (slo) to folder: not sent yet",)
    write_record(parcel.folder, {"folder": Entry("delivered", "2026-11-23T06:17:40Z")})
    assert check.examine().state == "fine"
    (secret,) = chosen(checks(open_project(tmp_path / "slobook.toml")), ["secrets"])
    assert "HOOK (delivery[1].url_env)" in secret.examine().details
