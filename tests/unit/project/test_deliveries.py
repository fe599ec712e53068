"""Which reports of a project are delivered where, run after run."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from slo.delivery.delivering import Terms
from slo.delivery.delivery import Delivery
from slo.delivery.folder import Folder
from slo.delivery.grafana import GrafanaMark
from slo.delivery.mail import Mail
from slo.delivery.object_store import ObjectStore
from slo.delivery.slack import Slack
from slo.delivery.teams import Teams
from slo.delivery.trying import Effort
from slo.delivery.webhook import Webhook
from slo.errors import ConfigError, DeliveryError
from slo.model.span import Week
from slo.project import deliveries as module
from slo.project import open_project
from slo.project.deliveries import deliver_due, deliveries, parcel_of, parcels
from slo.report.kinds import WEEKLY_SLO
from slo.report.runs.due import Due
from tests.published_report import Recorder, publish, publish_cost, raising
from tests.shop import SPEC
from tests.unit.test_delivery_configuration import EVERY

WEEKS = [Week(2026, number) for number in (44, 45, 46, 47)]


@dataclass
class Shop:
    """A project whose deliveries are what a test says."""

    project: object
    wanted: list[Delivery] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def publish(self, *weeks, **how):
        return [publish(self.project.reports_path, week=week, **how) for week in weeks]

    def run(self, weeks, missing=()):
        """What 'slo run-due' does after it has made what is due."""
        reports = self.project.reports_path
        due = [
            Due(
                WEEKLY_SLO,
                "shop",
                week,
                WEEKLY_SLO.folder(reports, "shop", week),
                "no history" if week in missing else "",
            )
            for week in weeks
        ]
        self.told.clear()
        terms = Terms(Effort(waits=(0.0,)))
        outcomes = deliver_due(self.project, due, terms, lambda one: self.told.append(str(one)))
        return {(str(one.parcel.week), one.delivery): one.state for one in outcomes}


def write(root, text=""):
    (root / "specs").mkdir(exist_ok=True)
    (root / "specs" / "shop.yaml").write_text(SPEC)
    (root / "slobook.toml").write_text(f'[project]\nspecs = ["specs"]\n{text}')
    return open_project(root / "slobook.toml")


@pytest.fixture
def shop(tmp_path, monkeypatch):
    made = Shop(write(tmp_path))
    monkeypatch.setattr(module, "deliveries", lambda *_: tuple(made.wanted))
    return made


def test_a_new_delivery_gets_the_newest_report_and_all_that_follow(shop):
    shop.publish(*WEEKS[:2])
    way = Recorder()
    shop.wanted = [Delivery("mail", way)]
    assert shop.run(WEEKS[:2]) == {("2026-W45", "mail"): "delivered"}
    shop.publish(*WEEKS[2:])
    assert shop.run(WEEKS) == {
        ("2026-W45", "mail"): "delivered before",
        ("2026-W46", "mail"): "delivered",
        ("2026-W47", "mail"): "delivered",
    }
    assert shop.told == ["shop 2026-W46 (slo) to mail", "shop 2026-W47 (slo) to mail"]
    assert [one.parcel.week for one in way.sendings] == WEEKS[1:]
    assert set(shop.run(WEEKS).values()) == {"delivered before"}
    assert shop.told == []


def test_a_second_delivery_does_not_get_what_the_first_got(shop):
    shop.wanted = [Delivery("mail", Recorder())]
    shop.publish(*WEEKS[:3])
    shop.run(WEEKS[:3])
    shop.wanted.append(Delivery("chat", Recorder()))
    shop.publish(WEEKS[3])
    assert shop.run(WEEKS) == {
        ("2026-W46", "mail"): "delivered before",
        ("2026-W47", "mail"): "delivered",
        ("2026-W47", "chat"): "delivered",
    }


def test_weeks_that_the_runner_slept_through_are_delivered_when_they_are_made(shop):
    shop.wanted = [Delivery("mail", Recorder())]
    shop.publish(WEEKS[0])
    shop.run(WEEKS[:1])
    shop.publish(*WEEKS[1:])
    assert list(shop.run(WEEKS).values()) == ["delivered before", *["delivered"] * 3]


def test_what_failed_is_tried_again_and_no_other_waits_for_it(shop):
    broken = Recorder([raising(DeliveryError("busy", again=True))] * 2)
    whole = Recorder()
    shop.wanted = [Delivery("mail", broken), Delivery("folder", whole)]
    shop.publish(WEEKS[0])
    assert list(shop.run(WEEKS[:1]).values()) == ["failed", "delivered"]
    assert list(shop.run(WEEKS[:1]).values()) == ["delivered", "delivered before"]
    assert len(whole.sendings) == 1


def test_who_failed_once_is_tried_once_for_each_further_report(shop):
    broken = Recorder()
    shop.wanted = [Delivery("mail", broken)]
    shop.publish(WEEKS[0])
    shop.run(WEEKS[:1])
    shop.publish(*WEEKS[1:])
    broken.ends = [raising(DeliveryError("gone", again=True))] * 9
    shop.run(WEEKS)
    # The first week of the three twice, as waits say, the others once.
    assert [one.parcel.week for one in broken.sendings[1:]] == [WEEKS[1], WEEKS[1], *WEEKS[2:]]


def test_a_delivery_of_bad_news_begins_when_it_is_seen_not_when_there_is_some(shop):
    way = Recorder()
    shop.wanted = [Delivery("bad news", way, when="falls short")]
    shop.publish(WEEKS[0])
    assert shop.run(WEEKS[:1]) == {}
    shop.publish(WEEKS[1], falls_short=True)
    shop.publish(WEEKS[2])
    assert shop.run(WEEKS[:3]) == {("2026-W45", "bad news"): "delivered"}


def test_reports_that_are_not_there_are_nobodys_to_deliver(shop):
    shop.wanted = [Delivery("mail", Recorder())]
    shop.publish(WEEKS[0])
    assert shop.run(WEEKS[:2], missing=WEEKS[1:]) == {("2026-W44", "mail"): "delivered"}


def test_a_report_that_the_history_no_longer_reaches_is_delivered_all_the_same(shop):
    shop.wanted = [Delivery("mail", Recorder())]
    shop.publish(WEEKS[0])
    assert shop.run(WEEKS[:1], missing=WEEKS[:1]) == {("2026-W44", "mail"): "delivered"}


def test_a_broken_beginning_fails_its_reports_and_says_so(shop):
    shop.wanted = [Delivery("mail", Recorder())]
    (parcel,) = shop.publish(WEEKS[0])
    (parcel.folder.parent / "deliveries.json").write_text("[]")
    assert shop.run(WEEKS[:1]) == {("2026-W44", "mail"): "failed"}
    assert shop.told == ["shop 2026-W44 (slo) to mail"]


def test_a_report_that_is_made_anew_is_not_delivered_anew(shop):
    shop.wanted = [Delivery("mail", Recorder())]
    (parcel,) = shop.publish(WEEKS[0])
    shop.run(WEEKS[:1])
    (parcel.folder / "report.md").write_text("made anew")
    assert shop.run(WEEKS[:1]) == {("2026-W44", "mail"): "delivered before"}


def test_tables_become_ways(tmp_path):
    project = write(tmp_path, EVERY.replace('services = ["support-agent"]', 'services = ["shop"]'))
    folder, store, mail, slack, teams, grafana = deliveries(project)
    assert isinstance(folder.way, Folder)
    assert store.way == ObjectStore(
        "s3://bucket/reports", (("key", "S3_KEY"), ("secret", "S3_SECRET"))
    )
    assert isinstance(mail.way, Mail)
    assert (mail.way.sender, mail.way.username_env) == ("Reports <slo@example.com>", "MAIL_USER")
    assert (mail.way.attach_pdf, mail.way.ca_file) == (True, "")
    assert slack == Delivery("slack", Slack(Webhook("SLACK_CHANNEL")), (), ("shop",), "falls short")
    assert teams.way == Teams(Webhook("TEAMS_CHANNEL"))
    assert isinstance(grafana.way, GrafanaMark)
    assert grafana.way.server.url == "https://grafana.example.com"
    assert [one.name for one in deliveries(project, ["teams", "folder"])] == ["folder", "teams"]
    with pytest.raises(ConfigError, match="no delivery 'pager'; there are folder, archive"):
        deliveries(project, ["pager"])


def test_relative_paths_start_from_the_project(tmp_path):
    project = write(tmp_path, '[[delivery]]\nto = "folder"\npath = "../www"\n')
    (folder,) = deliveries(project)
    assert folder.way == Folder(tmp_path.parent / "www")


def test_a_delivery_of_a_service_that_nobody_knows_is_refused(tmp_path):
    table = '[[delivery]]\nto = "folder"\npath = "x"\nservices = ["shp"]\n'
    with pytest.raises(ConfigError, match="services: found 'shp', expected one of shop"):
        deliveries(write(tmp_path, table))


def test_the_newest_reports_are_meant_or_those_of_a_week(shop):
    shop.publish(*WEEKS[:2])
    project = shop.project
    assert [str(one) for one in parcels(project)] == ["shop 2026-W45 (slo)"]
    assert [str(one) for one in parcels(project, week=WEEKS[0])] == ["shop 2026-W44 (slo)"]
    with pytest.raises(ConfigError, match="no report of 2026-W47 in "):
        parcels(project, week=WEEKS[3])
    with pytest.raises(ConfigError, match="no report of 'search'; there are those of shop"):
        parcels(project, services=["search"])
    publish_cost(project.reports_path)  # the project has no budget of money
    assert len(parcels(project)) == 1


def test_a_report_that_was_made_just_now_is_known_by_its_page(shop):
    (parcel,) = shop.publish(WEEKS[0])
    found = parcel_of(shop.project, WEEKLY_SLO, parcel.published)
    assert (str(found), found.folder) == (str(parcel), parcel.folder)
    assert json.loads((found.folder / "result.json").read_text())["week"] == "2026-W44"
