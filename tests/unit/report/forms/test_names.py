"""Names that deliveries rely on, and where readers find a page."""

from slo.model.span import Week
from slo.report.forms.names import page_address, pdf_of
from slo.report.kinds import WEEKLY_COST, WEEKLY_SLO

WEEK = Week.parse("2026-W46")


def test_the_pdf_is_named_after_the_page():
    assert (pdf_of(WEEKLY_SLO), pdf_of(WEEKLY_COST)) == ("weekly-slo.pdf", "weekly-cost.pdf")


def test_an_address_is_the_folders_path():
    base = "https://r.example.com/x"
    assert page_address(base, WEEKLY_SLO, "shop", WEEK) == f"{base}/shop/2026-W46/weekly-slo.html"
    cost = page_address(base + "/", WEEKLY_COST, "a b/c", WEEK)
    assert cost == f"{base}/a%20b%2Fc/cost/2026-W46/weekly-cost.html"
    assert page_address("", WEEKLY_SLO, "shop", WEEK) == ""
