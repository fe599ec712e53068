"""Names as they are written are those that reading finds."""

from pathlib import Path

import pytest

import slo
from slo.spec.written_names import WrittenName, written_names

CATALOGUE = Path(slo.__file__).parent / "catalog" / "ai_support"
SHOP = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: availability}
spec: {service: shop}
---
apiVersion: openslo/v1
kind: Service
metadata: {name: shop}
"""


def test_names_of_the_catalogue_are_those_that_reading_finds():
    read = slo.read_specs([CATALOGUE])
    found = written_names([CATALOGUE])
    objectives = {(one.service, one.name) for one in found if one.kind == "SLO"}
    assert objectives == {(one.service, one.name) for one in read.slos}
    alerts = {(one.service, one.name) for one in found if one.kind == "alert"}
    assert alerts == {(one.service, one.name) for one in read.alerts}
    assert len(found) == len(read.slos) + len(read.alerts)


def test_a_file_with_faults_has_no_names_and_hides_no_other(tmp_path):
    (tmp_path / "a.yaml").write_text("kind: [SLO\n")
    (tmp_path / "b.yaml").write_text(SHOP)
    (tmp_path / "c.yml").write_text(SHOP.replace("availability", "latency"))
    (tmp_path / "d.txt").write_text(SHOP)
    found = written_names([tmp_path, tmp_path / "nowhere.yaml"])
    assert found == (
        WrittenName("SLO", "shop", "availability"),
        WrittenName("SLO", "shop", "latency"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a list",
        "kind: SLO",
        "kind: SLO\nmetadata: name\nspec: {service: x}",
        "kind: CostBudget\nmetadata: {name: x}\nspec: {service: x, alerts: [3]}",
    ],
)
def test_what_is_no_object_has_no_name(tmp_path, text):
    (tmp_path / "x.yaml").write_text(text)
    assert written_names([tmp_path]) == ()
