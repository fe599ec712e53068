"""Pages: what may run in them, and what they look for."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace

import pytest
from jinja2 import ChoiceLoader, DictLoader

from slo.figures.javascript import plotly_javascript
from slo.figures.theme import Figure
from slo.webpage.design import Design
from slo.webpage.figures import Figures
from tests.parsed_page import Page

ADDRESS = "../../plotly-7.1.0.min.js"
DESIGN = Design(
    "slo.report.pages", "report.css", filters=dict.fromkeys(("day", "dollars", "percent"), str)
)
DRAWN = {"one": Figure().add_scatter(x=[1, 2], y=[3, 4], name="</script>")}


def made(figures: Figures | None) -> Page:
    return Page(DESIGN.page("index.html", figures, shelves=(), width=1, height=1))


def policy_of(page: Page) -> dict[str, list[str]]:
    (meta,) = page.of("meta", **{"http-equiv": "Content-Security-Policy"})
    return {one.split()[0]: one.split()[1:] for one in meta[1]["content"].split(";")}


def scripts_of(page: Page) -> list[str]:
    return [one[2] for one in page.of("script") if one[1].get("type") != "application/json"]


def hashed(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


@pytest.fixture(scope="module")
def referring():
    return made(Figures(DRAWN, ADDRESS))


@pytest.fixture(scope="module")
def holding():
    return made(Figures(DRAWN))


def test_a_page_that_refers_to_plotly_does_not_hold_it(referring):
    (script,) = scripts_of(referring)
    assert len(script) < 5000
    assert f'"src":"{ADDRESS}"' in script
    digest = base64.b64encode(hashlib.sha256(plotly_javascript().encode()).digest()).decode()
    assert f'"integrity":"sha256-{digest}"' in script


def test_only_its_own_script_runs_and_what_that_loads(referring):
    policy = policy_of(referring)
    assert policy["script-src"] == [hashed(scripts_of(referring)[0]), "'strict-dynamic'"]
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == ["'none'"]


def test_a_page_that_holds_plotly_loads_nothing(holding):
    scripts = scripts_of(holding)
    assert scripts[0] == plotly_javascript()
    assert "const file = null;" in scripts[1]
    assert policy_of(holding)["script-src"] == [hashed(one) for one in scripts]


def test_a_page_without_figures_runs_nothing():
    page = made(None)
    assert page.of("script") == page.of("noscript") == []
    assert policy_of(page)["script-src"] == ["'none'"]


def test_a_script_of_the_design_may_run_too():
    design = replace(DESIGN, script="own.js")
    environment = design._environment()
    environment.loader = ChoiceLoader([DictLoader({"own.js": "Escape"}), environment.loader])
    scripts = design._scripts(environment, Figures(DRAWN, ADDRESS))
    assert len(scripts) == 2
    assert scripts[1] == "Escape"


def test_no_page_allows_inline_scripts_or_evaluation(referring, holding):
    for page in (referring, holding, made(None)):
        assert not {"'unsafe-inline'", "'unsafe-eval'"} & set(policy_of(page)["script-src"])
        assert not any("src" in one[1] for one in page.of("script"))


def test_names_that_people_chose_do_not_end_the_script(referring):
    (data,) = referring.of("script", type="application/json")
    assert "</script" not in data[2]
    assert json.loads(data[2])["figures"]["one"]["data"][0]["name"] == "</script>"


def test_without_plotly_or_scripts_the_page_says_so(referring):
    assert referring.crooked == []
    (note,) = referring.of("aside", id="undrawn")
    assert "hidden" in note[1]
    codes = [one[2] for one in referring.of("code")]
    assert codes[:2] == ["plotly-7.1.0.min.js", ADDRESS]
    assert len(referring.of("noscript")) == 1


def test_plotly_does_not_offer_to_upload(referring):
    (data,) = referring.of("script", type="application/json")
    config = json.loads(data[2])["config"]
    assert (config["showSendToCloud"], config["plotlyServerURL"]) == (False, "")
    assert re.search(r'"displaylogo":false', data[2])
