"""What docs/exporter.md says is so: its code runs, its queries ask for what there is."""

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from exporter.definitions import DEFINITIONS
from exporter.endpoint.access import Access
from exporter.price_file import read_price_file
from exporter.settings import Release, Settings
from exporter.table import BEGIN, END, main, metric_table, with_table
from tests.metric_contract import faults_of

PAGE = Path("docs/exporter.md")
TEXT = PAGE.read_text()
RULES = Path("docs/opentelemetry-rules.yml")

RUN = """
import re, sys
from pathlib import Path
blocks = re.findall(r"```python\\n(.*?)```", Path(sys.argv[1]).read_text(), re.DOTALL)
for number, block in enumerate(blocks, 1):
    code = compile(block, f"python block {number}", "exec")
    exec(code, {"__name__": "__main__"})
print(len(blocks))
heavy = {"slo", "pandas", "numpy", "numba"} & set(sys.modules)
assert not heavy, heavy
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.integration
def test_every_block_of_python_runs_without_what_only_slo_needs():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN, PAGE],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "ANTHROPIC_API_KEY": "none"},
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(blocks("python")) > 6


def test_the_table_is_that_of_the_definitions():
    assert with_table(TEXT) == TEXT, "run: python -m exporter.table docs/exporter.md"
    rows = re.findall(r"^\| `(support_agent_\w+)` \|", TEXT, re.MULTILINE)
    assert rows == [one.name for one in DEFINITIONS]


def test_a_row_of_the_table_has_everything():
    (row,) = [line for line in metric_table().splitlines() if "`support_agent_response_" in line]
    assert row == (
        "| `support_agent_response_duration_seconds` | histogram | `channel` | seconds | "
        "Customer message to first visible reply: the response-time SLI. | "
        "0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 30, 60, 120 |"
    )
    assert {line.count(" | ") for line in metric_table().splitlines()} == {5}


def test_the_table_is_written_between_the_lines_that_say_so(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    assert main([str(page)]) == 0
    assert page.read_text() == f"before\n{BEGIN}\n\n{metric_table()}\n{END}\nafter\n"
    page.write_text("nothing")
    assert main([str(page)]) == 2
    assert f"{page}: expected one line" in capsys.readouterr().err
    assert main([]) == 0
    assert capsys.readouterr().out == metric_table()


def queries() -> list[str]:
    lines = "".join(blocks("promql")).splitlines()
    return [line for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("query", queries())
def test_queries_ask_for_what_is_exposed(query):
    assert faults_of(query) == []


def test_rules_under_opentelemetrys_names_ask_for_what_is_exposed():
    (group,) = YAML(typ="safe").load(RULES.read_text())["groups"]
    # Recorded counters and histograms keep the suffixes by which they are known as such.
    records = [rule["record"] for rule in group["rules"]]
    assert len(set(records)) == len(records) == 11
    assert all(re.fullmatch(r"gen_ai_client_\w+_(total|bucket|count|sum)", one) for one in records)
    # `without` names labels that go, and label_replace makes new ones: only metrics and matchers.
    faults = [fault for rule in group["rules"] for fault in faults_of(rule["expr"])]
    assert [fault for fault in faults if "no metric" in fault or " of " in fault] == []


def test_every_variable_is_told_and_no_other():
    told = set(re.findall(r"SUPPORT_AGENT_[A-Z_]+", TEXT))
    settings = {one.name for one in (*fields(Settings), *fields(Release))}
    settings -= {"release", "python_version"}
    access = re.findall(
        r"``(?:SUPPORT_AGENT_METRICS)?(_[A-Z_]+)``", Access.from_environment.__doc__
    )
    known = {f"SUPPORT_AGENT_{name.upper()}" for name in settings}
    known |= {f"SUPPORT_AGENT_METRICS{suffix}" for suffix in access}
    assert told == known
    assert len(known) == 17


def test_what_is_usual_is_what_the_settings_say():
    usual = Settings()
    for name in ("categories", "channels", "priorities", "escalation_reasons"):
        row = re.search(rf"SUPPORT_AGENT_{name.upper()}` \|[^|]*\| ([^|]*) \|", TEXT)
        assert row[1] == ", ".join(getattr(usual, name))
    assert f"series of one process | {usual.max_series} |" in TEXT


def test_the_price_file_can_be_read(tmp_path):
    path = tmp_path / "prices.toml"
    (text,) = blocks("toml")
    path.write_text(text)
    (price,) = read_price_file(path).prices
    assert (price.input, price.batch_discount, price.tiers) == (2.7, 0.5, {"priority": 1.0})
