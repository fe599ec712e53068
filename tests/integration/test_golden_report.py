"""Reports whose every number was worked out by hand, as people get them.

Specifications, a snapshot, incidents and exclusions lie on the disk; ``slo report`` runs the
notebooks in a kernel; the pages are opened in a browser. What is expected stands here as numbers
with their arithmetic; ``golden_project`` says what happened.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from math import log
from pathlib import Path

import pytest

from slo.report.kinds import WEEKLY_COST, WEEKLY_SLO, ReportKind
from tests.integration.browser import visit
from tests.integration.golden_project import REPORTS, command, write_project
from tests.page_tables import Tables, element_text
from tests.result_schemas import faults

pytestmark = pytest.mark.integration


@dataclass(frozen=True)
class Seen:
    """A published report as its readers see it."""

    dom: str
    tables: Tables
    result: dict
    folder: Path

    def text(self, name: str) -> str:
        """A file of the report with every run of white space as a space."""
        return " ".join((self.folder / name).read_text().split())

    def page(self) -> str:
        """The page's texts with every run of white space as a space."""
        body = self.dom.partition("<main")[2]
        return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return write_project(tmp_path_factory.mktemp("golden"))


def published(project: Path, kind: ReportKind, service: str, tmp: Path) -> Seen:
    arguments = ("--kind", kind.name, "--service", service, "--exit-zero", "--json")
    done = subprocess.run(
        command(project, *arguments),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SLOBOOK_BROWSER": "none"},
    )
    assert done.returncode == 0, done.stderr
    folder = project.parent / "reports" / service / kind.subfolder / "2026-W47"
    dom = visit(folder / kind.page, (1200, 900), tmp).dom
    result = json.loads((folder / "result.json").read_text())
    assert result == json.loads(done.stdout)
    assert faults(kind, result) == []
    return Seen(dom, Tables(dom), result, folder)


@pytest.fixture(scope="module")
def slo(project, tmp_path_factory):
    return published(project, WEEKLY_SLO, "shop", tmp_path_factory.mktemp("slo"))


@pytest.fixture(scope="module")
def cost(project, tmp_path_factory):
    return published(project, WEEKLY_COST, "agent", tmp_path_factory.mktemp("cost"))


# The week has 7 * 86,400 = 604,800 requests, of which the drill's 7,200 do not count: 597,600.
# Bad are 1,800 + 63 + 4,500 = 6,363 of them. The period has 28 * 86,400 = 2,419,200, without the
# drill 2,412,000, of which 6,363 + 450 = 6,813 are bad. It allows a hundredth: 24,120.


def test_the_budget(slo):
    (one,) = slo.result["slos"]
    assert one["total_events"] == 597_600
    assert one["bad_events"] == 6_363
    assert one["achieved_in_week"] == 1 - 6_363 / 597_600
    assert one["bad_events_in_period"] == 6_813
    assert one["bad_events_allowed"] == 24_120
    assert one["bad_events_left"] == 17_307  # 24,120 - 6,813
    assert one["budget_remaining"] == 1 - 6_813 / 24_120  # 0.71753...
    assert one["achieved_in_period"] == 1 - 6_813 / 2_412_000
    assert one["budget_spent_in_week"] == 6_363 / 24_120  # 0.26380...
    # A hundredth of 40,320 minutes are 403.2, of which 0.717537... is left.
    assert one["outage_minutes_left"] == pytest.approx(289.3110447761, abs=1e-9)
    assert one["period"] == {"start": "2026-10-26T00:00:00Z", "end": "2026-11-23T00:00:00Z"}
    assert one["state"] == "kept"


def test_the_week_before(slo):
    """It ended with three weeks of the period: 21 * 86,400 requests, which allow 18,144 bad."""
    (one,) = slo.result["slos"]
    assert one["total_events_last_week"] == 604_800
    assert one["bad_events_last_week"] == 450
    assert one["achieved_last_week"] == 1 - 450 / 604_800
    assert one["budget_remaining_last_week"] == 1 - 450 / 18_144  # 0.97519...
    assert one["budget_change"] == near(450 / 18_144 - 6_813 / 24_120)  # -0.25766...
    assert one["budget_spent_last_week"] == 450 / 18_144


def test_the_page_shows_the_budget_and_the_week_before(slo):
    row = slo.tables.table("Objectives with their error budgets")["Availability"]
    assert row[:7] == [
        *("kept", "99 %", "98.94 % 99.93 %", "71.8 %", "−25.8 points"),  # noqa: RUF001
        *("17,307", "4h49m"),
    ]
    page = slo.page()
    left = "71.8 % of the budget is left: 17,307 bad events, or 4h49m of a full outage."
    assert f"{left} The week spent 26.4 % of it, the week before 2.5 %." in page
    promised = "Promised: 99 %, 28d rolling (2026-10-26 to 2026-11-23); achieved in it: 99.72 %."
    assert promised in page
    assert element_text(slo.dom, "kept") == "1 of 1"
    assert element_text(slo.dom, "least") == "71.8 %"


def test_the_day_on_which_the_budget_ends_at_this_pace(slo):
    """A day brings 6,363 / 7 = 909 bad; the 450 of 10 November leave 28 days later, in between.

    Requests that leave are 86,400 a day, those to come 597,600 / 7 = 85,371.43: the budget shrinks
    by 10.2857 a day. 24,120 - 10.2857 d = 6,813 - 450 + 909 d at d = 17,757 / 919.2857 = 19.316:
    12 December, 07:35.
    """
    (one,) = slo.result["slos"]
    assert one["exhausted_at"][:16] == "2026-12-12T07:35"
    assert "If every week were as this one: spent on Saturday 12 December 2026." in slo.page()
    assert "spent on Saturday 12 December 2026" in slo.text("report.md")


def test_where_bad_events_came_from(slo):
    (one,) = slo.result["slos"]
    assert [
        (each["incident"], each["bad_events"], each["share_of_week"], each["share_of_budget"])
        for each in one["spending"]
    ] == [
        ("leak", 4_500, 4_500 / 6_363, 4_500 / 24_120),
        ("outage", 1_800, 1_800 / 6_363, 1_800 / 24_120),
        (None, 63, 63 / 6_363, 63 / 24_120),
    ]
    shown = slo.tables.table("Where the bad events of the week came from")
    assert shown == {
        "leak": ["4,500", "70.7 %", "18.7 %"],  # 0.70721, 0.18657
        "outage": ["1,800", "28.3 %", "7.5 %"],  # 0.28289, 0.07463
        "outside of any incident": ["63", "1.0 %", "0.3 %"],  # 0.00990, 0.00261
        "The week": ["6,363", "100.0 %", "26.4 %"],
    }
    # The policy lets 15 % pass.
    large = "spent 18.7 % of the budget, more than the 15 % that the policy lets pass: Write a po"
    assert f"leak {large}" in slo.page()
    assert f"leak {large}" in slo.text("report.md")
    assert one["consequence"]["incidents"] == ["leak"]


def test_when_alerts_fired_and_what_they_saw(slo):
    """A page above 14.4 %, over an hour and five minutes; a ticket above 3 %, a day and two hours.

    Outage, minute m: 30 m / 3,600 > 0.144 from m = 18 (17.28) on; k minutes after its end
    30 (5 - k) / 300 > 0.144 up to k = 3 (3.56). Its 1,800 of a day's 86,400 are 2.1 %: no ticket.

    Leak, minute m: 5 m / 86,400 > 0.03 from m = 519 (518.4) on, 8:39 h; k minutes after its end
    5 (120 - k) / 7,200 > 0.03 up to k = 76 (76.8). Its 8.3 % never page.

    Drill, minute m: 20 m / 3,600 > 0.144 from m = 26 (25.92) on; k minutes after its end
    20 (5 - k) / 300 > 0.144 up to k = 2 (2.84): a page that counts for nothing.

    The deploy of the week before: 450 / 3,600 = 12.5 %: not seen.
    """
    (one,) = slo.result["slos"]
    episodes = [
        (each["alert"], each["severity"], each["start"], each["end"]) for each in one["episodes"]
    ]
    assert episodes == [
        ("page-1h", "page", "2026-11-18T00:18:00Z", "2026-11-18T01:04:00Z"),
        ("ticket-1d", "ticket", "2026-11-20T14:39:00Z", "2026-11-20T22:17:00Z"),
        ("page-1h", "page", "2026-11-22T12:26:00Z", "2026-11-22T14:03:00Z"),
    ]
    delays = {each["name"]: each["detection_seconds"] for each in one["incidents"]}
    assert delays == {"outage": 18 * 60, "leak": 519 * 60}
    # Alerts are judged by a period of mean traffic, with everything counted: 24,192 bad.
    spent = {one["name"]: one["budget_spent_at_detection"] for one in one["incidents"]}
    assert spent == {"outage": near(18 * 30 / 24_192), "leak": near(519 * 5 / 24_192)}
    assert one["alerts"] == {
        "pages": 1,
        "tickets": 1,
        "calls": 2,
        "true_calls": 2,
        "precision": 1.0,
        "incidents": 2,
        "detected": 2,
        "recall": 1.0,
        "median_detection_seconds": (18 + 519) / 2 * 60,
        "missed": [],
        "excluded_episodes": 1,
    }
    assert one["alerts_last_week"]["missed"] == ["deploy"]
    assert slo.tables.table("How well the alerts")["Availability"] == [
        *("1 0", "1 0", "100 % –", "2 of 2 0 of 1", "4h28m –", "– 1 excluded episode"),  # noqa: RUF001
    ]
    seen = slo.tables.table("Incidents of the week and who saw them")
    assert seen["outage"][:3] == ["2026-11-18 00:00", "1h", "18m"]
    assert seen["leak"][:3] == ["2026-11-20 06:00", "15h", "8h39m"]
    assert (seen["outage"][-1], seen["leak"][-1]) == ("page-1h", "ticket-1d")


def test_with_and_without_what_is_excluded(slo):
    """With the drill 8,763 of 604,800 are bad in the week, 9,213 of 2,419,200 in the period."""
    (one,) = slo.result["slos"]
    assert one["corrections"] == {
        "exclusions": [{"name": "drill", "bad_events": 2_400, "total_events": 7_200}],
        "uncorrected": {
            "state": "kept",
            "achieved_in_week": 1 - 8_763 / 604_800,
            "achieved_in_period": 1 - 9_213 / 2_419_200,
            "bad_events": 8_763,
            "total_events": 604_800,
            "budget_remaining": 1 - 9_213 / 24_192,
        },
    }
    assert slo.tables.table("Numbers of the objectives that are corrected")["Availability"] == [
        *("kept kept", "98.94 % 98.55 %", "99.72 % 99.62 %", "71.8 % 61.9 %", "2,400", "7,200"),
    ]
    assert slo.tables.table("What was excluded")["drill"] == [
        *("2026-11-22 12:00", "2026-11-22 14:00", "kim", "rehearsed"),
    ]


def test_mail_chat_and_markdown_say_the_same_of_the_objective(slo):
    verdict = "The one objective is kept: release as planned."
    link = f"{REPORTS}/shop/2026-W47/weekly-slo.html"
    row = ("98.94 %", "71.8 %", "−25.8 points")  # noqa: RUF001
    for name in ("mail.txt", "chat.txt", "report.md", "mail.html"):
        text = slo.text(name).replace("\\", "")
        assert verdict in text, name
        assert link in text, name
        for number in row:
            assert number in text, (name, number)
    markdown = slo.text("report.md")
    assert "| Availability | kept | 99 % | 98.94 % | 71.8 % |" in markdown
    assert "| leak | 4,500 | 70.7 % | 18.7 % |" in markdown
    assert "| outside of any incident | 63 | 1.0 % | 0.3 % |" in markdown
    assert "| drill | 2026-11-22 12:00 | 2026-11-22 14:00 | kim | rehearsed |" in markdown
    assert "98.94 % (98.55 %) | 71.8 % (61.9 %) | 2,400 | 7,200 |" in markdown
    assert "| Availability | 1 (0) | 1 (0) | 100 % (–) | 2 of 2 (0 of 1) | 4h28m" in markdown  # noqa: RUF001


# The agent's week: 21 (large in, at 3 dollars) + 28 (large out) + 3.50 + 7 (small) = 59.50 dollars
# for models; 7 * 3 = 21 for compute and 7 * 10 = 70 for the desk. The week before: 7 * 8 = 56,
# 14 and 70. 150.50 and 140 dollars.


def near(value: float):
    """Exact but for the last bits: thousands of samples lie between two midnights."""
    return pytest.approx(value, rel=1e-12, abs=1e-9)


def test_what_the_week_cost(cost):
    this, last = cost.result["this_week"], cost.result["last_week"]
    assert (this["usd"], last["usd"]) == (near(150.5), near(140))
    assert (this["llm_usd"], this["running_usd"]) == (near(59.5), near(91))
    assert cost.result["daily_usd"] == [near(8.5 + 3 + 10)] * 7
    assert this["tokens"] == near(14_000_000)  # 7 * (1.25 + 0.75) million
    assert element_text(cost.dom, "spent") == "$150.50"
    assert "+$10.50, +7.5 % on last week" in cost.page()


def test_where_it_went(cost):
    assert cost.tables.table("Cost by service") == {
        "desk": ["$70.00", "46.5 %", "$0.00"],
        "models of acme": ["$59.50", "39.5 %", "+$3.50"],
        "compute": ["$21.00", "14.0 %", "+$7.00"],
    }
    assert cost.tables.table("Cost by model") == {
        "acme large": ["$49.00", "82.4 %", "−$7.00"],  # noqa: RUF001  21 + 28, 56 before
        "acme small": ["$10.50", "17.6 %", "+$10.50"],
    }
    assert cost.tables.table("Cost by type of token") == {
        "output": ["$35.00", "58.8 %", "+$7.00"],  # 28 + 7, 28 before
        "input": ["$24.50", "41.2 %", "−$3.50"],  # noqa: RUF001  21 + 3.50, 28 before
    }
    # 4.75 a day at list price, of which the models cost 9.50: 4.25 of the 8.50 that are paid.
    assert cost.tables.table("Cost by category") == {
        "billing": ["$29.75", "50.0 %", "+$1.75"],
        "not allocated": ["$29.75", "50.0 %", "+$1.75"],
    }


def test_why_it_changed(cost):
    """Tokens grew from 8.75 to 14 million, by 1.6: volume is 56 * 0.6 = 33.60 dollars.

    Price: 7 million at 3 in place of 4 dollars, -7. Mix: at old prices the new tokens cost
    28 + 28 + 10.50 = 66.50, and the old mix of as many 56 * 1.6 = 89.60: -23.10.

    Tickets grew by 1.2, calls a ticket by 2,100 / 840 over 1,400 / 700 = 1.25, tokens a call by
    the rest of 1.6. Each has its logarithm's part of 33.60.
    """
    change = cost.result["change"]
    assert change["usd"] == near(10.5)
    assert change["price_usd"] == near(-7)
    assert change["volume_usd"] == near(33.6)
    assert change["mix_usd"] == near(-23.1)
    assert change["running_usd"] == near(7)
    assert change["without_tokens_usd"] == 0
    assert change["volume_drivers"] == {
        "tickets": near(33.6 * log(1.2) / log(1.6)),
        "calls per ticket": near(33.6 * log(1.25) / log(1.6)),
        "tokens per call": near(33.6 * log(16 / 15) / log(1.6)),
    }
    shown = {name: element_text(cost.dom, name) for name in ("price", "volume", "mix", "running")}
    assert shown == {
        "price": "−$7.00",  # noqa: RUF001
        "volume": "+$33.60",
        "mix": "−$23.10",  # noqa: RUF001
        "running": "+$7.00",
    }
    drivers = "tickets +$13.03, calls per ticket +$15.95, tokens per call +$4.61"
    assert drivers in cost.page()


def test_unit_cost_and_savings(cost):
    """840 tickets are finished and 672 resolved, 420 about billing: 420 * 8 + 252 * 5 = 4,620."""
    this = cost.result["this_week"]
    assert (this["tickets"], this["resolved"], this["calls"]) == (near(840), near(672), near(2_100))
    assert this["usd_per_ticket"] == near(150.5 / 840)
    assert this["usd_per_resolved"] == near(150.5 / 672)
    assert this["avoided_usd"] == near(4_620)
    assert this["net_usd"] == near(4_469.5)
    assert this["roi"] == near(4_469.5 / 150.5)
    shown = cost.tables.table("Tickets, unit costs and savings")
    # The week before: 700 and 560; 350 * 8 + 210 * 5 = 3,850.
    assert shown == {
        "Tickets finished": ["840", "700"],
        "of them resolved by AI": ["672", "560"],
        "Cost per ticket": ["$0.1792", "$0.2000"],
        "of it language models": ["$0.0708", "$0.0800"],
        "Cost per ticket resolved by AI": ["$0.2240", "$0.2500"],
        "A person's cost per ticket, on average": ["$6.88", "$6.88"],  # 4,620 / 672, 3,850 / 560
        "People's cost avoided": ["$4,620.00", "$3,850.00"],
        "Net savings": ["$4,469.50", "$3,710.00"],
    }
    assert "29.7 dollars for each that was spent" in cost.page()


def test_budgets_and_the_month_so_far(cost):
    """28 days: models 3 * 56 + 59.50 = 227.50 of 300, compute 3 * 14 + 21 = 63 of 100.

    November: billing 15 * 4 + 7 * 4.25 = 89.75 of 120; everything
    15 * 8 + 59.50 + 15 * 2 + 21 + 22 * 10 = 450.50. A month of 30 days allows
    (300 + 100) * 30 / 28 + 300 = 728.57.
    """
    budgets = {one["name"]: one for one in cost.result["budgets"]}
    assert budgets["llm-cost"]["spent_usd"] == near(227.5)
    assert budgets["llm-cost"]["left_usd"] == near(72.5)
    assert budgets["llm-cost"]["pace"] == near(59.5 / 300 * 4)
    assert budgets["running-cost"]["spent_usd"] == near(63)
    (billing,) = cost.result["category_budgets"]
    assert billing["spent_usd"] == near(89.75)
    assert billing["pace"] == near(29.75 / 120 * 30 / 7)
    ahead = cost.result["forecast"]
    assert ahead["spent_usd"] == near(450.5)
    assert ahead["budget_usd"] == near(400 * 30 / 28 + 300)
    assert ahead["fixed_usd"] == near(300)

    def row(caption: str, name: str) -> list[str]:
        found = cost.tables.table(caption)
        (match,) = [values for first, values in found.items() if first.startswith(name)]
        return match[:7]

    assert row("Budgets of money", "LLM cost") == [
        *("within budget", "$300.00", "$227.50", "$72.50", "24.2 %", "$59.50", "0.79x"),
    ]
    assert row("Budgets of money", "Running cost") == [
        *("within budget", "$100.00", "$63.00", "$37.00", "37.0 %", "$21.00", "0.84x"),
    ]
    assert row("Budgets of categories", "billing") == [
        *("at risk", "$120.00", "$89.75", "$30.25", "25.2 %", "$29.75", "1.06x"),
    ]
    page = cost.page()
    assert "$450.50 were counted by the end of the week" in page
    assert "the budgets and fixed items of $300.00 allow $728.57" in page


def test_models_at_equal_work(cost):
    """All 10.5 million in and 3.5 million out: 31.50 + 56 by the large one, 10.50 + 14."""
    shown = cost.tables.table("What each model cost for its calls")
    # 49 / 1,680, 8,750,000 / 1,680; 10.50 / 420, 5,250,000 / 420.
    assert shown == {
        "large acme": ["$49.00", "1,680", "$0.0292", "5,208", "0.0 %", "$87.50"],
        "small acme": ["$10.50", "420", "$0.0250", "12,500", "0.0 %", "$24.50"],
    }


def test_the_contract_and_the_fixed_item(cost):
    (price,) = cost.result["cost_model"]["prices"]
    assert (price["tokens"], price["usd"]) == (near(7_000_000), near(21))
    assert price["usd_at_list_price"] == near(28)
    assert cost.tables.table("Contract prices")["large input acme"] == [
        *("$3.00", "from 2026-11-16", "7,000,000", "$21.00", "$28.00", "−$7.00"),  # noqa: RUF001
    ]
    desk = ["$300.00", "from 2026-11-01", "$70.00"]  # 7 days of 30
    assert cost.tables.table("Items that cost the same every month")["desk"] == desk
    # The counter stays at list price: 7 * 9.50.
    assert cost.result["reconciliation"]["counted_usd"] == near(66.5)
    assert cost.result["reconciliation"]["agrees"]


def test_mail_chat_and_markdown_say_the_same_of_the_cost(cost):
    verdict = "The week cost $150.50, 7.5 % more than the one before"
    link = f"{REPORTS}/agent/cost/2026-W47/weekly-cost.html"
    for name in ("mail.txt", "chat.txt", "report.md"):
        text = cost.text(name).replace("\\", "")
        assert verdict in text, name
        assert link in text, name
        for number in ("25.2 %", "24.2 %", "37.0 %", "$59.50", "$21.00"):
            assert number in text, (name, number)
    mail = cost.text("mail.txt")
    for number in ("$150.50", "$0.1792", "$0.2240", "$4,469.50", "29.7 dollars"):
        assert number in mail
    markdown = cost.text("report.md").replace("\\", "")
    for row in (
        "| the category billing | at risk | $120.00 | $89.75 | $30.25 | 25.2 % | $29.75 | 1.06x |",
        "| mix | −$23.10 |",  # noqa: RUF001
        "| of it language models | $0.0708 | $0.0800 |",
        "| desk | from 2026-11-01 | $300.00 | $70.00 |",
        "| acme large input | from 2026-11-16 | $3.00 | 7,000,000 | $21.00 | $28.00 | −$7.00 |",  # noqa: RUF001
        "A ticket that a person handles: $5.00, billing $8.00.",
        "The budgets and fixed items of $300.00 allow $728.57",
    ):
        assert row in markdown, row
