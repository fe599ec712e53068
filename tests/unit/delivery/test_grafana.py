"""What is marked over a report's week."""

from __future__ import annotations

import json
from dataclasses import replace

from slo.delivery.grafana import mark_of
from tests.published_report import WEEK, publish


def test_a_week_is_marked_with_its_verdict_a_link_and_tags(tmp_path):
    body = json.loads(mark_of(publish(tmp_path, falls_short=True), "slobook:ours").body)
    assert (body["time"], body["timeEnd"]) == (WEEK.span.start, WEEK.span.end)
    assert body["text"].startswith("shop, Objectives: Tickets answered keep")
    link = 'href="https://reports.example.com/shop/2026-W46/weekly-slo.html"'
    assert link in body["text"]
    assert body["tags"] == sorted(
        [
            "report",
            "report:shop/slo/2026-W46",
            "slobook:ours",
            "service:shop",
            "report-kind:slo",
            "falls-short",
        ]
    )


def test_a_verdict_is_no_html_and_a_link_is_left_out_where_there_is_none(tmp_path):
    parcel = publish(tmp_path)
    parcel.published.result["verdict"] = "p95 < 2 s <script>"
    mark = mark_of(replace(parcel, address=""), "slobook:ours")
    assert mark.text == "shop, Objectives: p95 &lt; 2 s &lt;script&gt;"
    assert "kept" in mark.more
